//! Oracle: issue 5 ("or hand the document over to SSM"; killed in each phase, nothing happens twice) and the API
//! reference of Systems Manager: `StartAutomationExecution`, `GetAutomationExecution`, `StopAutomationExecution`.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use std::sync::atomic::Ordering;

use jiff::SignedDuration;
use posture_remediation::{
    Entry, HandOver, Plan, PlanState, RemediationError, Report, RunOutcome, Time as _,
};
use serde_json::json;
use support::Fault;
use support::bench::{Bench, DOCUMENT, outcome};
use support::ssm::Course;

fn bench(owner: &str, content: &str) -> Bench {
    let bench = Bench::new();
    let own = (owner.to_owned(), content.to_owned());
    let mut ssm = bench.api.inner.ssm.lock().unwrap();
    ssm.documents.insert("Own-Retention".to_owned(), own);
    drop(ssm);
    bench
}

async fn run(bench: &Bench, plan: &Plan) -> Result<Report, RemediationError> {
    let via = HandOver::default();
    let contract = bench.contract();
    contract.run_via_ssm(&plan.plan_id, "anna", None, via).await
}

async fn refusal(bench: &Bench, plan: &Plan) -> String {
    run(bench, plan).await.unwrap_err().to_string()
}

fn executions(bench: &Bench) -> usize {
    bench.api.inner.ssm.lock().unwrap().executions.len()
}

#[tokio::test]
async fn ssm_runs_the_document_and_the_resource_is_read_before_and_after() {
    let bench = bench("123456789012", DOCUMENT);
    let plan = bench.approved("a").await;
    let report = run(&bench, &plan).await.unwrap();
    assert_eq!(outcome(&report), Some(RunOutcome::Succeeded));
    assert_eq!(
        report.reason,
        "done by SSM with Own-Retention version 1 of 123456789012, and read again"
    );
    assert_eq!(bench.api.inner.retention_of("a"), 30);
    let kinds = bench.memory.kinds(&plan.plan_id);
    assert_eq!(
        kinds,
        [
            "Planned",
            "Approved",
            "RunStarted",
            "PreImage",
            "HandedOver",
            "CallStarted",
            "ExecutionStarted",
            "StepFinished",
            "ExecutionEnded",
            "Verified",
            "Finished"
        ]
    );
    let parameters = json!({ "Group": ["a"], "Days": ["30"] });
    assert_eq!(
        bench.api.inner.ssm.lock().unwrap().executions[0].1,
        parameters
    );
    // Undo is ours, as planned.
    let undone = bench.contract().undo(&plan.plan_id, "anna").await.unwrap();
    assert_eq!(outcome(&undone), Some(RunOutcome::Undone));
    assert_eq!(bench.api.inner.retention_of("a"), 0);
}

