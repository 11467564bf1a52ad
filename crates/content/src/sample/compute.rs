//! EC2 instances, their interfaces and their volumes.

use serde_json::{Value, json};

use super::Estate;
use super::draw::Draw;
use super::item::Item;
use super::networking::{private_ip, public_ip};
use super::site::Site;
use super::time;

/// Where the numbers of volumes begin that hold data beside an instance's own, or nothing's.
const SPARE: usize = 500;

/// Where the numbers begin of what is deleted.
const GONE: usize = 900;

/// How many instances a site has.
pub(super) fn instances(site: Site) -> usize {
    site.count(16)
}

/// Whether the `n`th instance runs; the rest are stopped.
pub(super) fn is_running(n: usize) -> bool {
    n % 9 != 8
}

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..instances(site) {
        let instance = instance(site, n);
        // Two changed lately: their older versions are in the history.
        if n < 2 {
            estate.add(
                instance
                    .clone()
                    .earlier(40)
                    .set("ebsOptimized", json!(false)),
            );
        }
        estate.add(instance);
        estate.add(interface(site, n));
        estate.add(volume(site, n, true));
    }
    for n in 0..site.count(6) {
        let n = SPARE + n;
        estate.add(volume(site, n, n % 4 != 3));
    }
    // An instance takes its interface and its volume with it.
    for n in 0..site.count(2) {
        let n = GONE + n;
        for gone in [instance(site, n), interface(site, n), volume(site, n, true)] {
            estate.add(gone.clone());
            estate.add(gone.deleted());
        }
    }
}

/// The name of an instance's machine.
pub(super) fn host(site: Site, n: usize) -> String {
    format!("{}-{:02}", site.app(n), n + 1)
}

/// Whether an instance has an address of its own, and which.
fn address(site: Site, n: usize, draw: &mut Draw) -> Option<String> {
    (!draw.ok()).then(|| public_ip(site, 100 + n))
}

fn state(n: usize, draw: &mut Draw) -> (Value, Value) {
    if is_running(n) {
        return (json!({"code": 16, "name": "running"}), json!(""));
    }
    let days = draw.days((1, 25), (40, 300));
    let stopped = time::days_ago(days);
    let text = stopped.replace('T', " ").replace(".000Z", " GMT");
    (
        json!({"code": 80, "name": "stopped"}),
        json!(format!("User initiated ({text})")),
    )
}

fn instance(site: Site, n: usize) -> Item {
    let mut draw = site.draw("i", n);
    let id = site.id("i", n);
    let arn = site.arn("ec2", &format!("instance/{id}"));
    let (state, reason) = state(n, &mut draw);
    let public = address(site, n, &mut draw);
    let size = draw.of(
        &["m6i.large", "m6i.xlarge", "c6i.large", "r6i.large"],
        &["m3.xlarge", "t2.micro"],
    );
    let private = private_ip(site, n, 20 + n);
    let zone = site.zone(n / 2);
    let mut configuration = json!({
        "instanceId": id, "imageId": site.id("ami", n % 3), "instanceType": size,
        "state": state, "stateTransitionReason": reason, "amiLaunchIndex": 0,
        "launchTime": time::days_ago(draw.between(3, 200)), "architecture": "x86_64",
        "hypervisor": "xen", "virtualizationType": "hvm", "rootDeviceType": "ebs",
        "rootDeviceName": "/dev/xvda", "enaSupport": true, "sourceDestCheck": true,
        "subnetId": site.subnet(n), "vpcId": site.vpc(n), "privateIpAddress": private,
        "ebsOptimized": draw.either(true, false), "productCodes": [],
    });
    let rest = json!({
        "metadataOptions": {"state": "applied", "httpTokens": draw.either("required", "optional"),
            "httpPutResponseHopLimit": 2, "httpEndpoint": "enabled"},
        "monitoring": {"state": draw.either("enabled", "disabled")},
        "placement": {"availabilityZone": zone, "groupName": "", "tenancy": "default"},
        "privateDnsName": format!("ip-{}.ec2.internal", private.replace('.', "-")),
        "publicDnsName": "", "platformDetails": "Linux/UNIX", "usageOperation": "RunInstances",
        "cpuOptions": {"coreCount": 1, "threadsPerCore": 2},
        "enclaveOptions": {"enabled": false}, "hibernationOptions": {"configured": false},
        "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {
            "volumeId": site.id("vol", n), "status": "attached", "deleteOnTermination": true,
            "attachTime": time::days_ago(210)}}],
        "securityGroups": [{"groupId": site.security_group(n), "groupName": site.app(n)}],
        "networkInterfaces": [network_interface(site, n, &private, public.as_deref())],
    });
    if let (Some(members), Value::Object(rest)) = (configuration.as_object_mut(), rest) {
        members.extend(rest);
        if let Some(address) = public {
            members.insert("publicIpAddress".to_owned(), json!(address));
        }
        if draw.ok() {
            let profile = site.global_arn("iam", &format!("instance-profile/{}-app", site.app(n)));
            let profile = json!({"arn": profile, "id": site.capitals("AIPA", n, 17)});
            members.insert("iamInstanceProfile".to_owned(), profile);
        }
        if !draw.ok() {
            let key = draw.pick(&["ops-2023", "legacy", "contractor"]);
            members.insert("keyName".to_owned(), json!(key));
        }
    }
    let support = match size {
        "t2.micro" => "unsupported",
        "m3.xlarge" => "supported",
        _ => "default",
    };
    Item::new(site, "AWS::EC2::Instance", &id, &arn)
        .in_zone(&zone)
        .tagged(&mut draw, &host(site, n), site.app(n))
        .in_network(&site.vpc(n), &site.subnet(n), &site.security_group(n))
        .related(
            "AWS::EC2::Volume",
            &site.id("vol", n),
            "Is attached to Volume",
        )
        .configuration(configuration)
        .with(
            "DescribeInstanceTypes",
            json!({"InstanceTypes": [{"InstanceType": size,
                "EbsInfo": {"EbsOptimizedSupport": support, "EncryptionSupport": "supported"}}]}),
        )
}

