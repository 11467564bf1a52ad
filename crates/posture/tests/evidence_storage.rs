//! What a run costs that finds everything as it was: in the state, and in the evidence log.
//!
//! Oracle: the goal of issue 4, 2 KB a run; SQLite's own count of its pages; the files' lengths.

#![expect(clippy::unwrap_used, reason = "a test")]

mod assessed;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use assessed::{Scene, bucket, now};
use posture_store::Store;

/// Bytes that a run may take beyond new content.
const GOAL: u64 = 2048;
/// Runs before anything is counted: tables and indexes have their first pages by then.
const BEFORE: u64 = 3;
/// Runs that are counted.
const RUNS: u64 = 30;

/// Bytes of all files below a folder.
fn bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| match entry.metadata().unwrap() {
            found if found.is_dir() => bytes(&entry.path()),
            found => found.len(),
        })
        .sum()
}

/// Bytes of the database's pages that are in use, and of the log.
async fn stored(scene: &Scene) -> (u64, u64) {
    let store = Store::open(&scene.location(), Arc::new(now)).await.unwrap();
    let mut counts = Vec::new();
    for name in ["page_count", "freelist_count", "page_size"] {
        let sql = format!("PRAGMA {name}");
        let rows = store.database().rows(&sql, Vec::new()).await.unwrap();
        counts.push(u64::try_from(rows[0].int(0).unwrap()).unwrap());
    }
    store.close().await;
    let state = (counts[0] - counts[1]) * counts[2];
    (state, bytes(&scene.folder.join("state/log")))
}

#[tokio::test]
async fn a_run_that_finds_nothing_new_takes_two_kilobytes_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    scene.record(&bucket("2026-01-01T00:00:00Z", false));
    scene.scan();
    let again = || {
        scene.done(&["record", "items.json"]);
        scene.scan();
    };
    (0..BEFORE).for_each(|_| again());
    let before = stored(&scene).await;
    (0..RUNS).for_each(|_| again());
    let after = stored(&scene).await;
    let (state, log) = ((after.0 - before.0) / RUNS, (after.1 - before.1) / RUNS);
    assert!(
        state + log <= GOAL,
        "a run takes {state} bytes in the state and {log} in the log"
    );
    // Each of the runs is there, and proven.
    let report = posture_verify::verify(
        &scene.folder.join("state/log"),
        &posture_verify::Options::default(),
    );
    let report = report.unwrap();
    assert_eq!(report.problems, []);
    let runs = scene.leaves();
    let runs = runs.iter().filter(|leaf| leaf["type"] == "scan-run");
    assert_eq!(runs.count() as u64, 1 + BEFORE + RUNS);
}
