//! Oracle: issue 5's contract of every action ("verify by re-recording and re-evaluating the same rule") and AWS
//! Config's API reference of `RemediationConfiguration`.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use jiff::SignedDuration;
use posture_remediation::{
    ParameterValue, Plan, PlanState, RemediationConfiguration, RunOutcome, Taken, Time as _,
};
use support::Fault;
use support::bench::{Bench, Says, failure, outcome};

async fn approved(bench: &Bench) -> Plan {
    let none = BTreeMap::new();
    let contract = bench.contract();
    let asked = contract.plan_for(
        "Own-Retention",
        Some("a"),
        &none,
        "anna",
        Some(failure("a")),
    );
    let plan = asked.await.unwrap();
    contract.approve(&plan.plan_id, "berta").await.unwrap();
    plan
}

#[tokio::test]
async fn only_a_content_rule_is_success_and_it_is_waited_for() {
    for (words, wanted, judged) in [
        (
            &["NON_COMPLIANT", "NON_COMPLIANT", "COMPLIANT"][..],
            RunOutcome::Succeeded,
            2,
        ),
        (&["NON_COMPLIANT"], RunOutcome::NonCompliant, 2),
        (&["INSUFFICIENT_DATA"], RunOutcome::Unknown, 2),
        (&["NOT_APPLICABLE"], RunOutcome::Succeeded, 0),
    ] {
        let mut bench = Bench::new();
        bench.judge = Some(Says::words(words));
        let plan = approved(&bench).await;
        let before = (&bench.clock).now();
        let report = bench.run(&plan).await.unwrap();
        assert_eq!(
            outcome(&report),
            Some(wanted),
            "{words:?}: {}",
            report.reason
        );
        assert!(
            report.reason.contains(words[words.len() - 1]),
            "{}",
            report.reason
        );
        // Three attempts, two seconds apart: bounded.
        let waited = SignedDuration::from_secs(2 * judged);
        assert_eq!(
            (&bench.clock).now().duration_since(before),
            waited,
            "{words:?}"
        );
        let kinds = bench.memory.kinds(&plan.plan_id);
        assert_eq!(
            &kinds[kinds.len() - 3..],
            ["Verified", "Judged", "Finished"]
        );
    }
}

#[tokio::test]
async fn an_undo_says_what_the_rule_says_then() {
    let mut bench = Bench::new();
    bench.judge = Some(Says::words(&["COMPLIANT", "NON_COMPLIANT"]));
    let plan = approved(&bench).await;
    bench.run(&plan).await.unwrap();
    let undone = bench.contract().undo(&plan.plan_id, "berta").await.unwrap();
    assert_eq!(outcome(&undone), Some(RunOutcome::Undone));
    assert!(
        undone.reason.contains("says NON_COMPLIANT"),
        "{}",
        undone.reason
    );
}

/// A worker that dies at any append, those of the judging among them, is followed by one that makes no call twice.
#[tokio::test]
async fn a_run_that_died_anywhere_is_judged_all_the_same() {
    for dies_at in 1.. {
        let mut bench = Bench::new();
        bench.judge = Some(Says::words(&["COMPLIANT"]));
        let plan = approved(&bench).await;
        bench.memory.restart(dies_at);
        let first = bench.run(&plan).await;
        if first.is_ok() {
            assert!(dies_at > 7, "{dies_at}");
            return;
        }
        bench.memory.restart(0);
        let second = bench.run(&plan).await.unwrap();
        assert_eq!(outcome(&second), Some(RunOutcome::Succeeded), "{dies_at}");
        let kinds = bench.memory.kinds(&plan.plan_id);
        assert_eq!(
            &kinds[kinds.len() - 2..],
            ["Judged", "Finished"],
            "{dies_at}"
        );
        let calls = bench.api.made();
        assert!(
            calls.len() <= 2 && !calls.is_empty(),
            "{dies_at}: {calls:?}"
        );
    }
}

fn configuration(is_automatic: bool) -> RemediationConfiguration {
    RemediationConfiguration {
        rule_name: failure("a").rule_name,
        target_id: "Own-Retention".to_owned(),
        is_automatic,
        parameters: [("Group".to_owned(), ParameterValue::ResourceId)].into(),
        maximum_automatic_attempts: 3,
        retry_attempt_seconds: 60,
        concurrent_execution_rate_percentage: 10,
        error_percentage: 50,
    }
}

