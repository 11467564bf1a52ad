//! Work and events among several workers, on both databases.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use posture_model::tree::Bump;
use posture_store::{
    EvaluatedRule, ItemFilter, Observation, Scope, Store, StoreError, TimelineEvent, Verdict,
};
use support::{TestClock, at, open, places};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

#[tokio::test]
async fn many_workers_take_each_piece_of_work_once() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        for number in 0..40 {
            store
                .add_lease("scope", &format!("s{number:02}"), at(0))
                .await
                .unwrap();
            store
                .add_lease("scope", &format!("s{number:02}"), at(9))
                .await
                .unwrap();
        }
        let mut workers = tokio::task::JoinSet::new();
        for worker in 0..8 {
            let store = open(&place, &clock).await;
            workers.spawn(async move {
                let mut taken = Vec::new();
                loop {
                    let leases = store
                        .take_leases("scope", &format!("w{worker}"), 3, MINUTE)
                        .await
                        .unwrap();
                    if leases.is_empty() {
                        break taken;
                    }
                    taken.extend(leases.into_iter().map(|lease| (lease.name, lease.fence)));
                }
            });
        }
        let mut taken: Vec<_> = workers.join_all().await.into_iter().flatten().collect();
        taken.sort();
        let expected: Vec<_> = (0..40).map(|number| (format!("s{number:02}"), 1)).collect();
        assert_eq!(taken, expected);
    }
}

#[tokio::test]
async fn a_worker_that_was_killed_loses_its_lease_and_learns_of_it() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        store.add_lease("scope", "a", at(5)).await.unwrap();
        let take = async |holder| store.take_leases("scope", holder, 9, MINUTE).await.unwrap();
        assert!(take("early").await.is_empty());
        clock.set(5);
        let killed = take("killed").await.remove(0);
        clock.set(60);
        assert!(take("next").await.is_empty());
        assert!(store.renew_lease(&killed, MINUTE).await.unwrap());
        clock.set(119);
        assert!(take("next").await.is_empty());
        clock.set(120);
        let next = take("next").await.remove(0);
        assert!(next.fence > killed.fence);
        assert!(!store.renew_lease(&killed, MINUTE).await.unwrap());
        assert!(!store.release_lease(&killed, Some(at(0))).await.unwrap());
        assert!(store.release_lease(&next, Some(at(200))).await.unwrap());
        assert!(take("early").await.is_empty());
        clock.set(200);
        let last = take("last").await.remove(0);
        assert!(store.release_lease(&last, None).await.unwrap());
        clock.set(9_999);
        assert!(take("none").await.is_empty());
    }
}

#[tokio::test]
async fn no_announcement_is_lost_while_its_work_waits_or_is_done() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let add = async |due| store.add_lease("reread", "a", at(due)).await.unwrap();
        let take = async || store.take_leases("reread", "w", 9, MINUTE).await.unwrap();
        clock.set(100);
        add(100).await;
        let held = take().await.remove(0);
        add(100).await;
        assert!(store.release_lease(&held, None).await.unwrap());
        let again = take().await.remove(0);
        assert!(store.release_lease(&again, None).await.unwrap());
        assert!(take().await.is_empty());
        assert_eq!(store.count_leases("reread").await.unwrap().due, 0);

        // It waits for 115; what is announced for 118 is done by what begins at 120.
        add(115).await;
        add(118).await;
        clock.set(120);
        let late = take().await.remove(0);
        assert!(store.release_lease(&late, None).await.unwrap());
        assert!(take().await.is_empty());

        // It begins at 130; what is announced for 140 is done then.
        add(130).await;
        add(140).await;
        clock.set(130);
        let early = take().await.remove(0);
        let counts = store.count_leases("reread").await.unwrap();
        assert_eq!((counts.held, counts.due), (1, 0));
        assert!(store.release_lease(&early, None).await.unwrap());
        assert!(take().await.is_empty());
        clock.set(140);
        let rest = take().await.remove(0);
        assert!(store.release_lease(&rest, None).await.unwrap());

        // An earlier time comes first.
        add(300).await;
        add(150).await;
        clock.set(150);
        assert_eq!(take().await.len(), 1);
    }
}

