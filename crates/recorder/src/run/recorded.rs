//! Recorded replies of AWS, through the declarations, to items.
//!
//! Oracles: real replies (`../shared/data/samples/aws-api-recordings`) and AWS Config's published
//! schema (`config-resource-schema`). A place that the schema doesn't know is listed in
//! `tests/unpublished.allow`: members that are newer than the schema, maps, which it leaves out, and
//! types that it leaves out altogether.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use posture_aws::Service as Model;
use serde_json::{Value, json};

use super::item::Draft;
use crate::declare::{Call, Collector, Service};
use crate::plan::model_of;
use crate::text::{About, values};

fn shared(path: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let found = root.join(path);
    if !found.exists() {
        eprintln!("skipped: {} is not there", found.display());
        return None;
    }
    Some(found)
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Recordings are told apart by the names of hosts, where these are not botocore's.
const HOSTS: [(&str, &str); 9] = [
    ("cloudwatch", "monitoring"),
    ("ecr", "api.ecr"),
    ("efs", "elasticfilesystem"),
    ("elb", "elasticloadbalancing"),
    ("elbv2", "elasticloadbalancing"),
    ("emr", "elasticmapreduce"),
    ("s3control", "s3-control"),
    ("sagemaker", "api.sagemaker"),
    ("stepfunctions", "states"),
];

/// The recorded replies to an operation; where there is none, what another operation tells of the
/// same, put as this one would.
fn recorded(model: &str, operation: &str) -> Vec<Value> {
    match (model, operation) {
        ("cloudfront", "GetDistribution") => {
            let found = answers(model, "GetDistributionConfig").into_iter();
            let told = found.map(|reply| {
                let config = &reply["DistributionConfig"];
                let arn = "arn:aws:cloudfront::123456789012:distribution/E1";
                json!({"Distribution": {"Id": "E1", "ARN": arn, "DistributionConfig": config}})
            });
            told.collect()
        }
        ("codedeploy", "BatchGetDeploymentGroups") => {
            let found = answers(model, "GetDeploymentGroup").into_iter();
            let told =
                found.map(|reply| json!({"deploymentGroupsInfo": [reply["deploymentGroupInfo"]]}));
            told.collect()
        }
        _ => answers(model, operation),
    }
}

/// The recorded answers, by the name of the host that gave them.
fn answers(model: &str, operation: &str) -> Vec<Value> {
    let host = HOSTS.iter().find(|(name, _)| *name == model);
    let host = host.map_or(model, |(_, host)| host);
    let Some(folder) = shared("samples/aws-api-recordings") else {
        return Vec::new();
    };
    let file = folder.join(host).join(format!("{operation}.json"));
    if !file.exists() {
        return Vec::new();
    }
    let recordings = read(&file);
    let recordings = values("recordings[]", &recordings).into_iter();
    let answered = recordings.filter(|recording| recording["status"] == json!(200));
    answered
        .map(|recording| recording["output"].clone())
        .collect()
}

/// The call whose reply an item is made of, and where it holds the entries.
fn told_by(collector: &Collector) -> (Call, &'static str) {
    match &collector.describe {
        Some(describe) => (describe.call, describe.entries),
        None => (collector.list, collector.entries),
    }
}

/// Every place of members in a value; the elements of lists have their list's place.
fn places(value: &Value, place: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                places(value, &format!("{place}.{name}"), found);
            }
        }
        Value::Array(elements) => {
            for element in elements {
                places(element, place, found);
            }
        }
        Value::Null => {}
        _ => {
            found.insert(place.to_owned());
        }
    }
}

/// The entries of a reply, each as the API gave it and with AWS Config's names.
fn entries_of(
    service: &Service,
    collector: &Collector,
    call: &Call,
    path: &str,
    reply: &Value,
) -> Vec<(Value, Value)> {
    let model = Model::named(model_of(service, call)).unwrap();
    let operation = model.operation(call.operation).unwrap();
    let casing = collector.casing;
    let renamed = model.renamed(operation, reply, &|name| casing.of(name));
    let raw = values(path, reply).into_iter().cloned();
    let cased = values(&casing.path(path), &renamed).into_iter().cloned();
    raw.zip(cased).collect()
}

fn items(service: &Service, collector: &Collector) -> Vec<Value> {
    let (call, entries) = told_by(collector);
    let mut items = Vec::new();
    for reply in recorded(model_of(service, &call), call.operation) {
        for (mut raw, cased) in entries_of(service, collector, &call, entries, &reply) {
            if let Some(describe) = &collector.describe {
                super::described::say_which(&mut raw, describe.member, "recorded");
            }
            if collector.keep.is_some_and(|keep| !keep(&raw)) {
                continue;
            }
            let parent = json!({"id": "parent", "ApiId": "parent", "apiId": "parent"});
            let about = About {
                entry: &raw,
                parent: &parent,
                partition: "aws",
                region: "eu-west-1",
                account: "123456789012",
            };
            let listed_at = "2026-06-01T00:00:00Z".parse().unwrap();
            let draft = Draft::new(collector, "eu-west-1", cased, &about, listed_at);
            let draft = draft.unwrap_or_else(|| panic!("{}: {raw}", collector.id));
            items.push(draft.item().clone());
        }
    }
    items
}

/// What the details that AWS Config records too make of recorded replies.
fn landed(service: &Service, collector: &Collector, schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let published: Vec<&String> = schema.as_object().unwrap().keys().collect();
    for detail in collector.details {
        if !published.iter().any(|path| path.starts_with(detail.into)) {
            continue;
        }
        for reply in recorded(model_of(service, &detail.call), detail.call.operation) {
            let value = super::details::landed(service, detail, Some(&reply));
            places(&value, detail.into, &mut found);
        }
    }
    found
}

#[test]
fn items_have_the_places_that_aws_config_publishes() {
    let Some(schemas) = shared("config-resource-schema/properties/resource-types") else {
        return;
    };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/unpublished.allow");
    let allowed = std::fs::read_to_string(file).unwrap();
    let allowed: BTreeSet<&str> = allowed
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let (mut new, mut used) = (BTreeSet::new(), BTreeSet::new());
    let mut built: BTreeMap<&str, usize> = BTreeMap::new();
    for service in crate::services::all() {
        for collector in service.collectors {
            let name = collector.resource_type.as_str();
            let schema = schemas.join(format!("{name}.properties.json"));
            let items = items(service, collector);
            if !items.is_empty() {
                built.insert(name, items.len());
            }
            if !schema.exists() {
                continue;
            }
            let schema = read(&schema);
            let mut found = landed(service, collector, &schema);
            for item in &items {
                places(&item["configuration"], "configuration", &mut found);
            }
            for place in found.iter().filter(|place| schema.get(place).is_none()) {
                let line = format!("{name} {place}");
                let is_of = |known: &&&str| {
                    line.strip_prefix(**known)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                match allowed.iter().find(is_of) {
                    Some(known) => used.insert(*known),
                    None => new.insert(line),
                };
            }
        }
    }
    assert!(
        new.is_empty(),
        "AWS Config publishes no such places: {new:#?}"
    );
    let unused: Vec<_> = allowed.difference(&used).collect();
    assert!(unused.is_empty(), "strike these from the list: {unused:#?}");
    assert!(built.len() > 40, "{built:?}");
}
