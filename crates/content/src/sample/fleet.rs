//! Groups of instances, what they are launched from, and what Systems Manager knows of them.

use serde_json::{Value, json};

use super::Estate;
use super::compute::{host, instances, is_running};
use super::item::Item;
use super::networking::private_ip;
use super::site::Site;
use super::time;

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..site.count(4) {
        estate.add(launch_template(site, n));
        estate.add(auto_scaling_group(site, n));
    }
    for n in 0..site.count(2) {
        estate.add(launch_configuration(site, n));
    }
    for n in (0..instances(site)).filter(|n| is_running(*n)) {
        let mut draw = site.draw("ssm-agent", n);
        if !draw.ok() {
            continue;
        }
        let is_active = draw.ok();
        estate.add(inventory(site, n, is_active));
        estate.add(association_compliance(site, n));
        estate.add(patch_compliance(site, n));
    }
    for n in 0..site.count(3) {
        estate.add(document(site, n));
    }
}

fn launch_template(site: Site, n: usize) -> Item {
    let mut draw = site.draw("lt", n);
    let id = site.id("lt", n);
    let arn = site.arn("ec2", &format!("launch-template/{id}"));
    let app = site.app(n);
    Item::new(site, "AWS::EC2::LaunchTemplate", &id, &arn)
        .named(&format!("{app}-node"))
        .tagged(&mut draw, &format!("{app}-node"), app)
        .configuration(json!({
            "Id": id, "LaunchTemplateName": format!("{app}-node"), "DefaultVersionNumber": "3",
            "LatestVersionNumber": "3",
            "LaunchTemplateData": {
                "ImageId": site.id("ami", n % 3), "InstanceType": "m6i.large",
                "EbsOptimized": true, "Monitoring": {"Enabled": draw.ok()},
                "IamInstanceProfile": {"Name": format!("{app}-app")},
                "MetadataOptions": {"HttpTokens": draw.either("required", "optional"),
                    "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 2},
                "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {
                    "VolumeSize": 50, "VolumeType": "gp3", "Encrypted": draw.ok(),
                    "DeleteOnTermination": true}}],
                "NetworkInterfaces": [{"DeviceIndex": 0,
                    "AssociatePublicIpAddress": !draw.ok(), "Groups": [site.security_group(n)]}],
            },
        }))
}

