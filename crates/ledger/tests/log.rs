//! A log in a directory, through the crate's own door.
//!
//! Oracle for proofs: `tlog_tiles::check_record` and `check_tree`, ported from Go's `sumdb/tlog`; the
//! whole log is judged by `posture-verify` (tests/verified.rs) and by Go itself (tests/oracles/ledger).

#![expect(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use posture_ledger::{
    Body, Contents, Directory, KeyFile, LedgerError, Log, LogKey, LogReader, Record, RecordType,
    ScanRun, Schedule,
};
use tlog_tiles::{Hash, check_record, check_tree, record_hash};

const NAME: &str = "posture.example/log";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap()
}

fn key(folder: &Path, file: &str) -> LogKey {
    let file = KeyFile::new(folder.join(file));
    if file.path().exists() {
        file.load().unwrap()
    } else {
        file.create(NAME).unwrap()
    }
}

fn create(folder: &Path) -> Log {
    let storage = Box::new(Directory::new(folder.join("log")));
    Log::create(storage, key(folder, "key"), at(0)).unwrap()
}

fn open(folder: &Path, file: &str) -> Result<Log, LedgerError> {
    let storage = Box::new(Directory::new(folder.join("log")));
    Log::open(storage, key(folder, file))
}

fn records(count: u64, from: u64) -> Vec<Record> {
    (from..from + count)
        .map(|number| Record::new(RecordType::VerdictChange, format!("r-{number}")))
        .collect()
}

#[test]
fn every_record_reads_back_and_is_proven_at_every_size() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let mut heads = vec![log.reader().unwrap().checkpoint().clone()];
    let mut next = 0;
    for count in [1, 254, 1, 300, 700] {
        heads.push(log.append(records(count, next), at(1)).unwrap().checkpoint);
        next += count;
    }
    let reader = log.reader().unwrap();
    assert_eq!(reader.size(), 1 + next);
    for index in 1..=next {
        assert_eq!(
            reader.leaf(index).unwrap().subject,
            format!("r-{}", index - 1)
        );
    }
    let newest = reader.checkpoint();
    for index in (0..=next).step_by(37).chain([255, 256, next]) {
        let proof = reader.inclusion_proof(index).unwrap();
        let path = proof.path.iter().copied().map(Hash).collect();
        let leaf = record_hash(&proof.leaf);
        check_record(&path, newest.size, Hash(newest.root), index, leaf).unwrap();
    }
    for head in &heads {
        let proof = reader.consistency_proof(head.size, head.root).unwrap();
        let proof = proof.into_iter().map(Hash).collect();
        check_tree(
            &proof,
            newest.size,
            Hash(newest.root),
            head.size,
            Hash(head.root),
        )
        .unwrap();
    }
    let error = reader.consistency_proof(2, [7; 32]).unwrap_err();
    assert!(matches!(error, LedgerError::Damaged { .. }));
    assert!(matches!(
        reader.leaf(next + 1),
        Err(LedgerError::NoRecord { .. })
    ));
}

#[test]
fn log_opened_again_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    drop(create(folder.path()));
    for round in 0..20 {
        let log = open(folder.path(), "key").unwrap();
        let appended = log.append(records(29, 0), at(round)).unwrap();
        assert_eq!(appended.first, 1 + 29 * u64::try_from(round).unwrap());
    }
}

#[test]
fn partial_tiles_go_when_the_full_one_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    for round in 0..9 {
        log.append(records(30, 0), at(round)).unwrap();
    }
    let log = folder.path().join("log/tile");
    assert!(log.join("0/000").exists());
    assert!(!log.join("0/000.p/31").exists());
    assert!(!log.join("entries/000.p/241").exists());
    assert!(log.join("0/001.p/15").exists());
}

/// Appended to one by one, a log would otherwise hold each record a hundred times.
#[test]
fn earlier_partial_tiles_go_and_earlier_checkpoints_are_read_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    for round in 0..20 {
        log.append(records(2, 0), at(round)).unwrap();
    }
    let path = folder.path().join("log");
    for place in ["tile/0/000.p", "tile/entries/000.p"] {
        let mut widths: Vec<_> = fs::read_dir(path.join(place))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        widths.sort();
        assert_eq!(widths, ["39", "41"], "{place}");
    }
    let storage = Directory::new(&path);
    let newest = LogReader::open(&storage).unwrap();
    let leaves = newest.leaves(0, 100).unwrap();
    for size in newest.kept_checkpoints().unwrap() {
        let earlier = LogReader::open_at(&storage, size).unwrap();
        let count = usize::try_from(size).unwrap();
        assert_eq!(earlier.leaves(0, 100).unwrap(), leaves[..count]);
        assert_eq!(earlier.inclusion_proof(size - 1).unwrap().size, size);
        let package = folder.path().join(format!("package-{size}"));
        posture_ledger::write_folder(&earlier, &Contents::default(), &package).unwrap();
        let report = posture_verify::verify(&package, &posture_verify::Options::default());
        let report = report.unwrap();
        assert_eq!((report.size, report.problems), (size, vec![]));
    }
}

