//! A log in a bucket: each call failed in turn, with and without effect, and each overtaken by another
//! writer. The log that is left verifies, has every record whose append returned, and none twice.
//!
//! Oracle: `posture-verify`. The store is a model of S3's conditional writes, in memory; moto's is used
//! by `crates/posture/tests/bucket.rs`.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use crate::bucket_model::{Fault, Mode, Model, Shelf};
use crate::{Body, Bucket, BucketUrl, KeyFile, LedgerError, Log, LogKey, Record, RecordType};

struct Scene {
    folder: tempfile::TempDir,
    shelf: Shelf,
}

impl Scene {
    fn new() -> Scene {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let folder = folder.unwrap();
        for file in ["key", "key-2"] {
            let file = KeyFile::new(folder.path().join(file));
            file.create("posture.example/log").unwrap();
        }
        Scene {
            folder,
            shelf: Shelf::default(),
        }
    }

    fn key(&self, file: &str) -> LogKey {
        KeyFile::new(self.folder.path().join(file)).load().unwrap()
    }

    /// A writer, and what happens to it.
    fn writer(&self, mode: Mode, at: usize) -> (Bucket, Arc<Mutex<Fault>>) {
        let fault = Arc::new(Mutex::new(Fault {
            mode,
            at,
            calls: 0,
            has_stopped: false,
            meanwhile: None,
        }));
        let model = Model {
            shelf: Arc::clone(&self.shelf),
            fault: Arc::clone(&fault),
        };
        let url = BucketUrl::parse("s3://evidence/prod/log").unwrap();
        (Bucket::with(&url, Box::new(model)), fault)
    }

    fn unharmed(&self) -> Bucket {
        self.writer(Mode::Once, usize::MAX).0
    }

    /// The log that is left, opened with the key that counts.
    fn reopened(&self) -> Option<Log> {
        ["key", "key-2"].into_iter().find_map(|file| {
            match Log::open(Box::new(self.unharmed()), self.key(file)) {
                Ok(log) => Some(log),
                Err(LedgerError::NotSigned { .. } | LedgerError::NoLog { .. }) => None,
                Err(error) => panic!("{error:?}"),
            }
        })
    }

    /// As an auditor has it who copied the bucket.
    fn verify(&self) {
        let folder = tempfile::tempdir_in(self.folder.path()).unwrap();
        let mut has_log = false;
        for (key, (bytes, _)) in self.shelf.lock().unwrap().iter() {
            let path = key.strip_prefix("prod/log/").unwrap();
            has_log |= path == "checkpoint";
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, bytes).unwrap();
        }
        if has_log {
            let options = posture_verify::Options::default();
            let report = posture_verify::verify(folder.path(), &options).unwrap();
            assert_eq!(report.problems, []);
        }
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap()
}

fn batch(from: usize, count: usize) -> Vec<Record> {
    (from..from + count)
        .map(|number| {
            let mut record = Record::new(RecordType::Upload, format!("r-{number}"));
            if number % 40 == 0 {
                record.body = Some(Body::Bytes {
                    media_type: "text/plain".to_owned(),
                    bytes: format!("body {number}").into_bytes(),
                });
            }
            record
        })
        .collect()
}

/// Appends over two tile borders, stores a large body, and rotates; returns the numbers of what was
/// acknowledged. An error ends nothing: what follows is tried as well.
fn scenario(scene: &Scene, writer: Bucket) -> Vec<usize> {
    let mut acknowledged = Vec::new();
    let Ok(log) = Log::create(Box::new(writer), scene.key("key"), at(0)) else {
        return acknowledged;
    };
    let mut append = |log: &Log, from, count| {
        if log.append(batch(from, count), at(1)).is_ok() {
            acknowledged.extend(from..from + count);
        }
    };
    append(&log, 0, 3);
    append(&log, 3, 250);
    append(&log, 253, 5);
    log.put_body("text/plain", &mut b"large".as_slice()).ok();
    append(&log, 258, 300);
    if let Ok(log) = log.rotate(scene.key("key-2"), at(2)) {
        append(&log, 558, 2);
    }
    acknowledged
}

/// Numbers of the records in the log, in its order.
fn numbers(log: &Log) -> Vec<usize> {
    let reader = log.reader().unwrap();
    let leaves = reader.leaves(0, reader.size()).unwrap();
    let numbers = leaves
        .iter()
        .filter_map(|leaf| leaf.subject.strip_prefix("r-"));
    numbers.map(|number| number.parse().unwrap()).collect()
}

fn check(scene: &Scene, acknowledged: &[usize], what: &str) {
    scene.verify();
    let Some(log) = scene.reopened() else {
        assert!(acknowledged.is_empty(), "{what}");
        return;
    };
    let found = numbers(&log);
    let distinct: BTreeSet<usize> = found.iter().copied().collect();
    assert_eq!(found.len(), distinct.len(), "{what}: doubled");
    for number in acknowledged {
        assert!(distinct.contains(number), "{what}: {number} is lost");
    }
    log.append(batch(1000, 300), at(3)).unwrap();
    scene.verify();
}

fn every_call(mode: Mode) {
    for at_call in 0.. {
        let scene = Scene::new();
        let (writer, fault) = scene.writer(mode, at_call);
        let acknowledged = scenario(&scene, writer);
        check(&scene, &acknowledged, &format!("{mode:?} {at_call}"));
        let calls = fault.lock().unwrap().calls;
        if calls <= at_call {
            assert!(at_call > 50, "only {at_call} calls were failed");
            return;
        }
    }
}

#[test]
fn log_survives_the_end_of_the_process_before_every_call() {
    every_call(Mode::Stop);
}

#[test]
fn log_survives_the_end_of_the_process_after_every_call() {
    every_call(Mode::StopAfter);
}

