//! OpenSearch domains, and the Elasticsearch ones that were never moved.

use serde_json::{Map, Value, json};

use super::Estate;
use super::draw::Draw;
use super::item::Item;
use super::site::Site;

const LOGS: [&str; 4] = [
    "INDEX_SLOW_LOGS",
    "SEARCH_SLOW_LOGS",
    "ES_APPLICATION_LOGS",
    "AUDIT_LOGS",
];

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..site.count(2) {
        estate.add(domain(site, n));
    }
    if !site.region.name.starts_with("us-west") {
        estate.add(elasticsearch(site));
    }
}

/// What is published to CloudWatch Logs, with the member names of the type's own casing.
fn logs(site: Site, draw: &mut Draw, name: &str, members: [&str; 2]) -> Value {
    let mut options = Map::new();
    let [group_member, enabled_member] = members;
    for log in LOGS {
        if draw.ok() {
            let group = site.arn("logs", &format!("log-group:/aws/opensearch/{name}/{log}"));
            let mut option = Map::new();
            option.insert(group_member.to_owned(), json!(group));
            option.insert(enabled_member.to_owned(), json!(true));
            options.insert(log.to_owned(), Value::Object(option));
        }
    }
    Value::Object(options)
}

fn domain(site: Site, n: usize) -> Item {
    let mut draw = site.draw("opensearch", n);
    let app = site.app(n + 2);
    let name = format!("{app}-index");
    let arn = site.arn("es", &format!("domain/{name}"));
    let network = if draw.ok() {
        json!({"SecurityGroupIds": [site.security_group(n)], "SubnetIds": [site.subnet(n)]})
    } else {
        Value::Null
    };
    let publishing = logs(
        site,
        &mut draw,
        &name,
        ["CloudWatchLogsLogGroupArn", "Enabled"],
    );
    Item::new(site, "AWS::OpenSearch::Domain", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .configuration(json!({
            "Id": format!("{}/{name}", site.account.id), "DomainName": name, "Arn": arn,
            "EngineVersion": draw.either("OpenSearch_2.19", "OpenSearch_1.3"),
            "VPCOptions": network, "LogPublishingOptions": publishing,
            "ClusterConfig": {"InstanceType": "r6g.large.search", "InstanceCount": 3,
                "DedicatedMasterEnabled": true, "DedicatedMasterCount": 3,
                "ZoneAwarenessEnabled": draw.ok(), "WarmEnabled": false},
            "EBSOptions": {"EBSEnabled": true, "VolumeSize": 200, "VolumeType": "gp3"},
            "EncryptionAtRestOptions": {"Enabled": draw.ok(), "KmsKeyId": site.key("data")},
            "NodeToNodeEncryptionOptions": {"Enabled": draw.ok()},
            "DomainEndpointOptions": {"EnforceHTTPS": draw.ok(), "CustomEndpointEnabled": false,
                "TLSSecurityPolicy": draw.either(
                    "Policy-Min-TLS-1-2-PFS-2023-10", "Policy-Min-TLS-1-0-2019-07")},
            "AdvancedSecurityOptions": {"Enabled": draw.ok(), "AnonymousAuthEnabled": false,
                "InternalUserDatabaseEnabled": false},
            "SnapshotOptions": {}, "CognitoOptions": {"Enabled": false},
        }))
}

fn elasticsearch(site: Site) -> Item {
    let mut draw = site.draw("elasticsearch", 0).with_care(80);
    let name = "legacy-search";
    let arn = site.arn("es", &format!("domain/{name}"));
    let network = if draw.ok() {
        json!({"vpcid": site.vpc(0), "securityGroupIds": [site.security_group(0)],
            "subnetIds": [site.subnet(0)], "availabilityZones": [site.zone(0)]})
    } else {
        Value::Null
    };
    let publishing = logs(
        site,
        &mut draw,
        name,
        ["cloudWatchLogsLogGroupArn", "enabled"],
    );
    Item::new(site, "AWS::Elasticsearch::Domain", name, &arn)
        .named(name)
        .tagged(&mut draw, name, "search")
        .configuration(json!({
            "domainId": format!("{}/{name}", site.account.id), "domainName": name, "arn": arn,
            "created": true, "deleted": false, "processing": false, "upgradeProcessing": false,
            "elasticsearchVersion": "7.10", "vpcoptions": network,
            "elasticsearchClusterConfig": {"instanceType": "r5.large.elasticsearch",
                "instanceCount": 2, "dedicatedMasterEnabled": false,
                "zoneAwarenessEnabled": false, "warmEnabled": false},
            "ebsoptions": {"ebsenabled": true, "volumeSize": 100, "volumeType": "gp2"},
            "encryptionAtRestOptions": {"enabled": draw.ok(), "kmsKeyId": site.key("data")},
            "nodeToNodeEncryptionOptions": {"enabled": draw.ok()},
            "domainEndpointOptions": {"enforceHTTPS": draw.ok(), "customEndpointEnabled": false,
                "tlssecurityPolicy": "Policy-Min-TLS-1-2-2019-07"},
            "logPublishingOptions": publishing, "cognitoOptions": {"enabled": false},
        }))
}
