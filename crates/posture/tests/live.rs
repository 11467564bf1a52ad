//! `scan --aws` and `record --aws`, as their user runs them.
//!
//! Oracle: moto, seeded by boto3 (`live/seed.py`); a proxy before it answers some calls as AWS's
//! documentation says that they are refused. Without Python and PyPI the tests are skipped, loudly.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "live/proxy.rs"]
mod proxy;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use moto::Moto;
use proxy::{Fault, Proxy};
use serde_json::Value;

fn seeded() -> Option<Moto> {
    let moto = Moto::start()?;
    moto.seed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/seed.py"));
    Some(moto)
}

fn posture(url: &str, arguments: &[&str]) -> Output {
    aws::posture(url)
        .args(arguments)
        .env("AWS_MAX_ATTEMPTS", "1")
        .output()
        .unwrap()
}

const SCAN: [&str; 7] = [
    "scan",
    "--aws",
    "--region",
    "us-east-1",
    "--format",
    "json",
    concat!(
        "--pack=",
        env!("CARGO_MANIFEST_DIR"),
        "/tests/live/pack.yaml"
    ),
];

fn scanned(url: &str, more: &[&str]) -> (Value, String, Option<i32>) {
    let arguments: Vec<&str> = SCAN.iter().chain(more).copied().collect();
    let run = posture(url, &arguments);
    let stderr = String::from_utf8(run.stderr).unwrap();
    let document = serde_json::from_slice(&run.stdout);
    let document = document.unwrap_or_else(|error| panic!("{error}: {stderr}"));
    (document, stderr, run.status.code())
}

/// `COMPLIANT` and the like of one rule on one resource, with why.
fn verdict(document: &Value, rule: &str, resource: &str) -> (String, String) {
    let rows = document["evaluations"].as_array().unwrap();
    let row = rows.iter().find(|row| {
        row["ruleName"] == rule
            && (row["resourceName"] == resource || row["resourceId"] == resource)
    });
    let row = row.unwrap_or_else(|| panic!("no verdict of {rule} on {resource}"));
    (
        row["complianceType"].as_str().unwrap().to_owned(),
        row["annotation"].as_str().unwrap_or_default().to_owned(),
    )
}

/// One server for all, since its start and its seed take the most time.
#[test]
fn an_account_is_read_whatever_single_calls_answer() {
    let Some(moto) = seeded() else { return };
    a_seeded_account_is_judged(&moto);
    a_denied_call_is_told_with_its_action(&moto);
    a_listing_that_failed_deletes_nothing(&moto);
    a_narrowed_scan_is_no_change(&moto);
}

