//! Oracle: `../shared/data/config-resource-schema`, AWS's published schema of what AWS Config
//! records, and the items that AWS Config recorded in `../shared/data/samples/config-items`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use posture_model::tree::{Bump, parse};
use posture_model::{ConfigurationItem, ManagedBy, Source};
use serde_json::Value;

use super::estate;

static ESTATE: LazyLock<String> = LazyLock::new(estate);

/// Runs a check on each item.
fn each(mut check: impl FnMut(&ConfigurationItem<'_>)) {
    for line in ESTATE.lines() {
        let arena = Bump::new();
        let root = parse(line.as_bytes(), &arena).unwrap();
        check(&ConfigurationItem::from_node(root, Source::AwsConfig, &arena).unwrap());
    }
}

#[test]
fn is_as_large_as_promised() {
    let (mut accounts, mut regions) = (BTreeSet::new(), BTreeSet::new());
    let (mut types, mut resources) = (BTreeSet::new(), BTreeSet::new());
    each(|item| {
        accounts.insert(item.account_id().to_owned());
        regions.insert(item.aws_region().to_owned());
        types.insert(item.type_name().to_owned());
        let id = (item.account_id().to_owned(), item.aws_region().to_owned());
        resources.insert((
            id,
            item.type_name().to_owned(),
            item.resource_id().to_owned(),
        ));
    });
    assert_eq!(accounts.len(), 3);
    assert!(accounts.iter().all(|id| id.len() == 12));
    regions.remove("global");
    assert_eq!(regions.len(), 4);
    assert!(types.len() >= 100, "{} types", types.len());
    let range = 2_200..4_000;
    assert!(
        range.contains(&resources.len()),
        "{} resources",
        resources.len()
    );
}

#[test]
fn every_type_is_known_and_every_item_has_a_time_before_the_samples_last() {
    each(|item| {
        assert!(item.resource_type().is_some(), "{item:?}");
        let time = item.capture_time().unwrap().to_string();
        assert!(time.as_str() < "2026-06-01T00:00:00Z", "{item:?} at {time}");
        assert!(
            item.arn().is_some_and(|arn| arn.starts_with("arn:aws:")),
            "{item:?}"
        );
    });
}

#[test]
fn versions_of_a_resource_differ_in_time_and_a_deleted_one_ends_them() {
    let mut versions: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    each(|item| {
        let time = item.capture_time().unwrap().to_string();
        let version = (time, item.status().exists());
        versions
            .entry(format!("{item:?}"))
            .or_default()
            .push(version);
    });
    let (mut with_past, mut deleted) = (0, 0);
    for (resource, mut all) in versions {
        all.sort();
        let count = all.len();
        all.dedup_by(|one, other| one.0 == other.0);
        assert_eq!(all.len(), count, "{resource} has two versions at one time");
        let last = all.pop().unwrap();
        assert!(all.iter().all(|(_, exists)| *exists), "{resource}");
        with_past += usize::from(last.1 && count > 1);
        deleted += usize::from(!last.1);
    }
    assert!((20..200).contains(&with_past), "{with_past}");
    assert!((20..200).contains(&deleted), "{deleted}");
}

#[test]
fn shows_every_maker_and_every_way_not_to_be_read() {
    let mut makers = BTreeSet::new();
    let mut states = BTreeSet::new();
    each(|item| {
        makers.insert(item.managed_by());
        states.extend(item.unread().iter().map(|one| format!("{:?}", one.state)));
    });
    assert_eq!(
        states,
        ["Denied", "Failed", "Throttled"].map(str::to_owned).into()
    );
    let mut expected = BTreeSet::from(ManagedBy::ALL);
    // An organization has Control Tower or Landing Zone Accelerator.
    expected.remove(&ManagedBy::LandingZoneAccelerator);
    assert_eq!(makers, expected);
}

#[test]
fn is_the_same_twice() {
    assert!(estate() == *ESTATE);
}

/// Related resources are there, but for those that another account or AWS has.
#[test]
fn relationships_lead_to_resources_of_the_estate() {
    let mut resources = BTreeSet::new();
    each(|item| {
        resources.insert((item.type_name().to_owned(), item.resource_id().to_owned()));
    });
    each(|item| {
        for related in item.relationships() {
            let key = (
                related.resource_type.to_owned(),
                related.resource_id.to_owned(),
            );
            assert!(resources.contains(&key), "{item:?} points to {key:?}");
        }
    });
}

/// What AWS Config records and its published schema leaves out, as policies and maps are: by type,
/// where no recorded item in `samples` shows it either.
const UNLISTED: &[(&str, &str)] = &[
    ("AWS::ApiGateway::Stage", "configuration.methodSettings"),
    ("AWS::Backup::BackupVault", "configuration.AccessPolicy"),
    (
        "AWS::DynamoDB::Table",
        "configuration.deletionProtectionEnabled",
    ),
    (
        "AWS::ECR::Repository",
        "configuration.LifecyclePolicy.LifecyclePolicyText",
    ),
    (
        "AWS::ElasticBeanstalk::Environment",
        "configuration.optionSettings",
    ),
    (
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "supplementaryConfiguration.LoadBalancerAttributes",
    ),
    (
        "AWS::IAM::Group",
        "configuration.groupPolicyList.policyDocument",
    ),
    (
        "AWS::IAM::Policy",
        "configuration.policyVersionList.document",
    ),
    ("AWS::IAM::Role", "configuration.assumeRolePolicyDocument"),
    (
        "AWS::IAM::Role",
        "configuration.rolePolicyList.policyDocument",
    ),
    (
        "AWS::IAM::User",
        "configuration.userPolicyList.policyDocument",
    ),
    ("AWS::Lambda::Function", "supplementaryConfiguration.Policy"),
    (
        "AWS::S3::Bucket",
        "supplementaryConfiguration.BucketNotificationConfiguration",
    ),
    (
        "AWS::S3::Bucket",
        "supplementaryConfiguration.BucketReplicationConfiguration",
    ),
    ("AWS::SQS::Queue", "configuration.RedrivePolicy"),
    ("AWS::SSM::AssociationCompliance", "configuration"),
    ("AWS::SSM::ManagedInstanceInventory", "configuration"),
    ("AWS::SSM::PatchCompliance", "configuration"),
    ("AWS::WAF::WebACL", "configuration.defaultAction"),
    ("AWS::WAFv2::RuleGroup", "configuration.rules"),
    ("AWS::WAFv2::WebACL", "configuration.rules"),
];

/// The folder of shared data: beside the checkout, or beside the folder of its worktrees.
fn shared(path: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    ["../../../shared", "../../../../shared"]
        .iter()
        .map(|shared| root.join(shared).join("data").join(path))
        .find(|path| path.exists())
}

/// Every place in a value, with `.` between members; the elements of a list are where it is.
fn places(value: &Value, place: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                places(value, &format!("{place}.{name}"), found);
            }
        }
        Value::Array(elements) => {
            for value in elements {
                places(value, place, found);
            }
        }
        Value::Null => {}
        _ => {
            found.insert(place.to_owned());
        }
    }
}

