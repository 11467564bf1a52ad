//! Why the ledger refuses.

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;

/// Why the ledger could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// An object of the log could not be read or written; nothing that was published is lost.
    #[error("{path} in the log could not be {action}")]
    Storage {
        /// Path of the object inside the log.
        path: String,
        /// `read`, `written`, …
        action: &'static str,
        /// What the storage said.
        #[source]
        cause: io::Error,
    },
    /// The directory holds no log.
    #[error("{place} holds no log: it has no checkpoint")]
    NoLog {
        /// Where a log was looked for.
        place: String,
    },
    /// A log exists where one should be created.
    #[error("{place} already holds a log")]
    LogExists {
        /// Where it is.
        place: String,
    },
    /// Somebody appended meanwhile.
    #[error("the log has {found} records, and not {expected}: somebody appended meanwhile")]
    Grown {
        /// How many there were to be.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// Other writers came first again and again.
    #[error("other writers kept appending to the log; try again")]
    Contended,
    /// A stored object contradicts the checkpoint. Nothing is appended to a damaged log.
    #[error("{path} is damaged: {what}")]
    Damaged {
        /// Path of the object inside the log.
        path: String,
        /// What does not fit.
        what: String,
    },
    /// A checkpoint is not signed by the key at hand.
    #[error("the checkpoint of {origin} is not signed by {key}")]
    NotSigned {
        /// The log's origin line.
        origin: String,
        /// Name and id of the key.
        key: String,
    },
    /// The clock is earlier than the newest record, by more than a minute.
    #[error(
        "the clock says {now}, but the newest record was recorded at {newest}; nothing was appended"
    )]
    ClockWentBack {
        /// The caller's clock.
        now: Timestamp,
        /// Time of the newest record.
        newest: Timestamp,
    },
    /// A record says that something was seen after the record was made.
    #[error(
        "record {position} of the batch has {field} {time}, later than the clock {now}; nothing was appended"
    )]
    FromTheFuture {
        /// Place in the batch, from 0.
        position: usize,
        /// Which of the record's times.
        field: &'static str,
        /// That time.
        time: Timestamp,
        /// The caller's clock.
        now: Timestamp,
    },
    /// A record does not fit the format.
    #[error("record {position} of the batch {what}; nothing was appended")]
    Record {
        /// Place in the batch, from 0.
        position: usize,
        /// What does not fit.
        what: String,
    },
    /// The encoder itself failed: a bug.
    #[error("the records could not be encoded: the encoder itself failed; nothing was appended")]
    Encoding,
    /// A body that a record names is not stored.
    #[error("body {sha256} is not stored; nothing was appended")]
    NoBody {
        /// SHA-256 of the plain bytes, hex.
        sha256: String,
    },
    /// No record has this index.
    #[error("the log has {size} records; there is none with index {index}")]
    NoRecord {
        /// What was asked for.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// No checkpoint of this size is kept.
    #[error("no checkpoint of {size} records is kept")]
    NoCheckpoint {
        /// What was asked for.
        size: u64,
    },
    /// A proof between trees that do not exist was asked for.
    #[error("no consistency proof from {from} to {to} records exists")]
    NoProof {
        /// Size of the older tree.
        from: u64,
        /// Size of the newer tree.
        to: u64,
    },
    /// A key file can be read by others.
    #[error("{} can be read by others (mode {mode:o}); run chmod 600 on it", path.display())]
    KeyPermissions {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A key file exists already, and a key is never overwritten.
    #[error("{} exists; a key is never overwritten", path.display())]
    KeyExists {
        /// The key file.
        path: PathBuf,
    },
    /// A key file could not be read or written.
    #[error("key file {} could not be {action}", path.display())]
    KeyFile {
        /// The key file.
        path: PathBuf,
        /// `read` or `written`.
        action: &'static str,
        /// What the file system said.
        #[source]
        cause: io::Error,
    },
    /// The text is no key.
    #[error("{what} is no {kind}: {why}")]
    Key {
        /// Where the text came from; never a private key's text.
        what: String,
        /// `Ed25519 note key`, …
        kind: &'static str,
        /// What does not fit.
        why: String,
    },
    /// A cosignature was refused.
    #[error("the cosignature of {name} was refused: {why}")]
    Cosignature {
        /// Name of the witness.
        name: String,
        /// Why.
        why: String,
    },
    /// A package could not be written.
    #[error("the package {} could not be written", path.display())]
    Package {
        /// The file or folder.
        path: PathBuf,
        /// What the file system said.
        #[source]
        cause: io::Error,
    },
    /// Random bytes for a key could not be had.
    #[error("the system gave no random bytes")]
    Random(#[source] getrandom::Error),
}

impl LedgerError {
    pub(crate) fn damaged(path: &str, what: impl Into<String>) -> LedgerError {
        LedgerError::Damaged {
            path: path.to_owned(),
            what: what.into(),
        }
    }

    pub(crate) fn storage(path: &str, action: &'static str, cause: io::Error) -> LedgerError {
        LedgerError::Storage {
            path: path.to_owned(),
            action,
            cause,
        }
    }
}
