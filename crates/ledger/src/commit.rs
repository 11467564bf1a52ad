//! How a batch becomes published.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::num::NonZero;
use std::thread;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::blob::{self, BodyRef};
use crate::checkpoint::Checkpoint;
use crate::edge::Edge;
use crate::error::LedgerError;
use crate::key::LogKey;
use crate::layout::{self, CHECKPOINT, TILES};
use crate::log::{Appended, Log};
use crate::record::{Body, Leaf, Record, RecordType};
use crate::storage::{Lease, Object};

/// Clocks of several machines differ, and are set back a little; such a record gets the time of the
/// newest one. A larger step back is an error.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// Fewer records than this are encoded faster than a thread is started.
const SHARE: usize = 512;

/// What is known of the log as of one checkpoint.
pub(crate) struct State {
    pub(crate) checkpoint: Checkpoint,
    edge: Edge,
    newest: Timestamp,
}

/// A record whose body has its hash.
pub(crate) struct Prepared {
    pub(crate) record: Record,
    pub(crate) body: Option<BodyRef>,
}

impl Log {
    pub(crate) fn publish(
        &self,
        batch: Vec<Prepared>,
        bodies: Vec<Object>,
        keys: &[&LogKey],
        expected: Option<u64>,
        now: Timestamp,
    ) -> Result<Appended, LedgerError> {
        let mut lease = self.lease()?;
        let mut state = self.state();
        let known = self.refresh(&mut state)?;
        if lease.is_unsettled() {
            self.sweep(known.checkpoint.size)?;
        }
        let first = known.checkpoint.size;
        if let Some(expected) = expected.filter(|expected| *expected != first) {
            return Err(LedgerError::Grown {
                expected,
                found: first,
            });
        }
        if batch.is_empty() {
            let checkpoint = known.checkpoint.clone();
            return Ok(Appended { first, checkpoint });
        }
        let next = self.commit(lease.as_mut(), Some(known), batch, bodies, keys, now)?;
        let checkpoint = next.checkpoint.clone();
        *state = Some(next);
        Ok(Appended { first, checkpoint })
    }

    /// Writes a batch: bodies, tiles and the checkpoint that was the newest, made durable; then the
    /// new checkpoint in one step, which is what publishes.
    pub(crate) fn commit(
        &self,
        lease: &mut dyn Lease,
        known: Option<&State>,
        batch: Vec<Prepared>,
        bodies: Vec<Object>,
        keys: &[&LogKey],
        now: Timestamp,
    ) -> Result<State, LedgerError> {
        let recorded = time_of_recording(now, known.map(|known| known.newest))?;
        let mut edge = known.map_or_else(Edge::default, |known| known.edge.clone());
        let since = edge.size();
        let mut objects = self.missing(&batch, bodies)?;
        for leaf in encode(batch, since, recorded) {
            edge.push(&leaf?, &mut objects);
        }
        objects.extend(edge.partial_objects(since));
        if let Some(known) = known {
            objects.push(Object {
                path: layout::kept_checkpoint(since),
                bytes: known.checkpoint.to_bytes(),
            });
        }
        lease
            .begin()
            .and_then(|()| self.storage.write(&objects))
            .map_err(|cause| LedgerError::storage(TILES, "written", cause))?;
        let root = edge
            .root()
            .ok_or_else(|| LedgerError::damaged(TILES, "its edge has a tile of odd length"))?;
        let checkpoint = Checkpoint::sign(self.key.name(), edge.size(), root, keys)?;
        self.replace(CHECKPOINT, &checkpoint)?;
        self.tidy(lease, &edge, since);
        Ok(State {
            checkpoint,
            edge,
            newest: recorded,
        })
    }

