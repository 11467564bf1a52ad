//! The evidence ledger: an append-only [C2SP tlog-tiles](https://c2sp.org/tlog-tiles) log.
//!
//! What Posture sees and does becomes a [`Record`]. Records are appended in batches; each batch ends
//! in a signed [checkpoint](https://c2sp.org/tlog-checkpoint). Bodies of records (raw replies, files,
//! reports) are stored beside the log by their SHA-256. `docs/formats/ledger.md` is the format, in
//! MUST words; `posture-verify` reads it without this crate.
//!
//! States of a record, and the words used for them everywhere:
//! - *accepted*: in a caller's hands, not in the log;
//! - *integrated*: its leaf is in tiles that are on the disk, and no checkpoint covers it;
//! - *published*: a checkpoint on the disk covers it. [`Log::append`] returns only then.
//!
//! A crash leaves published records published and integrated ones unpublished: the checkpoint is
//! replaced last, in one step, after everything it covers is durable.
//!
//! What is deliberately absent: a way to change or remove a record; a clock (the caller passes the
//! time); any reading of what a record means.

mod blob;
mod bucket;
#[cfg(test)]
mod bucket_faults;
#[cfg(test)]
mod bucket_model;
mod bucket_url;
mod checkpoint;
mod claim;
mod commit;
mod copy;
mod directory;
mod edge;
mod encode;
mod erase;
mod error;
#[cfg(test)]
mod faults;
mod files;
mod key;
mod layout;
mod legal_hold;
mod log;
mod objects;
mod package;
mod reader;
mod record;
mod s3;
mod s3_parts;
mod scan_run;
mod storage;
mod timestamp;
mod witness;
mod zip;

pub use blob::BodyRef;
pub use bucket::Bucket;
pub use bucket_url::{BucketUrl, ObjectLock, retained_until};
pub use checkpoint::{Checkpoint, Cosignature};
pub use copy::copy;
pub use directory::Directory;
pub use erase::{Erased, Eraser};
pub use error::LedgerError;
pub use key::{KeyFile, LogKey};
pub use log::{Appended, Log};
pub use package::{Contents, write_folder, write_zip};
pub use reader::{InclusionProof, LogReader};
pub use record::{Body, Leaf, Record, RecordType, Times};
pub use scan_run::{ScanRun, Schedule};
pub use storage::{Lease, Object, Storage};
pub use timestamp::TimestampRequest;
pub use witness::WitnessKey;
