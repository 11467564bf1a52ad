//! `accounts` of `posture.yaml`, as their user has them read.
//!
//! Oracle: moto, seeded by boto3 (`accounts/seed.py`); a proxy before it answers for the roles that
//! can't be assumed. Without Python and PyPI the tests are skipped, loudly.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "live/proxy.rs"]
mod proxy;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;
use std::sync::OnceLock;

use moto::Moto;
use proxy::{Fault, Proxy};
use serde_json::{Value, json};

const REFUSED: &str = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
                       <Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>";

/// The account whose role can't be assumed; known when moto has made it.
static NOT_TRUSTING: OnceLock<String> = OnceLock::new();

fn assumes(request: &str, account_id: &str) -> bool {
    request.contains("Action=AssumeRole&") && request.contains(&format!("iam%3A%3A{account_id}%3A"))
}

fn refused() -> Fault {
    Fault {
        matches: |request| assumes(request, NOT_TRUSTING.get().unwrap()),
        status: 403,
        body: REFUSED,
    }
}

fn seeded() -> Option<(Moto, BTreeMap<String, String>)> {
    let moto = Moto::start()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/accounts/seed.py");
    let seeded = moto.python().arg(script).arg(moto.address()).output();
    let seeded = seeded.unwrap();
    let words = String::from_utf8_lossy(&seeded.stderr);
    let ids = serde_json::from_slice(&seeded.stdout);
    Some((moto, ids.unwrap_or_else(|error| panic!("{error}: {words}"))))
}

/// Runs it in a folder whose `posture.yaml` has these accounts.
fn posture(url: &str, accounts: &Value, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let config = json!({"rules": [{"rule": "s3-bucket-versioning-enabled"}], "accounts": accounts});
    std::fs::write(folder.path().join("posture.yaml"), config.to_string()).unwrap();
    aws::posture(url)
        .args(arguments)
        .current_dir(folder.path())
        .env("AWS_MAX_ATTEMPTS", "1")
        .env("EXTERNAL_ID", "canary-external-id")
        .output()
        .unwrap()
}

/// What a scan says: the accounts by bucket, the coverage of whole accounts, stderr, exit code.
struct Scanned {
    buckets: BTreeMap<String, String>,
    accounts: Vec<(String, String, Value)>,
    stderr: String,
    code: Option<i32>,
}

fn scanned(url: &str, accounts: &Value, more: &[&str]) -> Scanned {
    let base = ["scan", "--aws", "--region", "us-east-1", "--format", "json"];
    let arguments: Vec<&str> = base.iter().chain(more).copied().collect();
    let run = posture(url, accounts, &arguments);
    let stderr = String::from_utf8(run.stderr).unwrap();
    assert!(!stderr.contains("canary"), "{stderr}");
    let document: Value =
        serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = document["evaluations"].as_array().unwrap();
    let buckets = rows
        .iter()
        .map(|row| (text(row, "resourceId"), text(row, "accountId")));
    let coverage = document["coverage"].as_array().unwrap();
    let accounts = coverage
        .iter()
        .filter(|row| row["awsRegion"] == "")
        .map(|row| {
            (
                text(row, "accountId"),
                text(row, "state"),
                row["deniedAction"].clone(),
            )
        });
    Scanned {
        buckets: buckets.collect(),
        accounts: accounts.collect(),
        stderr,
        code: run.status.code(),
    }
}

#[test]
fn accounts_are_entered_one_by_one_and_none_stops_the_others() {
    let Some((moto, ids)) = seeded() else { return };
    NOT_TRUSTING.set(ids["refused"].clone()).unwrap();
    an_organization_is_read(&moto, &ids);
    units_choose_accounts(&moto, &ids);
    a_listing_of_accounts_that_fails_is_said(&moto);
    listed_accounts_are_read_and_a_dead_one_stops_nothing(&moto);
    an_account_that_is_refused_deletes_nothing(&moto, &ids);
}

fn an_organization_is_read(moto: &Moto, ids: &BTreeMap<String, String>) {
    let proxy = Proxy::before(&moto.address(), refused());
    let external_id = json!({"env": "EXTERNAL_ID"});
    let accounts = json!({"organization": {"roleName": "Recorder", "externalId": external_id}});
    let found = scanned(&proxy.url, &accounts, &[]);
    let expected = BTreeMap::from(
        [
            ("of-management", "123456789012"),
            ("of-workload", &ids["workload"]),
            ("of-nested", &ids["nested"]),
        ]
        .map(|(bucket, id)| (bucket.to_owned(), id.to_owned())),
    );
    assert_eq!(found.buckets, expected, "{}", found.stderr);
    let mut rows = vec![
        (ids["closed"].clone(), "disabled".to_owned(), Value::Null),
        (
            ids["refused"].clone(),
            "denied".to_owned(),
            json!("sts:AssumeRole"),
        ),
    ];
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(found.accounts, rows);
    let words = format!(
        "not read: account {}: denied (sts:AssumeRole: AccessDenied)",
        ids["refused"]
    );
    assert!(found.stderr.contains(&words), "{}", found.stderr);
    let words = format!("not read: account {}: disabled (SUSPENDED)", ids["closed"]);
    assert!(found.stderr.contains(&words), "{}", found.stderr);
    // Findings weigh more than what is incomplete.
    assert_eq!(found.code, Some(1));
    let more = ["--fail-on", "critical"];
    assert_eq!(scanned(&proxy.url, &accounts, &more).code, Some(3));
    let more = ["--fail-on", "critical", "--account", &ids["workload"]];
    let found = scanned(&proxy.url, &accounts, &more);
    assert_eq!(found.code, Some(0), "{}", found.stderr);
    assert_eq!(found.buckets.keys().collect::<Vec<_>>(), ["of-workload"]);
    let run = posture(
        &proxy.url,
        &accounts,
        &["scan", "--aws", "--account", "999999999999"],
    );
    assert_eq!(run.status.code(), Some(2));
    let words = String::from_utf8(run.stderr).unwrap();
    assert!(
        words.contains("account 999999999999 is none of those"),
        "{words}"
    );
}