#[test]
fn writers_in_many_threads_and_openings_lose_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let first = create(folder.path());
    let second = open(folder.path(), "key").unwrap();
    let taken: Vec<u64> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let log = if writer % 2 == 0 { &first } else { &second };
                scope.spawn(move || {
                    let mut taken = Vec::new();
                    for round in 0..25 {
                        let number = writer * 100 + round;
                        let appended = log.append(records(1, number), at(1)).unwrap();
                        taken.push((appended.first, format!("r-{number}")));
                    }
                    taken
                })
            })
            .collect();
        let taken: Vec<_> = writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap())
            .collect();
        let reader = first.reader().unwrap();
        for (index, subject) in &taken {
            assert_eq!(reader.leaf(*index).unwrap().subject, *subject);
        }
        taken.into_iter().map(|(index, _)| index).collect()
    });
    let mut taken = taken;
    taken.sort_unstable();
    assert_eq!(taken, (1..=100).collect::<Vec<u64>>());
}

#[test]
fn bodies_are_stored_once_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let mut batch = records(2, 0);
    for record in &mut batch {
        record.body = Some(Body::Bytes {
            media_type: "application/json".to_owned(),
            bytes: b"{\"a\":1}".to_vec(),
        });
    }
    let large = "x".repeat(3_000_000).into_bytes();
    let body = log.put_body("text/plain", &mut large.as_slice()).unwrap();
    let mut record = Record::new(RecordType::Upload, "upload-1");
    record.body = Some(Body::Stored(body));
    batch.push(record);
    log.append(batch, at(1)).unwrap();
    let leaves = log.reader().unwrap().leaves(1, 9).unwrap();
    assert_eq!(leaves[0].body, leaves[1].body);
    let mut out = Vec::new();
    log.read_body(leaves[2].body.as_ref().unwrap(), &mut out)
        .unwrap();
    assert_eq!(out, large);
    let mut strange = leaves[0].body.clone().unwrap();
    strange.sha256 = "00".repeat(32);
    let mut record = Record::new(RecordType::Upload, "upload-2");
    record.body = Some(Body::Stored(strange));
    let error = log.append(vec![record], at(1)).unwrap_err();
    assert!(matches!(error, LedgerError::NoBody { .. }));
}

#[test]
fn body_that_is_damaged_or_cut_is_told_and_the_log_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let body = log
        .put_body("text/plain", &mut b"evidence".as_slice())
        .unwrap();
    let prefix: String = body.sha256.chars().take(2).collect();
    let path = format!("log/blobs/{prefix}/{}.zst", body.sha256);
    let file = folder.path().join(path);
    let stored = std::fs::read(&file).unwrap();
    let mut damaged = stored.clone();
    damaged[stored.len() / 4] ^= 4;
    for bytes in [&damaged[..], &stored[..stored.len() - 9], &stored[..5], b""] {
        std::fs::write(&file, bytes).unwrap();
        let error = log.read_body(&body, &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains(&body.sha256), "{error}");
    }
    log.append(records(3, 0), at(1)).unwrap();
    assert_eq!(log.reader().unwrap().size(), 4);
}

#[test]
fn clock_that_went_back_and_times_of_tomorrow_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    log.append(records(1, 0), at(1000)).unwrap();
    log.append(records(1, 1), at(970)).unwrap();
    assert_eq!(
        log.reader().unwrap().leaf(2).unwrap().recorded,
        log.reader().unwrap().leaf(1).unwrap().recorded
    );
    let error = log.append(records(1, 2), at(900)).unwrap_err();
    assert!(
        matches!(error, LedgerError::ClockWentBack { .. }),
        "{error}"
    );
    let mut record = Record::new(RecordType::Upload, "u");
    record.times.uploaded = Some(at(2000));
    let error = log.append(vec![record], at(1500)).unwrap_err().to_string();
    assert!(
        error.contains("record 0 of the batch has uploaded"),
        "{error}"
    );
    assert_eq!(log.reader().unwrap().size(), 3);
}

