//! Each change of the file system failed in turn: the log that is left verifies, and has every record
//! whose append returned.
//!
//! Oracle: `posture-verify`.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use crate::files::{Disk, Files};
use crate::{Body, Directory, KeyFile, LedgerError, Log, Record, RecordType};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mode {
    /// The process stops; the system keeps what was written.
    Stop,
    /// The machine stops: contents and names that were not synced are lost.
    PowerLoss,
    /// The call fails once, as on a full disk, and the process goes on.
    Once,
}

struct Fault {
    mode: Mode,
    at: usize,
    calls: usize,
    has_stopped: bool,
    unsynced: BTreeSet<PathBuf>,
    /// Names that were given since their folder was synced, with what they named before.
    renames: Vec<(PathBuf, Option<Vec<u8>>)>,
}

impl Fault {
    fn call(&mut self) -> io::Result<()> {
        let is_now = self.calls == self.at;
        self.calls += 1;
        if self.has_stopped || is_now {
            self.has_stopped = self.mode != Mode::Once;
            return Err(io::Error::other("injected"));
        }
        Ok(())
    }

    fn lose_power(&mut self) {
        for (name, before) in self.renames.drain(..).rev() {
            match before {
                Some(bytes) => fs::write(name, bytes).unwrap(),
                None => fs::remove_file(name).unwrap(),
            }
        }
        for file in &self.unsynced {
            if let Ok(bytes) = fs::read(file) {
                fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
            }
        }
    }
}

#[derive(Clone)]
struct Faulty(Arc<Mutex<Fault>>);

impl Files for Faulty {
    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.0.lock().unwrap().call()?;
        Disk.create_folder(folder)
    }

    fn write(&self, file: &Path, bytes: &mut dyn Read) -> io::Result<()> {
        let mut fault = self.0.lock().unwrap();
        let has_stopped = fault.has_stopped;
        fault.unsynced.insert(file.to_owned());
        if let Err(error) = fault.call() {
            if !has_stopped {
                let mut all = Vec::new();
                bytes.read_to_end(&mut all)?;
                fs::write(file, &all[..all.len() / 2])?;
            }
            return Err(error);
        }
        Disk.write(file, bytes)
    }

    fn sync_files(&self, _root: &Path, files: &[PathBuf]) -> io::Result<()> {
        let mut fault = self.0.lock().unwrap();
        fault.call()?;
        fault.unsynced.retain(|file| !files.contains(file));
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut fault = self.0.lock().unwrap();
        fault.call()?;
        let before = fs::read(to).ok();
        fault.renames.push((to.to_owned(), before));
        if fault.unsynced.remove(from) {
            fault.unsynced.insert(to.to_owned());
        }
        Disk.rename(from, to)
    }

    fn sync_folders(&self, _root: &Path, folders: &[PathBuf]) -> io::Result<()> {
        let mut fault = self.0.lock().unwrap();
        fault.call()?;
        fault
            .renames
            .retain(|(name, _)| !folders.iter().any(|folder| name.parent() == Some(folder)));
        Ok(())
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        self.0.lock().unwrap().call()?;
        Disk.remove(file)
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

/// Appends over two tile borders, stores a large body, and rotates; returns the subjects of what was
/// acknowledged. An error ends nothing: what follows is tried as well.
fn scenario(folder: &Path, files: &Faulty) -> Vec<String> {
    let key = KeyFile::new(folder.join("key"))
        .create("posture.example/log")
        .unwrap();
    let storage = Directory::with(folder.join("log"), Box::new(files.clone()));
    let mut acknowledged = Vec::new();
    let Ok(log) = Log::create(Box::new(storage), key, at(0)) else {
        return acknowledged;
    };
    let mut append = |log: &Log, from, count| {
        let subjects = (from..from + count).map(|number| format!("r-{number}"));
        if log.append(batch(from, count), at(1)).is_ok() {
            acknowledged.extend(subjects);
        }
    };
    append(&log, 0, 3);
    append(&log, 3, 250);
    append(&log, 253, 5);
    log.put_body("text/plain", &mut b"large".as_slice()).ok();
    append(&log, 258, 300);
    let second = KeyFile::new(folder.join("key-2"))
        .create("posture.example/log")
        .unwrap();
    if let Ok(log) = log.rotate(second, at(2)) {
        append(&log, 558, 2);
    }
    acknowledged
}

fn reopened(folder: &Path) -> Option<Log> {
    ["key", "key-2"].into_iter().find_map(|file| {
        let key = KeyFile::new(folder.join(file)).load().ok()?;
        let storage = Box::new(Directory::new(folder.join("log")));
        match Log::open(storage, key) {
            Ok(log) => Some(log),
            Err(LedgerError::NotSigned { .. } | LedgerError::NoLog { .. }) => None,
            Err(error) => panic!("{error}"),
        }
    })
}

fn subjects(log: &Log) -> Vec<String> {
    let reader = log.reader().unwrap();
    let leaves = reader.leaves(0, reader.size()).unwrap();
    leaves.into_iter().map(|leaf| leaf.subject).collect()
}

fn verify(folder: &Path) -> posture_verify::Report {
    let report = posture_verify::verify(&folder.join("log"), &posture_verify::Options::default());
    let report = report.unwrap();
    assert_eq!(report.problems, []);
    report
}

/// In memory where the system has such a folder: loss of power is simulated, so no disk is needed.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// Runs the scenario with call number `at` failing; says whether there was such a call.
fn run(mode: Mode, at_call: usize) -> bool {
    let folder = scratch();
    let fault = Arc::new(Mutex::new(Fault {
        mode,
        at: at_call,
        calls: 0,
        has_stopped: false,
        unsynced: BTreeSet::new(),
        renames: Vec::new(),
    }));
    let acknowledged = scenario(folder.path(), &Faulty(Arc::clone(&fault)));
    if mode == Mode::PowerLoss {
        fault.lock().unwrap().lose_power();
    }
    if folder.path().join("log/checkpoint").exists() {
        verify(folder.path());
    }
    let Some(log) = reopened(folder.path()) else {
        assert_eq!(acknowledged, Vec::<String>::new(), "{mode:?} {at_call}");
        return true;
    };
    let found = subjects(&log);
    let records: Vec<&String> = found.iter().filter(|name| name.starts_with("r-")).collect();
    let distinct: BTreeSet<&String> = records.iter().copied().collect();
    assert_eq!(records.len(), distinct.len(), "{mode:?} {at_call}: doubled");
    for subject in &acknowledged {
        assert!(
            distinct.contains(subject),
            "{mode:?} {at_call}: {subject} is lost"
        );
    }
    log.append(batch(1000, 300), at(3)).unwrap();
    let report = verify(folder.path());
    assert_eq!(
        report
            .notes
            .iter()
            .filter(|note| note.contains("tiles"))
            .count(),
        0
    );
    let calls = fault.lock().unwrap().calls;
    calls > at_call
}

fn every_call(mode: Mode) {
    let mut at_call = 0;
    while run(mode, at_call) {
        at_call += 1;
    }
    assert!(at_call > 50, "only {at_call} calls were failed");
}

#[test]
fn log_survives_the_end_of_the_process_at_every_call() {
    every_call(Mode::Stop);
}

#[test]
fn log_survives_the_loss_of_power_at_every_call() {
    every_call(Mode::PowerLoss);
}

#[test]
fn log_survives_every_call_that_fails_once() {
    every_call(Mode::Once);
}