    /// The bodies that are not stored yet. One that a record names and nobody stored is an error.
    fn missing(&self, batch: &[Prepared], bodies: Vec<Object>) -> Result<Vec<Object>, LedgerError> {
        let mut wanted = BTreeMap::new();
        for body in batch.iter().filter_map(|prepared| prepared.body.as_ref()) {
            wanted.insert(layout::blob(&body.sha256), &body.sha256);
        }
        let mut objects = Vec::new();
        for body in bodies {
            if wanted.remove(&body.path).is_some() && !self.exists(&body.path)? {
                objects.push(body);
            }
        }
        for (path, sha256) in wanted {
            if !self.exists(&path)? {
                return Err(LedgerError::NoBody {
                    sha256: sha256.clone(),
                });
            }
        }
        Ok(objects)
    }

    /// What is known of the newest checkpoint, read again where another writer was here.
    pub(crate) fn refresh<'s>(
        &self,
        state: &'s mut Option<State>,
    ) -> Result<&'s mut State, LedgerError> {
        let bytes = self.read(CHECKPOINT)?.ok_or_else(|| LedgerError::NoLog {
            place: self.storage.place(),
        })?;
        let checkpoint = Checkpoint::parse(&bytes, CHECKPOINT)?;
        match state {
            Some(known) if known.checkpoint.has_text_of(&checkpoint) => {
                known.checkpoint = checkpoint;
            }
            _ => *state = Some(self.load(checkpoint)?),
        }
        state.as_mut().ok_or_else(|| LedgerError::NoLog {
            place: self.storage.place(),
        })
    }

    fn load(&self, checkpoint: Checkpoint) -> Result<State, LedgerError> {
        checkpoint.require_signature(&self.key)?;
        let root = checkpoint.root_hash();
        let (edge, newest) = Edge::load(self.storage.as_ref(), checkpoint.size, root)?;
        let newest = newest
            .ok_or_else(|| LedgerError::damaged(CHECKPOINT, "it is of a log without records"))?;
        // The checkpoint of a rotation has both signatures; only the new key goes on.
        let key = newest.detail.get("key").and_then(Value::as_str);
        let is_rotation = newest.kind == RecordType::KeyRotation
            && newest.detail.get("role").and_then(Value::as_str) == Some("log");
        if is_rotation && key != Some(self.key.verifier_key()) {
            return Err(LedgerError::NotSigned {
                origin: checkpoint.origin,
                key: self.key.verifier_key().to_owned(),
            });
        }
        let newest = newest
            .recorded
            .parse()
            .map_err(|error: jiff::Error| LedgerError::damaged(TILES, error.to_string()))?;
        Ok(State {
            checkpoint,
            edge,
            newest,
        })
    }

    /// Deletes partial tiles that have full ones now. The batch is published, so a failure here fails
    /// nothing: the lease stays unsettled, and its next holder sweeps.
    fn tidy(&self, lease: &mut dyn Lease, edge: &Edge, since: u64) {
        let mut tidy = || {
            for folder in edge.superseded(since) {
                self.storage.delete(&self.storage.list(&folder)?)?;
            }
            lease.settle()
        };
        match tidy() {
            Ok(()) | Err(_) => {}
        }
    }

    /// Sets tiles beyond the tree aside: integrated, and never published.
    pub(crate) fn sweep(&self, size: u64) -> Result<(), LedgerError> {
        let sweep = || {
            let mut beyond = self.storage.list(TILES)?;
            beyond.retain(|path| {
                layout::parse_tile(path).is_some_and(|(level, number, width)| {
                    layout::width(level.unwrap_or(0), number, size) < width
                })
            });
            self.storage.set_aside(&beyond, &size.to_string())
        };
        sweep().map_err(|cause| LedgerError::storage(TILES, "cleared", cause))
    }

    /// Refuses a directory whose checkpoint is gone or was put back: what lies beyond it was
    /// published, and writing on would fork the log.
    pub(crate) fn refuse_rolled_back(&self, size: u64) -> Result<(), LedgerError> {
        let list = |folder| {
            self.storage
                .list(folder)
                .map_err(|cause| LedgerError::storage(folder, "listed", cause))
        };
        let kept = list(layout::KEPT)?
            .iter()
            .filter_map(|path| layout::parse_kept_checkpoint(path))
            .max();
        if let Some(kept) = kept.filter(|kept| *kept > size) {
            let what = format!(
                "it counts {size} records, and one of {kept} records is kept: it was put back, or is gone"
            );
            return Err(LedgerError::damaged(CHECKPOINT, what));
        }
        // The first write of a log, interrupted, leaves one leaf at most.
        let first = [layout::tile(0, 0, 1), layout::bundle(0, 1)];
        if size == 0 && list(TILES)?.iter().any(|path| !first.contains(path)) {
            let what = "it is gone, and the log's tiles are there; nothing was changed";
            return Err(LedgerError::damaged(CHECKPOINT, what));
        }
        Ok(())
    }
}