fn auto_scaling_group(site: Site, n: usize) -> Item {
    let mut draw = site.draw("asg", n);
    let app = site.app(n);
    let name = format!("{app}-nodes");
    let arn = site.arn(
        "autoscaling",
        &format!(
            "autoScalingGroup:{}:autoScalingGroupName/{name}",
            site.uuid("asg", n)
        ),
    );
    // Workers that take jobs from a queue have no load balancer.
    let targets = if n % 4 == 3 {
        json!([])
    } else {
        json!([super::balancers::target_group(site, n)])
    };
    let template = json!({"launchTemplateId": site.id("lt", n),
        "launchTemplateName": format!("{app}-node"), "version": "3"});
    Item::new(site, "AWS::AutoScaling::AutoScalingGroup", &arn, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .related(
            "AWS::EC2::LaunchTemplate",
            &site.id("lt", n),
            "Is associated with LaunchTemplate",
        )
        .configuration(json!({
            "autoScalingGroupARN": arn, "autoScalingGroupName": name, "launchTemplate": template,
            "minSize": 2, "maxSize": 8, "desiredCapacity": 3, "defaultCooldown": 300,
            "availabilityZones": if draw.ok() { json!([site.zone(0), site.zone(1)]) }
                else { json!([site.zone(0)]) },
            "loadBalancerNames": [], "targetGroupARNs": targets,
            "healthCheckType": draw.either("ELB", "EC2"), "healthCheckGracePeriod": 300,
            "instances": [], "createdTime": time::days_ago(draw.between(30, 700)),
            "suspendedProcesses": [], "enabledMetrics": [], "terminationPolicies": ["Default"],
            "vpczoneIdentifier": format!("{},{}", site.subnet(n), site.subnet(n + 2)),
            "newInstancesProtectedFromScaleIn": false, "capacityRebalance": draw.ok(),
        }))
}

/// What is left of the days before launch templates: kept less well than the rest.
fn launch_configuration(site: Site, n: usize) -> Item {
    let mut draw = site.draw("launch-configuration", n).with_care(75);
    let name = format!("{}-2021", site.app(n));
    let arn = site.arn(
        "autoscaling",
        &format!(
            "launchConfiguration:{}:launchConfigurationName/{name}",
            site.uuid("lc", n)
        ),
    );
    Item::new(site, "AWS::AutoScaling::LaunchConfiguration", &arn, &arn)
        .named(&name)
        .configuration(json!({
            "launchConfigurationName": name, "launchConfigurationARN": arn,
            "imageId": site.id("ami", n), "instanceType": "m5.large", "keyName": "",
            "securityGroups": [site.security_group(n)], "ebsOptimized": draw.ok(),
            "associatePublicIpAddress": !draw.ok(), "instanceMonitoring": {"enabled": draw.ok()},
            "metadataOptions": {"httpTokens": draw.either("required", "optional"),
                "httpEndpoint": "enabled", "httpPutResponseHopLimit": 1},
            "blockDeviceMappings": [], "createdTime": time::days_ago(1_300),
        }))
}

fn inventory(site: Site, n: usize, is_active: bool) -> Item {
    let id = site.id("i", n);
    let arn = site.arn("ssm", &format!("managed-instance-inventory/{id}"));
    let status = if is_active {
        "Active"
    } else {
        "ConnectionLost"
    };
    let mut machine = serde_json::Map::new();
    machine.insert(
        id.clone(),
        json!({
            "InstanceId": id, "AgentType": "amazon-ssm-agent", "AgentVersion": "3.3.2299.0",
            "ComputerName": format!("{}.example.internal", host(site, n)),
            "IpAddress": private_ip(site, n, 20 + n), "PlatformName": "Amazon Linux",
            "PlatformType": "Linux", "PlatformVersion": "2023", "ResourceType": "EC2Instance",
        }),
    );
    Item::new(site, "AWS::SSM::ManagedInstanceInventory", &id, &arn)
        .related("AWS::EC2::Instance", &id, "Is associated with ")
        .configuration(json!({
            "AWS:InstanceInformation": {"SchemaVersion": "1.0", "Content": machine},
        }))
        .with("instanceStatus", json!(status))
}

/// One kind of compliance of an instance, as Systems Manager reports it.
fn compliance(site: Site, n: usize, kind: &'static str, content: &Value) -> Item {
    let instance = site.id("i", n);
    let (path, word) = if kind == "AWS::SSM::PatchCompliance" {
        ("patch-compliance", "Patch")
    } else {
        ("association-compliance", "Association")
    };
    let id = format!("AWS::SSM::ManagedInstanceInventory/{instance}");
    let arn = site.arn("ssm", &format!("{path}/{instance}"));
    let mut of_kind = serde_json::Map::new();
    of_kind.insert(word.to_owned(), content.clone());
    Item::new(site, kind, &id, &arn)
        .related(
            "AWS::SSM::ManagedInstanceInventory",
            &instance,
            "Is associated with ",
        )
        .configuration(json!({
            "AWS:ComplianceItem": {"SchemaVersion": "1.0", "Content": of_kind},
        }))
}

fn association_compliance(site: Site, n: usize) -> Item {
    let mut draw = site.draw("association", n);
    let mut statuses = serde_json::Map::new();
    for (document, number) in [
        ("AWS-GatherSoftwareInventory", 1),
        ("AWS-UpdateSSMAgent", 2),
    ] {
        let status = draw.either("COMPLIANT", "NON_COMPLIANT");
        statuses.insert(
            site.uuid("association", number),
            json!({"DocumentName": document, "Status": status, "Severity": "UNSPECIFIED"}),
        );
    }
    let kind = "AWS::SSM::AssociationCompliance";
    compliance(site, n, kind, &Value::Object(statuses))
}

fn patch_compliance(site: Site, n: usize) -> Item {
    let mut draw = site.draw("patches", n);
    let missing = if draw.ok() { 0 } else { draw.between(1, 14) };
    let status = if missing == 0 {
        "COMPLIANT"
    } else {
        "NON_COMPLIANT"
    };
    let content = json!({"ComplianceSummary": {
        "Status": status, "ComplianceType": "Patch", "PatchGroup": site.account.name,
        "CompliantCount": 210 + draw.below(90), "NonCompliantCount": missing,
        "ExecutionTime": time::days_ago(draw.between(1, 7)),
    }});
    compliance(site, n, "AWS::SSM::PatchCompliance", &content)
}

fn document(site: Site, n: usize) -> Item {
    let mut draw = site.draw("document", n);
    let name = draw.pick(&[
        "RotateAppLogs",
        "DrainNode",
        "CollectDiagnostics",
        "RestartService",
    ]);
    let name = format!("{name}-{}", n + 1);
    let arn = site.arn("ssm", &format!("document/{name}"));
    let with = if draw.ok() {
        json!([super::site::ACCOUNTS.first().map(|account| account.id)])
    } else {
        json!(["all"])
    };
    Item::new(site, "AWS::SSM::Document", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, "operations")
        .configuration(json!({
            "Name": name, "DocumentType": "Command", "DocumentFormat": "YAML",
            "TargetType": "/AWS::EC2::Instance", "VersionName": "v1",
        }))
        .with(
            "DescribeDocumentPermission",
            json!({"AccountIds": with, "AccountSharingInfoList": []}),
        )
        .unread_in(
            4,
            &mut draw,
            "DescribeDocumentPermission",
            "ssm:DescribeDocumentPermission",
        )
}
