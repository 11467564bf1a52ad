//! Whether the log files of CloudTrail are those that CloudTrail delivered: digest files, their chain and
//! their signatures, without AWS.
//!
//! A digest lists the log files of an hour with their hashes, and holds the hash and the signature of
//! the digest before it; the newest one's signature is the `signature` of its S3 metadata. Sources:
//! CloudTrail user guide, "CloudTrail digest file structure" and "Custom implementations of CloudTrail
//! log file integrity validation".

mod chain;
mod digest;
mod files;
mod keys;

pub use chain::{Chain, Problem, Report, validate};
pub use digest::TrailError;
pub use keys::PublicKeys;