fn bench(is_automatic: bool) -> (Bench, RemediationConfiguration) {
    let configuration = configuration(is_automatic);
    let mut bench = Bench::new();
    bench.judge = Some(Says::words(&["COMPLIANT"]));
    if is_automatic {
        let pair = (
            configuration.rule_name.clone(),
            configuration.target_id.clone(),
        );
        bench.policy.configured = [pair].into();
    }
    (bench, configuration)
}

async fn take(bench: &Bench, configuration: &RemediationConfiguration) -> Taken {
    bench.clock.forward(SignedDuration::from_millis(1));
    let contract = bench.contract();
    let failed = failure("a");
    let taken = contract.take(configuration, &failed, Some("a"), None, "auto");
    taken.await.unwrap()
}

#[tokio::test]
async fn what_is_automatic_runs_and_the_rest_waits_as_one_plan() {
    let (automatic, configuration) = bench(true);
    let Taken::Ran(_, report) = take(&automatic, &configuration).await else {
        panic!("it did not run")
    };
    assert_eq!(report.state, PlanState::Ended(RunOutcome::Succeeded));

    let (guarded, configuration) = bench(false);
    let Taken::Open {
        plan, is_new: true, ..
    } = take(&guarded, &configuration).await
    else {
        panic!("no plan")
    };
    let again = take(&guarded, &configuration).await;
    assert!(matches!(&again, Taken::Open { plan: known, is_new: false, .. } if *known == plan));
    assert_eq!(guarded.api.made(), Vec::<String>::new());
    // Who says no is not asked again.
    guarded.contract().deny(&plan, "berta", "no").await.unwrap();
    assert_eq!(take(&guarded, &configuration).await, Taken::Declined(plan));
}

#[tokio::test]
async fn after_the_last_attempt_there_is_an_exception_until_somebody_clears_it() {
    let (bench, configuration) = bench(true);
    for _ in 0..3 {
        bench.api.fail(1, Fault::Denied);
        let taken = take(&bench, &configuration).await;
        assert!(matches!(taken, Taken::Ran(..)), "{taken:?}");
        // Attempts are spread over the window.
        bench.api.fails_at.store(0, Ordering::SeqCst);
        assert!(matches!(
            take(&bench, &configuration).await,
            Taken::Later(_) | Taken::Excepted
        ));
        bench.clock.forward(SignedDuration::from_secs(20));
    }
    assert_eq!(take(&bench, &configuration).await, Taken::Excepted);
    let held = bench.contract().exceptions().await.unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(
        (held[0].resource_id.as_str(), held[0].rule.as_str()),
        ("a", configuration.rule_name.as_str())
    );
    bench
        .contract()
        .clear_exception(&held[0].id, "berta")
        .await
        .unwrap();
    assert_eq!(bench.contract().exceptions().await.unwrap(), []);
    // The document's own cap holds all the same: three runs within an hour.
    bench.clock.forward(SignedDuration::from_hours(1));
    let taken = take(&bench, &configuration).await;
    assert!(
        matches!(&taken, Taken::Ran(_, report) if report.state == PlanState::Ended(RunOutcome::Succeeded)),
        "{taken:?}"
    );
    assert!(
        bench
            .contract()
            .clear_exception(&held[0].id, "berta")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_pass_that_died_anywhere_is_ended_by_the_next_one() {
    for dies_at in 1.. {
        let (bench, configuration) = bench(true);
        bench.memory.restart(dies_at);
        let (contract, failed) = (bench.contract(), failure("a"));
        let first = contract.take(&configuration, &failed, Some("a"), None, "auto");
        if first.await.is_ok() {
            assert!(dies_at > 8, "{dies_at}");
            return;
        }
        bench.memory.restart(0);
        let second = take(&bench, &configuration).await;
        let succeeded = PlanState::Ended(RunOutcome::Succeeded);
        assert!(
            matches!(&second, Taken::Ran(_, report) if report.state == succeeded),
            "{dies_at}: {second:?}"
        );
        assert_eq!(contract.list().await.unwrap().len(), 1, "{dies_at}");
        let calls = bench.api.made();
        assert!(
            calls.len() <= 2 && !calls.is_empty(),
            "{dies_at}: {calls:?}"
        );
    }
}
