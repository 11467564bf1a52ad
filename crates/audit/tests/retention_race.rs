//! A body expires in one process while another holds everything: at each call that the first makes of the
//! place of the log, the hold comes right before it.
//!
//! Oracles: what is on the disk, the log's order, and `posture-verify`, which shares no code with the writer.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use posture_audit::{HoldReason, HoldScope, Person, RetentionRules};
use posture_ledger::{
    Body, Directory, KeyFile, Lease, Log, LogKey, Object, Record, RecordType, Storage,
};

fn day(day: i64) -> Timestamp {
    let first: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    first + SignedDuration::from_hours(24 * day)
}

/// What happens in between, and the calls that were made.
#[derive(Default)]
struct Calls {
    made: Vec<String>,
    at: Option<usize>,
    meanwhile: Option<Box<dyn FnOnce() + Send>>,
}

/// A folder that excludes no other writer, as a bucket.
struct Shared {
    folder: Directory,
    calls: Arc<Mutex<Calls>>,
}

struct NoLease;

impl Lease for NoLease {
    fn is_unsettled(&self) -> bool {
        false
    }
    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn settle(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn call(&self, name: &str, path: &str) {
        let mut calls = self.calls.lock().unwrap();
        let is_now = calls.at == Some(calls.made.len());
        calls.made.push(format!("{name} {path}"));
        let meanwhile = if is_now { calls.meanwhile.take() } else { None };
        drop(calls);
        if let Some(meanwhile) = meanwhile {
            meanwhile();
        }
    }
}

impl Storage for Shared {
    fn place(&self) -> String {
        self.folder.place()
    }
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        self.call("read", path);
        self.folder.read(path)
    }
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn Read + Send>>> {
        self.call("open", path);
        self.folder.open(path)
    }
    fn exists(&self, path: &str) -> io::Result<bool> {
        self.call("exists", path);
        self.folder.exists(path)
    }
    fn list(&self, prefix: &str) -> io::Result<Vec<String>> {
        self.call("list", prefix);
        self.folder.list(prefix)
    }
    fn write(&self, objects: &[Object]) -> io::Result<()> {
        self.call("write", "");
        self.folder.write(objects)
    }
    fn write_from(&self, path: &str, bytes: &mut dyn Read) -> io::Result<()> {
        self.call("write", path);
        self.folder.write_from(path, bytes)
    }
    fn replace(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.call("replace", path);
        self.folder.replace(path, bytes)
    }
    fn claim(&self, path: &str, bytes: &[u8]) -> io::Result<Option<Vec<u8>>> {
        self.call("claim", path);
        self.folder.claim(path, bytes)
    }
    fn replace_if(&self, path: &str, expected: &[u8], bytes: &[u8]) -> io::Result<bool> {
        self.call("replace", path);
        self.folder.replace_if(path, expected, bytes)
    }
    fn is_shared(&self) -> bool {
        true
    }
    fn delete(&self, paths: &[String]) -> io::Result<()> {
        self.call("delete", "");
        self.folder.delete(paths)
    }
    fn erase(&self, path: &str) -> io::Result<()> {
        self.call("erase", path);
        self.folder.erase(path)
    }
    fn held_until(&self, path: &str) -> io::Result<Option<Timestamp>> {
        self.call("held until", path);
        self.folder.held_until(path)
    }
    fn has_legal_hold(&self) -> io::Result<bool> {
        self.folder.has_legal_hold()
    }
    fn legally_held(&self, paths: &[String]) -> io::Result<Vec<bool>> {
        self.folder.legally_held(paths)
    }
    fn set_legal_hold(&self, paths: &[String], is_held: bool) -> io::Result<()> {
        self.folder.set_legal_hold(paths, is_held)
    }
    fn set_aside(&self, paths: &[String], name: &str) -> io::Result<()> {
        self.folder.set_aside(paths, name)
    }
    fn lease(&self) -> io::Result<Box<dyn Lease + '_>> {
        Ok(Box::new(NoLease))
    }
}

fn key(folder: &Path) -> LogKey {
    KeyFile::new(folder.join("key")).load().unwrap()
}

fn opened(folder: &Path) -> (Log, Arc<Mutex<Calls>>) {
    let calls = Arc::new(Mutex::new(Calls::default()));
    let storage = Shared {
        folder: Directory::new(folder.join("log")),
        calls: Arc::clone(&calls),
    };
    (Log::open(Box::new(storage), key(folder)).unwrap(), calls)
}

