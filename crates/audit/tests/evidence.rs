//! Assessments and the evidence log, on a state of their own.
//!
//! Oracle: `posture-verify`, which shares no code with the writer.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "../../store/tests/support/postgres.rs"]
mod postgres;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use posture_audit::{Act, AuditError, Period, Person, Published, Scope, publish, waiting};
use posture_content::frameworks::{Framework, embedded};
use posture_ledger::{Directory, KeyFile, Log, Record, RecordType};
use posture_store::{Location, Store};

const NOW: &str = "2026-04-02T00:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A state in the folder, and one in PostgreSQL where that is here; each with a folder of its own.
async fn stores(folder: &Path) -> Vec<(Store, PathBuf)> {
    let mut locations = vec![Location::File(folder.join("state.db"))];
    match postgres::server() {
        Ok(server) => locations.push(Location::read(&server.new_database()).unwrap()),
        Err(why) => {
            // Not `eprintln!`, which the test harness hides where the test passes.
            let mut stderr = std::io::stderr();
            writeln!(stderr, "SKIPPED: {why}").unwrap();
        }
    }
    let mut stores = Vec::new();
    for (place, location) in locations.iter().enumerate() {
        let store = Store::open(location, Arc::new(now)).await.unwrap();
        posture_audit::migrate(&store).await.unwrap();
        let folder = folder.join(place.to_string());
        std::fs::create_dir(&folder).unwrap();
        stores.push((store, folder));
    }
    stores
}

fn log(folder: &Path) -> Log {
    let key = KeyFile::new(folder.join("key"))
        .create("evidence.example/log")
        .unwrap();
    let storage = Box::new(Directory::new(folder.join("log")));
    Log::create(storage, key, now()).unwrap()
}

fn soc2() -> &'static Framework {
    let all = embedded().unwrap();
    all.iter()
        .find(|framework| framework.name == "soc2")
        .unwrap()
}

fn person(name: &str) -> Person {
    Person::named(name).unwrap()
}

fn created() -> Act {
    Act::Created {
        scope: Scope {
            framework: "soc2".to_owned(),
            framework_version: "2017".to_owned(),
            accounts: Vec::new(),
            regions: Vec::new(),
            tags: Vec::new(),
            api_calls: posture_audit::Frequency::default(),
            period: Period::read("2026-Q2").unwrap(),
        },
        owner: person("Ann Owner"),
    }
}

#[tokio::test]
async fn every_act_is_published_once_and_names_nobody_in_a_leaf() {
    let folder = tempfile::tempdir().unwrap();
    for (store, folder) in stores(folder.path()).await {
        every_act_is_published_once_and_names_nobody_in_a_leaf_on(&store, &folder).await;
    }
}

async fn every_act_is_published_once_and_names_nobody_in_a_leaf_on(store: &Store, folder: &Path) {
    let log = log(folder);
    posture_audit::create(store, "q2", person("Ann Owner"), created())
        .await
        .unwrap();
    assert_eq!(waiting(store).await.unwrap(), 1);
    assert_eq!(
        publish(store, &log, now()).await.unwrap(),
        Published::All(1)
    );
    assert_eq!(
        publish(store, &log, now()).await.unwrap(),
        Published::All(0)
    );
    let leaves = log.reader().unwrap().leaves(0, 10).unwrap();
    assert_eq!(leaves.len(), 2);
    assert!(!serde_json::to_string(&leaves).unwrap().contains("Ann"));
    let report = posture_verify::verify(&folder.join("log"), &posture_verify::Options::default());
    assert!(report.unwrap().holds());
}

/// A process may stop after it appended and before it noted that.
#[tokio::test]
async fn what_is_in_the_log_already_is_not_appended_again() {
    let folder = tempfile::tempdir().unwrap();
    for (store, folder) in stores(folder.path()).await {
        what_is_in_the_log_already_is_not_appended_again_on(&store, &folder).await;
    }
}

