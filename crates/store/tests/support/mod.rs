//! Both databases for every test: SQLite in a folder of its own, and a PostgreSQL server that this
//! test process starts.

#![allow(dead_code, reason = "each test needs a part of it")]
#![expect(clippy::unwrap_used, reason = "a test")]

mod postgres;

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use posture_store::{Clock, Location, Store};
use tempfile::TempDir;

/// A database of its own for one test.
pub(crate) struct Place {
    pub(crate) location: Location,
    _folder: TempDir,
}

/// SQLite, and PostgreSQL where it can be started; loudly without it.
pub(crate) async fn places() -> Vec<Place> {
    let folder = TempDir::new().unwrap();
    let text = folder.path().join("state").display().to_string();
    let mut places = vec![Place {
        location: Location::read(&text).unwrap(),
        _folder: folder,
    }];
    match postgres::server() {
        Ok(server) => places.push(Place {
            location: Location::read(&server.new_database()).unwrap(),
            _folder: TempDir::new().unwrap(),
        }),
        Err(why) => {
            let mut stderr = std::io::stderr();
            writeln!(stderr, "SKIPPED on PostgreSQL: {why}").unwrap();
        }
    }
    places
}

/// A clock that a test sets.
#[derive(Clone, Default)]
pub(crate) struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub(crate) fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }

    pub(crate) fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.0);
        Arc::new(move || at(seconds.load(Ordering::SeqCst)))
    }
}

/// Seconds since 1970.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

pub(crate) async fn open(place: &Place, clock: &TestClock) -> Store {
    Store::open(&place.location, clock.clock()).await.unwrap()
}

/// The items of a part of a snapshot, each behind its length.
pub(crate) fn items_of(part: &[u8]) -> Vec<String> {
    let mut items = Vec::new();
    let mut rest = part;
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap();
        let (record, after) = after.split_at(length);
        let mut json = b"of the last one".to_vec();
        posture_store::unpack_item(record, &mut json).unwrap();
        assert!(posture_store::unpack_item(&record[..length - 1], &mut Vec::new()).is_err());
        assert!(posture_store::unpack_item(&record[..9], &mut Vec::new()).is_err());
        items.push(String::from_utf8(json).unwrap());
        rest = after;
    }
    assert!(rest.is_empty(), "a part ends with a record");
    items
}
