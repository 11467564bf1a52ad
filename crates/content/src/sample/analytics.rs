//! Redshift, Athena, EMR and DMS.

use serde_json::{Value, json};

use super::Estate;
use super::item::Item;
use super::site::Site;
use super::time;

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..site.count(2) {
        estate.add(redshift(site, n));
        estate.add(parameter_group(site, n));
    }
    for n in 0..site.count(3) {
        estate.add(workgroup(site, n));
    }
    if site.account.name == "sandbox" {
        return;
    }
    estate.add(emr(site));
    estate.add(replication_instance(site));
    for n in 0..site.count(4) {
        estate.add(endpoint(site, n));
    }
}

fn parameter_group_name(site: Site, n: usize) -> String {
    format!("{}-warehouse", site.app(n))
}

fn redshift(site: Site, n: usize) -> Item {
    let mut draw = site.draw("redshift", n);
    let name = format!("{}-warehouse", site.app(n));
    let arn = site.arn("redshift", &format!("cluster:{name}"));
    let group = parameter_group_name(site, n);
    let is_encrypted = draw.ok();
    Item::new(site, "AWS::Redshift::Cluster", &name, &arn)
        .named(&name)
        .in_zone(&site.zone(n))
        .tagged(&mut draw, &name, "reporting")
        .related_named(
            "AWS::Redshift::ClusterParameterGroup",
            &group,
            &group,
            "Is associated with ClusterParameterGroup",
        )
        .configuration(json!({
            "clusterIdentifier": name, "nodeType": "ra3.xlplus", "clusterStatus": "available",
            "masterUsername": draw.either("warehouse_owner", "awsuser"), "dBName": "shop",
            "endpoint": {"address": format!("{name}.{}.{}.redshift.amazonaws.com",
                site.hex("redshift", n, 12), site.region.name), "port": 5_439},
            "clusterCreateTime": time::days_ago(draw.between(100, 900)), "numberOfNodes": 2,
            "automatedSnapshotRetentionPeriod": draw.either(14, 0),
            "manualSnapshotRetentionPeriod": -1, "clusterVersion": "1.0",
            "clusterParameterGroups": [{"parameterGroupName": group,
                "parameterApplyStatus": "in-sync"}],
            "vpcSecurityGroups": [{"vpcSecurityGroupId": site.security_group(n),
                "status": "active"}],
            "clusterSubnetGroupName": "private", "vpcId": site.vpc(n),
            "availabilityZone": site.zone(n), "clusterSecurityGroups": [],
            "preferredMaintenanceWindow": "sat:16:00-sat:16:30",
            "allowVersionUpgrade": draw.ok(), "publiclyAccessible": !draw.ok(),
            "encrypted": is_encrypted, "kmsKeyId": is_encrypted.then(|| site.key("data")),
            "enhancedVpcRouting": draw.ok(), "maintenanceTrackName": "current",
        }))
        .with(
            "LoggingStatus",
            json!({"loggingEnabled": draw.ok(),
                "bucketName": super::storage::logs_bucket(site), "s3KeyPrefix": "redshift/"}),
        )
}

fn parameter_group(site: Site, n: usize) -> Item {
    let mut draw = site.draw("redshift-parameters", n);
    let name = parameter_group_name(site, n);
    let arn = site.arn("redshift", &format!("parametergroup:{name}"));
    Item::new(site, "AWS::Redshift::ClusterParameterGroup", &name, &arn)
        .named(&name)
        .configuration(json!({
            "parameterGroupName": name, "parameterGroupFamily": "redshift-1.0",
            "description": "warehouse",
        }))
        .with(
            "Parameters",
            json!([
                {"parameterName": "require_ssl", "parameterValue": draw.either("true", "false"),
                    "source": "user", "dataType": "boolean", "isModifiable": true},
                {"parameterName": "enable_user_activity_logging",
                    "parameterValue": draw.either("true", "false"), "source": "user",
                    "dataType": "boolean", "isModifiable": true},
            ]),
        )
}

fn workgroup(site: Site, n: usize) -> Item {
    let mut draw = site.draw("athena", n);
    let name = match n {
        0 => "primary".to_owned(),
        _ => format!("{}-analysts", site.app(n)),
    };
    let arn = site.arn("athena", &format!("workgroup/{name}"));
    let mut result = json!({
        "OutputLocation": format!("s3://{}/athena/", super::storage::logs_bucket(site)),
    });
    if let (true, Some(members)) = (draw.ok(), result.as_object_mut()) {
        members.insert(
            "EncryptionConfiguration".to_owned(),
            json!({"EncryptionOption": "SSE_KMS", "KmsKey": site.key("data")}),
        );
    }
    Item::new(site, "AWS::Athena::WorkGroup", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, "reporting")
        .configuration(json!({
            "Name": name, "State": "ENABLED", "Description": "analysts",
            "CreationTime": time::days_ago(draw.between(100, 900)),
            "WorkGroupConfiguration": {
                "EnforceWorkGroupConfiguration": draw.ok(),
                "PublishCloudWatchMetricsEnabled": draw.ok(), "RequesterPaysEnabled": false,
                "BytesScannedCutoffPerQuery": 1_099_511_627_776_u64,
                "EngineVersion": {"SelectedEngineVersion": "AUTO",
                    "EffectiveEngineVersion": "Athena engine version 3"},
                "ResultConfiguration": result,
            },
        }))
}

