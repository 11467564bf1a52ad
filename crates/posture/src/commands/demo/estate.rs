//! The sample estate day by day: what a listing of each scope shows.

use std::collections::BTreeMap;

use posture_store::Scope;
use serde_json::{Value, json};

/// Resources of each scope, by id, as a listing shows them.
pub(super) type Listings = BTreeMap<Scope, BTreeMap<String, Value>>;

/// Something that somebody changed, and changed back. Days are counted from the first, 0.
pub(super) struct Drift {
    /// The account in which it happens.
    account_id: &'static str,
    /// The type of the resource.
    resource_type: &'static str,
    /// Which of that type, by id.
    nth: usize,
    /// The days on which it is so: from this one, until before that one.
    days: std::ops::Range<usize>,
    /// What is done to the item; where it gives none, the resource is not there.
    change: fn(Value) -> Option<Value>,
}

const PRODUCTION: &str = "444455556666";
pub(super) const SANDBOX: &str = "777788889999";

/// A part of the estate: ninety days of all of it would take minutes.
const ACCOUNTS: [&str; 2] = [PRODUCTION, SANDBOX];
const REGIONS: [&str; 2] = ["eu-west-1", "global"];

/// The simulated quarter has 91 days; what ends on a later one is not fixed in it.
const NEVER: usize = usize::MAX;

pub(super) const DRIFTS: [Drift; 9] = [
    drift(PRODUCTION, "AWS::S3::Bucket", 1, 9..13, opened_bucket),
    drift(PRODUCTION, "AWS::RDS::DBInstance", 2, 20..22, made_public),
    drift(PRODUCTION, "AWS::EC2::SecurityGroup", 3, 34..41, opened_ssh),
    drift(PRODUCTION, "AWS::KMS::Key", 1, 50..NEVER, stopped_rotation),
    drift(SANDBOX, "AWS::S3::Bucket", 2, 60..64, suspended_versioning),
    drift(SANDBOX, "AWS::EC2::SecurityGroup", 5, 72..73, opened_ssh),
    // Made during the quarter, and gone before its end.
    drift(PRODUCTION, "AWS::S3::Bucket", 4, 0..30, absent),
    drift(PRODUCTION, "AWS::RDS::DBInstance", 3, 70..NEVER, absent),
    drift(SANDBOX, "AWS::Lambda::Function", 2, 45..NEVER, absent),
];

const fn drift(
    account_id: &'static str,
    resource_type: &'static str,
    nth: usize,
    days: std::ops::Range<usize>,
    change: fn(Value) -> Option<Value>,
) -> Drift {
    Drift {
        account_id,
        resource_type,
        nth,
        days,
        change,
    }
}

/// What exists on a quiet day: the newest item of each resource that is not deleted.
pub(super) fn quiet() -> Listings {
    let mut newest: BTreeMap<(Scope, String), Value> = BTreeMap::new();
    for line in posture_content::sample::estate().lines() {
        let Ok(item) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
        let scope = Scope::new(text("accountId"), text("awsRegion"), text("resourceType"));
        let is_simulated = ACCOUNTS.contains(&scope.account_id.as_str())
            && REGIONS.contains(&scope.aws_region.as_str());
        if !is_simulated {
            continue;
        }
        let key = (scope, text("resourceId").to_owned());
        let captured = |item: &Value| {
            let time = item.get("configurationItemCaptureTime");
            time.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let is_newer = newest
            .get(&key)
            .is_none_or(|known| captured(known) < captured(&item));
        if is_newer {
            newest.insert(key, item);
        }
    }
    let mut listings = Listings::new();
    for ((scope, id), mut item) in newest {
        let is_there = item.get("configurationItemStatus") == Some(&json!("OK"));
        let listing = listings.entry(scope).or_default();
        if is_there && let Some(members) = item.as_object_mut() {
            // It is of the day on which it is listed.
            members.remove("configurationItemCaptureTime");
            members.remove("configurationStateId");
            listing.insert(id, item);
        }
    }
    listings
}

/// The resource that a drift is about: its scope and id.
pub(super) fn target(listings: &Listings, drift: &Drift) -> Option<(Scope, String)> {
    listings
        .iter()
        .filter(|(scope, _)| {
            scope.account_id == drift.account_id && scope.resource_type == drift.resource_type
        })
        .flat_map(|(scope, items)| items.keys().map(move |id| (scope.clone(), id.clone())))
        .nth(drift.nth)
}

/// The item of a resource on a day; none where it is not there.
pub(super) fn on_day(
    scope: &Scope,
    id: &str,
    item: &Value,
    day: usize,
    targets: &[Target],
) -> Option<Value> {
    let mut item = item.clone();
    for target in targets {
        let is_it = target.scope == *scope && target.id == id;
        if is_it && target.drift.days.contains(&day) {
            item = (target.drift.change)(item)?;
        }
    }
    Some(item)
}

/// A drift and the resource that it is about.
pub(super) struct Target {
    pub(super) scope: Scope,
    pub(super) id: String,
    pub(super) drift: &'static Drift,
}

fn set(mut item: Value, pointer: &str, value: Value) -> Option<Value> {
    let (parent, name) = pointer.rsplit_once('/')?;
    if let Some(members) = item.pointer_mut(parent).and_then(Value::as_object_mut) {
        members.insert(name.to_owned(), value);
    }
    Some(item)
}

fn opened_bucket(item: Value) -> Option<Value> {
    let open = json!({
        "blockPublicAcls": false, "ignorePublicAcls": false,
        "blockPublicPolicy": false, "restrictPublicBuckets": false,
    });
    set(
        item,
        "/supplementaryConfiguration/PublicAccessBlockConfiguration",
        open,
    )
}

fn suspended_versioning(item: Value) -> Option<Value> {
    let suspended = json!({"status": "Suspended", "isMfaDeleteEnabled": false});
    set(
        item,
        "/supplementaryConfiguration/BucketVersioningConfiguration",
        suspended,
    )
}

fn made_public(item: Value) -> Option<Value> {
    set(item, "/configuration/publiclyAccessible", json!(true))
}

fn opened_ssh(item: Value) -> Option<Value> {
    let open = json!([{
        "ipProtocol": "tcp", "fromPort": 22, "toPort": 22,
        "ipv4Ranges": [{"cidrIp": "0.0.0.0/0", "description": "debugging"}],
        "ipRanges": ["0.0.0.0/0"], "ipv6Ranges": [], "prefixListIds": [], "userIdGroupPairs": [],
    }]);
    set(item, "/configuration/ipPermissions", open)
}

fn stopped_rotation(item: Value) -> Option<Value> {
    set(
        item,
        "/supplementaryConfiguration/KeyRotationStatus",
        json!(false),
    )
}

fn absent(_: Value) -> Option<Value> {
    None
}