fn network_interface(site: Site, n: usize, private: &str, public: Option<&str>) -> Value {
    let mut address = json!({"primary": true, "privateIpAddress": private});
    let mut interface = json!({
        "networkInterfaceId": site.id("eni", n), "ownerId": site.account.id, "status": "in-use",
        "interfaceType": "interface", "privateIpAddress": private, "sourceDestCheck": true,
        "subnetId": site.subnet(n), "vpcId": site.vpc(n), "ipv6Addresses": [],
        "attachment": {"attachmentId": site.id("eni-attach", n), "status": "attached",
            "deleteOnTermination": true, "deviceIndex": 0},
        "groups": [{"groupId": site.security_group(n), "groupName": site.app(n)}],
    });
    if let Some(public) = public {
        let association = json!({"publicIp": public, "ipOwnerId": "amazon"});
        if let Some(members) = address.as_object_mut() {
            members.insert("association".to_owned(), association.clone());
        }
        if let Some(members) = interface.as_object_mut() {
            members.insert("association".to_owned(), association);
        }
    }
    if let Some(members) = interface.as_object_mut() {
        members.insert("privateIpAddresses".to_owned(), json!([address]));
    }
    interface
}

fn interface(site: Site, n: usize) -> Item {
    let id = site.id("eni", n);
    let arn = site.arn("ec2", &format!("network-interface/{id}"));
    let private = private_ip(site, n, 20 + n);
    Item::new(site, "AWS::EC2::NetworkInterface", &id, &arn)
        .in_zone(&site.zone(n / 2))
        .in_network(&site.vpc(n), &site.subnet(n), &site.security_group(n))
        .related(
            "AWS::EC2::Instance",
            &site.id("i", n),
            "Is attached to Instance",
        )
        .configuration(json!({
            "networkInterfaceId": id, "interfaceType": "interface", "status": "in-use",
            "availabilityZone": site.zone(n / 2), "description": "", "ownerId": site.account.id,
            "attachment": {"attachmentId": site.id("eni-attach", n), "status": "attached",
                "deleteOnTermination": true, "deviceIndex": 0, "instanceId": site.id("i", n)},
            "groups": [{"groupId": site.security_group(n), "groupName": site.app(n)}],
            "privateIpAddress": private, "requesterManaged": false, "sourceDestCheck": true,
            "privateIpAddresses": [{"primary": true, "privateIpAddress": private}],
            "subnetId": site.subnet(n), "vpcId": site.vpc(n), "ipv6Addresses": [],
        }))
}

fn volume(site: Site, n: usize, is_attached: bool) -> Item {
    let mut draw = site.draw("vol", n);
    let id = site.id("vol", n);
    let arn = site.arn("ec2", &format!("volume/{id}"));
    let is_encrypted = draw.ok();
    let of = if n < GONE { n % SPARE } else { n };
    let instance = site.id("i", of);
    let zone = site.zone(n / 2);
    let attachments = if is_attached {
        json!([{"attachTime": time::days_ago(draw.between(3, 200)), "device": "/dev/xvda",
            "instanceId": instance, "state": "attached", "volumeId": id,
            "deleteOnTermination": draw.ok()}])
    } else {
        json!([])
    };
    let mut configuration = json!({
        "attachments": attachments, "availabilityZone": zone, "encrypted": is_encrypted,
        "createTime": time::days_ago(draw.between(3, 400)),
        "size": draw.pick(&[30, 50, 100, 200, 500]), "snapshotId": "",
        "state": if is_attached { "in-use" } else { "available" }, "volumeId": id,
        "iops": 3_000, "volumeType": "gp3", "throughput": 125, "multiAttachEnabled": false,
    });
    if let (true, Some(members)) = (is_encrypted, configuration.as_object_mut()) {
        members.insert("kmsKeyId".to_owned(), json!(site.key("data")));
    }
    let mut item = Item::new(site, "AWS::EC2::Volume", &id, &arn)
        .in_zone(&zone)
        .tagged(&mut draw, &host(site, of), site.app(of))
        .configuration(configuration);
    if is_attached {
        item = item.related("AWS::EC2::Instance", &instance, "Is attached to Instance");
    }
    item
}
