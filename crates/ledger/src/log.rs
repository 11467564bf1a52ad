//! Writing a log.

use std::io::{Read, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::blob::{self, BodyRef};
use crate::checkpoint::{Checkpoint, Cosignature};
use crate::commit::{Prepared, State, prepare};
use crate::error::LedgerError;
use crate::key::LogKey;
use crate::layout::{self, CHECKPOINT};
use crate::reader::LogReader;
use crate::record::{Record, RecordType};
use crate::storage::{Lease, Storage};
use crate::witness::WitnessKey;

/// How often a checkpoint that is being cosigned may change.
const ATTEMPTS: usize = 16;

/// A log that can be appended to. Any number of threads and processes may have the same log open.
pub struct Log {
    pub(crate) storage: Box<dyn Storage>,
    pub(crate) key: LogKey,
    state: Mutex<Option<State>>,
    witnesses: Mutex<(u64, Vec<WitnessKey>)>,
}

/// What an append made.
#[derive(Debug, Clone, PartialEq)]
pub struct Appended {
    /// Index of the first record of the batch; the others follow in order.
    pub first: u64,
    /// The checkpoint that covers them all.
    pub checkpoint: Checkpoint,
}

impl Log {
    /// Makes a log whose origin is the key's name. Its first record names the key.
    ///
    /// # Errors
    /// There is a log already, or what is left of one, or it could not be written.
    pub fn create(
        storage: Box<dyn Storage>,
        key: LogKey,
        now: Timestamp,
    ) -> Result<Log, LedgerError> {
        let first = key_record(key.name(), "log", key.verifier_key(), None);
        let log = Log::with(storage, key);
        {
            let mut lease = log.lease()?;
            if log.read(CHECKPOINT)?.is_some() {
                return Err(LedgerError::LogExists {
                    place: log.storage.place(),
                });
            }
            if !log.storage.is_shared() {
                log.refuse_rolled_back(0)?;
                log.sweep(0)?;
            }
            let batch = vec![Prepared {
                record: first,
                body: None,
            }];
            // None: another process made it with this key just now, or had begun to.
            *log.state() = log.commit(lease.as_mut(), None, batch, &[], &[&log.key], now)?;
        }
        Ok(log)
    }

    /// Opens a log with the key that signs it now, proves its edge against the checkpoint, and
    /// sets aside what an interrupted writer left.
    ///
    /// # Errors
    /// There is no log, it is damaged at its edge, its checkpoint was put back to an earlier one, or
    /// the key is not its current one.
    pub fn open(storage: Box<dyn Storage>, key: LogKey) -> Result<Log, LedgerError> {
        let log = Log::with(storage, key);
        {
            // First of all: a lease would make the folder.
            log.reader()?;
            let mut lease = log.lease()?;
            let mut state = log.state();
            if log.storage.is_shared() {
                log.settle_claims(&mut state)?;
                drop(state);
                drop(lease);
                return Ok(log);
            }
            log.refuse_rolled_back(log.reader()?.size())?;
            let size = log.refresh(&mut state)?.checkpoint.size;
            log.sweep(size)?;
            lease
                .settle()
                .map_err(|cause| LedgerError::storage(CHECKPOINT, "settled", cause))?;
        }
        Ok(log)
    }

    fn with(storage: Box<dyn Storage>, key: LogKey) -> Log {
        Log {
            storage,
            key,
            state: Mutex::new(None),
            witnesses: Mutex::default(),
        }
    }

    /// The log as of its newest checkpoint.
    ///
    /// # Errors
    /// The checkpoint could not be read.
    pub fn reader(&self) -> Result<LogReader<'_>, LedgerError> {
        LogReader::open(self.storage.as_ref())
    }

    /// Appends records in their order and returns when they are published. Nothing is appended where
    /// one of them does not fit; after any other error they are all published or none is.
    ///
    /// # Errors
    /// A record does not fit the format or names a body that is not stored; the clock went back; the
    /// log is damaged or could not be written.
    pub fn append(&self, records: Vec<Record>, now: Timestamp) -> Result<Appended, LedgerError> {
        let (batch, bodies) = prepare(records)?;
        self.publish(batch, &bodies, &[&self.key], None, now)
    }

    /// As [`Log::append`], but only while the log has exactly `size` records: whoever looked what is
    /// in it before it decides what to append is not overtaken.
    ///
    /// # Errors
    /// As [`Log::append`]; [`LedgerError::Grown`] where the log has another size.
    pub fn append_at(
        &self,
        size: u64,
        records: Vec<Record>,
        now: Timestamp,
    ) -> Result<Appended, LedgerError> {
        let (batch, bodies) = prepare(records)?;
        self.publish(batch, &bodies, &[&self.key], Some(size), now)
    }

    /// Stores bytes of any length, without holding them in memory. They count for nothing until a
    /// record names them.
    ///
    /// # Errors
    /// They could not be read or stored.
    pub fn put_body(&self, media_type: &str, bytes: &mut dyn Read) -> Result<BodyRef, LedgerError> {
        let (body, mut file) = blob::seal_stream(media_type, bytes)
            .map_err(|cause| LedgerError::storage("blobs/", "written", cause))?;
        let path = layout::blob(&body.sha256);
        let mut lease = self.lease()?;
        if !self.exists(&path)? {
            // Whoever left tiles behind is not the one that is settled here.
            let was_unsettled = lease.is_unsettled();
            let mut write = || {
                lease.begin()?;
                self.storage.write_from(&path, &mut file)?;
                if was_unsettled {
                    return Ok(());
                }
                lease.settle()
            };
            write().map_err(|cause| LedgerError::storage(&path, "written", cause))?;
        }
        Ok(body)
    }

    /// Writes a body's plain bytes, and checks them: on an error, what was written is to be thrown
    /// away.
    ///
    /// # Errors
    /// It is not stored, or not what the record says.
    pub fn read_body(&self, body: &BodyRef, out: &mut dyn Write) -> Result<(), LedgerError> {
        let path = layout::blob(&body.sha256);
        let mut stored = self
            .storage
            .open(&path)
            .map_err(|cause| LedgerError::storage(&path, "read", cause))?
            .ok_or_else(|| LedgerError::NoBody {
                sha256: body.sha256.clone(),
            })?;
        blob::unseal(body, stored.as_mut(), out)
            .map_err(|cause| LedgerError::storage(&path, "read", cause))?
            .map_err(|what| LedgerError::damaged(&path, what))
    }

    /// Until when the place where the log is refuses to remove a body; none where it does not, or
    /// where there is no such body.
    ///
    /// # Errors
    /// That could not be found out.
    pub fn body_held_until(&self, sha256: &str) -> Result<Option<Timestamp>, LedgerError> {
        let path = layout::blob(sha256);
        self.storage
            .held_until(&path)
            .map_err(|cause| LedgerError::storage(&path, "found", cause))
    }

    /// Puts another key in the place of the log's. The record of it is in a checkpoint that both
    /// keys sign; from then on only the new one signs.
    ///
    /// # Errors
    /// The new key has another name, or the record could not be published.
    pub fn rotate(mut self, key: LogKey, now: Timestamp) -> Result<Log, LedgerError> {
        if key.name() != self.key.name() {
            return Err(LedgerError::Key {
                what: key.verifier_key().to_owned(),
                kind: "key of this log",
                why: format!("its name is not {}", self.key.name()),
            });
        }
        let replaces = Some(self.key.verifier_key());
        let record = key_record(key.name(), "log", key.verifier_key(), replaces);
        let batch = vec![Prepared { record, body: None }];
        self.publish(batch, &[], &[&self.key, &key], None, now)?;
        self.key = key;
        Ok(self)
    }

    /// Names a witness, whose cosignatures are accepted from here on.
    ///
    /// # Errors
    /// The record could not be published.
    pub fn add_witness(
        &self,
        witness: &WitnessKey,
        now: Timestamp,
    ) -> Result<Appended, LedgerError> {
        let record = key_record(witness.name(), "witness", witness.verifier_key(), None);
        let batch = vec![Prepared { record, body: None }];
        self.publish(batch, &[], &[&self.key], None, now)
    }

    /// Adds cosignatures to the checkpoint of this size: signature lines as a witness answers them
    /// (C2SP tlog-witness, `add-checkpoint`).
    ///
    /// # Errors
    /// No such checkpoint is kept, a line is of no witness that the log names, or does not verify.
    pub fn cosign(&self, size: u64, lines: &str) -> Result<Vec<Cosignature>, LedgerError> {
        let _lease = self.lease()?;
        let mut state = self.state();
        for _ in 0..ATTEMPTS {
            let newest = &mut self.refresh(&mut state)?.checkpoint;
            let witnesses = self.known_witnesses(newest)?;
            let path = if newest.size == size {
                CHECKPOINT.to_owned()
            } else {
                layout::kept_checkpoint(size)
            };
            let before = self
                .read(&path)?
                .ok_or(LedgerError::NoCheckpoint { size })?;
            let mut checkpoint = Checkpoint::parse(&before, &path)?;
            // The newest one may be another by now: it is looked for where it is kept.
            if checkpoint.size != size {
                continue;
            }
            let accepted = checkpoint.cosign(lines, &witnesses)?;
            let is_replaced = self
                .storage
                .replace_if(&path, &before, &checkpoint.to_bytes())
                .map_err(|cause| LedgerError::storage(&path, "written", cause))?;
            if is_replaced {
                return Ok(accepted);
            }
        }
        Err(LedgerError::Contended)
    }

    fn known_witnesses(&self, newest: &Checkpoint) -> Result<Vec<WitnessKey>, LedgerError> {
        let mut known = self
            .witnesses
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let reader = LogReader::at(self.storage.as_ref(), newest.clone());
        let new = reader.witnesses(known.0)?;
        known.1.extend(new);
        known.0 = newest.size;
        Ok(known.1.clone())
    }

    pub(crate) fn read(&self, path: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        self.storage
            .read(path)
            .map_err(|cause| LedgerError::storage(path, "read", cause))
    }

    pub(crate) fn exists(&self, path: &str) -> Result<bool, LedgerError> {
        self.storage
            .exists(path)
            .map_err(|cause| LedgerError::storage(path, "found", cause))
    }

    pub(crate) fn replace(&self, path: &str, checkpoint: &Checkpoint) -> Result<(), LedgerError> {
        self.storage
            .replace(path, &checkpoint.to_bytes())
            .map_err(|cause| LedgerError::storage(path, "written", cause))
    }

    pub(crate) fn lease(&self) -> Result<Box<dyn Lease + '_>, LedgerError> {
        self.storage
            .lease()
            .map_err(|cause| LedgerError::storage(".lock", "locked", cause))
    }

    /// A panic while it was held left the state as it was: it is replaced, never changed in place.
    pub(crate) fn state(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key_record(name: &str, role: &str, key: &str, replaces: Option<&str>) -> Record {
    let mut record = Record::new(RecordType::KeyRotation, name);
    let mut detail = Map::new();
    detail.insert("key".to_owned(), Value::from(key));
    if let Some(replaces) = replaces {
        detail.insert("replaces".to_owned(), Value::from(replaces));
    }
    detail.insert("role".to_owned(), Value::from(role));
    record.detail = detail;
    record
}