fn a_seeded_account_is_judged(moto: &Moto) {
    let (document, stderr, code) = scanned(&moto.address(), &[]);
    assert_eq!(code, Some(1), "{stderr}");
    for (rule, resource, expected) in [
        ("s3-bucket-versioning-enabled", "versioned", "COMPLIANT"),
        ("s3-bucket-versioning-enabled", "plain", "NON_COMPLIANT"),
        ("s3-bucket-public-read-prohibited", "open", "NON_COMPLIANT"),
        ("s3-bucket-public-read-prohibited", "plain", "COMPLIANT"),
        ("s3-bucket-ssl-requests-only", "versioned", "COMPLIANT"),
        ("s3-bucket-ssl-requests-only", "plain", "NON_COMPLIANT"),
        ("s3-bucket-logging-enabled", "versioned", "COMPLIANT"),
        ("s3-bucket-logging-enabled", "plain", "NON_COMPLIANT"),
        ("iam-user-no-policies-check", "grouped", "COMPLIANT"),
        ("iam-user-no-policies-check", "alone", "NON_COMPLIANT"),
        ("iam-user-group-membership-check", "grouped", "COMPLIANT"),
        ("iam-user-group-membership-check", "alone", "NON_COMPLIANT"),
        ("iam-group-has-users-check", "people", "COMPLIANT"),
        ("iam-group-has-users-check", "nobody", "NON_COMPLIANT"),
        ("iam-password-policy", "123456789012", "NON_COMPLIANT"),
        ("root-account-mfa-enabled", "123456789012", "NON_COMPLIANT"),
        ("access-keys-rotated", "alone", "COMPLIANT"),
        ("restricted-ssh", "shut", "COMPLIANT"),
        ("restricted-ssh", "wide", "NON_COMPLIANT"),
        ("cloudtrail-enabled", "123456789012", "COMPLIANT"),
        (
            "cloud-trail-log-file-validation-enabled",
            "audit",
            "NON_COMPLIANT",
        ),
        (
            "ec2-ebs-encryption-by-default",
            "123456789012",
            "NON_COMPLIANT",
        ),
    ] {
        let (found, why) = verdict(&document, rule, resource);
        assert_eq!(found, expected, "{rule} on {resource}: {why}");
    }
    let coverage = document["coverage"].as_array().unwrap();
    let gaps: Vec<&Value> = coverage
        .iter()
        .filter(|row| row["state"] != "complete")
        .collect();
    assert!(gaps.is_empty(), "{gaps:#?}");
    // Only one Region was asked for, so that only global rules judge the account's home; here they
    // are the same.
    let regions: BTreeSet<&str> = coverage
        .iter()
        .map(|row| row["awsRegion"].as_str().unwrap())
        .collect();
    assert_eq!(regions, BTreeSet::from(["global", "us-east-1"]));
}

fn a_denied_call_is_told_with_its_action(moto: &Moto) {
    let proxy = Proxy::before(
        &moto.address(),
        Fault {
            matches: |head| head.starts_with("GET ") && head.contains("?versioning"),
            status: 403,
            body: "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
        },
    );
    let (document, stderr, _) = scanned(&proxy.url, &[]);
    let (found, why) = verdict(&document, "s3-bucket-versioning-enabled", "versioned");
    assert_eq!(found, "INSUFFICIENT_DATA");
    assert!(why.contains("s3:GetBucketVersioning was denied"), "{why}");
    let place = "supplementaryConfiguration.BucketVersioningConfiguration";
    let rows = document["coverage"].as_array().unwrap();
    let row = rows.iter().find(|row| row["fact"] == place).unwrap();
    assert_eq!(row["state"], "denied");
    assert_eq!(row["deniedAction"], "s3:GetBucketVersioning");
    assert!(
        stderr.contains("denied (s3:GetBucketVersioning: AccessDenied)"),
        "{stderr}"
    );
    // Nothing else is lost by it.
    let (found, _) = verdict(&document, "s3-bucket-logging-enabled", "versioned");
    assert_eq!(found, "COMPLIANT");
}

/// How many buckets are recorded.
fn buckets(state: &str) -> usize {
    let listed = Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(["inventory", "--state", state, "--type", "AWS::S3::Bucket"])
        .args(["--format", "json"])
        .output()
        .unwrap();
    let document: Value = serde_json::from_slice(&listed.stdout).unwrap();
    document["resources"].as_array().unwrap().len()
}

fn a_listing_that_failed_deletes_nothing(moto: &Moto) {
    let folder = tempfile::tempdir().unwrap();
    let state: PathBuf = folder.path().join("state");
    let state = state.to_str().unwrap();
    let record = ["record", "--aws", "--region", "us-east-1", "--state", state];
    let run = posture(&moto.address(), &record);
    let stderr = String::from_utf8_lossy(&run.stderr);
    // moto answers some of Systems Manager's calls with 500.
    let is_expected = |line: &str| line.starts_with("not read: AWS::SSM::");
    let mut unread = stderr.lines().filter(|line| line.starts_with("not read: "));
    assert!(unread.all(is_expected), "{stderr}");
    assert!(matches!(run.status.code(), Some(0 | 3)), "{stderr}");
    assert_eq!(buckets(state), 4);
    let proxy = Proxy::before(
        &moto.address(),
        Fault {
            matches: |head| head.starts_with("GET /?") && head.contains("bucket-region="),
            status: 403,
            body: "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>",
        },
    );
    let run = posture(&proxy.url, &record);
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(3), "{stderr}");
    assert!(
        stderr.contains("not read: AWS::S3::Bucket: denied (s3:ListAllMyBuckets: AccessDenied)"),
        "{stderr}"
    );
    assert_eq!(buckets(state), 4);
    // The buckets are really gone: now they are gone here too.
    let empty = Proxy::before(
        &moto.address(),
        Fault {
            matches: |head| head.starts_with("GET /?") && head.contains("bucket-region="),
            status: 200,
            body: "<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>",
        },
    );
    let run = posture(&empty.url, &record);
    assert!(matches!(run.status.code(), Some(0 | 3)));
    assert_eq!(buckets(state), 0);
    // And scanned from there.
    let (document, _, _) = scanned(&moto.address(), &["--state", state]);
    let (found, _) = verdict(&document, "s3-bucket-versioning-enabled", "versioned");
    assert_eq!(found, "COMPLIANT");
}

