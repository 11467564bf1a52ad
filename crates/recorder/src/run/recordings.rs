//! Replies that AWS really gave, through the declarations: the items must be AWS Config's.
//!
//! Oracle: `../shared/data/samples/aws-api-recordings` (replies), AWS's
//! `../shared/data/config-resource-schema` (which members items have, and how they are spelled).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use posture_aws::Service as Model;
use serde_json::{Value, json};

use super::details::landed;
use super::item::Draft;
use super::listing::entries;
use crate::declare::{Call, Collector, How, Service};
use crate::plan::model_of;
use crate::text::About;

fn data(path: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    [beside, PathBuf::from("/work/shared")]
        .into_iter()
        .map(|shared| shared.join("data").join(path))
        .find(|found| found.exists())
}

fn read(path: &PathBuf) -> Option<Value> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// What was recorded of a call; where there is nothing, what another call tells of the same, put as
/// this one would.
fn recorded(service: &Service, call: &Call) -> Vec<Value> {
    let model = model_of(service, call);
    let retold = |operation: &str, tell: fn(&Value) -> Value| {
        let found = answers(model, operation);
        found.iter().map(tell).collect()
    };
    match (model, call.operation) {
        ("cloudfront", "GetDistribution") => retold("GetDistributionConfig", |reply| {
            let config = &reply["DistributionConfig"];
            json!({ "Distribution": { "Id": "E1", "DistributionConfig": config } })
        }),
        ("codedeploy", "BatchGetDeploymentGroups") => retold(
            "GetDeploymentGroup",
            |reply| json!({ "deploymentGroupsInfo": [reply["deploymentGroupInfo"]] }),
        ),
        (model, operation) => answers(model, operation),
    }
}

/// Hosts that have neither botocore's name nor that for which calls to them are signed.
const HOSTS: &[(&str, &str)] = &[("ecr", "api.ecr"), ("sagemaker", "api.sagemaker")];

/// The recorded replies that are no errors.
fn answers(model: &str, operation: &str) -> Vec<Value> {
    let signing = Model::named(model).unwrap().signing;
    let host = HOSTS.iter().find(|(name, _)| *name == model);
    let names = [host.map_or(model, |(_, host)| host), signing];
    let file = names.into_iter().find_map(|name| {
        let file = format!("samples/aws-api-recordings/{name}/{operation}.json");
        read(&data(&file)?)
    });
    let Some(file) = file else { return Vec::new() };
    file["recordings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|recording| recording["status"] == 200)
        .map(|recording| recording["output"].clone())
        .collect()
}

/// Every place in a value, without the positions in lists.
fn places(at: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                places(&format!("{at}.{name}"), value, found);
            }
        }
        Value::Array(elements) => {
            for value in elements {
                places(at, value, found);
            }
        }
        Value::Null => {}
        _ => {
            found.insert(at.to_owned());
        }
    }
}

/// Members that the API gained after the schema of March 2025, or that the schema, which lists what
/// advanced queries can ask for, leaves out though AWS Config's items have them: tags within
/// `configuration`, user data, and what items hold as text or by the customer's names.
const BEYOND: &[(&str, &str)] = &[
    (
        "AWS::ApiGateway::RestApi",
        "configuration.disableExecuteApiEndpoint",
    ),
    ("AWS::ApiGateway::RestApi", "configuration.policy"),
    ("AWS::ApiGateway::Stage", "configuration.methodSettings"),
    (
        "AWS::Athena::WorkGroup",
        "configuration.WorkGroupConfiguration.EnableMinimumEncryptionConfiguration",
    ),
    (
        "AWS::AutoScaling::AutoScalingGroup",
        "configuration.availabilityZoneDistribution",
    ),
    (
        "AWS::AutoScaling::AutoScalingGroup",
        "configuration.capacityReservationSpecification",
    ),
    (
        "AWS::AutoScaling::AutoScalingGroup",
        "configuration.instanceLifecyclePolicy",
    ),
    (
        "AWS::Backup::BackupPlan",
        "configuration.BackupPlan.BackupPlanRule.RecoveryPointTags",
    ),
    (
        "AWS::CodeBuild::Project",
        "configuration.source.insecureSsl",
    ),
    (
        "AWS::CodeBuild::Project",
        "configuration.webhook.payloadUrl",
    ),
    (
        "AWS::CodePipeline::Pipeline",
        "configuration.pipeline.stages.actions.configuration",
    ),
    (
        "AWS::DMS::Endpoint",
        "configuration.ExtraConnectionAttributes",
    ),
    (
        "AWS::DMS::ReplicationInstance",
        "configuration.ReplicationSubnetGroupIdentifier",
    ),
    (
        "AWS::DMS::ReplicationInstance",
        "configuration.VpcSecurityGroupIds",
    ),
    (
        "AWS::DynamoDB::Table",
        "configuration.deletionProtectionEnabled",
    ),
    ("AWS::DynamoDB::Table", "configuration.warmThroughput"),
    (
        "AWS::EC2::Instance",
        "configuration.maintenanceOptions.rebootMigration",
    ),
    (
        "AWS::EC2::Instance",
        "configuration.metadataOptions.httpProtocolIpv6",
    ),
    (
        "AWS::EC2::Instance",
        "configuration.metadataOptions.instanceMetadataTags",
    ),
    (
        "AWS::EC2::Instance",
        "configuration.networkInterfaces.operator",
    ),
    (
        "AWS::EC2::Instance",
        "configuration.networkPerformanceOptions",
    ),
    ("AWS::EC2::Instance", "configuration.operator"),
    (
        "AWS::EC2::Instance",
        "configuration.placement.availabilityZoneId",
    ),
    (
        "AWS::EC2::LaunchTemplate",
        "configuration.LaunchTemplateData.TagSpecifications",
    ),
    (
        "AWS::EC2::LaunchTemplate",
        "configuration.LaunchTemplateData.UserData",
    ),
    ("AWS::EC2::NetworkInterface", "configuration.operator"),
    ("AWS::EC2::NetworkInterface", "configuration.publicDnsName"),
    (
        "AWS::EC2::NetworkInterface",
        "configuration.publicIpDnsNameOptions",
    ),
    ("AWS::EC2::Subnet", "configuration.blockPublicAccessStates"),
    (
        "AWS::ECR::Repository",
        "configuration.EncryptionConfiguration",
    ),
    (
        "AWS::ECR::Repository",
        "configuration.LifecyclePolicy.LifecyclePolicyText",
    ),
    ("AWS::ECR::Repository", "configuration.RepositoryUri"),
    (
        "AWS::ECS::TaskDefinition",
        "configuration.ContainerDefinitions.DockerLabels",
    ),
    (
        "AWS::ECS::TaskDefinition",
        "configuration.ContainerDefinitions.LogConfiguration.Options",
    ),
    (
        "AWS::ECS::TaskDefinition",
        "configuration.ContainerDefinitions.PortMappings",
    ),
    ("AWS::ECS::TaskDefinition", "configuration.RuntimePlatform"),
    ("AWS::EFS::FileSystem", "configuration.FileSystemProtection"),
    ("AWS::EKS::Cluster", "configuration.AccessConfig"),
    ("AWS::EKS::Cluster", "configuration.DeletionProtection"),
    (
        "AWS::EKS::Cluster",
        "configuration.KubernetesNetworkConfig.ElasticLoadBalancing",
    ),
    ("AWS::EKS::Cluster", "configuration.UpgradePolicy"),
    (
        "AWS::S3::Bucket",
        "supplementaryConfiguration.AccessControlList",
    ),
    (
        "AWS::S3::Bucket",
        "supplementaryConfiguration.BucketLifecycleConfiguration.rules.filter.predicate.tag",
    ),
    (
        "AWS::S3::Bucket",
        "supplementaryConfiguration.BucketNotificationConfiguration",
    ),
    ("AWS::S3::Bucket", "supplementaryConfiguration.BucketPolicy"),
    (
        "AWS::S3::Bucket",
        "supplementaryConfiguration.BucketReplicationConfiguration.rules",
    ),
];