#[test]
fn rotation_is_recorded_signed_by_both_and_ends_the_old_key() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    log.append(records(3, 0), at(1)).unwrap();
    let new = key(folder.path(), "new");
    let verifier_key = new.verifier_key().to_owned();
    let log = log.rotate(new, at(2)).unwrap();
    let reader = log.reader().unwrap();
    assert_eq!(reader.checkpoint().signers().len(), 2);
    let leaf = reader.leaf(4).unwrap();
    assert_eq!(leaf.detail["key"], verifier_key);
    assert_eq!(
        leaf.detail["replaces"],
        key(folder.path(), "key").verifier_key()
    );
    // Even now, when the newest checkpoint has its signature, the old key may not go on.
    assert!(matches!(
        open(folder.path(), "key"),
        Err(LedgerError::NotSigned { .. })
    ));
    log.append(records(1, 9), at(3)).unwrap();
    assert_eq!(log.reader().unwrap().checkpoint().signers().len(), 1);
    assert!(matches!(
        open(folder.path(), "key"),
        Err(LedgerError::NotSigned { .. })
    ));
    open(folder.path(), "new").unwrap();
}

#[test]
fn damaged_edge_is_not_appended_to() {
    for path in ["tile/0/000.p/4", "tile/entries/000.p/4"] {
        let folder = tempfile::tempdir().unwrap();
        create(folder.path()).append(records(3, 0), at(1)).unwrap();
        let file = folder.path().join("log").join(path);
        let mut bytes = std::fs::read(&file).unwrap();
        bytes[40] ^= 1;
        std::fs::write(&file, bytes).unwrap();
        let error = open(folder.path(), "key").err().unwrap();
        assert!(matches!(error, LedgerError::Damaged { .. }), "{error}");
    }
}

#[test]
fn log_is_neither_created_twice_nor_opened_where_none_is() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        open(folder.path(), "key"),
        Err(LedgerError::NoLog { .. })
    ));
    let storage = Directory::new(folder.path().join("log"));
    assert!(matches!(
        LogReader::open(&storage),
        Err(LedgerError::NoLog { .. })
    ));
    create(folder.path());
    let again = Log::create(
        Box::new(Directory::new(folder.path().join("log"))),
        key(folder.path(), "other"),
        at(0),
    );
    assert!(matches!(again, Err(LedgerError::LogExists { .. })));
}

#[test]
fn log_whose_checkpoint_is_gone_or_was_put_back_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let log = create(folder.path());
    let checkpoint = folder.path().join("log/checkpoint");
    log.append(records(3, 0), at(1)).unwrap();
    let early = std::fs::read(&checkpoint).unwrap();
    log.append(records(300, 3), at(1)).unwrap();
    log.append(records(1, 0), at(1)).unwrap();
    std::fs::write(&checkpoint, early).unwrap();
    let error = open(folder.path(), "key").err().unwrap().to_string();
    assert!(error.contains("one of 304 records is kept"), "{error}");
    std::fs::remove_file(&checkpoint).unwrap();
    std::fs::remove_dir_all(folder.path().join("log/checkpoints")).unwrap();
    let storage = Box::new(Directory::new(folder.path().join("log")));
    let error = Log::create(storage, key(folder.path(), "key"), at(2))
        .err()
        .unwrap();
    assert!(error.to_string().contains("it is gone"), "{error}");
    assert!(folder.path().join("log/tile/entries/001.p/49").exists());
}

#[test]
fn scan_run_states_all_that_a_reader_needs() {
    let run = ScanRun {
        id: "run-1".to_owned(),
        scope: serde_json::from_str(r#"{"accounts":["123456789012"]}"#).unwrap(),
        clock: at(0),
        coverage: serde_json::from_str(r#"{"complete":12,"failed":[]}"#).unwrap(),
        rule_versions: [(
            "s3-bucket-versioning-enabled".to_owned(),
            "0.1.0".to_owned(),
        )]
        .into(),
        pack_versions: [("foundational".to_owned(), "1".to_owned())].into(),
        verdict_root: "00".repeat(32),
        verdicts: 12,
        body: None,
        schedule: Some(Schedule {
            name: "daily".to_owned(),
            due: at(0),
            next: at(86_400),
        }),
    };
    let record = Record::from(run);
    let names: Vec<&str> = record.detail.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "clock",
            "coverage",
            "packVersions",
            "ruleVersions",
            "scope",
            "verdictRoot",
            "verdicts",
            "schedule"
        ]
    );
    assert_eq!(
        record.detail["schedule"]["next"],
        "2026-05-29T20:26:40.000Z"
    );
}