fn a_narrowed_scan_is_no_change(moto: &Moto) {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let state = ["--state", state.to_str().unwrap()];
    scanned(&moto.address(), &state);
    let rule = "--rule=s3-bucket-versioning-enabled";
    for narrowing in [rule, "--type=AWS::S3::Bucket"] {
        let (document, _, _) = scanned(&moto.address(), &[&state[..], &[narrowing]].concat());
        // What no rule that is left reads was not asked for.
        let coverage = document["coverage"].as_array().unwrap();
        assert!(
            coverage
                .iter()
                .all(|row| row["resourceType"] != "AWS::EC2::SecurityGroup"),
            "{narrowing}"
        );
    }
    let timeline = ["timeline", "arn:aws:s3:::versioned"];
    let timeline = [&timeline, &state, &["--format", "json"][..]].concat();
    let run = posture(&moto.address(), &timeline);
    let document: Value = serde_json::from_slice(&run.stdout).unwrap();
    let entries = document["entries"].as_array().unwrap();
    let versions = entries.iter().filter(|entry| entry["hash"].is_string());
    assert_eq!(versions.count(), 1, "{document:#}");
}

#[test]
fn a_narrowed_dry_run_prints_what_the_rules_that_are_left_need() {
    let calls = |narrowing: &[&str]| {
        let arguments = [&["scan", "--aws", "--dry-run"], narrowing].concat();
        let run = posture("http://127.0.0.1:9", &arguments);
        String::from_utf8(run.stdout).unwrap()
    };
    let all = calls(&[]);
    assert!(all.contains("(rds:DescribeDBInstances)") && all.contains("(s3:ListAllMyBuckets)"));
    for narrowing in [
        "--type=AWS::S3::Bucket",
        "--rule=s3-bucket-versioning-enabled",
    ] {
        let calls = calls(&[narrowing]);
        assert!(calls.contains("(s3:GetBucketVersioning)"), "{calls}");
        assert!(!calls.contains("(rds:DescribeDBInstances)"), "{calls}");
    }
    let least = calls(&["--severity=critical"]);
    assert!(least.len() < all.len(), "{least}");
}

#[test]
fn a_dry_run_prints_the_calls_and_makes_none() {
    let run = posture("http://127.0.0.1:9", &["scan", "--aws", "--dry-run"]);
    assert_eq!(run.status.code(), Some(0));
    let text = String::from_utf8(run.stdout).unwrap();
    assert!(text.contains("s3, at most 250 calls a second\n"), "{text}");
    let tagging = "resourcegroupstaggingapi, at most 3.75 calls a second\n";
    assert!(text.contains(tagging), "{text}");
    assert!(text.contains("(s3:ListAllMyBuckets)"), "{text}");
    let run = posture("http://127.0.0.1:9", &["scan", "--aws"]);
    assert_eq!(run.status.code(), Some(2));
    let stderr = String::from_utf8(run.stderr).unwrap();
    assert!(
        stderr.starts_with("error: the account is not known"),
        "{stderr}"
    );
}