#[test]
fn log_survives_a_connection_that_is_lost_at_every_call() {
    every_call(Mode::Once);
}

#[test]
fn log_survives_every_reply_that_is_lost() {
    every_call(Mode::Unheard);
}

#[test]
fn two_writers_never_fork_the_log_whenever_one_overtakes_the_other() {
    for at_call in 0.. {
        let scene = Scene::new();
        drop(Log::create(Box::new(scene.unharmed()), scene.key("key"), at(0)).unwrap());
        let (writer, fault) = scene.writer(Mode::Once, at_call);
        let other = Log::open(Box::new(scene.unharmed()), scene.key("key")).unwrap();
        fault.lock().unwrap().meanwhile = Some(Box::new(move || {
            // Over a border of tiles, and past whatever the first one is at.
            other.append(batch(2000, 200), at(1)).unwrap();
            other.append(batch(2200, 100), at(1)).unwrap();
        }));
        let log = Log::open(Box::new(writer), scene.key("key")).unwrap();
        log.append(batch(0, 150), at(1)).unwrap();
        log.append(batch(150, 150), at(1)).unwrap();
        let calls = fault.lock().unwrap().calls;
        let is_overtaken = calls > at_call;
        let mut acknowledged: Vec<usize> = (0..300).collect();
        if is_overtaken {
            acknowledged.extend(2000..2300);
        }
        check(&scene, &acknowledged, &format!("overtaken at {at_call}"));
        if !is_overtaken {
            assert!(at_call > 15, "only {at_call} calls were overtaken");
            return;
        }
    }
}

#[test]
fn checkpoint_that_was_put_back_is_not_appended_to() {
    let scene = Scene::new();
    let log = Log::create(Box::new(scene.unharmed()), scene.key("key"), at(0)).unwrap();
    let early = scene.shelf.lock().unwrap()["prod/log/checkpoint"].clone();
    log.append(batch(0, 5), at(1)).unwrap();
    let checkpoint = "prod/log/checkpoint";
    scene
        .shelf
        .lock()
        .unwrap()
        .insert(checkpoint.to_owned(), early);
    let error = Log::open(Box::new(scene.unharmed()), scene.key("key"))
        .err()
        .unwrap();
    assert!(
        error
            .to_string()
            .contains("records follow its 1: it was put back"),
        "{error}"
    );
    scene.shelf.lock().unwrap().remove(checkpoint);
    let error = Log::create(Box::new(scene.unharmed()), scene.key("key"), at(2))
        .err()
        .unwrap();
    assert!(
        error.to_string().contains("it was put back, or is gone"),
        "{error}"
    );
}

#[test]
fn claim_of_somebody_without_the_key_is_refused() {
    let scene = Scene::new();
    let log = Log::create(Box::new(scene.unharmed()), scene.key("key"), at(0)).unwrap();
    let (writer, fault) = scene.writer(Mode::StopAfter, usize::MAX);
    let first = Log::open(Box::new(writer), scene.key("key")).unwrap();
    // The claim is the second write: the lookup of the checkpoint comes before it.
    let calls = fault.lock().unwrap().calls;
    fault.lock().unwrap().at = calls + 1;
    first.append(batch(1, 1), at(1)).unwrap_err();
    let path = "prod/log/.next/001";
    let mut claim = scene.shelf.lock().unwrap()[path].0.clone();
    let last = claim.len() - 2;
    claim[last] ^= 1;
    scene
        .shelf
        .lock()
        .unwrap()
        .insert(path.to_owned(), (claim, 7));
    let error = log.append(batch(1, 1), at(1)).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("do not add up to its checkpoint's root"),
        "{error}"
    );
    let garbage = (b"posture.next/v1\n".to_vec(), 8);
    scene.shelf.lock().unwrap().insert(path.to_owned(), garbage);
    let error = log.append(batch(1, 1), at(1)).unwrap_err();
    assert!(error.to_string().contains("it is no claim"), "{error}");
}

#[test]
fn key_that_leads_out_of_a_folder_is_not_copied() {
    let scene = Scene::new();
    let log = Log::create(Box::new(scene.unharmed()), scene.key("key"), at(0)).unwrap();
    log.append(batch(0, 50), at(1)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let to = |name: &str| {
        let to = folder.path().join(name);
        std::fs::create_dir(&to).unwrap();
        to
    };
    crate::copy(&scene.unharmed(), &to("whole")).unwrap();
    let options = posture_verify::Options::default();
    let report = posture_verify::verify(&folder.path().join("whole"), &options).unwrap();
    assert_eq!((report.problems.len(), report.bodies.0), (0, 2));
    for (name, key) in [("up", "../up"), ("root", "/tmp/x"), ("back", "a\\..\\b")] {
        let scene = Scene::new();
        let key = format!("prod/log/{key}");
        scene.shelf.lock().unwrap().insert(key, (b"x".to_vec(), 0));
        let error = crate::copy(&scene.unharmed(), &to(name)).unwrap_err();
        assert!(
            error.to_string().ends_with("its name is none in a log"),
            "{error}"
        );
    }
}

#[test]
fn places_are_read_and_nonsense_is_not() {
    for (text, shown) in [
        ("s3://evidence", "s3://evidence"),
        ("s3://evidence/", "s3://evidence"),
        ("s3://evidence/a/b/", "s3://evidence/a/b"),
    ] {
        assert_eq!(BucketUrl::parse(text).unwrap().to_string(), shown);
    }
    for text in [
        "",
        "evidence",
        "s3://",
        "s3://a",
        "s3://evidence/a//b",
        "s3://evidence/../b",
    ] {
        assert_eq!(BucketUrl::parse(text), None, "{text}");
    }
}
