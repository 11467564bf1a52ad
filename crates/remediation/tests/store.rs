//! Oracle: the contract of leases and of the outbox (docs/decisions), on SQLite.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use posture_remediation::{
    Content, Entry, Journal, JournalError, PlanState, Policy, Remediation, RemediationError,
    RuleFailure, RunOutcome, Starts, StoreJournal, Time,
};
use posture_store::{Location, Store};
use serde_json::json;
use support::fake::Fake;
use support::{Clock, Faulty, place};

type Contract<'t> = Remediation<&'t Faulty<Fake>, StoreJournal, &'t Clock>;

async fn store(folder: &std::path::Path, clock: &'static Clock) -> Store {
    let location = Location::read(folder.to_str().unwrap()).unwrap();
    Store::open(&location, Arc::new(move || clock.now()))
        .await
        .unwrap()
}

fn contract<'t>(
    api: &'t Faulty<Fake>,
    clock: &'t Clock,
    store: &Store,
    worker: &str,
) -> Contract<'t> {
    Remediation {
        api,
        journal: StoreJournal {
            store: store.clone(),
            worker: worker.to_owned(),
            beside: None,
        },
        time: clock,
        content: Content::embedded().unwrap(),
        policy: Policy::default(),
        judge: None,
        starts: Starts::default(),
        place: place(),
    }
}

#[tokio::test]
async fn a_worker_that_died_is_followed_by_one_that_does_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let clock: &'static Clock = Box::leak(Box::default());
    let api = Faulty::new(Fake::default());
    let first_store = store(folder.path(), clock).await;
    let first = contract(&api, clock, &first_store, "first");
    let key = json!("k1");
    let given = BTreeMap::from([("KeyId".to_owned(), key)]);
    let name = "AWSConfigRemediation-EnableKeyRotation";
    let plan = first.plan(name, None, &given, "anna").await.unwrap();
    first.approve(&plan.plan_id, "berta").await.unwrap();
    // It takes the plan, begins, makes the call, and dies before it can say so.
    let hold = first.journal.hold(&plan.plan_id).await.unwrap();
    let before = first.show(&plan.plan_id).await.unwrap();
    let key = plan.key();
    let entries = [
        Entry::RunStarted {
            by: "anna".to_owned(),
            authority: "approved by berta".to_owned(),
        },
        Entry::PreImage {
            before: plan.before.clone(),
        },
        Entry::CallStarted {
            path: "EnableRotation".to_owned(),
            service: "kms".to_owned(),
            api: "EnableKeyRotation".to_owned(),
        },
    ];
    for (index, entry) in entries.iter().enumerate() {
        let place = before.entries.len() + index;
        let append = first
            .journal
            .append(&key, place, clock.now(), entry, Some(&hold));
        append.await.unwrap();
    }
    api.inner
        .rotation
        .lock()
        .unwrap()
        .insert("k1".to_owned(), true);

    let second_store = store(folder.path(), clock).await;
    let second = contract(&api, clock, &second_store, "second");
    let held = second.run(&plan.plan_id, "carl", None).await;
    assert!(matches!(
        held,
        Err(RemediationError::Journal(JournalError::Held { .. }))
    ));
    clock.forward(SignedDuration::from_secs(121));
    let report = second.run(&plan.plan_id, "carl", None).await.unwrap();
    assert_eq!(report.state, PlanState::Ended(RunOutcome::Succeeded));
    // The first one was not dead after all: it can't write any more.
    let late = Entry::CallFinished {
        path: "EnableRotation".to_owned(),
        outputs: BTreeMap::new(),
    };
    let place = before.entries.len() + entries.len();
    let append = first
        .journal
        .append(&key, place, clock.now(), &late, Some(&hold));
    assert!(matches!(append.await, Err(JournalError::Contended { .. })));
}

#[tokio::test]
async fn what_happens_is_an_event_of_the_same_transaction() {
    let folder = tempfile::tempdir().unwrap();
    let clock: &'static Clock = Box::leak(Box::default());
    let api = Faulty::new(Fake::default());
    let store = store(folder.path(), clock).await;
    let contract = contract(&api, clock, &store, "one");
    let given = BTreeMap::from([("KeyId".to_owned(), json!("k1"))]);
    let name = "AWSConfigRemediation-EnableKeyRotation";
    let plan = contract.plan(name, None, &given, "anna").await.unwrap();
    contract.approve(&plan.plan_id, "berta").await.unwrap();
    contract.run(&plan.plan_id, "anna", None).await.unwrap();
    contract.undo(&plan.plan_id, "berta").await.unwrap();
    let events = store.oldest_events(100).await.unwrap();
    let told: Vec<String> = events
        .iter()
        .map(|event| {
            assert_eq!(event.detail_type, "Posture Remediation State Change");
            assert_eq!(event.detail["planId"], plan.plan_id.as_str());
            format!("{} {}", event.detail["state"], event.detail["outcome"])
        })
        .collect();
    let expected = [
        r#""Planned" null"#,
        r#""Approved" null"#,
        r#""Finished" "Succeeded""#,
        r#""Finished" "Undone""#,
    ];
    assert_eq!(told, expected);
    // Whoever comes later sees the same.
    let listed = contract.list().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].state, PlanState::Ended(RunOutcome::Undone));
}

/// Databases, keys and trails are known to their documents by what is no part of an ARN: the recorded one is asked.
#[tokio::test]
async fn what_code_manages_is_told_with_what_the_code_has_to_say() {
    let folder = tempfile::tempdir().unwrap();
    let clock: &'static Clock = Box::leak(Box::default());
    let api = Faulty::new(Fake::default());
    let tags = [("stack-name", "web"), ("logical-id", "Key")];
    *api.inner.tags.lock().unwrap() = tags
        .map(|(name, value)| (format!("aws:cloudformation:{name}"), value.to_owned()))
        .into();
    let store = store(folder.path(), clock).await;
    let contract = contract(&api, clock, &store, "one");
    let given = BTreeMap::from([("KeyId".to_owned(), json!("k1"))]);
    let failure = RuleFailure {
        rule_name: "cmk-backing-key-rotation-enabled".to_owned(),
        aws_region: "eu-west-1".to_owned(),
        resource_type: "AWS::KMS::Key".to_owned(),
        resource_id: "k1".to_owned(),
        arn: Some("arn:aws:kms:eu-west-1:123456789012:key/k1".to_owned()),
        finding: None,
    };
    let name = "AWSConfigRemediation-EnableKeyRotation";
    let planned = contract.plan_for(name, None, &given, "anna", Some(failure));
    let plan = planned.await.unwrap();
    assert_eq!(plan.managed_by.as_deref(), Some("cloudformation"));
    let events = store.oldest_events(100).await.unwrap();
    let detail = &events[0].detail;
    assert_eq!(detail["managedBy"], "cloudformation");
    assert_eq!(
        detail["codeChange"],
        "Key (AWS::KMS::Key) of stack web, Properties:\n  EnableKeyRotation = true"
    );
    contract.approve(&plan.plan_id, "berta").await.unwrap();
    let refused = contract.run(&plan.plan_id, "anna", None).await.unwrap_err();
    assert!(refused.to_string().contains("is managed by cloudformation"));
}
