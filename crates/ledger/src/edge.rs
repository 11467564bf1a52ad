//! The right edge of the tree: all that is needed to append, and nothing else.

use tlog_tiles::{EMPTY_HASH, Hash, HashReader, Tile, record_hash, tree_hash};

use crate::error::LedgerError;
use crate::layout::{self, TILE_HEIGHT, TILE_WIDTH};
use crate::record::Leaf;
use crate::storage::{Object, Storage};

const HASH_BYTES: usize = tlog_tiles::HASH_SIZE;

/// The tiles at the edge that are not full, and the bundle beside level 0's.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edge {
    size: u64,
    /// By level: the hashes of the tile that is not full, none where the last one is.
    levels: Vec<Vec<u8>>,
    bundle: Vec<u8>,
}

impl Edge {
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Reads the edge of a tree of this size, and proves it against the tree's root. Returns the
    /// newest leaf with it.
    pub(crate) fn load(
        storage: &dyn Storage,
        size: u64,
        root: Hash,
    ) -> Result<(Edge, Option<Leaf>), LedgerError> {
        let mut edge = Edge {
            size,
            ..Edge::default()
        };
        let mut level = 0;
        while size >> (level * TILE_HEIGHT) > 0 {
            let number = (size >> (level * TILE_HEIGHT)) / TILE_WIDTH;
            let width = layout::width(level, number, size);
            let mut hashes = Vec::new();
            if width > 0 {
                let path = layout::tile(level, number, width);
                hashes = read(storage, &path)?;
                if hashes.len() as u64 != width * HASH_BYTES as u64 {
                    return Err(LedgerError::damaged(&path, "it has the wrong length"));
                }
            }
            edge.levels.push(hashes);
            level += 1;
        }
        if edge.root() != Some(root) {
            return Err(LedgerError::damaged(
                "tile/",
                "its hashes do not add up to the checkpoint's root",
            ));
        }
        let newest = edge.load_bundle(storage)?;
        Ok((edge, newest))
    }

    /// The last bundle: kept where it is not full, and read for its newest leaf in any case.
    fn load_bundle(&mut self, storage: &dyn Storage) -> Result<Option<Leaf>, LedgerError> {
        let Some(last) = self.size.checked_sub(1) else {
            return Ok(None);
        };
        let number = last / TILE_WIDTH;
        let width = layout::width(0, number, self.size);
        let path = layout::bundle(number, width);
        let bytes = read(storage, &path)?;
        let leaves = split(&bytes)
            .filter(|leaves| leaves.len() as u64 == width)
            .ok_or_else(|| LedgerError::damaged(&path, "it is no bundle of the right length"))?;
        if width < TILE_WIDTH {
            let hashes: Vec<u8> = leaves.iter().flat_map(|leaf| record_hash(leaf).0).collect();
            if self.levels.first() != Some(&hashes) {
                return Err(LedgerError::damaged(
                    &path,
                    "its records are not those of the hash tile",
                ));
            }
        }
        let newest = leaves
            .last()
            .map(|leaf| Leaf::from_bytes(leaf))
            .transpose()
            .map_err(|error| LedgerError::damaged(&path, error.to_string()))?;
        if width < TILE_WIDTH {
            self.bundle = bytes;
        }
        Ok(newest)
    }

    /// Adds a leaf. Tiles and bundles that it fills are pushed to `full`.
    pub(crate) fn push(&mut self, leaf: &[u8], full: &mut Vec<Object>) {
        push_entry(&mut self.bundle, leaf);
        let mut hash = record_hash(leaf);
        self.size += 1;
        let mut level = 0u8;
        loop {
            let place = usize::from(level);
            if self.levels.len() <= place {
                self.levels.push(Vec::new());
            }
            let Some(hashes) = self.levels.get_mut(place) else {
                return;
            };
            hashes.extend_from_slice(&hash.0);
            if hashes.len() as u64 != TILE_WIDTH * HASH_BYTES as u64 {
                return;
            }
            let bytes = std::mem::take(hashes);
            let number = (self.size >> (level * TILE_HEIGHT)) / TILE_WIDTH - 1;
            if level == 0 {
                full.push(Object {
                    path: layout::bundle(number, TILE_WIDTH),
                    bytes: std::mem::take(&mut self.bundle),
                });
            }
            hash = Tile::subtree_hash(&bytes);
            full.push(Object {
                path: layout::tile(level, number, TILE_WIDTH),
                bytes,
            });
            level += 1;
        }
    }

