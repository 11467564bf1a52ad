//! How a batch becomes published.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::Timestamp;
use serde_json::Value;

use crate::blob::{self, BodyRef};
use crate::checkpoint::Checkpoint;
use crate::edge::{Edge, push_entry};
use crate::encode::{encode, time_of_recording};
use crate::error::LedgerError;
use crate::key::LogKey;
use crate::layout::{self, CHECKPOINT, TILES};
use crate::log::{Appended, Log};
use crate::record::{Body, Record, RecordType};
use crate::storage::{Lease, Object};

/// How often another writer may come first.
pub(crate) const ATTEMPTS: usize = 64;

/// How many partial tiles of one place are kept in a folder: the newest checkpoint's, and the one before,
/// which somebody may be reading.
const PARTIALS: usize = 2;

/// What is known of the log as of one checkpoint.
pub(crate) struct State {
    pub(crate) checkpoint: Checkpoint,
    pub(crate) edge: Edge,
    newest: Timestamp,
}

/// A record whose body has its hash.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) record: Record,
    pub(crate) body: Option<BodyRef>,
}

/// What a batch comes to.
pub(crate) struct Next {
    pub(crate) checkpoint: Checkpoint,
    edge: Edge,
    pub(crate) tiles: Vec<Object>,
    /// The leaves as in a bundle, where they are claimed.
    pub(crate) leaves: Vec<u8>,
}

impl Log {
    pub(crate) fn publish(
        &self,
        mut batch: Vec<Prepared>,
        bodies: &[Object],
        keys: &[&LogKey],
        expected: Option<u64>,
        now: Timestamp,
    ) -> Result<Appended, LedgerError> {
        let mut lease = self.lease()?;
        let mut state = self.state();
        for _ in 0..ATTEMPTS {
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
            let taken = if self.storage.is_shared() {
                batch.clone()
            } else {
                std::mem::take(&mut batch)
            };
            let next = self.commit(lease.as_mut(), Some(known), taken, bodies, keys, now)?;
            if let Some(next) = next {
                let checkpoint = next.checkpoint.clone();
                *state = Some(next);
                return Ok(Appended { first, checkpoint });
            }
        }
        Err(LedgerError::Contended)
    }

    /// Writes a batch: bodies, tiles and the checkpoint that was the newest, made durable; then the
    /// new checkpoint in one step, which is what publishes. None where another writer's batch came
    /// first.
    pub(crate) fn commit(
        &self,
        lease: &mut dyn Lease,
        known: Option<&State>,
        batch: Vec<Prepared>,
        bodies: &[Object],
        keys: &[&LogKey],
        now: Timestamp,
    ) -> Result<Option<State>, LedgerError> {
        let recorded = time_of_recording(now, known.map(|known| known.newest))?;
        let bodies = self.missing(&batch, bodies)?;
        let next = self.next(known, batch, keys, recorded)?;
        let since = known.map_or(0, |known| known.edge.size());
        if self.storage.is_shared() {
            // Whoever completes the claim needs them.
            self.write(&bodies)?;
            if !self.claim(known, &next)? {
                return Ok(None);
            }
            self.complete(known, &next.tiles, &next.checkpoint)?;
        } else {
            let mut objects = bodies;
            objects.extend(next.tiles);
            if let Some(known) = known {
                objects.push(Object {
                    path: layout::kept_checkpoint(since),
                    bytes: known.checkpoint.to_bytes(),
                });
            }
            lease
                .begin()
                .map_err(|cause| LedgerError::storage(TILES, "written", cause))?;
            self.write(&objects)?;
            self.replace(CHECKPOINT, &next.checkpoint)?;
        }
        self.tidy(lease, &next.edge, since);
        Ok(Some(State {
            checkpoint: next.checkpoint,
            edge: next.edge,
            newest: recorded,
        }))
    }

