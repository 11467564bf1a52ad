//! Verifies an evidence log, or a package cut from one, without trusting who made it.
//!
//! It reads what `docs/formats/ledger.md` specifies and shares no code with the crate that writes it:
//! notes, tiles, canonical JSON, bodies and zip files are read here by other means. It never writes,
//! and never asks a network or a clock.
//!
//! What each result rests on:
//! - a package alone shows that nothing in it was changed since its checkpoint was signed by the key
//!   that it names itself;
//! - a pinned key (`--key`) shows whose key that is;
//! - an earlier checkpoint that the auditor kept (`--pin`) shows that nothing before it was changed;
//! - a witness' cosignature (`--witness`) shows that others saw this log, and when;
//! - a timestamp by an authority that is trusted (`--tsa-cert`) shows that the log was this by then.
//!
//! A flaw in what is read is a [`Problem`] in the [`Report`]; an `Err` means that nothing could be
//! checked.

mod blobs;
mod bundles;
mod canonical;
mod chain;
mod checkpoints;
mod completeness;
mod error;
mod files;
mod folder;
mod leaf;
mod merkle;
mod note;
mod openings;
mod output;
mod path;
mod report;
mod source;
mod tiles;
mod time;
mod timestamp;
mod timestamps;
mod verify;
mod zip;

pub use error::VerifyError;
pub use note::{LogVerifier, WitnessVerifier};
pub use output::json::v1::document as json_v1;
pub use output::text;
pub use report::{Cosigned, Expired, Gone, Opened, Problem, ProblemKind, Report, Stamped};
pub use timestamp::{Authorities, Stamp, TimestampError, check as check_timestamp};
pub use verify::{Options, verify};
