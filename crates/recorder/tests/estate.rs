//! What is recorded of an estate that boto3 made on moto.
//!
//! Oracle: moto, seeded by `estate/applications.py` and `estate/infrastructure.py`; what must come
//! of the first is in `estate/applications.tsv`. Without Python and PyPI the test is skipped,
//! loudly. What moto doesn't do (Backup's selections, CodeDeploy's groups, …) is left to the
//! recorded replies of AWS.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test")]

#[path = "../../aws/tests/moto/client.rs"]
mod client;
#[path = "estate/infrastructure.rs"]
mod infrastructure;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex};

use client::client;
use jiff::Timestamp;
use moto::Moto;
use posture_model::ResourceType;
use posture_recorder::{Listing, Needs, Outcome, Place, Plan, Recorder, Report, Sink};
use serde_json::Value;

const REGION: &str = "eu-west-1";

/// What the seed puts wherever a secret may stand.
const CANARY: &str = "canary-7f3a";

fn seeded(script: &str) -> Option<Moto> {
    let moto = Moto::start()?;
    moto.seed(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/estate")
            .join(script),
    );
    Some(moto)
}

/// Keeps items by type, and whether their listings were whole.
#[derive(Default)]
struct Kept {
    items: Mutex<BTreeMap<ResourceType, Vec<Value>>>,
}

struct KeptListing {
    kept: Arc<Kept>,
    resource_type: ResourceType,
}

impl Listing for KeptListing {
    type Error = Infallible;

    async fn item(&mut self, item: &[u8]) -> Result<(), Infallible> {
        let item = serde_json::from_slice(item).unwrap();
        let mut items = self.kept.items.lock().unwrap();
        items.entry(self.resource_type).or_default().push(item);
        Ok(())
    }

    fn unread(&mut self, _: &str, _: &Outcome) {}

    async fn end(self, _: &Outcome) -> Result<(), Infallible> {
        Ok(())
    }
}

struct Keeps(Arc<Kept>);

impl Sink for Keeps {
    type Listing = KeptListing;
    type Error = Infallible;

    async fn begin(&self, place: Place, _: Timestamp) -> Result<KeptListing, Infallible> {
        Ok(KeptListing {
            kept: Arc::clone(&self.0),
            resource_type: place.resource_type,
        })
    }
}

async fn record(
    url: String,
    types: &[ResourceType],
) -> (BTreeMap<ResourceType, Vec<Value>>, Report) {
    let clock = Arc::new(|| "2026-06-01T00:00:00Z".parse().unwrap());
    let recorder = Recorder::new(client(url, REGION), clock).only(vec![REGION.to_owned()]);
    let mut needs = Needs::default();
    for resource_type in types {
        needs.add_whole(*resource_type);
    }
    let kept = Arc::new(Kept::default());
    let sink = Arc::new(Keeps(Arc::clone(&kept)));
    let report = recorder.record(&Plan::new(&needs), sink).await.unwrap();
    let items = std::mem::take(&mut *kept.items.lock().unwrap());
    (items, report)
}

/// A member of members: `configuration/Logs/Audit`.
fn at<'v>(item: &'v Value, place: &str) -> &'v Value {
    let pointer = format!("/{place}");
    item.pointer(&pointer).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn the_applications_estate_is_recorded() {
    let Some(moto) = seeded("applications.py") else {
        return;
    };
    let expected = expected();
    let mut types: Vec<ResourceType> = expected.iter().map(|(kind, ..)| *kind).collect();
    types.push(ResourceType::BackupBackupSelection);
    types.push(ResourceType::BackupRecoveryPoint);
    types.push(ResourceType::CodeDeployDeploymentGroup);
    let missing = [
        "access-analyzer:ListAnalyzers",
        "backup:GetBackupVaultAccessPolicy",
        "backup:ListBackupSelections",
        "backup:ListRecoveryPointsByBackupVault",
        "elasticbeanstalk:DescribeConfigurationSettings",
        "elasticmapreduce:ListInstanceFleets",
        "macie2:GetAutomatedDiscoveryConfiguration",
        "shield:DescribeDRTAccess",
        "shield:GetSubscriptionState",
        "ssm:GetServiceSetting",
    ];
    check(&moto, &types, &expected, &missing).await;
}

#[tokio::test]
async fn the_infrastructure_estate_is_recorded() {
    let Some(moto) = seeded("infrastructure.py") else {
        return;
    };
    let expected = infrastructure::expected();
    let mut types: Vec<ResourceType> = expected.iter().map(|(kind, ..)| *kind).collect();
    types.extend(infrastructure::NOT_IN_MOTO);
    check(&moto, &types, &expected, &infrastructure::MISSING).await;
}

async fn check(moto: &Moto, types: &[ResourceType], expected: &[Expected], missing: &[&str]) {
    let (items, report) = record(moto.address(), types).await;
    let mut wrong = Vec::new();
    for (resource_type, name, place, value) in expected {
        let of_type = items.get(resource_type).map_or(&[][..], Vec::as_slice);
        let named = of_type.iter().filter(|item| {
            name.is_empty() || item["resourceName"] == *name || item["resourceId"] == *name
        });
        let found: Vec<&Value> = named.map(|item| at(item, place)).collect();
        if !found.contains(&value) {
            let kind = resource_type.as_str();
            wrong.push(format!(
                "{kind} {name} {place}: {found:?}, expected {value}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}\n{:#?}", report.coverage);
    let text = serde_json::to_string(&items.values().collect::<Vec<_>>()).unwrap();
    assert!(
        !text.contains(CANARY),
        "a secret is not redacted: {}",
        around(&text)
    );
    // moto doesn't do these; what it does is read to the end.
    let gaps: BTreeSet<String> = report
        .gaps()
        .map(|gap| gap.reason.clone().unwrap_or_default())
        .filter_map(|reason| Some(reason.split_once(": ")?.0.to_owned()))
        .collect();
    let missing: BTreeSet<String> = missing.iter().map(|&action| action.to_owned()).collect();
    assert_eq!(gaps, missing);
}

/// Where the canary is, with what stands before it.
fn around(text: &str) -> String {
    let before = text.split(CANARY).next().unwrap_or_default();
    let tail: Vec<char> = before.chars().rev().take(200).collect();
    tail.into_iter().rev().collect()
}

type Expected = (ResourceType, &'static str, &'static str, Value);

/// Type, name, place and value: what rules read of each type.
fn expected() -> Vec<Expected> {
    let rows = include_str!("estate/applications.tsv").lines();
    let rows = rows.filter(|row| !row.starts_with('#'));
    rows.map(|row| {
        let columns: Vec<&str> = row.split('\t').collect();
        let [kind, name, place, value] = columns.as_slice() else {
            panic!("four columns: {row}");
        };
        let kind = ResourceType::from_name(kind).unwrap();
        let value = serde_json::from_str(value).unwrap();
        (kind, *name, *place, value)
    })
    .collect()
}