#[tokio::test]
async fn killed_at_every_entry_it_is_started_once_and_seen_to_its_end() {
    let mut deaths = 0;
    for dies_at in 1..20 {
        let bench = bench("123456789012", DOCUMENT);
        let plan = bench.approved("a").await;
        bench.memory.restart(dies_at);
        let first = run(&bench, &plan).await;
        bench.memory.restart(0);
        if first.is_ok() {
            continue;
        }
        deaths += 1;
        // Without --via: what was handed over goes on there. Before that, nothing was done anywhere.
        let is_handed = bench.memory.kinds(&plan.plan_id).contains(&"HandedOver");
        let report = if is_handed {
            bench.run(&plan).await.unwrap()
        } else {
            run(&bench, &plan).await.unwrap()
        };
        let why = format!("killed at entry {dies_at}: {}", report.reason);
        assert_eq!(outcome(&report), Some(RunOutcome::Succeeded), "{why}");
        assert_eq!(executions(&bench), 1, "{why}");
        let made = bench.api.made();
        assert!(
            made.iter().all(|call| call.starts_with("ssm Start")),
            "{why}: {made:?}"
        );
    }
    assert_eq!(deaths, 9);
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_and_not_for_ever() {
    let bench = bench("123456789012", DOCUMENT);
    for (group, hours, wanted) in [
        ("a", 0, Some(RunOutcome::Succeeded)),
        ("b", 2, Some(RunOutcome::Unknown)),
    ] {
        let plan = bench.approved(group).await;
        bench.api.fail(1, Fault::AnswerLost);
        let report = run(&bench, &plan).await.unwrap();
        assert_eq!(report.state, PlanState::Running, "{}", report.reason);
        bench.clock.forward(SignedDuration::from_hours(hours));
        let report = run(&bench, &plan).await.unwrap();
        assert_eq!(outcome(&report), wanted, "{}", report.reason);
    }
    assert_eq!(executions(&bench), 2);
}

#[tokio::test]
async fn what_fails_in_ssm_is_brought_back_here() {
    for (course, wanted) in [
        (Course::FailsBefore, RunOutcome::Untouched),
        (Course::FailsAfter, RunOutcome::RolledBack),
    ] {
        let bench = bench("123456789012", DOCUMENT);
        let plan = bench.approved("a").await;
        bench.api.inner.ssm.lock().unwrap().course = course;
        let report = run(&bench, &plan).await.unwrap();
        assert_eq!(outcome(&report), Some(wanted), "{}", report.reason);
        assert!(
            report.reason.contains("ended as Failed"),
            "{}",
            report.reason
        );
        assert_eq!(bench.api.inner.retention_of("a"), 0, "{course:?}");
    }
}

#[tokio::test]
async fn another_text_or_none_is_refused_before_anything_is_kept() {
    let other = DOCUMENT.replace("default: 30", "default: 31");
    let stranger = bench("123456789012", &other);
    let plan = stranger.approved("a").await;
    let why = refusal(&stranger, &plan).await;
    assert!(why.contains("another text than was planned"), "{why}");
    assert_eq!(
        stranger.memory.kinds(&plan.plan_id),
        ["Planned", "Approved"]
    );
    // The same text as JSON, as SSM gives it, is the same document; and AWS's own is AWS's.
    let json = r#"{"schemaVersion": "0.3", "parameters": {"Group": {"type": "String"},
        "Days": {"type": "Integer", "default": 30}}, "mainSteps": [{"name": "Put",
        "action": "aws:executeAwsApi", "inputs": {"Service": "logs", "Api": "PutRetentionPolicy",
        "logGroupName": "{{ Group }}", "retentionInDays": "{{ Days }}"}}]}"#;
    for (owner, content) in [("123456789012", json), ("Amazon", "anything")] {
        let bench = bench(owner, content);
        let plan = bench.approved("a").await;
        let report = run(&bench, &plan).await.unwrap();
        assert_eq!(
            outcome(&report),
            Some(RunOutcome::Succeeded),
            "{}",
            report.reason
        );
    }
    let none = Bench::new();
    let plan = none.approved("a").await;
    let why = refusal(&none, &plan).await;
    assert!(
        why.ends_with("SSM has no Own-Retention here: --create-document creates it, as planned"),
        "{why}"
    );
    let via = HandOver {
        may_create_document: true,
        ..HandOver::default()
    };
    let contract = none.contract();
    let report = contract.run_via_ssm(&plan.plan_id, "anna", None, via).await;
    assert_eq!(outcome(&report.unwrap()), Some(RunOutcome::Succeeded));
    assert!(
        none.api.made()[0].starts_with("ssm CreateDocument"),
        "{:?}",
        none.api.made()
    );
}

#[tokio::test]
async fn the_guards_of_the_contract_hold_for_ssm_too() {
    let bench = bench("123456789012", DOCUMENT);
    let plan = bench.plan("a").await;
    let why = refusal(&bench, &plan).await;
    assert!(why.contains("0 of 1 approvals"), "{why}");
    bench
        .contract()
        .approve(&plan.plan_id, "berta")
        .await
        .unwrap();
    bench.contract().stop("carl", "a bad day").await.unwrap();
    let why = refusal(&bench, &plan).await;
    assert!(why.contains("stopped by carl"), "{why}");
    assert!(bench.api.made().is_empty());
    // What somebody changed meanwhile is not overwritten.
    bench.contract().resume("carl").await.unwrap();
    bench.api.inner.set_retention("a", 7);
    let report = run(&bench, &plan).await.unwrap();
    assert_eq!(outcome(&report), Some(RunOutcome::Untouched));
    assert_eq!(executions(&bench), 0);
    // What began here goes on here.
    let plan = bench.approved("b").await;
    bench.memory.restart(4);
    bench.run(&plan).await.unwrap_err();
    bench.memory.restart(0);
    let why = refusal(&bench, &plan).await;
    assert!(why.contains("its run began here"), "{why}");
}

#[tokio::test]
async fn it_is_waited_for_as_long_as_said_and_cancelled_when_all_is_stopped() {
    let bench = bench("123456789012", DOCUMENT);
    let plan = bench.approved("a").await;
    bench.api.inner.ssm.lock().unwrap().course = Course::Endless;
    let before = (&bench.clock).now();
    let report = run(&bench, &plan).await.unwrap();
    assert_eq!(report.state, PlanState::Running);
    assert!(
        report
            .reason
            .starts_with("SSM's execution e-1 is InProgress"),
        "{}",
        report.reason
    );
    let waited = (&bench.clock).now().duration_since(before);
    assert!(
        waited >= SignedDuration::from_secs(900) && waited < SignedDuration::from_secs(910),
        "{waited:?}"
    );
    // Stopped while somebody waits: the next look cancels it.
    bench.memory.stops_after.store(2, Ordering::SeqCst);
    let report = run(&bench, &plan).await.unwrap();
    assert_eq!(
        outcome(&report),
        Some(RunOutcome::Untouched),
        "{}",
        report.reason
    );
    assert!(
        report.reason.ends_with("ended as Cancelled"),
        "{}",
        report.reason
    );
    let ended = bench.contract().show(&plan.plan_id).await.unwrap();
    let is_ended = ended.entries.iter().any(
        |past| matches!(&past.entry, Entry::ExecutionEnded { status, .. } if status == "Cancelled"),
    );
    assert!(is_ended);
}
