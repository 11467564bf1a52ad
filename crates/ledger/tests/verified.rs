//! Logs and packages of this crate, judged by `posture-verify`, which shares none of its code.

#![expect(clippy::unwrap_used, reason = "a test")]

mod common;

use std::fs;
use std::path::Path;

use common::{WITNESS_NAME, at, cosign, explains, make_package, run, witness_key};
use posture_ledger::{Body, Directory, KeyFile, Log, LogKey, Record, RecordType};
use posture_verify::{LogVerifier, Options, ProblemKind, Report, WitnessVerifier, verify};
use signed_note::{Note, StandardSigner};
use tlog_tiles::{Hash, HashReader, record_hash, stored_hashes_for_record_hash, tree_hash};

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

/// A log of these leaves, signed with the log's own key by somebody who writes what he likes.
fn forge(folder: &Path, leaves: &[Vec<u8>]) {
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| record_hash(leaf)).collect();
    let mut stored: Vec<Hash> = Vec::new();
    for (index, hash) in (0..).zip(&hashes) {
        let new = stored_hashes_for_record_hash(index, *hash, &Stored(&stored)).unwrap();
        stored.extend(new);
    }
    let size = leaves.len() as u64;
    let root = tree_hash(size, &Stored(&stored)).unwrap();
    let key = fs::read_to_string(folder.join("key")).unwrap();
    let signer = StandardSigner::new(key.trim_end()).unwrap();
    let head = tlog_tiles::Checkpoint::new("posture.example/small", size, root, "").unwrap();
    let mut note = Note::new(&head.to_bytes(), &[]).unwrap();
    note.add_sigs(&[&signer]).unwrap();
    let log = folder.join("forged");
    if log.exists() {
        fs::remove_dir_all(&log).unwrap();
    }
    fs::create_dir_all(log.join("tile/0/000.p")).unwrap();
    fs::create_dir_all(log.join("tile/entries/000.p")).unwrap();
    let bundle: Vec<u8> = leaves
        .iter()
        .flat_map(|leaf| {
            [
                &u16::try_from(leaf.len()).unwrap().to_be_bytes(),
                leaf.as_slice(),
            ]
            .concat()
        })
        .collect();
    let tile: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
    fs::write(log.join(format!("tile/0/000.p/{size}")), tile).unwrap();
    fs::write(log.join(format!("tile/entries/000.p/{size}")), bundle).unwrap();
    fs::write(log.join("checkpoint"), note.to_bytes()).unwrap();
}

struct Stored<'a>(&'a [Hash]);

impl HashReader for Stored<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        let read = |index: &u64| self.0[usize::try_from(*index).unwrap()];
        Ok(indexes.iter().map(read).collect())
    }
}

/// The leaves of a log of these records, and the log's verifier key; the key itself is in `key`.
fn leaves(folder: &Path, batches: Vec<(Vec<Record>, i64)>) -> (Vec<Vec<u8>>, String) {
    let key = KeyFile::new(folder.join("key"))
        .create("posture.example/small")
        .unwrap();
    let pinned = key.verifier_key().to_owned();
    let log = Log::create(Box::new(Directory::new(folder.join("log"))), key, at(0)).unwrap();
    for (batch, time) in batches {
        log.append(batch, at(time)).unwrap();
    }
    let reader = log.reader().unwrap();
    let leaves = (0..reader.size())
        .map(|index| reader.inclusion_proof(index).unwrap().leaf)
        .collect();
    (leaves, pinned)
}