/// Compresses the bodies, before anybody waits for the lease.
pub(crate) fn prepare(records: Vec<Record>) -> Result<(Vec<Prepared>, Vec<Object>), LedgerError> {
    let mut objects = BTreeMap::new();
    let mut batch = Vec::with_capacity(records.len());
    for mut record in records {
        let body = match record.body.take() {
            None => None,
            Some(Body::Stored(body)) => Some(body),
            Some(Body::Bytes { media_type, bytes }) => {
                let body = BodyRef::of(&media_type, &bytes);
                let path = layout::blob(&body.sha256);
                if let Entry::Vacant(unsealed) = objects.entry(path) {
                    let sealed = blob::seal(&bytes).map_err(|cause| {
                        LedgerError::storage(unsealed.key(), "compressed", cause)
                    })?;
                    unsealed.insert(sealed);
                }
                Some(body)
            }
        };
        batch.push(Prepared { record, body });
    }
    let objects = objects
        .into_iter()
        .map(|(path, bytes)| Object { path, bytes })
        .collect();
    Ok((batch, objects))
}

/// The leaves' bytes, in order. Writing JSON is most of an append's work, so large batches are shared
/// between processors.
fn encode(
    batch: Vec<Prepared>,
    first: u64,
    recorded: Timestamp,
) -> Vec<Result<Vec<u8>, LedgerError>> {
    let encode_some = |records: Vec<Prepared>, start: usize| {
        (start..)
            .zip(records)
            .map(|(position, prepared)| encode_one(prepared, position, first, recorded))
            .collect::<Vec<_>>()
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = batch.len().div_ceil(threads).max(SHARE);
    let mut rest = batch;
    let mut shares = Vec::new();
    while rest.len() > share {
        let later = rest.split_off(share);
        shares.push(std::mem::replace(&mut rest, later));
    }
    thread::scope(|scope| {
        let start_of_rest = shares.len() * share;
        let work: Vec<_> = (0..)
            .step_by(share)
            .zip(shares)
            .map(|(start, records)| scope.spawn(move || encode_some(records, start)))
            .collect();
        let last = encode_some(rest, start_of_rest);
        let mut leaves: Vec<_> = work
            .into_iter()
            .flat_map(|work| {
                work.join()
                    .unwrap_or_else(|_| vec![Err(LedgerError::Encoding)])
            })
            .collect();
        leaves.extend(last);
        leaves
    })
}

fn encode_one(
    prepared: Prepared,
    position: usize,
    first: u64,
    recorded: Timestamp,
) -> Result<Vec<u8>, LedgerError> {
    let Prepared { record, body } = prepared;
    check_times(&record, position, recorded)?;
    Leaf::new(record, body, first + position as u64, recorded)
        .to_bytes()
        .map_err(|what| LedgerError::Record { position, what })
}

fn time_of_recording(now: Timestamp, newest: Option<Timestamp>) -> Result<Timestamp, LedgerError> {
    match newest {
        Some(newest) if newest.duration_since(now) > CLOCK_TOLERANCE => {
            Err(LedgerError::ClockWentBack { now, newest })
        }
        Some(newest) => Ok(now.max(newest)),
        None => Ok(now),
    }
}

fn check_times(record: &Record, position: usize, now: Timestamp) -> Result<(), LedgerError> {
    for (field, time) in record.times.past() {
        if let Some(time) = time.filter(|time| *time > now) {
            return Err(LedgerError::FromTheFuture {
                position,
                field,
                time,
                now,
            });
        }
    }
    Ok(())
}
