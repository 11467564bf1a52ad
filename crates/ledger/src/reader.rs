//! Reading a log: leaves by index, and proofs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use tlog_tiles::{
    Hash, HashReader, Tile, check_record, check_tree, prove_record, prove_tree, record_hash,
};

use crate::checkpoint::Checkpoint;
use crate::edge::{push_entry, split};
use crate::error::LedgerError;
use crate::layout::{self, CHECKPOINT, TILE_HEIGHT, TILE_WIDTH};
use crate::record::{Leaf, RecordType};
use crate::storage::Storage;
use crate::witness::WitnessKey;

/// How often what is read may be deleted meanwhile, because something wider took its place.
const ATTEMPTS: usize = 8;

/// That a record is in the log: enough to compute the root again from the leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// The record's index.
    pub index: u64,
    /// Size of the tree in which it is.
    pub size: u64,
    /// The leaf's bytes.
    pub leaf: Vec<u8>,
    /// The audit path, from the leaf up (RFC 6962, 2.1.1).
    pub path: Vec<[u8; 32]>,
}

/// A log as one of its checkpoints describes it; later appends do not change what it reads.
pub struct LogReader<'a> {
    storage: &'a dyn Storage,
    checkpoint: Checkpoint,
    tiles: RefCell<HashMap<(u8, u64), Vec<u8>>>,
    failure: RefCell<Option<LedgerError>>,
}