    fn next(
        &self,
        known: Option<&State>,
        batch: Vec<Prepared>,
        keys: &[&LogKey],
        recorded: Timestamp,
    ) -> Result<Next, LedgerError> {
        let mut edge = known.map_or_else(Edge::default, |known| known.edge.clone());
        let since = edge.size();
        let (mut tiles, mut leaves) = (Vec::new(), Vec::new());
        for leaf in encode(batch, since, recorded) {
            let leaf = leaf?;
            if self.storage.is_shared() {
                push_entry(&mut leaves, &leaf);
            }
            edge.push(&leaf, &mut tiles);
        }
        tiles.extend(edge.partial_objects(since));
        let root = edge
            .root()
            .ok_or_else(|| LedgerError::damaged(TILES, "its edge has a tile of odd length"))?;
        let checkpoint = Checkpoint::sign(self.key.name(), edge.size(), root, keys)?;
        Ok(Next {
            checkpoint,
            edge,
            tiles,
            leaves,
        })
    }

    pub(crate) fn write(&self, objects: &[Object]) -> Result<(), LedgerError> {
        self.storage
            .write(objects)
            .map_err(|cause| LedgerError::storage(TILES, "written", cause))
    }

    pub(crate) fn newest(&self) -> Result<Option<Checkpoint>, LedgerError> {
        let bytes = self.read(CHECKPOINT)?;
        bytes
            .map(|bytes| Checkpoint::parse(&bytes, CHECKPOINT))
            .transpose()
    }

    /// The bodies that are not stored yet. One that a record names and nobody stored is an error.
    fn missing(&self, batch: &[Prepared], bodies: &[Object]) -> Result<Vec<Object>, LedgerError> {
        let mut wanted = BTreeMap::new();
        for body in batch.iter().filter_map(|prepared| prepared.body.as_ref()) {
            wanted.insert(layout::blob(&body.sha256), &body.sha256);
        }
        let mut objects = Vec::new();
        for body in bodies {
            if wanted.remove(&body.path).is_some() && !self.exists(&body.path)? {
                objects.push(body.clone());
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
        let checkpoint = self.newest()?.ok_or_else(|| self.no_log())?;
        match state {
            Some(known) if known.checkpoint.has_text_of(&checkpoint) => {
                known.checkpoint = checkpoint;
            }
            _ => *state = Some(self.load_newest(checkpoint)?),
        }
        state.as_mut().ok_or_else(|| self.no_log())
    }

    /// What is partial goes when another writer fills it, while it is read here: then the newest
    /// checkpoint is another one.
    fn load_newest(&self, mut checkpoint: Checkpoint) -> Result<State, LedgerError> {
        for _ in 0..ATTEMPTS {
            let size = checkpoint.size;
            match self.load(checkpoint) {
                Err(error) if self.storage.is_shared() => {
                    checkpoint = self.newest()?.ok_or_else(|| self.no_log())?;
                    if checkpoint.size == size {
                        return Err(error);
                    }
                }
                loaded => return loaded,
            }
        }
        Err(LedgerError::Contended)
    }

    fn no_log(&self) -> LedgerError {
        LedgerError::NoLog {
            place: self.storage.place(),
        }
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

    /// Deletes partial tiles that have full ones now, and in a folder those of which two wider ones are
    /// there: each is a copy of the records since the last full one, so a log that is appended to one by
    /// one would take a hundred times its records' room. The batch is published, so a failure here fails
    /// nothing: the lease stays unsettled, and its next holder sweeps.
    fn tidy(&self, lease: &mut dyn Lease, edge: &Edge, since: u64) {
        let mut tidy = || {
            for folder in edge.superseded(since) {
                self.storage.delete(&self.storage.list(&folder)?)?;
            }
            if !self.storage.is_shared() {
                for folder in edge.growing(since) {
                    let mut partial = self.storage.list(&folder)?;
                    partial.sort_by_key(|path| layout::parse_tile(path).map(|(_, _, width)| width));
                    partial.truncate(partial.len().saturating_sub(PARTIALS));
                    self.storage.delete(&partial)?;
                }
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