#[tokio::test]
async fn what_work_is_about_is_kept_until_it_is_done() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let add = async |subjects: &[&str]| {
            let subjects: BTreeSet<String> = subjects.iter().map(|one| (*one).to_owned()).collect();
            let work = BTreeMap::from([("a".to_owned(), (at(0), subjects))]);
            store.add_leases_about("reread", &work).await.unwrap();
        };
        let take = async || store.take_leases("reread", "w", 9, MINUTE).await.unwrap();
        let named = |names: &[&str]| Some(names.iter().map(|one| (*one).to_owned()).collect());
        add(&["x", "y"]).await;
        add(&["y", "z"]).await;
        let lease = take().await.remove(0);
        let about = store.subjects(&lease).await.unwrap();
        assert_eq!(about.subjects, named(&["x", "y", "z"]));
        // Told again while it is being done: that is to be done once more.
        add(&["x"]).await;
        store.forget_subjects(&lease, &about).await.unwrap();
        assert!(store.release_lease(&lease, None).await.unwrap());
        let again = take().await.remove(0);
        let about = store.subjects(&again).await.unwrap();
        assert_eq!(about.subjects, named(&["x"]));
        add(&[]).await;
        assert_eq!(store.subjects(&again).await.unwrap().subjects, None);
        let many: Vec<String> = (0..600).map(|number| format!("n{number}")).collect();
        store
            .forget_subjects(&again, &store.subjects(&again).await.unwrap())
            .await
            .unwrap();
        add(&many.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert_eq!(store.subjects(&again).await.unwrap().subjects, None);
    }
}

#[tokio::test]
async fn a_new_schedule_counts_at_once_and_an_overdue_time_stays() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let schedule = async |due| {
            let done = store.schedule_lease("sweep", "sweep", at(0), at(due)).await;
            done.unwrap();
        };
        let take = async || store.take_leases("sweep", "w", 9, MINUTE).await.unwrap();
        schedule(50).await;
        let first = take().await.remove(0);
        schedule(60).await;
        assert!(store.release_lease(&first, Some(at(50))).await.unwrap());
        schedule(70).await;
        clock.set(50);
        assert!(take().await.is_empty());
        clock.set(70);
        schedule(90).await;
        assert_eq!(take().await.len(), 1);
    }
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_writes_no_verdict() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let recording = store.begin_run("record").await.unwrap();
        let mut observer = recording.observe();
        observer.take(bucket("a", "OK", 1)).await.unwrap();
        observer.finish().await.unwrap();
        store.add_lease("evaluator", "e", at(0)).await.unwrap();
        let take = async |who| {
            let mut leases = store
                .take_leases("evaluator", who, 1, MINUTE)
                .await
                .unwrap();
            leases.remove(0)
        };
        let late = take("late").await;
        clock.set(61);
        let held = take("next").await;
        let verdict = Verdict {
            scope: Scope::new("123456789012", "eu-west-1", "AWS::S3::Bucket"),
            resource_id: "a".to_owned(),
            rule: 0,
            compliance_type: "COMPLIANT",
        };
        let verdicts = std::iter::once(verdict);
        let changes = store.verdict_changes(&[rule()], verdicts).await.unwrap();
        let recording = store.begin_run("evaluate").await.unwrap().under(late);
        let written = recording.write_verdicts(at(61), &changes).await;
        assert!(matches!(written, Err(StoreError::LeaseLost { .. })));
        assert!(recording.end("finished").await.is_err());
        let recording = store.begin_run("evaluate").await.unwrap().under(held);
        recording.write_verdicts(at(61), &changes).await.unwrap();
        recording.end("finished").await.unwrap();
    }
}

fn bucket(id: &str, status: &str, seconds: i64) -> Observation {
    let item = format!(
        r#"{{"accountId":"123456789012","awsRegion":"eu-west-1","resourceType":"AWS::S3::Bucket",
        "resourceId":"{id}","configurationItemStatus":"{status}",
        "configurationItemCaptureTime":"{}","configuration":{{}}}}"#,
        at(seconds)
    );
    Observation::from_json(item.as_bytes(), &Bump::new()).unwrap()
}

fn rule() -> EvaluatedRule {
    EvaluatedRule {
        rule_name: "versioned".to_owned(),
        source_identifier: "S3_BUCKET_VERSIONING_ENABLED".to_owned(),
        parameters: BTreeMap::new(),
    }
}