async fn what_is_in_the_log_already_is_not_appended_again_on(store: &Store, folder: &Path) {
    let log = log(folder);
    posture_audit::create(store, "q2", person("Ann"), created())
        .await
        .unwrap();
    publish(store, &log, now()).await.unwrap();
    let mut transaction = store.database().begin().await.unwrap();
    for sql in [
        "UPDATE audit_queue SET leaf = NULL",
        "UPDATE audit_published SET size = 1",
    ] {
        transaction.execute(sql, Vec::new()).await.unwrap();
    }
    transaction.commit().await.unwrap();
    log.append(vec![Record::new(RecordType::Decision, "other")], now())
        .unwrap();
    assert_eq!(
        publish(store, &log, now()).await.unwrap(),
        Published::All(0)
    );
    assert_eq!(waiting(store).await.unwrap(), 0);
    assert_eq!(log.reader().unwrap().size(), 3);
}

#[tokio::test]
async fn an_act_on_what_somebody_changed_meanwhile_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (store, _) in stores(folder.path()).await {
        an_act_on_what_somebody_changed_meanwhile_does_nothing_on(&store).await;
    }
}

async fn an_act_on_what_somebody_changed_meanwhile_does_nothing_on(store: &Store) {
    posture_audit::create(store, "q2", person("Ann"), created())
        .await
        .unwrap();
    let again = posture_audit::create(store, "q2", person("Ann"), created()).await;
    assert!(matches!(again, Err(AuditError::AssessmentExists { .. })));
    let seen = posture_audit::assessment(store, "q2").await.unwrap();
    let comment = |control: &str| Act::Commented {
        control: control.to_owned(),
        text: "look".to_owned(),
    };
    let act = |act| posture_audit::act(store, soc2(), &seen, person("Bob"), act);
    assert!(matches!(
        act(comment("CC99")).await,
        Err(AuditError::NoControl { .. })
    ));
    act(Act::Closed).await.unwrap();
    assert!(matches!(
        act(comment("CC1.1")).await,
        Err(AuditError::Overtaken { .. })
    ));
    let closed = posture_audit::assessment(store, "q2").await.unwrap();
    assert_eq!(closed.status, "INACTIVE");
    let late = posture_audit::act(store, soc2(), &closed, person("Bob"), comment("CC1.1")).await;
    assert!(matches!(late, Err(AuditError::Closed { .. })));
    assert_eq!(waiting(store).await.unwrap(), 2);
}

#[tokio::test]
async fn without_a_run_nothing_passes() {
    let folder = tempfile::tempdir().unwrap();
    for (store, _) in stores(folder.path()).await {
        without_a_run_nothing_passes_on(&store).await;
    }
}

async fn without_a_run_nothing_passes_on(store: &Store) {
    posture_audit::create(store, "q2", person("Ann"), created())
        .await
        .unwrap();
    let assessment = posture_audit::assessment(store, "q2").await.unwrap();
    let evidence = posture_audit::Evidence::load(store, soc2(), &assessment.scope, now())
        .await
        .unwrap();
    assert_eq!(evidence.completeness(&assessment.scope.period), (0, 2));
    for control in &soc2().controls {
        let outcome = evidence
            .control(control)
            .outcome(Some(&assessment), &assessment.scope.period);
        assert_ne!(outcome, posture_audit::Outcome::Passed, "{}", control.id);
    }
}

#[tokio::test]
async fn nobody_acts_without_a_name_and_no_name_leads_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    for (store, _) in stores(folder.path()).await {
        nobody_acts_without_a_name_and_no_name_leads_elsewhere_on(&store).await;
    }
}

async fn nobody_acts_without_a_name_and_no_name_leads_elsewhere_on(store: &Store) {
    assert!(matches!(Person::named("  "), Err(AuditError::Nobody)));
    for name in ["", "../x", "a/b", ".hidden", "a b"] {
        let refused = posture_audit::create(store, name, person("Ann"), created()).await;
        assert!(matches!(refused, Err(AuditError::Name { .. })), "{name}");
    }
}