    /// The tiles and the bundle that are not full, where they changed since the tree had `since`
    /// records.
    pub(crate) fn partial_objects(&self, since: u64) -> Vec<Object> {
        let mut objects = Vec::new();
        for (level, hashes) in (0u8..).zip(&self.levels) {
            let shift = level * TILE_HEIGHT;
            if hashes.is_empty() || self.size >> shift == since >> shift {
                continue;
            }
            let number = (self.size >> shift) / TILE_WIDTH;
            let width = layout::width(level, number, self.size);
            if level == 0 {
                objects.push(Object {
                    path: layout::bundle(number, width),
                    bytes: self.bundle.clone(),
                });
            }
            objects.push(Object {
                path: layout::tile(level, number, width),
                bytes: hashes.clone(),
            });
        }
        objects
    }

    /// Folders of partial tiles and bundles that were at the edge when the tree had `since` records
    /// and have full ones now: C2SP lets these be deleted.
    pub(crate) fn superseded(&self, since: u64) -> Vec<String> {
        let mut folders = Vec::new();
        for level in (0u8..).take(self.levels.len()) {
            let shift = level * TILE_HEIGHT;
            let number = (since >> shift) / TILE_WIDTH;
            let was_partial = layout::width(level, number, since) > 0;
            if was_partial && layout::width(level, number, self.size) == TILE_WIDTH {
                push_partials(level, number, &mut folders);
            }
        }
        folders
    }

    /// Folders of the partial tiles and bundles at the edge that changed since the tree had `since` records.
    pub(crate) fn growing(&self, since: u64) -> Vec<String> {
        let mut folders = Vec::new();
        for (level, hashes) in (0u8..).zip(&self.levels) {
            let shift = level * TILE_HEIGHT;
            if !hashes.is_empty() && self.size >> shift != since >> shift {
                push_partials(level, (self.size >> shift) / TILE_WIDTH, &mut folders);
            }
        }
        folders
    }

    /// The root over all leaves (RFC 6962, 2.1); none where a tile has the wrong length.
    pub(crate) fn root(&self) -> Option<Hash> {
        if self.size == 0 {
            return Some(EMPTY_HASH);
        }
        tree_hash(self.size, self).ok()
    }
}

impl HashReader for Edge {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        let read = |index: &u64| {
            let tile = Tile::from_index(TILE_HEIGHT, *index);
            let data = self
                .levels
                .get(usize::from(tile.level()))
                .ok_or(tlog_tiles::Error::IndexesNotInTree)?;
            tile.hash_at_index(data, *index)
        };
        indexes.iter().map(read).collect()
    }
}

fn push_partials(level: u8, number: u64, folders: &mut Vec<String>) {
    folders.push(layout::partials(&layout::tile(level, number, TILE_WIDTH)));
    if level == 0 {
        folders.push(layout::partials(&layout::bundle(number, TILE_WIDTH)));
    }
}

/// Adds a leaf to a bundle.
pub(crate) fn push_entry(bundle: &mut Vec<u8>, leaf: &[u8]) {
    // A leaf is at most 65,535 bytes; Leaf::to_bytes sees to it.
    let length = u16::try_from(leaf.len()).unwrap_or(u16::MAX);
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(leaf);
}

/// The entries of a bundle: each a big-endian 16-bit length and that many bytes.
pub(crate) fn split(mut bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let mut leaves = Vec::new();
    while let Some((length, rest)) = bundle.split_first_chunk() {
        let (leaf, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        leaves.push(leaf);
        bundle = rest;
    }
    bundle.is_empty().then_some(leaves)
}

fn read(storage: &dyn Storage, path: &str) -> Result<Vec<u8>, LedgerError> {
    storage
        .read(path)
        .map_err(|cause| LedgerError::storage(path, "read", cause))?
        .ok_or_else(|| LedgerError::damaged(path, "it is missing"))
}
