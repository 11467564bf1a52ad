//! Bodies whose time is over, holds, and what open assessments keep.
//!
//! Oracle: `posture-verify`, which shares no code with the writer.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use posture_audit::{
    Act, Assessment, HoldReason, HoldScope, Period, Person, RetentionPlan, RetentionRules, Scope,
    holds,
};
use posture_content::frameworks::embedded;
use posture_ledger::{Body, Directory, Erased, KeyFile, Log, Record, RecordType};
use posture_store::{Location, Store};

fn day(day: i64) -> Timestamp {
    let first: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    first + SignedDuration::from_hours(24 * day)
}

fn log(folder: &Path) -> Log {
    let key = KeyFile::new(folder.join("key"))
        .create("evidence.example/log")
        .unwrap();
    let storage = Box::new(Directory::new(folder.join("log")));
    Log::create(storage, key, day(0)).unwrap()
}

fn add(log: &Log, kind: RecordType, subject: &str, text: &str, at: Timestamp) -> u64 {
    let mut record = Record::new(kind, subject);
    record.body = Some(Body::Bytes {
        media_type: "text/plain".to_owned(),
        bytes: text.as_bytes().to_vec(),
    });
    log.append(vec![record], at).unwrap().first
}

fn rules() -> RetentionRules {
    let mut rules = RetentionRules::default();
    rules.add(RecordType::Upload, "1y").unwrap();
    rules.add(RecordType::UserActivity, "30d").unwrap();
    rules.add(RecordType::Decision, "1d").unwrap();
    rules
}

fn plan(log: &Log, assessments: &[Assessment], at: Timestamp) -> RetentionPlan {
    RetentionPlan::of(&log.reader().unwrap(), &rules(), assessments, at).unwrap()
}

/// The records whose bodies go, each with its rule.
fn going(plan: &RetentionPlan) -> BTreeSet<(Vec<u64>, &str)> {
    let bodies = plan.expired.iter();
    bodies
        .map(|body| (body.records.clone(), body.rule.as_str()))
        .collect()
}

fn expire(log: &Log, at: Timestamp) -> u64 {
    posture_audit::expire(log, &rules(), &[], at)
        .unwrap()
        .removed
}

fn verify(folder: &Path) -> posture_verify::Report {
    let options = posture_verify::Options::default();
    posture_verify::verify(&folder.join("log"), &options).unwrap()
}

fn why(reason: &str) -> HoldReason {
    HoldReason {
        by: Person::named("Ann").unwrap(),
        reason: reason.to_owned(),
    }
}

/// An assessment of March 2026, whose days are 59 to 89.
async fn assessment(folder: &Path, is_closed: bool) -> Assessment {
    let location = Location::File(folder.join("state.db"));
    let store = Store::open(&location, Arc::new(|| day(90))).await.unwrap();
    posture_audit::migrate(&store).await.unwrap();
    let frameworks = embedded().unwrap();
    let soc2 = frameworks.iter().find(|one| one.name == "soc2").unwrap();
    let created = Act::Created {
        scope: Scope {
            framework: soc2.name.clone(),
            framework_version: soc2.version.clone(),
            accounts: Vec::new(),
            regions: Vec::new(),
            tags: Vec::new(),
            api_calls: posture_audit::Frequency::Never,
            period: Period::read("2026-03").unwrap(),
        },
        owner: Person::named("Ann").unwrap(),
    };
    let person = || Person::named("Ann").unwrap();
    posture_audit::create(&store, "march", person(), created)
        .await
        .unwrap();
    let found = posture_audit::assessment(&store, "march").await.unwrap();
    if is_closed {
        posture_audit::act(&store, soc2, &found, person(), Act::Closed)
            .await
            .unwrap();
    }
    posture_audit::assessment(&store, "march").await.unwrap()
}

#[test]
fn expired_bodies_leave_a_tombstone_that_the_verifier_names() {
    let folder = tempfile::tempdir().unwrap();
    let log = log(folder.path());
    let activity = add(
        &log,
        RecordType::UserActivity,
        "alias",
        "who did it",
        day(1),
    );
    let upload = add(&log, RecordType::Upload, "assessment-9", "a plan", day(2));
    // Two records of one body: the later and longer rule counts.
    let first = add(&log, RecordType::UserActivity, "trail", "shared", day(3));
    let second = add(&log, RecordType::Upload, "assessment-9", "shared", day(4));
    add(&log, RecordType::Report, "kept", "no rule", day(5));
    assert_eq!(going(&plan(&log, &[], day(30))), BTreeSet::new());
    let due = plan(&log, &[], day(32));
    assert_eq!(
        going(&due),
        BTreeSet::from([(vec![activity], "user-activity 30d")])
    );
    assert_eq!(expire(&log, day(32)), 1);
    let report = verify(folder.path());
    assert_eq!(report.problems, []);
    let said = posture_verify::text(&report);
    let words = "  expired 1 bodies under rule user-activity 30d: tombstone in record 6\n";
    assert!(said.contains(words), "{said}");

    let due = plan(&log, &[], day(380));
    let expected = BTreeSet::from([
        (vec![upload], "upload 1y"),
        (vec![first, second], "upload 1y"),
    ]);
    assert_eq!(going(&due), expected);
    assert_eq!(expire(&log, day(380)), 2);
    assert_eq!(going(&plan(&log, &[], day(381))), BTreeSet::new());
    let report = verify(folder.path());
    assert_eq!((report.problems.len(), report.absent_bodies), (0, (0, 3)));
}

