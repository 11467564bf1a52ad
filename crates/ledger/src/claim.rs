//! What is to follow a tree, decided before anything of it can be seen.
//!
//! In a bucket nothing excludes a writer elsewhere. So a batch is first claimed: its leaves and the
//! checkpoint over them are stored under `.next/<N>`, N the size of the tree that they follow, where
//! nothing is. Of all writers one succeeds, and that decides. From there on every byte of the log is a
//! consequence of what was claimed, so anybody may complete it, twice or at the same time: whoever finds
//! a claim does, before appending anything of its own. When `checkpoint` is replaced the claim is made
//! empty, and stays: nobody decides about that tree again.

use crate::checkpoint::Checkpoint;
use crate::commit::{ATTEMPTS, Next, State};
use crate::edge::{Edge, split};
use crate::error::LedgerError;
use crate::key::LogKey;
use crate::layout::{self, CHECKPOINT};
use crate::log::Log;
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

impl Log {
    /// Decides that this batch follows, or completes what another writer decided: then false.
    pub(crate) fn claim(&self, known: Option<&State>, next: &Next) -> Result<bool, LedgerError> {
        let path = layout::next(known.map_or(0, |known| known.edge.size()));
        let claim = Claim {
            checkpoint: next.checkpoint.clone(),
            leaves: next.leaves.clone(),
        };
        let found = self
            .storage
            .claim(&path, &claim.to_bytes()?)
            .map_err(|cause| LedgerError::storage(&path, "written", cause))?;
        match found {
            None => Ok(true),
            Some(found) => self.finish(known, &found).map(|()| false),
        }
    }

    /// Completes what was claimed to follow this tree.
    fn finish(&self, known: Option<&State>, claim: &[u8]) -> Result<(), LedgerError> {
        let since = known.map_or(0, |known| known.edge.size());
        let path = layout::next(since);
        if claim.is_empty() {
            // It was published: this process is slow, or somebody put `checkpoint` back.
            let newest = self.newest()?;
            if newest.is_some_and(|newest| newest.size > since) {
                return Ok(());
            }
            let what = format!("records follow its {since}: it was put back, or is gone");
            return Err(LedgerError::damaged(CHECKPOINT, what));
        }
        let claim = Claim::parse(claim, &path, &self.key)?;
        let empty = Edge::default();
        let edge = known.map_or(&empty, |known| &known.edge);
        let (_, tiles) = claim.tiles(edge, &path)?;
        self.complete(known, &tiles, &claim.checkpoint)
    }

    /// Writes what follows from a claim, and puts its checkpoint in the place of the one before. Others
    /// may be at the same, and a witness' cosignature may come in between.
    pub(crate) fn complete(
        &self,
        known: Option<&State>,
        tiles: &[Object],
        checkpoint: &Checkpoint,
    ) -> Result<(), LedgerError> {
        self.write(tiles)?;
        let bytes = checkpoint.to_bytes();
        let refuse = |cause| LedgerError::storage(CHECKPOINT, "written", cause);
        let mut before = known.map(|known| known.checkpoint.clone());
        for _ in 0..ATTEMPTS {
            let is_replaced = if let Some(before) = &before {
                self.keep(before)?;
                self.storage
                    .replace_if(CHECKPOINT, &before.to_bytes(), &bytes)
            } else {
                let found = self.storage.claim(CHECKPOINT, &bytes);
                found.map(|found| found.is_none())
            };
            if !is_replaced.map_err(refuse)? {
                match self.newest()? {
                    // Somebody completed it, and more may have followed.
                    Some(newest) if newest.size >= checkpoint.size => {}
                    cosigned_or_gone => {
                        before = cosigned_or_gone;
                        continue;
                    }
                }
            }
            // A claim that is left as it was decides the same again.
            let path = layout::next(known.map_or(0, |known| known.edge.size()));
            match self.storage.replace(&path, &[]) {
                Ok(()) | Err(_) => return Ok(()),
            }
        }
        Err(LedgerError::Contended)
    }

    /// Keeps the checkpoint that is about to be replaced, with all its cosignatures.
    fn keep(&self, checkpoint: &Checkpoint) -> Result<(), LedgerError> {
        let path = layout::kept_checkpoint(checkpoint.size);
        let refuse = |cause| LedgerError::storage(&path, "written", cause);
        let bytes = checkpoint.to_bytes();
        let Some(found) = self.storage.claim(&path, &bytes).map_err(refuse)? else {
            return Ok(());
        };
        let kept = Checkpoint::parse(&found, &path)?;
        if !kept.has_text_of(checkpoint) {
            let what = "it is of another tree than the checkpoint of its size";
            return Err(LedgerError::damaged(&path, what));
        }
        if checkpoint.signers().len() > kept.signers().len() {
            self.storage
                .replace_if(&path, &found, &bytes)
                .map_err(refuse)?;
        }
        Ok(())
    }

    /// Completes what a writer that stopped has claimed, and refuses a log whose checkpoint was put
    /// back.
    pub(crate) fn settle_claims(&self, state: &mut Option<State>) -> Result<(), LedgerError> {
        for _ in 0..ATTEMPTS {
            let known = self.refresh(state)?;
            let path = layout::next(known.edge.size());
            let Some(claim) = self.read(&path)? else {
                return Ok(());
            };
            self.finish(Some(known), &claim)?;
        }
        Err(LedgerError::Contended)
    }
}