/// In the API's casing: AWS Config records none.
fn emr(site: Site) -> Item {
    let mut draw = site.draw("emr", 0);
    let id = format!("j-{}", site.capitals("", 7, 13));
    let arn = site.arn("elasticmapreduce", &format!("cluster/{id}"));
    let kerberos = if draw.ok() {
        json!({"Provider": "ClusterDedicatedKdc",
            "ClusterDedicatedKdcConfiguration": {"TicketLifetimeInHours": 24}})
    } else {
        Value::Null
    };
    let address = draw.either("", "203.0.113.77");
    Item::new(site, "AWS::EMR::Cluster", &id, &arn)
        .named("clickstream")
        .tagged(&mut draw, "clickstream", "reporting")
        .configuration(json!({
            "Id": id, "Name": "clickstream", "ClusterArn": arn, "Status": {"State": "WAITING"},
            "ReleaseLabel": "emr-7.9.0", "MasterPublicDnsName": "ip-10-0-0-9.ec2.internal",
            "InstanceCollectionType": "INSTANCE_GROUP", "SecurityConfiguration": "at-rest-and-in-transit",
            "Ec2InstanceAttributes": {"Ec2SubnetId": site.subnet(0),
                "EmrManagedMasterSecurityGroup": site.security_group(0)},
            "LogUri": format!("s3://{}/emr/", super::storage::logs_bucket(site)),
            "VisibleToAllUsers": true, "TerminationProtected": draw.ok(),
        }))
        .with(
            "DescribeSecurityConfiguration",
            json!({"Name": "at-rest-and-in-transit", "SecurityConfiguration":
                {"AuthenticationConfiguration": {"KerberosConfiguration": kerberos}}}),
        )
        .with(
            "ListInstanceGroups",
            json!({"InstanceGroups": [{"Id": "ig-primary", "InstanceGroupType": "MASTER"}]}),
        )
        .with(
            "ListInstances",
            json!({"Instances": [{"InstanceGroupId": "ig-primary", "PublicIpAddress": address,
                "PrivateIpAddress": "10.0.0.9", "Status": {"State": "RUNNING"}}]}),
        )
}

fn replication_instance(site: Site) -> Item {
    let mut draw = site.draw("dms", 0);
    let name = "warehouse-replication";
    let arn = site.arn("dms", &format!("rep:{}", site.capitals("", 3, 26)));
    Item::new(site, "AWS::DMS::ReplicationInstance", &arn, &arn)
        .named(name)
        .tagged(&mut draw, name, "reporting")
        .configuration(json!({
            "Id": arn, "ReplicationInstanceIdentifier": name, "EngineVersion": "3.5.4",
            "ReplicationInstanceClass": "dms.r6i.large", "AllocatedStorage": 100,
            "PubliclyAccessible": !draw.ok(), "MultiAZ": draw.ok(), "KmsKeyId": site.key("data"),
            "AutoMinorVersionUpgrade": draw.ok(), "AvailabilityZone": site.zone(0),
            "PreferredMaintenanceWindow": "sun:06:00-sun:06:30",
            "ReplicationInstancePrivateIpAddresses": [super::networking::private_ip(site, 0, 240)],
        }))
}

fn endpoint(site: Site, n: usize) -> Item {
    let mut draw = site.draw("dms-endpoint", n);
    let engine = match n % 3 {
        0 => "postgres",
        1 => "redis",
        _ => "mysql",
    };
    let name = format!("{}-{engine}", site.app(n));
    let arn = site.arn(
        "dms",
        &format!("endpoint:{}", site.capitals("", 40 + n, 26)),
    );
    let mut configuration = json!({
        "Id": arn, "EndpointIdentifier": name, "EngineName": engine,
        "EndpointType": if n % 3 == 1 { "TARGET" } else { "SOURCE" },
        "SslMode": draw.either("require", "none"), "KmsKeyId": site.key("data"),
        "ServerName": format!("{name}.example.internal"), "Username": "replicator",
    });
    if let (1, Some(members)) = (n % 3, configuration.as_object_mut()) {
        members.insert(
            "RedisSettings".to_owned(),
            json!({"ServerName": format!("{name}.example.internal"), "Port": 6_379,
                "AuthType": "auth-token",
                "SslSecurityProtocol": draw.either("ssl-encryption", "plaintext")}),
        );
    }
    Item::new(site, "AWS::DMS::Endpoint", &arn, &arn)
        .named(&name)
        .tagged(&mut draw, &name, "reporting")
        .configuration(configuration)
}
