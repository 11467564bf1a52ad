//! Replies that AWS really gave, through the declarations: the items must be AWS Config's.
//!
//! Oracle: `../shared/data/samples/aws-api-recordings` (replies), AWS's
//! `../shared/data/config-resource-schema` (which members items have, and how they are spelled).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use posture_aws::Service as Model;
use serde_json::Value;

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

/// What was recorded of a call: replies that are no errors.
fn recorded(service: &Service, call: &Call) -> Vec<Value> {
    let model = model_of(service, call);
    let signing = Model::named(model).unwrap().signing;
    let names = [model, signing];
    let file = names.into_iter().find_map(|name| {
        let file = format!("samples/aws-api-recordings/{name}/{}.json", call.operation);
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
    let about = About {
        entry: raw,
        parent: &Value::Null,
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