/// A log with one body, whose time is over on day 31.
fn made(folder: &Path) {
    let key = KeyFile::new(folder.join("key"))
        .create("evidence.example/log")
        .unwrap();
    let storage = Shared {
        folder: Directory::new(folder.join("log")),
        calls: Arc::default(),
    };
    let log = Log::create(Box::new(storage), key, day(0)).unwrap();
    let mut record = Record::new(RecordType::UserActivity, "activity");
    record.body = Some(Body::Bytes {
        media_type: "text/plain".to_owned(),
        bytes: b"who did it".to_vec(),
    });
    log.append(vec![record], day(1)).unwrap();
}

fn hold(folder: &Path) {
    let why = HoldReason {
        by: Person::named("Ann").unwrap(),
        reason: "suit 7".to_owned(),
    };
    let (log, _) = opened(folder);
    log.append(vec![why.begins(&HoldScope::All).unwrap()], day(40))
        .unwrap();
}

fn rules() -> RetentionRules {
    let mut rules = RetentionRules::default();
    rules.add(RecordType::UserActivity, "30d").unwrap();
    rules
}

/// What one interleaving came to.
struct Came {
    has_body: bool,
    /// The tombstone's record, where there is one.
    tombstone: Option<u64>,
    hold: u64,
    removed: u64,
    spared: u64,
    /// The first processes' calls from the hold on.
    calls: Vec<String>,
}

/// Expires, with the hold right before this call; none where there were fewer.
fn interleaved(at: usize) -> Option<Came> {
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    let folder = folder.unwrap();
    let path = folder.path().to_owned();
    made(&path);
    let (log, calls) = opened(&path);
    let other = path.clone();
    *calls.lock().unwrap() = Calls {
        made: Vec::new(),
        at: Some(at),
        meanwhile: Some(Box::new(move || hold(&other))),
    };
    let expiry = posture_audit::expire(&log, &rules(), &[], day(40)).unwrap();
    let calls = std::mem::take(&mut *calls.lock().unwrap());
    if calls.meanwhile.is_some() {
        return None;
    }
    let leaves = log.reader().unwrap().leaves(0, 100).unwrap();
    let of_act = |act: &str| {
        let mut found = leaves
            .iter()
            .filter(|leaf| leaf.detail.get("act").is_some_and(|is| is == act));
        found.next().map(|leaf| leaf.index)
    };
    let sha256 = &leaves[1].body.as_ref().unwrap().sha256;
    let reader = log.reader().unwrap();
    let came = Came {
        has_body: reader.has_body(sha256).unwrap(),
        tombstone: of_act("expired"),
        hold: of_act("hold").unwrap(),
        removed: expiry.removed,
        spared: expiry.spared.values().sum(),
        calls: calls.made[at..].to_vec(),
    };
    let options = posture_verify::Options::default();
    let report = posture_verify::verify(&path.join("log"), &options).unwrap();
    assert_eq!(report.problems, [], "at {at}");
    // Whatever came first: from here on it is held.
    let again = posture_audit::expire(&log, &rules(), &[], day(41)).unwrap();
    assert_eq!(again.removed, 0, "at {at}");
    assert_eq!(reader.has_body(sha256).unwrap(), came.has_body, "at {at}");
    Some(came)
}

#[test]
fn no_tombstone_follows_a_hold_and_what_is_held_is_not_deleted() {
    let (mut held, mut spared, mut deleted) = (0, 0, 0);
    for at in 0.. {
        let Some(came) = interleaved(at) else { break };
        assert_eq!(came.removed, u64::from(!came.has_body), "at {at}");
        match came.tombstone {
            // The hold was there when it was decided what goes.
            None => {
                assert!(came.has_body, "at {at}");
                held += 1;
            }
            Some(tombstone) => {
                assert!(tombstone < came.hold, "at {at}: a tombstone after the hold");
                if came.has_body {
                    assert_eq!(came.spared, 1, "at {at}");
                    spared += 1;
                } else {
                    // Only what came after the last look before the deletion: in the same breath.
                    let erased = came
                        .calls
                        .iter()
                        .position(|call| call.starts_with("erase "));
                    let looks = came.calls.iter().take(erased.unwrap_or(usize::MAX));
                    let looks = looks.filter(|call| *call == "read checkpoint").count();
                    assert!(erased.is_none() || looks == 0, "at {at}: {:?}", came.calls);
                    deleted += 1;
                }
            }
        }
    }
    assert!(held > 5 && spared > 5, "{held} {spared} {deleted}");
    assert!(deleted >= 1);
}