fn is_beyond_the_schema(resource_type: &str, place: &str) -> bool {
    let is_api = posture_model::path_segments(place).nth(1).is_some_and(|step| {
        matches!(step, posture_model::Segment::Member(name) if name.starts_with("Get") || name.starts_with("Describe"))
    });
    is_api
        || place.starts_with("configuration.tags.")
        || place.starts_with("configuration.tagSet.")
        || BEYOND
            .iter()
            .any(|(known, path)| *known == resource_type && place.starts_with(path))
}

/// The places of the items that an entry and the recorded details make.
fn item(
    service: &Service,
    collector: &Collector,
    raw: &Value,
    cased: Value,
) -> Option<BTreeSet<String>> {
    // Ids of what listings are within.
    let parent = json!({ "id": "a", "ApiId": "a" });
    let about = About {
        entry: raw,
        parent: &parent,
        partition: "aws",
        region: "us-east-1",
        account: "123456789012",
    };
    let mut draft = Draft::new(collector, "us-east-1", cased, &about)?;
    let mut found = BTreeSet::new();
    places("configuration", &draft.item()["configuration"], &mut found);
    for detail in collector.details {
        if matches!(detail.how, How::Each) {
            for reply in recorded(service, &detail.call) {
                draft.put(detail.into, landed(service, detail, Some(&reply)));
                let details = &draft.item()["supplementaryConfiguration"];
                places("supplementaryConfiguration", details, &mut found);
            }
        }
    }
    Some(found)
}

#[test]
fn recorded_replies_become_what_aws_config_publishes() {
    let Some(schemas) = data("config-resource-schema/properties/resource-types") else {
        eprintln!("SKIPPED: ../shared/data/config-resource-schema is absent");
        return;
    };
    let mut items = 0;
    let mut known = 0;
    let mut unknown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for service in crate::services::all() {
        for collector in service.collectors {
            let name = collector.resource_type.as_str();
            let schema = read(&schemas.join(format!("{name}.properties.json")));
            let Some(schema) = schema else { continue };
            let (call, path) = match &collector.describe {
                Some(describe) => (&describe.call, describe.entries),
                None => (&collector.list, collector.entries),
            };
            for reply in recorded(service, call) {
                for (raw, cased) in entries(service, collector, call, path, &reply) {
                    let Some(mut found) = item(service, collector, &raw, cased) else {
                        continue;
                    };
                    items += 1;
                    found.retain(|place| !is_beyond_the_schema(name, place));
                    for place in found {
                        let is_inside = |key: &String| {
                            key.starts_with(&format!("{place}."))
                                || place.starts_with(&format!("{key}."))
                        };
                        if schema.get(&place).is_some()
                            || schema.as_object().unwrap().keys().any(is_inside)
                        {
                            known += 1;
                        } else {
                            unknown.entry(name.to_owned()).or_default().insert(place);
                        }
                    }
                }
            }
        }
    }
    assert!(items > 300 && known > 4000, "{items} {known}");
    assert!(unknown.is_empty(), "{unknown:#?}");
}