#[test]
fn records_dropped_doubled_moved_or_dated_back_are_found_though_the_log_s_own_key_signs() {
    let folder = tempfile::tempdir().unwrap();
    let (leaves, key) = leaves(folder.path(), vec![(batch(4), 100), (batch(4), 200)]);
    let judge = |leaves: &[Vec<u8>]| {
        forge(folder.path(), leaves);
        kinds(&verify(&folder.path().join("forged"), &pinned(&key)).unwrap())
    };
    assert_eq!(judge(&leaves), []);
    let mut dropped = leaves.clone();
    dropped.remove(5);
    assert_eq!(judge(&dropped), [ProblemKind::Order]);
    let mut doubled = leaves.clone();
    doubled.insert(5, leaves[5].clone());
    assert_eq!(judge(&doubled), [ProblemKind::Order]);
    let mut moved = leaves.clone();
    moved.swap(5, 6);
    assert_eq!(judge(&moved), [ProblemKind::Order]);
    let replaced = |from: &str, to: &str| {
        let mut changed = leaves.clone();
        let text = String::from_utf8(leaves[6].clone()).unwrap();
        assert!(text.contains(from), "{text}");
        changed[6] = text.replace(from, to).into_bytes();
        changed
    };
    // Recorded at 200 s; the record before too.
    assert_eq!(
        judge(&replaced("20:30:00.000Z", "20:29:59.999Z")),
        [ProblemKind::Time]
    );
    assert_eq!(
        judge(&replaced("{\"index\"", "{ \"index\"")),
        [ProblemKind::Record]
    );
    assert_eq!(
        judge(&replaced("verdict-change", "verdict")),
        [ProblemKind::Record]
    );
    let end = leaves.len() - 1;
    assert!(judge(&leaves[1..]).contains(&ProblemKind::Key));
    // The newest record dropped: the rest is a log, and only who kept a later checkpoint can tell.
    assert_eq!(judge(&leaves[..end]), []);
    let pin = fs::read(folder.path().join("log/checkpoint")).unwrap();
    let options = Options {
        pins: vec![pin],
        ..pinned(&key)
    };
    let report = verify(&folder.path().join("forged"), &options).unwrap();
    assert_eq!(kinds(&report), [ProblemKind::Consistency]);
}

#[test]
fn missing_doubled_and_late_runs_are_found_and_an_explained_absence_is_not() {
    let day = 86_400;
    let judge = |batches: Vec<(Vec<Record>, i64)>| {
        let folder = tempfile::tempdir().unwrap();
        let (_, key) = leaves(folder.path(), batches);
        verify(&folder.path().join("log"), &pinned(&key)).unwrap()
    };
    let on_time = |number: i64| (vec![run(number)], number * day + 60);
    let report = judge(vec![on_time(0), on_time(1), on_time(2)]);
    assert_eq!((report.runs, report.problems), ((3, 1), vec![]));

    let report = judge(vec![on_time(0), on_time(2)]);
    assert_eq!(kinds(&report), [ProblemKind::Completeness]);
    assert!(
        report.problems[0].what.contains(
            "due from 2026-05-29T20:26:40Z until before 2026-05-30T20:26:40Z are missing"
        )
    );
    let report = judge(vec![
        on_time(0),
        (vec![explains(1, 2)], day + 60),
        on_time(2),
    ]);
    assert_eq!(report.problems, []);
    let report = judge(vec![
        on_time(0),
        (vec![explains(1, 2)], day + 60),
        on_time(3),
    ]);
    assert_eq!(kinds(&report), [ProblemKind::Completeness]);

    let report = judge(vec![on_time(0), (vec![run(0)], 120)]);
    assert!(report.problems[0].what.contains("is there twice"));
    let report = judge(vec![on_time(0), (vec![run(1), run(2)], 2 * day + 60)]);
    assert!(
        report.problems[0]
            .what
            .contains("a missed run is not filled in later")
    );
    let report = judge(vec![on_time(0), (batch(1), 5 * day)]);
    assert!(report.problems[0].what.contains(
        "the run of daily due at 2026-05-29T20:26:40Z is missing, though the log goes on"
    ));
    let report = judge(vec![on_time(0), (batch(1), 2 * day - 60)]);
    assert_eq!(report.problems, []);
}

#[test]
fn body_that_unpacks_to_more_than_its_record_says_is_found_and_not_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let (log, key) = small_log(folder.path());
    let body = log
        .put_body("text/plain", &mut b"small".as_slice())
        .unwrap();
    let path = folder.path().join(format!(
        "blobs/{}/{}.zst",
        body.sha256.chars().take(2).collect::<String>(),
        body.sha256
    ));
    let mut record = Record::new(RecordType::Upload, "u");
    record.body = Some(Body::Stored(body));
    log.append(vec![record], at(1)).unwrap();
    // A gigabyte of zeros, well sealed.
    let bomb = log
        .put_body(
            "text/plain",
            &mut std::io::Read::take(std::io::repeat(0), 1 << 30),
        )
        .unwrap();
    let bomb = folder.path().join(format!(
        "blobs/{}/{}.zst",
        bomb.sha256.chars().take(2).collect::<String>(),
        bomb.sha256
    ));
    assert!(fs::metadata(&bomb).unwrap().len() < 1 << 20);
    fs::rename(bomb, path).unwrap();
    let report = verify(folder.path(), &pinned(&key)).unwrap();
    assert_eq!(kinds(&report), [ProblemKind::Body]);
    assert!(report.problems[0].what.contains("it does not hold 5 bytes"));
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
