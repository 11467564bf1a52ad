//! What is to follow a tree, decided before anything of it can be seen.
//!
//! In a bucket nothing excludes a writer elsewhere. So a batch is first claimed: its leaves and the
//! checkpoint over them are stored under `.next/<N>`, N the size of the tree that they follow, where
//! nothing is. Of all writers one succeeds, and that decides. From there on every byte of the log is a
//! consequence of what was claimed, so anybody may complete it, twice or at the same time: whoever finds
//! a claim does, before appending anything of its own. When `checkpoint` is replaced the claim is made
//! empty, and stays: nobody decides about that tree again.

use crate::checkpoint::Checkpoint;
use crate::edge::{Edge, split};
use crate::error::LedgerError;
use crate::key::LogKey;
use crate::storage::Object;

/// First line of a claim.
const MAGIC: &[u8] = b"posture.next/v1\n";

/// Bytes that tell the claims of two writers apart that append the same at the same time.
const NONCE: usize = 16;

/// A batch with the checkpoint that covers it.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) checkpoint: Checkpoint,
    /// The leaves, as in an entry bundle.
    pub(crate) leaves: Vec<u8>,
}

impl Claim {
    /// The stored form: the first line, random bytes, the length of the checkpoint (32 bits,
    /// big-endian), the checkpoint, the leaves.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, LedgerError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(LedgerError::Random)?;
        let note = self.checkpoint.to_bytes();
        let length = u32::try_from(note.len()).unwrap_or(u32::MAX);
        let mut bytes = MAGIC.to_vec();
        bytes.extend(nonce);
        bytes.extend(length.to_be_bytes());
        bytes.extend(note);
        bytes.extend(&self.leaves);
        Ok(bytes)
    }

    /// Reads a claim that another writer made, and refuses one that this log's key did not sign.
    pub(crate) fn parse(bytes: &[u8], path: &str, key: &LogKey) -> Result<Claim, LedgerError> {
        let damaged = || LedgerError::damaged(path, "it is no claim");
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(damaged)?;
        let rest = rest.get(NONCE..).ok_or_else(damaged)?;
        let (length, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let (note, leaves) = rest.split_at_checked(length).ok_or_else(damaged)?;
        let checkpoint = Checkpoint::parse(note, path)?;
        checkpoint.require_signature(key)?;
        Ok(Claim {
            checkpoint,
            leaves: leaves.to_vec(),
        })
    }

    /// The tiles that follow from it, and the edge behind them. What was claimed has to be what the
    /// checkpoint covers.
    pub(crate) fn tiles(
        &self,
        before: &Edge,
        path: &str,
    ) -> Result<(Edge, Vec<Object>), LedgerError> {
        let mut edge = before.clone();
        let mut objects = Vec::new();
        let leaves =
            split(&self.leaves).ok_or_else(|| LedgerError::damaged(path, "its leaves are cut"))?;
        for leaf in leaves {
            edge.push(leaf, &mut objects);
        }
        objects.extend(edge.partial_objects(before.size()));
        let is_covered =
            edge.size() == self.checkpoint.size && edge.root() == Some(self.checkpoint.root_hash());
        if !is_covered {
            let what = "its records do not add up to its checkpoint's root";
            return Err(LedgerError::damaged(path, what));
        }
        Ok((edge, objects))
    }
}