/// Evaluates: what changed, as `id: type`.
async fn evaluate(store: &Store, seconds: i64, verdicts: &[(&str, &'static str)]) -> usize {
    let verdicts = verdicts.iter().map(|(id, compliance_type)| Verdict {
        scope: Scope::new("123456789012", "eu-west-1", "AWS::S3::Bucket"),
        resource_id: (*id).to_owned(),
        rule: 0,
        compliance_type,
    });
    let changes = store.verdict_changes(&[rule()], verdicts).await.unwrap();
    let recording = store.begin_run("evaluate").await.unwrap();
    recording
        .write_verdicts(at(seconds), &changes)
        .await
        .unwrap();
    changes.len()
}

#[tokio::test]
async fn a_verdict_is_a_row_and_an_event_when_it_changes() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let recording = store.begin_run("record").await.unwrap();
        let mut observer = recording.observe();
        observer.take(bucket("a", "OK", 1)).await.unwrap();
        observer.take(bucket("b", "OK", 1)).await.unwrap();
        observer.finish().await.unwrap();
        let first = [
            ("a", "COMPLIANT"),
            ("b", "NON_COMPLIANT"),
            ("unrecorded", "COMPLIANT"),
        ];
        assert_eq!(evaluate(&store, 10, &first).await, 2);
        assert_eq!(evaluate(&store, 11, &first).await, 0);
        clock.set(20);
        let second = [("a", "INSUFFICIENT_DATA"), ("b", "NON_COMPLIANT")];
        assert_eq!(evaluate(&store, 20, &second).await, 1);
        let mut observer = recording.observe();
        observer
            .take(bucket("b", "ResourceDeleted", 25))
            .await
            .unwrap();
        observer.finish().await.unwrap();
        assert_eq!(evaluate(&store, 30, &second[..1]).await, 1);
        assert_eq!(evaluate(&store, 31, &second[..1]).await, 0);

        let events = store.oldest_events(10).await.unwrap();
        let told: Vec<_> = events
            .iter()
            .map(|event| {
                let kind = |name: &str| event.detail[name]["complianceType"].as_str().unwrap();
                let id = event.detail["resourceId"].as_str().unwrap();
                format!(
                    "{id}: {} > {}",
                    kind("oldEvaluationResult"),
                    kind("newEvaluationResult")
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "a: COMPLIANT > INSUFFICIENT_DATA",
                "b: NON_COMPLIANT > NOT_APPLICABLE"
            ]
        );
        let found = store
            .resources_named("a", &ItemFilter::default())
            .await
            .unwrap();
        let timeline = store.timeline(&found[0]).await.unwrap();
        let TimelineEvent::Verdict { before, .. } = &timeline.entries[2].event else {
            panic!("{timeline:?}");
        };
        assert_eq!(before.as_deref(), Some("COMPLIANT"));
    }
}

#[tokio::test]
async fn an_event_is_taken_out_with_what_is_made_of_it_or_not_at_all() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let recording = store.begin_run("record").await.unwrap();
        let mut observer = recording.observe();
        observer.take(bucket("a", "OK", 1)).await.unwrap();
        observer.take(bucket("b", "OK", 1)).await.unwrap();
        observer.finish().await.unwrap();
        for verdict in ["COMPLIANT", "NON_COMPLIANT"] {
            evaluate(&store, 10, &[("a", verdict), ("b", verdict)]).await;
        }
        let events = store.oldest_events(10).await.unwrap();
        let numbers: Vec<i64> = events.iter().map(|event| event.event).collect();
        assert_eq!(numbers.len(), 2);
        let mut dropped = store.database().begin().await.unwrap();
        assert!(dropped.take_out(&numbers).await.unwrap());
        drop(dropped);
        assert_eq!(store.oldest_events(10).await.unwrap(), events);
        let mut kept = store.database().begin().await.unwrap();
        assert!(kept.take_out(&numbers[..1]).await.unwrap());
        kept.commit().await.unwrap();
        let mut late = store.database().begin().await.unwrap();
        assert!(!late.take_out(&numbers).await.unwrap(), "one is gone");
        drop(late);
        assert_eq!(store.oldest_events(10).await.unwrap(), events[1..]);
        assert_eq!(store.forget_events(at(10_000)).await.unwrap(), 1);
        assert!(store.oldest_events(10).await.unwrap().is_empty());
    }
}
