//! Oracle: issue 5's contract of every action, on an AWS of two values.

mod support;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use posture_remediation::{PlanState, RemediationError, Remedy, RunOutcome};
use serde_json::{Value, json};
use support::Fault;
use support::bench::{Bench, DOCUMENT, SAFETY, outcome};

#[tokio::test]
async fn a_plan_says_what_changes_and_by_which_calls_and_changes_nothing() {
    let bench = Bench::new();
    let plan = bench.plan("a").await;
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(plan.changes[0].before, Value::Null);
    assert_eq!(plan.changes[0].after, json!(30));
    assert_eq!(
        plan.calls[0].input,
        json!({"logGroupName": "a", "retentionInDays": 30})
    );
    assert_eq!(plan.undo[0].api, "DeleteRetentionPolicy");
    assert_eq!(bench.api.inner.retention_of("a"), 0);
    assert!(bench.api.made().is_empty());
}

#[tokio::test]
async fn what_is_not_there_or_can_t_be_read_is_never_compliant() {
    let bench = Bench::new();
    let none = BTreeMap::new();
    let contract = bench.contract();
    let absent = contract
        .plan("Own-Retention", Some("x"), &none, "anna")
        .await;
    assert_eq!(
        absent.unwrap_err().to_string(),
        "x could not be read: logs DescribeLogGroups finds none"
    );
}

#[tokio::test]
async fn a_document_that_needs_more_than_it_declares_is_refused_before_any_call() {
    let mut bench = Bench::new();
    let document = format!(
        "{DOCUMENT}  - name: More\n    action: aws:executeAwsApi\n    inputs: {{Service: iam, Api: CreateUser, UserName: x}}\n"
    );
    let remedy = Remedy::parse("Own-Retention", &document, SAFETY, true).unwrap();
    bench.content.add(remedy);
    let contract = bench.contract();
    let none = BTreeMap::new();
    let refused = contract
        .plan("Own-Retention", Some("a"), &none, "anna")
        .await;
    assert_eq!(
        refused.unwrap_err().to_string(),
        "Own-Retention needs iam:CreateUser, which its safety file doesn't declare: refused"
    );
}

#[tokio::test]
async fn nobody_approves_what_they_asked_for_and_only_approvers_count() {
    let mut bench = Bench::new();
    bench.policy.approvers = ["anna", "berta", "carl"].map(str::to_owned).into();
    bench.policy.quorum = 2;
    let plan = bench.plan("a").await;
    let contract = bench.contract();
    let refused = |by: &'static str| {
        let (contract, plan) = (&contract, &plan);
        async move {
            contract
                .approve(&plan.plan_id, by)
                .await
                .unwrap_err()
                .to_string()
        }
    };
    assert!(
        refused("anna")
            .await
            .contains("somebody else has to approve it")
    );
    assert!(refused("mallory").await.contains("is no approver"));
    contract.approve(&plan.plan_id, "berta").await.unwrap();
    contract.approve(&plan.plan_id, "berta").await.unwrap();
    assert!(bench.refusal(&plan).await.contains("1 of 2 approvals"));
    contract.approve(&plan.plan_id, "carl").await.unwrap();
    assert_eq!(
        outcome(&bench.run(&plan).await.unwrap()),
        Some(RunOutcome::Succeeded)
    );
}

#[tokio::test]
async fn a_denied_or_expired_plan_is_neither_approved_nor_run() {
    let bench = Bench::new();
    let contract = bench.contract();
    let plan = bench.approved("a").await;
    let denied = contract
        .deny(&plan.plan_id, "carl", "not on a Friday")
        .await;
    assert_eq!(denied.unwrap().state, PlanState::Denied);
    assert!(bench.refusal(&plan).await.contains("it was denied"));
    let plan = bench.approved("b").await;
    bench.clock.forward(SignedDuration::from_hours(25));
    assert!(bench.refusal(&plan).await.contains("expired"));
    assert!(contract.approve(&plan.plan_id, "carl").await.is_err());
    assert!(bench.api.made().is_empty());
}

#[tokio::test]
async fn a_resource_that_changed_since_the_plan_is_left_alone() {
    let bench = Bench::new();
    let plan = bench.approved("a").await;
    bench.api.inner.set_retention("a", 7);
    let report = bench.run(&plan).await.unwrap();
    assert_eq!(outcome(&report), Some(RunOutcome::Untouched));
    assert!(
        report.reason.contains("Retention has changed"),
        "{report:?}"
    );
    let plan = bench.approved("b").await;
    bench.api.inner.set_retention("b", 30);
    let report = bench.run(&plan).await.unwrap();
    assert_eq!(outcome(&report), Some(RunOutcome::AlreadyCompliant));
    assert!(bench.api.made().is_empty());
}

#[tokio::test]
async fn an_undo_takes_nobody_else_s_change_with_it() {
    let bench = Bench::new();
    let plan = bench.approved("a").await;
    bench.run(&plan).await.unwrap();
    bench.api.inner.set_retention("a", 60);
    let undone = bench.contract().undo(&plan.plan_id, "berta").await;
    assert!(
        undone
            .unwrap_err()
            .to_string()
            .contains("has changed since")
    );
    assert_eq!(bench.api.inner.retention_of("a"), 60);
}