#[test]
fn body_that_is_named_again_after_its_tombstone_has_to_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let log = log(folder.path());
    add(
        &log,
        RecordType::UserActivity,
        "alias",
        "who did it",
        day(1),
    );
    let due = plan(&log, &[], day(40));
    expire(&log, day(40));
    let again = add(
        &log,
        RecordType::UserActivity,
        "alias",
        "who did it",
        day(41),
    );
    assert_eq!(verify(folder.path()).problems, []);
    // Not even whoever deletes by name takes what a later record needs.
    let sha256 = due.expired[0].sha256.clone();
    let mut eraser = log.eraser().unwrap();
    assert_eq!(eraser.erase(&sha256).unwrap(), Erased::Named);
    let prefix: String = sha256.chars().take(2).collect();
    let path = format!("log/blobs/{prefix}/{sha256}.zst");
    std::fs::remove_file(folder.path().join(path)).unwrap();
    let problems = verify(folder.path()).problems;
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].what.starts_with("it is missing, and record "),
        "{problems:?}"
    );
    assert_eq!(going(&plan(&log, &[], day(50))), BTreeSet::new());
    let due = plan(&log, &[], day(72));
    assert_eq!(
        going(&due),
        BTreeSet::from([(vec![again], "user-activity 30d")])
    );
}

#[test]
fn hold_keeps_what_is_past_its_time_and_is_itself_never_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let log = log(folder.path());
    let activity = add(
        &log,
        RecordType::UserActivity,
        "alias",
        "who did it",
        day(1),
    );
    let begins = why("suit 7").begins(&HoldScope::All).unwrap();
    assert!(
        !serde_json::to_string(&begins.detail)
            .unwrap()
            .contains("Ann")
    );
    let number = log.append(vec![begins], day(2)).unwrap().first;
    let held = plan(&log, &[], day(40));
    assert_eq!(going(&held), BTreeSet::new());
    assert_eq!(held.kept.get(&format!("hold {number}")), Some(&1));
    let found = holds(&log.reader().unwrap()).unwrap();
    assert_eq!((found.len(), found[0].record), (1, number));
    log.append(vec![why("settled").ends(&found[0]).unwrap()], day(41))
        .unwrap();
    assert_eq!(holds(&log.reader().unwrap()).unwrap(), []);
    let due = plan(&log, &[], day(400));
    assert_eq!(
        going(&due),
        BTreeSet::from([(vec![activity], "user-activity 30d")])
    );
}

#[tokio::test]
async fn open_assessment_keeps_what_its_period_needs() {
    for is_closed in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let log = log(folder.path());
        let before = add(
            &log,
            RecordType::UserActivity,
            "alias",
            "in January",
            day(1),
        );
        let within = add(&log, RecordType::UserActivity, "alias", "in March", day(60));
        let march = assessment(folder.path(), is_closed).await;
        let due = plan(&log, std::slice::from_ref(&march), day(200));
        let mut expected = BTreeSet::from([(vec![before], "user-activity 30d")]);
        if is_closed {
            expected.insert((vec![within], "user-activity 30d"));
        } else {
            let kept = due.kept.get("assessment march is open");
            assert_eq!(kept, Some(&1));
        }
        assert_eq!(going(&due), expected);
        let begins = why("suit 7").begins(&HoldScope::Assessment(march.number));
        log.append(vec![begins.unwrap()], day(201)).unwrap();
        let held = plan(&log, std::slice::from_ref(&march), day(202));
        assert_eq!(
            going(&held),
            BTreeSet::from([(vec![before], "user-activity 30d")])
        );
    }
}

#[test]
fn times_that_are_none_are_refused() {
    let mut rules = RetentionRules::default();
    for text in ["", "7", "7h", "-7d", "0d", "1d 3h", "for ever"] {
        assert!(rules.add(RecordType::Upload, text).is_err(), "{text}");
    }
    assert!(rules.is_empty());
}