impl<'a> LogReader<'a> {
    /// Reads the newest checkpoint. Checks no signature: that is `posture-verify`'s work.
    ///
    /// # Errors
    /// There is no log, or its checkpoint could not be read.
    pub fn open(storage: &'a dyn Storage) -> Result<LogReader<'a>, LedgerError> {
        let bytes = storage
            .read(CHECKPOINT)
            .map_err(|cause| LedgerError::storage(CHECKPOINT, "read", cause))?
            .ok_or_else(|| LedgerError::NoLog {
                place: storage.place(),
            })?;
        Ok(LogReader::at(
            storage,
            Checkpoint::parse(&bytes, CHECKPOINT)?,
        ))
    }

    /// The log as its checkpoint of this size describes it: the newest one, or one that is kept.
    ///
    /// # Errors
    /// There is none of this size.
    pub fn open_at(storage: &'a dyn Storage, size: u64) -> Result<LogReader<'a>, LedgerError> {
        let newest = LogReader::open(storage)?;
        if newest.size() == size {
            return Ok(newest);
        }
        let path = layout::kept_checkpoint(size);
        let bytes = storage
            .read(&path)
            .map_err(|cause| LedgerError::storage(&path, "read", cause))?
            .ok_or(LedgerError::NoCheckpoint { size })?;
        Ok(LogReader::at(storage, Checkpoint::parse(&bytes, &path)?))
    }

    pub(crate) fn at(storage: &'a dyn Storage, checkpoint: Checkpoint) -> LogReader<'a> {
        LogReader {
            storage,
            checkpoint,
            tiles: RefCell::default(),
            failure: RefCell::default(),
        }
    }

    /// The checkpoint that is read from.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    pub(crate) fn storage(&self) -> &dyn Storage {
        self.storage
    }

    /// Sizes of the checkpoints that are kept and older than this one, rising.
    ///
    /// # Errors
    /// They could not be listed.
    pub fn kept_checkpoints(&self) -> Result<Vec<u64>, LedgerError> {
        let paths = self
            .storage
            .list(layout::KEPT)
            .map_err(|cause| LedgerError::storage(layout::KEPT, "listed", cause))?;
        let mut sizes: Vec<u64> = paths
            .iter()
            .filter_map(|path| layout::parse_kept_checkpoint(path))
            .filter(|size| *size < self.size())
            .collect();
        sizes.sort_unstable();
        Ok(sizes)
    }

    /// Number of records.
    pub fn size(&self) -> u64 {
        self.checkpoint.size
    }

    /// The record with this index.
    ///
    /// # Errors
    /// There is none, or its bundle could not be read.
    pub fn leaf(&self, index: u64) -> Result<Leaf, LedgerError> {
        let mut leaves = self.leaves(index, 1)?;
        leaves.pop().ok_or(LedgerError::NoRecord {
            index,
            size: self.size(),
        })
    }

    /// Up to `count` records from this index on, in order.
    ///
    /// # Errors
    /// A bundle could not be read.
    pub fn leaves(&self, from: u64, count: u64) -> Result<Vec<Leaf>, LedgerError> {
        let mut leaves = Vec::new();
        self.for_each(from, count, |path, bytes| {
            let leaf = Leaf::from_bytes(bytes)
                .map_err(|error| LedgerError::damaged(path, error.to_string()))?;
            leaves.push(leaf);
            Ok(())
        })?;
        Ok(leaves)
    }

    /// Whether a body is stored.
    ///
    /// # Errors
    /// That could not be found out.
    pub fn has_body(&self, sha256: &str) -> Result<bool, LedgerError> {
        let path = layout::blob(sha256);
        let found = self.storage.exists(&path);
        found.map_err(|cause| LedgerError::storage(&path, "found", cause))
    }

    /// The bytes of up to `count` leaves, with the path of the bundle that holds each.
    pub(crate) fn for_each(
        &self,
        from: u64,
        count: u64,
        mut visit: impl FnMut(&str, &[u8]) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        let end = from.saturating_add(count).min(self.size());
        let mut index = from;
        while index < end {
            let number = index / TILE_WIDTH;
            let path = layout::bundle(number, layout::width(0, number, self.size()));
            let bundle = self.read_grown(&path, &layout::bundle(number, TILE_WIDTH))?;
            let leaves = split(&bundle)
                .ok_or_else(|| LedgerError::damaged(&path, "it is no entry bundle"))?;
            let stop = end.min((number + 1) * TILE_WIDTH);
            for place in index % TILE_WIDTH..stop - number * TILE_WIDTH {
                let leaf = usize::try_from(place)
                    .ok()
                    .and_then(|place| leaves.get(place));
                let leaf =
                    leaf.ok_or_else(|| LedgerError::damaged(&path, "it holds too few records"))?;
                visit(&path, leaf)?;
            }
            index = stop;
        }
        Ok(())
    }

    /// Proves that the record with this index is in the tree, and checks the proof.
    ///
    /// # Errors
    /// There is no such record, or the log is damaged where the proof needs it.
    pub fn inclusion_proof(&self, index: u64) -> Result<InclusionProof, LedgerError> {
        let size = self.size();
        if index >= size {
            return Err(LedgerError::NoRecord { index, size });
        }
        let mut leaf = Vec::new();
        self.for_each(index, 1, |_, bytes| {
            leaf = bytes.to_vec();
            Ok(())
        })?;
        let path = self.attempt(prove_record(size, index, self))?;
        let root = self.checkpoint.root_hash();
        self.attempt(check_record(&path, size, root, index, record_hash(&leaf)))?;
        Ok(InclusionProof {
            index,
            size,
            leaf,
            path: path.into_iter().map(|hash| hash.0).collect(),
        })
    }

    /// Proves that the tree of `from` records, with this root, is the beginning of this one
    /// (RFC 6962, 2.1.2), and checks the proof.
    ///
    /// # Errors
    /// `from` is 0 or larger than the tree, the root is not of this log, or the log is damaged.
    pub fn consistency_proof(
        &self,
        from: u64,
        root: [u8; 32],
    ) -> Result<Vec<[u8; 32]>, LedgerError> {
        let size = self.size();
        if from == 0 || from > size {
            return Err(LedgerError::NoProof { from, to: size });
        }
        let path = self.attempt(prove_tree(size, from, self))?;
        let new_root = self.checkpoint.root_hash();
        self.attempt(check_tree(&path, size, new_root, from, Hash(root)))?;
        Ok(path.into_iter().map(|hash| hash.0).collect())
    }

    /// The witnesses that the records from this index on name.
    ///
    /// # Errors
    /// A bundle could not be read.
    pub fn witnesses(&self, from: u64) -> Result<Vec<WitnessKey>, LedgerError> {
        let mut keys = Vec::new();
        self.for_each(from, self.size(), |path, bytes| {
            // Most records are not this; parsing them all is what takes the time.
            if !contains(bytes, br#""type":"key-rotation""#) {
                return Ok(());
            }
            let leaf = Leaf::from_bytes(bytes)
                .map_err(|error| LedgerError::damaged(path, error.to_string()))?;
            let text = |name: &str| leaf.detail.get(name).and_then(|value| value.as_str());
            if leaf.kind == RecordType::KeyRotation && text("role") == Some("witness") {
                keys.push(WitnessKey::parse(text("key").unwrap_or_default())?);
            }
            Ok(())
        })?;
        Ok(keys)
    }

    /// The entry bundle as of this checkpoint.
    pub(crate) fn bundle(&self, number: u64) -> Result<Vec<u8>, LedgerError> {
        let mut bundle = Vec::new();
        self.for_each(number * TILE_WIDTH, TILE_WIDTH, |_, leaf| {
            push_entry(&mut bundle, leaf);
            Ok(())
        })?;
        Ok(bundle)
    }

    /// The hash tile as of this checkpoint.
    pub(crate) fn tile(&self, level: u8, number: u64) -> Result<Vec<u8>, LedgerError> {
        let width = layout::width(level, number, self.size());
        let path = layout::tile(level, number, width);
        let mut bytes = self.read_grown(&path, &layout::tile(level, number, TILE_WIDTH))?;
        let length = usize::try_from(width).unwrap_or(0) * tlog_tiles::HASH_SIZE;
        if bytes.len() < length {
            return Err(LedgerError::damaged(&path, "it is cut"));
        }
        bytes.truncate(length);
        Ok(bytes)
    }

    /// A partial tile or bundle may have been deleted since its checkpoint, because a full or a wider one
    /// took its place; that one begins with the same bytes.
    fn read_grown(&self, path: &str, full: &str) -> Result<Vec<u8>, LedgerError> {
        for _ in 0..ATTEMPTS {
            for path in [path, full] {
                if let Some(bytes) = self.read(path)? {
                    return Ok(bytes);
                }
            }
            // What is listed may go as well, while another one is written.
            let Some(wider) = self.wider(path, full)? else {
                break;
            };
            if let Some(bytes) = self.read(&wider)? {
                return Ok(bytes);
            }
        }
        Err(LedgerError::damaged(path, "it is missing"))
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        let read = self.storage.read(path);
        read.map_err(|cause| LedgerError::storage(path, "read", cause))
    }

    /// The narrowest partial tile that is wider than this one, in its place.
    fn wider(&self, path: &str, full: &str) -> Result<Option<String>, LedgerError> {
        let width = |path: &str| layout::parse_tile(path).map(|(_, _, width)| width);
        let folder = layout::partials(full);
        let found = self.storage.list(&folder);
        let found = found.map_err(|cause| LedgerError::storage(&folder, "listed", cause))?;
        let wider = found.into_iter().filter(|one| width(one) > width(path));
        Ok(wider.min_by_key(|one| width(one)))
    }

    fn read_hash(&self, index: u64) -> Result<Hash, LedgerError> {
        let tile = Tile::from_index(TILE_HEIGHT, index);
        let (level, number) = (tile.level(), tile.level_index());
        let width = layout::width(level, number, self.size());
        let path = layout::tile(level, number, width);
        let mut tiles = self.tiles.borrow_mut();
        let data = match tiles.entry((level, number)) {
            Entry::Occupied(read) => read.into_mut(),
            Entry::Vacant(unread) => {
                unread.insert(self.read_grown(&path, &layout::tile(level, number, TILE_WIDTH))?)
            }
        };
        tile.hash_at_index(data, index)
            .map_err(|error| LedgerError::damaged(&path, error.to_string()))
    }

    /// The library's errors have no room for ours, so ours waits in `failure`.
    fn attempt<T>(&self, result: Result<T, tlog_tiles::Error>) -> Result<T, LedgerError> {
        result.map_err(|error| {
            self.failure
                .take()
                .unwrap_or_else(|| LedgerError::damaged("tile/", error.to_string()))
        })
    }
}

impl HashReader for LogReader<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        let read = |index: &u64| {
            self.read_hash(*index).map_err(|error| {
                self.failure.replace(Some(error));
                tlog_tiles::Error::InvalidTile
            })
        };
        indexes.iter().map(read).collect()
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
