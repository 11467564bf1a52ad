//! What was not read, and what can't be understood, never ends as COMPLIANT.
//!
//! Oracle: DESIGN.md, a check that could not run is never a pass. Every case that passes is run
//! again with one thing spoiled. Where it still passes, `never_a_pass.allow` says why.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

#[path = "shared/allow.rs"]
mod allow;
#[path = "shared/runner.rs"]
mod runner;

use std::collections::BTreeMap;

use posture_rules::{ManagedRule, Read, catalogue};
use serde_json::{Value, json};

/// The rules that pass where they find nothing bad, so that what they can't understand could be it.
const GUARDS: &[&str] = &[
    "alb-http-to-https-redirection-check",
    "cloudfront-no-deprecated-ssl-protocols",
    "cloudfront-s3-origin-non-existent-bucket",
    "cloudfront-traffic-to-origin-encrypted",
    "cloudfront-viewer-policy-https",
    "codebuild-project-artifact-encryption",
    "codebuild-project-environment-privileged-check",
    "codebuild-project-envvar-awscred-check",
    "codebuild-project-source-repo-url-check",
    "codepipeline-deployment-count-check",
    "docdb-cluster-snapshot-public-prohibited",
    "ec2-client-vpn-not-authorize-all",
    "ec2-launch-template-public-ip-disabled",
    "ecs-containers-nonprivileged",
    "ecs-no-environment-secrets",
    "efs-mount-target-public-accessible",
    "elb-acm-certificate-required",
    "emr-master-no-public-ip",
    "iam-customer-policy-blocked-kms-actions",
    "iam-inline-policy-blocked-kms-actions",
    "iam-policy-blacklisted-check",
    "iam-policy-no-statements-with-full-access",
    "kms-key-policy-no-public-access",
    "lambda-function-public-access-prohibited",
    "nacl-no-unrestricted-ssh-rdp",
    "neptune-cluster-snapshot-public-prohibited",
    "no-unrestricted-route-to-igw",
    "rds-snapshots-public-prohibited",
    "redshift-unrestricted-port-access",
    "restricted-common-ports",
    "restricted-ssh",
    "root-account-hardware-mfa-enabled",
    "s3-bucket-blacklisted-actions-prohibited",
    "s3-bucket-policy-grantee-check",
    "s3-bucket-public-read-prohibited",
    "s3-bucket-public-write-prohibited",
    "service-catalog-shared-within-organization",
    "sns-topic-no-public-access",
    "sqs-queue-no-public-access",
    "ssm-document-not-public",
    "vpc-sg-port-restriction-check",
];

/// Every case that passes, with its item.
fn passing() -> Vec<(&'static ManagedRule, Value, Value)> {
    let mut passing = Vec::new();
    for entry in catalogue::entries() {
        let text = std::fs::read_to_string(runner::cases_file(entry.rule)).unwrap();
        let file: Value = serde_saphyr::from_str(&text).unwrap();
        for case in file["cases"].as_array().unwrap() {
            if case["expect"]["complianceType"] == json!("COMPLIANT") {
                let item = runner::item_of(entry.rule, case);
                passing.push((entry.rule, case.clone(), item));
            }
        }
    }
    passing
}

/// Why a rule passes an item; none where it doesn't.
fn passes(rule: &'static ManagedRule, case: &Value, item: &Value) -> Option<String> {
    let judged = runner::judge(rule, case, item).unwrap();
    (judged.word() == "COMPLIANT").then(|| format!("{}: {:?}", judged.reason, judged.shown))
}

#[test]
fn a_place_that_was_not_read_is_no_pass() {
    let mut problems = Vec::new();
    for (rule, case, item) in passing() {
        let reads = runner::judge(rule, &case, &item).unwrap().reads;
        for place in reads {
            let mut item = item.clone();
            item["unread"] = json!([{"path": place, "state": "denied", "action": "a:B"}]);
            if let Some(reason) = passes(rule, &case, &item) {
                problems.push(format!("{} {place}: {reason}", rule.id));
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn an_item_of_which_nothing_was_read_is_no_pass() {
    for entry in catalogue::entries() {
        for resource_type in entry.rule.resource_types {
            let case = json!({"type": resource_type.as_str(), "source": "aws-config"});
            let item = runner::item_of(entry.rule, &case);
            for part in ["configuration", "supplementaryConfiguration"] {
                let mut item = item.clone();
                item["unread"] = json!([{"path": part, "state": "denied", "action": "a:B"}]);
                let is_needed = entry.rule.reads.iter().any(|read| match read {
                    Read::Own(path) => path.is_within(part),
                    Read::Other(_) => false,
                });
                let pass = passes(entry.rule, &case, &item).filter(|_| is_needed);
                assert_eq!(pass, None, "{}", entry.rule.id);
            }
        }
    }
}

/// Pointers to every value in what a rule may read of an item.
fn pointers(node: &Value, pointer: &str, pointers_to: &mut Vec<String>) {
    if !pointer.is_empty() {
        pointers_to.push(pointer.to_owned());
    }
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match node {
        Value::Object(members) => {
            for (name, member) in members {
                pointers(member, &format!("{pointer}/{}", escaped(name)), pointers_to);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                pointers(element, &format!("{pointer}/{index}"), pointers_to);
            }
        }
        _ => {}
    }
}

#[test]
fn a_value_of_another_kind_is_no_pass() {
    let mut found = BTreeMap::new();
    let guards = passing().into_iter();
    for (rule, case, item) in guards.filter(|(rule, _, _)| GUARDS.contains(&rule.id)) {
        for part in ["configuration", "supplementaryConfiguration"] {
            let mut places = Vec::new();
            pointers(&item[part], "", &mut places);
            for place in places {
                let pointer = format!("/{part}{place}");
                let spoiled = match item.pointer(&pointer) {
                    None | Some(Value::Null) => continue,
                    Some(Value::Array(_) | Value::Object(_)) => json!("spoiled"),
                    Some(_) => json!({"spoiled": true}),
                };
                let mut item = item.clone();
                *item.pointer_mut(&pointer).unwrap() = spoiled;
                if passes(rule, &case, &item).is_some() {
                    found.insert(format!("{} {pointer}", rule.id), case["name"].to_string());
                }
            }
        }
    }
    allow::assert_as_allowed("never_a_pass.allow", &found);
}