/// The places that recorded items have, by type.
fn recorded(folder: &Path, found: &mut BTreeMap<String, BTreeSet<String>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            recorded(&path, found);
            continue;
        }
        let Ok(document) = serde_json::from_str::<Value>(&std::fs::read_to_string(path).unwrap())
        else {
            continue;
        };
        let document = document.get(0).unwrap_or(&document);
        let item = document.get("configurationItem").unwrap_or(document);
        if let Some(kind) = item.get("resourceType").and_then(Value::as_str) {
            let of_type = found.entry(kind.to_owned()).or_default();
            for part in ["configuration", "supplementaryConfiguration"] {
                places(item.get(part).unwrap_or(&Value::Null), part, of_type);
            }
        }
    }
}

/// Whether a place, or a part of what is in it, is in a list.
fn is_listed(place: &str, listed: &BTreeSet<String>) -> bool {
    listed.contains(place)
        // The schema writes a list of plain values, and some plain values, as `{value}`.
        || listed.contains(&format!("{place}.value"))
}

/// Whether a member is named for an API operation: what AWS Config does not record.
fn is_operation(place: &str) -> bool {
    ["Get", "List", "Describe"]
        .iter()
        .any(|verb| place.starts_with(&format!("supplementaryConfiguration.{verb}")))
}

#[test]
fn has_the_members_that_aws_config_records() {
    let (Some(schemas), Some(samples)) = (
        shared("config-resource-schema/properties/resource-types"),
        shared("samples/config-items"),
    ) else {
        println!("SKIPPED: ../shared/data is absent");
        return;
    };
    let mut of_samples = BTreeMap::new();
    recorded(&samples, &mut of_samples);
    let mut known: BTreeMap<String, Option<BTreeSet<String>>> = BTreeMap::new();
    let (mut unknown, mut used) = (BTreeSet::new(), BTreeSet::new());
    for line in ESTATE.lines() {
        let item: Value = serde_json::from_str(line).unwrap();
        let kind = item["resourceType"].as_str().unwrap().to_owned();
        let listed = known.entry(kind.clone()).or_insert_with(|| {
            let path = schemas.join(format!("{kind}.properties.json"));
            let text = std::fs::read_to_string(path).ok()?;
            let schema: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
            let mut places: BTreeSet<String> = schema.into_keys().collect();
            places.extend(of_samples.get(&kind).into_iter().flatten().cloned());
            Some(places)
        });
        let Some(listed) = listed else { continue };
        let mut found = BTreeSet::new();
        for part in ["configuration", "supplementaryConfiguration"] {
            places(&item[part], part, &mut found);
        }
        for place in found {
            if is_listed(&place, listed) || is_operation(&place) {
                continue;
            }
            let left_out = UNLISTED.iter().find(|(of, start)| {
                *of == kind && place.strip_prefix(start).is_some_and(is_end_of_member)
            });
            match left_out {
                Some(entry) => used.insert(*entry),
                None => unknown.insert(format!("{kind} {place}")),
            };
        }
    }
    assert!(known.values().flatten().count() >= 90);
    assert_eq!(used, UNLISTED.iter().copied().collect());
    let unknown: Vec<String> = unknown.into_iter().collect();
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

fn is_end_of_member(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('.')
}