fn units_choose_accounts(moto: &Moto, ids: &BTreeMap<String, String>) {
    let of = |choice: Value| {
        let mut organization = json!({"roleName": "Recorder"});
        let members = organization.as_object_mut().unwrap();
        members.extend(choice.as_object().unwrap().clone());
        let accounts = json!({ "organization": organization });
        let found = scanned(&moto.address(), &accounts, &[]);
        found.buckets.into_keys().collect::<Vec<String>>()
    };
    assert_eq!(of(json!({"include": [ids["unit"]]})), ["of-nested"]);
    let without = json!({"exclude": [ids["unit"]], "managementAccount": false});
    assert_eq!(of(without), ["of-refused", "of-workload"]);
    // A slip of a digit leaves nothing to read, and that is not the same as nothing found.
    let organization = json!({"roleName": "Recorder", "include": ["999999999999"]});
    let found = scanned(
        &moto.address(),
        &json!({ "organization": organization }),
        &[],
    );
    let unknown = (
        "999999999999".to_owned(),
        "unreachable".to_owned(),
        Value::Null,
    );
    assert_eq!((found.accounts, found.code), (vec![unknown], Some(3)));
}

fn a_listing_of_accounts_that_fails_is_said(moto: &Moto) {
    let proxy = Proxy::before(
        &moto.address(),
        Fault {
            matches: |request| {
                request
                    .to_ascii_lowercase()
                    .contains("20161128.listaccounts\r")
            },
            status: 400,
            body: r#"{"__type": "AccessDeniedException", "Message": "no"}"#,
        },
    );
    let accounts = json!({"organization": {"roleName": "Recorder"}});
    let found = scanned(&proxy.url, &accounts, &[]);
    assert_eq!(found.code, Some(3), "{}", found.stderr);
    let denied = json!("organizations:ListAccounts");
    assert_eq!(
        found.accounts,
        [(String::new(), "denied".to_owned(), denied)]
    );
    let run = posture(&proxy.url, &accounts, &["doctor"]);
    assert_eq!(run.status.code(), Some(3));
    let words = String::from_utf8(run.stdout).unwrap();
    assert!(words.contains("\"organizations:ListAccounts\""), "{words}");
}

fn listed_accounts_are_read_and_a_dead_one_stops_nothing(moto: &Moto) {
    let proxy = Proxy::with(
        &moto.address(),
        &[
            Fault {
                matches: |request| assumes(request, "222222222222"),
                status: 0,
                body: "",
            },
            Fault {
                matches: |request| {
                    assumes(request, "111111111111") && !request.contains("ExternalId=canary")
                },
                status: 403,
                body: REFUSED,
            },
        ],
    );
    let accounts = json!([
        {"id": "123456789012"},
        {"id": "111111111111", "roleName": "Recorder", "externalId": {"env": "EXTERNAL_ID"}},
        {"id": "222222222222", "roleName": "Recorder", "regions": ["us-east-1"]},
    ]);
    let found = scanned(&proxy.url, &accounts, &[]);
    let buckets: Vec<&String> = found.buckets.keys().collect();
    assert_eq!(buckets, ["of-listed", "of-management"], "{}", found.stderr);
    let dead = (
        "222222222222".to_owned(),
        "unreachable".to_owned(),
        Value::Null,
    );
    assert_eq!(found.accounts, [dead]);
    assert!(
        found.stderr.contains("(sts:AssumeRole: Timeout)"),
        "{}",
        found.stderr
    );
    let run = posture(
        "http://127.0.0.1:9",
        &accounts,
        &["scan", "--aws", "--dry-run"],
    );
    let words = String::from_utf8(run.stdout).unwrap();
    let expected = "in each of 3 accounts: 111111111111, 123456789012, 222222222222\n";
    assert!(words.starts_with(expected), "{words}");
    let accounts = json!([{"id": "444444444444"}]);
    let run = posture(&proxy.url, &accounts, &["scan", "--aws"]);
    assert_eq!(run.status.code(), Some(2));
    let words = String::from_utf8(run.stderr).unwrap();
    assert!(
        words.contains("account 444444444444 needs a roleName"),
        "{words}"
    );
}

fn an_account_that_is_refused_deletes_nothing(moto: &Moto, ids: &BTreeMap<String, String>) {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let state = state.to_str().unwrap();
    let accounts = json!([{"id": ids["refused"], "roleName": "Recorder"}, {"id": "111111111111", "roleName": "Recorder"}]);
    let record = ["record", "--aws", "--region", "us-east-1", "--state", state];
    let seeded = posture(&moto.address(), &accounts, &record);
    assert_eq!(seeded.status.code(), Some(0));
    let count = |id: &str| {
        let arguments = [
            "inventory",
            "--state",
            state,
            "--account",
            id,
            "--format",
            "json",
        ];
        let run = posture(&moto.address(), &json!([]), &arguments);
        let document: Value = serde_json::from_slice(&run.stdout).unwrap();
        document["resources"].as_array().unwrap().len()
    };
    let listed = count("111111111111");
    assert!(listed > 0);
    let before = count(&ids["refused"]);
    assert!(before > 0);
    let proxy = Proxy::before(&moto.address(), refused());
    let run = posture(&proxy.url, &accounts, &record);
    assert_eq!(run.status.code(), Some(3));
    assert_eq!(
        (count("111111111111"), count(&ids["refused"])),
        (listed, before)
    );
}