#[tokio::test]
async fn stop_stops_runs_and_undos_until_resume() {
    let bench = Bench::new();
    let contract = bench.contract();
    let done = bench.approved("a").await;
    bench.run(&done).await.unwrap();
    let plan = bench.approved("b").await;
    contract.stop("carl", "change freeze").await.unwrap();
    assert!(
        bench
            .refusal(&plan)
            .await
            .contains("stopped by carl: change freeze")
    );
    assert!(contract.undo(&done.plan_id, "berta").await.is_err());
    assert_eq!(bench.api.inner.retention_of("b"), 0);
    contract.resume("carl").await.unwrap();
    assert!(bench.run(&plan).await.is_ok());
    assert!(contract.undo(&done.plan_id, "berta").await.is_ok());
}

#[tokio::test]
async fn caps_hold_without_a_configuration() {
    let bench = Bench::new();
    for group in ["a", "b", "c"] {
        let plan = bench.approved(group).await;
        bench.run(&plan).await.unwrap();
    }
    let plan = bench.approved("d").await;
    let refused = bench.refusal(&plan).await;
    assert!(refused.contains("3 runs of Own-Retention"), "{refused}");
    bench.clock.forward(SignedDuration::from_hours(1));
    assert!(bench.run(&plan).await.is_ok());
    // 5 % of 21 is one; of 20 a percentage says nothing.
    bench.api.inner.set_retention("a", 0);
    bench.clock.forward(SignedDuration::from_hours(1));
    let (first, second) = (bench.approved("a").await, bench.plan("b").await);
    assert!(second.already_compliant);
    bench.run(&first).await.unwrap();
    bench.api.inner.set_retention("b", 0);
    let plan = bench.approved("b").await;
    let contract = bench.contract();
    let refused = contract.run(&plan.plan_id, "anna", Some(21)).await;
    assert!(refused.unwrap_err().to_string().contains("5 % of 21"));
    assert!(contract.run(&plan.plan_id, "anna", Some(20)).await.is_ok());
}

#[tokio::test]
async fn what_is_automatic_stops_at_a_fight_and_at_failures() {
    let mut bench = Bench::new();
    bench.policy.automatic = ["Own-Retention".to_owned()].into();
    let plan = bench.plan("a").await;
    assert!(bench.run(&plan).await.is_ok());
    // Somebody puts it back.
    bench.api.inner.set_retention("a", 0);
    let plan = bench.plan("a").await;
    let refused = bench.refusal(&plan).await;
    assert!(refused.contains("puts it back"), "{refused}");
    bench
        .contract()
        .approve(&plan.plan_id, "berta")
        .await
        .unwrap();
    assert!(bench.run(&plan).await.is_ok());
    // A document that fails again and again is broken.
    for _ in 0..5 {
        bench.clock.forward(SignedDuration::from_hours(2));
        let plan = bench.plan("b").await;
        bench.api.fail(1, Fault::Denied);
        let report = bench.run(&plan).await.unwrap();
        assert_eq!(outcome(&report), Some(RunOutcome::Untouched));
    }
    let plan = bench.plan("b").await;
    let refused = bench.refusal(&plan).await;
    assert!(refused.contains("failed 5 times on b"), "{refused}");
}

#[tokio::test]
async fn what_code_manages_is_changed_in_the_code() {
    let mut bench = Bench::new();
    let tag = ("aws:cloudformation:stack-name".to_owned(), "web".to_owned());
    bench.api.inner.tags.lock().unwrap().push(tag);
    let plan = bench.approved("a").await;
    assert_eq!(plan.managed_by.as_deref(), Some("cloudformation"));
    assert!(
        bench
            .refusal(&plan)
            .await
            .contains("managed by cloudformation")
    );
    bench.policy.allow_managed = true;
    assert!(bench.run(&plan).await.is_ok());
}

#[tokio::test]
async fn a_plan_is_of_one_text_and_one_place() {
    let mut bench = Bench::new();
    let plan = bench.approved("a").await;
    let mut contract = bench.contract();
    contract.place.aws_region = "us-east-1".to_owned();
    let elsewhere = contract.run(&plan.plan_id, "anna", None).await;
    assert!(matches!(elsewhere, Err(RemediationError::Elsewhere { .. })));
    let other = DOCUMENT.replace("default: 30", "default: 60");
    let remedy = Remedy::parse("Own-Retention", &other, SAFETY, true).unwrap();
    bench.content.add(remedy);
    assert!(
        bench
            .refusal(&plan)
            .await
            .contains("another text than was planned")
    );
}

#[tokio::test]
async fn what_is_not_seen_to_be_done_is_unknown() {
    let mut bench = Bench::new();
    // The document sets another value than its safety file wants to see.
    let other = DOCUMENT.replace("retentionInDays: '{{ Days }}'", "retentionInDays: 1");
    let remedy = Remedy::parse("Own-Retention", &other, SAFETY, true).unwrap();
    bench.content.add(remedy);
    let plan = bench.approved("a").await;
    let report = bench.run(&plan).await.unwrap();
    assert_eq!(outcome(&report), Some(RunOutcome::Unknown));
    let undone = bench.contract().undo(&plan.plan_id, "berta").await.unwrap();
    assert_eq!(outcome(&undone), Some(RunOutcome::Undone));
    assert_eq!(bench.api.inner.retention_of("a"), 0);
}

#[test]
fn only_this_crate_reaches_calls_that_change_something() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                if text.contains("call_mutating") || text.contains("Authorisation::new") {
                    found.push(path.display().to_string());
                }
            }
        }
    }
    let elsewhere: Vec<&String> = found
        .iter()
        .filter(|path| !path.contains("/aws/src/") && !path.contains("/remediation/"))
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    assert!(found.len() > 2, "{found:?}");
}
