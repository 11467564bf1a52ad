//! Timestamps of checkpoints: asking for one (RFC 3161, 2.4.1), and keeping the reply beside the log.
//!
//! Whether a reply holds is not judged here: `posture-verify` does, before it is kept and ever after.

use crate::blob::hex;
use crate::checkpoint::Checkpoint;
use crate::error::LedgerError;
use crate::layout::{self, CHECKPOINT, TIMESTAMPS};
use crate::log::Log;
use crate::reader::LogReader;
use crate::storage::Object;

use sha2::{Digest as _, Sha256};

/// `TimeStampReq` up to the digest: version 1, and SHA-256 without parameters (RFC 5754, 2).
const HEAD: [u8; 20] = [
    0x30, 0x41, 0x02, 0x01, 0x01, 0x30, 0x2f, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
    0x03, 0x04, 0x02, 0x01,
];
const DIGEST: [u8; 2] = [0x04, 0x20];
const NONCE: [u8; 2] = [0x02, 0x08];
/// That the signer's certificate is wanted.
const CERTIFICATE: [u8; 3] = [0x01, 0x01, 0xff];

/// A request for a timestamp of a checkpoint's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimestampRequest {
    /// `TimeStampReq` in DER, for an authority.
    pub bytes: Vec<u8>,
    /// The integer that the reply has to have, big-endian.
    pub nonce: [u8; 8],
}

impl TimestampRequest {
    /// Asks for the checkpoint's text, with a nonce that nobody can know before.
    ///
    /// # Errors
    /// The system gave no random bytes.
    pub fn of(checkpoint: &Checkpoint) -> Result<TimestampRequest, LedgerError> {
        let mut nonce = [0; 8];
        getrandom::fill(&mut nonce).map_err(LedgerError::Random)?;
        // Positive, and of eight bytes in DER.
        nonce[0] = nonce[0] & 0x3f | 0x40;
        let digest = Sha256::digest(checkpoint.text());
        let parts: [&[u8]; 6] = [&HEAD, &DIGEST, &digest, &NONCE, &nonce, &CERTIFICATE];
        Ok(TimestampRequest {
            bytes: parts.concat(),
            nonce,
        })
    }
}

impl Log {
    /// Keeps a reply about a checkpoint, which `posture-verify` has found to hold. One that is there
    /// already stays.
    ///
    /// # Errors
    /// The log has no such checkpoint, or it could not be written.
    pub fn add_timestamp(&self, checkpoint: &Checkpoint, reply: &[u8]) -> Result<(), LedgerError> {
        let size = checkpoint.size;
        let object = Object {
            path: layout::timestamp(size, &hex(&Sha256::digest(reply))),
            bytes: reply.to_vec(),
        };
        let mut lease = self.lease()?;
        if !LogReader::open_at(self.storage.as_ref(), size)?
            .checkpoint()
            .has_text_of(checkpoint)
        {
            let what = format!("it has another checkpoint of {size} records");
            return Err(LedgerError::damaged(CHECKPOINT, what));
        }
        if self.exists(&object.path)? {
            return Ok(());
        }
        // Whoever left tiles behind is not the one that is settled here.
        let was_unsettled = lease.is_unsettled();
        let path = object.path.clone();
        let mut write = || {
            lease.begin()?;
            self.storage.write(std::slice::from_ref(&object))?;
            if was_unsettled {
                return Ok(());
            }
            lease.settle()
        };
        write().map_err(|cause| LedgerError::storage(&path, "written", cause))
    }
}

impl LogReader<'_> {
    /// Timestamps of this checkpoint and of earlier ones: sizes and paths, rising.
    ///
    /// # Errors
    /// They could not be listed.
    pub fn timestamps(&self) -> Result<Vec<(u64, String)>, LedgerError> {
        let paths = self
            .storage()
            .list(TIMESTAMPS)
            .map_err(|cause| LedgerError::storage(TIMESTAMPS, "listed", cause))?;
        let mut found: Vec<(u64, String)> = paths
            .into_iter()
            .filter_map(|path| Some((layout::parse_timestamp(&path)?, path)))
            .filter(|(size, _)| *size <= self.size())
            .collect();
        found.sort_unstable();
        Ok(found)
    }

    /// The newest timestamp: the text of its checkpoint, and the reply. None where there is none.
    ///
    /// # Errors
    /// It or its checkpoint could not be read.
    pub fn newest_timestamp(&self) -> Result<Option<(Checkpoint, Vec<u8>)>, LedgerError> {
        let Some((size, path)) = self.timestamps()?.pop() else {
            return Ok(None);
        };
        let bytes = self
            .storage()
            .read(&path)
            .map_err(|cause| LedgerError::storage(&path, "read", cause))?
            .ok_or_else(|| LedgerError::damaged(&path, "it is missing"))?;
        if size == self.size() {
            return Ok(Some((self.checkpoint().clone(), bytes)));
        }
        let checkpoint = LogReader::open_at(self.storage(), size)?
            .checkpoint()
            .clone();
        Ok(Some((checkpoint, bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;
    use crate::key::KeyFile;
    use crate::record::{Record, RecordType};
    use jiff::Timestamp;

    #[test]
    fn a_timestamp_is_of_a_checkpoint_that_is_there_and_is_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let key = KeyFile::new(folder.path().join("key")).create("a.example/log");
        let storage = || Box::new(Directory::new(folder.path().join("log")));
        let log = Log::create(storage(), key.unwrap(), Timestamp::UNIX_EPOCH).unwrap();
        let first = log.reader().unwrap().checkpoint().clone();
        let record = Record::new(RecordType::Decision, "x");
        log.append(vec![record], Timestamp::UNIX_EPOCH).unwrap();

        log.add_timestamp(&first, b"reply").unwrap();
        log.add_timestamp(&first, b"reply").unwrap();
        let found = log.reader().unwrap().timestamps().unwrap();
        let [(1, path)] = found.as_slice() else {
            unreachable!("{found:?}")
        };
        assert_eq!(layout::parse_timestamp(path), Some(1));
        let newest = log.reader().unwrap().newest_timestamp().unwrap();
        assert_eq!(newest, Some((first.clone(), b"reply".to_vec())));

        let other = KeyFile::new(folder.path().join("other")).create("a.example/log");
        let other = Log::create(
            Box::new(Directory::new(folder.path().join("more"))),
            other.unwrap(),
            Timestamp::UNIX_EPOCH,
        );
        let refused = other.unwrap().add_timestamp(&first, b"reply");
        assert!(
            matches!(refused, Err(LedgerError::Damaged { .. })),
            "{refused:?}"
        );
    }
}
