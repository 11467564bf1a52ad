//! A model of S3's conditional writes, in memory, whose calls fail on demand.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use crate::objects::{Condition, Objects, Stored};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Mode {
    /// The process stops, and the call has no effect.
    Stop,
    /// The process stops after the call had its effect.
    StopAfter,
    /// The call fails once without effect, as on a lost connection.
    Once,
    /// The call has its effect, and its reply is lost.
    Unheard,
}

/// What happens to the calls of one writer.
pub(crate) struct Fault {
    pub(crate) mode: Mode,
    pub(crate) at: usize,
    pub(crate) calls: usize,
    pub(crate) has_stopped: bool,
    /// Runs in place of a fault: another writer comes in between.
    pub(crate) meanwhile: Option<Box<dyn FnOnce() + Send>>,
}

/// Objects by their keys, each with a number that changes when it is written.
pub(crate) type Shelf = Arc<Mutex<BTreeMap<String, (Vec<u8>, u64)>>>;

pub(crate) struct Model {
    pub(crate) shelf: Shelf,
    pub(crate) fault: Arc<Mutex<Fault>>,
}

impl Model {
    /// Does the call, or fails it before or after.
    fn call<T>(&self, work: impl FnOnce(&Shelf) -> T) -> io::Result<T> {
        let mut fault = self.fault.lock().unwrap();
        let is_now = fault.calls == fault.at;
        fault.calls += 1;
        let injected = || io::Error::other("injected");
        if fault.has_stopped {
            return Err(injected());
        }
        if !is_now {
            return Ok(work(&self.shelf));
        }
        if let Some(meanwhile) = fault.meanwhile.take() {
            meanwhile();
            return Ok(work(&self.shelf));
        }
        fault.has_stopped = matches!(fault.mode, Mode::Stop | Mode::StopAfter);
        if matches!(fault.mode, Mode::StopAfter | Mode::Unheard) {
            work(&self.shelf);
        }
        Err(injected())
    }
}

impl Objects for Model {
    fn get(&self, key: &str) -> io::Result<Option<Stored>> {
        self.call(|shelf| {
            let shelf = shelf.lock().unwrap();
            shelf.get(key).map(|(bytes, number)| Stored {
                bytes: bytes.clone(),
                etag: number.to_string(),
            })
        })
    }

    fn open(&self, key: &str) -> io::Result<Option<Box<dyn Read + Send>>> {
        let stored = self.get(key)?;
        Ok(stored.map(|stored| Box::new(io::Cursor::new(stored.bytes)) as Box<dyn Read + Send>))
    }

    fn exists(&self, key: &str) -> io::Result<bool> {
        self.call(|shelf| shelf.lock().unwrap().contains_key(key))
    }

    fn list(&self, prefix: &str) -> io::Result<Vec<String>> {
        self.call(|shelf| {
            let shelf = shelf.lock().unwrap();
            let keys = shelf.keys().filter(|key| key.starts_with(prefix));
            keys.cloned().collect()
        })
    }

    fn put(
        &self,
        key: &str,
        bytes: &[u8],
        condition: Condition<'_>,
        _is_locked: bool,
    ) -> io::Result<bool> {
        self.call(|shelf| {
            let mut shelf = shelf.lock().unwrap();
            let found = shelf.get(key);
            let holds = match condition {
                Condition::Always => true,
                Condition::Absent => found.is_none(),
                Condition::Unchanged(etag) => {
                    found.is_some_and(|(_, number)| number.to_string() == etag)
                }
            };
            if holds {
                let number = found.map_or(0, |(_, number)| number + 1);
                shelf.insert(key.to_owned(), (bytes.to_vec(), number));
            }
            holds
        })
    }

    fn put_from(&self, key: &str, bytes: &mut dyn Read) -> io::Result<bool> {
        let mut all = Vec::new();
        bytes.read_to_end(&mut all)?;
        self.put(key, &all, Condition::Absent, true)
    }

    fn hide(&self, key: &str) -> io::Result<()> {
        self.erase(key)
    }

    fn erase(&self, key: &str) -> io::Result<()> {
        self.call(|shelf| drop(shelf.lock().unwrap().remove(key)))
    }

    fn held_until(&self, _key: &str) -> io::Result<Option<Timestamp>> {
        self.call(|_| None)
    }

    fn has_lock(&self) -> io::Result<bool> {
        Ok(false)
    }

    fn is_legally_held(&self, _key: &str) -> io::Result<bool> {
        Ok(false)
    }

    fn set_legal_hold(&self, _key: &str, _is_held: bool) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
