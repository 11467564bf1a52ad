//! Logs and packages of this crate, judged by `posture-verify`, which shares none of its code.

#![expect(clippy::unwrap_used, reason = "a test")]

mod common;

use std::fs;
use std::path::Path;

use common::{WITNESS_NAME, at, cosign, make_package, witness_key};
use posture_ledger::{Directory, Log, LogKey, Record, RecordType};
use posture_verify::{LogVerifier, Options, ProblemKind, Report, WitnessVerifier, verify};

fn kinds(report: &Report) -> Vec<ProblemKind> {
    let mut kinds: Vec<ProblemKind> = report.problems.iter().map(|problem| problem.kind).collect();
    kinds.dedup();
    kinds
}

fn small_log(folder: &Path) -> (Log, String) {
    let (key, _) = LogKey::generate("posture.example/small").unwrap();
    let pinned = key.verifier_key().to_owned();
    let log = Log::create(Box::new(Directory::new(folder)), key, at(0)).unwrap();
    (log, pinned)
}

fn pinned(key: &str) -> Options {
    Options {
        keys: vec![LogVerifier::parse(key).unwrap()],
        ..Options::default()
    }
}

fn batch(count: usize) -> Vec<Record> {
    (0..count)
        .map(|number| Record::new(RecordType::VerdictChange, format!("r-{number}")))
        .collect()
}

#[test]
fn package_holds_as_folder_and_as_zip_and_is_the_same_bytes_again() {
    let folder = tempfile::tempdir().unwrap();
    let made = make_package(folder.path());
    let options = Options {
        keys: vec![LogVerifier::parse(&made.first_key).unwrap()],
        witnesses: vec![WitnessVerifier::parse(&made.witness).unwrap()],
        pins: vec![made.early_checkpoint.clone()],
        ..Options::default()
    };
    let in_folder = verify(&made.folder, &options).unwrap();
    assert_eq!(in_folder.problems, []);
    let in_zip = verify(&made.zip, &options).unwrap();
    assert_eq!(in_zip, in_folder);
    assert_eq!(in_zip.size, made.size);
    assert_eq!(in_zip.bodies.0, 3);
    assert_eq!(in_zip.absent_bodies, (1, 1));
    assert_eq!(in_zip.files, 2);
    assert_eq!(in_zip.runs, (3, 1));
    assert_eq!(in_zip.cosigned[0].witness, WITNESS_NAME);
    assert_eq!(in_zip.cosigned[0].time, "2026-05-28T20:28:20Z");
    let again = made.write_again(&folder.path().join("again.zip"));
    assert_eq!(fs::read(again).unwrap(), fs::read(&made.zip).unwrap());
}

#[test]
fn log_itself_holds_at_every_size_across_tile_borders() {
    let folder = tempfile::tempdir().unwrap();
    let (log, key) = small_log(folder.path());
    for count in [253, 1, 1, 1, 260, 300] {
        log.append(batch(count), at(1)).unwrap();
        let report = verify(folder.path(), &pinned(&key)).unwrap();
        assert_eq!(report.problems, []);
    }
}

#[test]
fn another_key_and_a_pin_of_another_history_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let (log, key) = small_log(&folder.path().join("one"));
    log.append(batch(5), at(1)).unwrap();
    let pin = log.reader().unwrap().checkpoint().to_bytes();

    // The same records without one, signed by somebody else under the same name.
    let (forged, _) = small_log(&folder.path().join("two"));
    forged.append(batch(4), at(1)).unwrap();
    let two = folder.path().join("two");
    assert!(verify(&two, &Options::default()).unwrap().holds());
    assert_eq!(
        kinds(&verify(&two, &pinned(&key)).unwrap()),
        [ProblemKind::Key]
    );
    let options = Options {
        pins: vec![pin.clone()],
        ..Options::default()
    };
    assert_eq!(
        kinds(&verify(&two, &options).unwrap()),
        [ProblemKind::Consistency]
    );
    forged.append(batch(4), at(1)).unwrap();
    assert_eq!(
        kinds(&verify(&two, &options).unwrap()),
        [ProblemKind::Consistency]
    );
    log.append(batch(9), at(1)).unwrap();
    assert!(
        verify(&folder.path().join("one"), &options)
            .unwrap()
            .holds()
    );
}

#[test]
fn record_back_dated_before_what_a_witness_saw_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (log, key) = small_log(folder.path());
    let (_, witness) = witness_key();
    log.add_witness(&posture_ledger::WitnessKey::parse(&witness).unwrap(), at(1))
        .unwrap();
    let seen = log.append(batch(2), at(2)).unwrap().checkpoint;
    // The witness saw it a month later; then a record comes with the month-old time.
    log.cosign(
        seen.size,
        &cosign(&seen.to_bytes(), 1_780_000_000 + 30 * 86_400),
    )
    .unwrap();
    assert!(verify(folder.path(), &pinned(&key)).unwrap().holds());
    log.append(batch(1), at(3)).unwrap();
    let report = verify(folder.path(), &pinned(&key)).unwrap();
    assert_eq!(kinds(&report), [ProblemKind::Time]);
    assert!(report.problems[0].what.starts_with("it is back-dated"));
}

#[test]
fn damaged_bundle_leaves_the_other_records_provable() {
    let folder = tempfile::tempdir().unwrap();
    let (log, key) = small_log(folder.path());
    log.append(batch(1000), at(1)).unwrap();
    let bundle = folder.path().join("tile/entries/001");
    let mut bytes = fs::read(&bundle).unwrap();
    bytes[60] ^= 1;
    fs::write(&bundle, &bytes).unwrap();
    let report = verify(folder.path(), &pinned(&key)).unwrap();
    assert!(kinds(&report).contains(&ProblemKind::Bundle));
    assert_eq!(report.provable, [(0, 255), (512, 1000)]);
    fs::remove_file(&bundle).unwrap();
    let report = verify(folder.path(), &pinned(&key)).unwrap();
    assert_eq!(report.provable, [(0, 255), (512, 1000)]);
    assert!(posture_verify::text(&report).contains("still proven: 0 to 255, 512 to 1000"));
}

#[test]
fn newest_checkpoint_rolled_back_to_an_earlier_one_is_found_where_it_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (log, key) = small_log(folder.path());
    log.append(batch(3), at(1)).unwrap();
    let early = fs::read(folder.path().join("checkpoint")).unwrap();
    log.append(batch(3), at(1)).unwrap();
    let late = fs::read(folder.path().join("checkpoint")).unwrap();
    log.append(batch(3), at(1)).unwrap();
    fs::write(folder.path().join("checkpoint"), early).unwrap();
    let options = Options {
        pins: vec![late],
        ..pinned(&key)
    };
    let report = verify(folder.path(), &options).unwrap();
    assert_eq!(kinds(&report), [ProblemKind::Consistency]);
    assert!(
        report
            .problems
            .iter()
            .any(|problem| problem.what.contains("records were dropped"))
    );
}
