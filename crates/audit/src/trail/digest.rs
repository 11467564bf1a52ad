//! One digest file.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum TrailError {
    /// The keys can't be read.
    #[error(
        "the public keys can't be read: {0}; expected what `aws cloudtrail list-public-keys` prints"
    )]
    Keys(String),
    /// A folder or file can't be read.
    #[error("{path} can't be read")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// There is nothing to validate.
    #[error(
        "no digest file of CloudTrail is in {path}: expected AWSLogs/ACCOUNT/CloudTrail-Digest/…, as in the bucket"
    )]
    NoDigest {
        /// Where.
        path: PathBuf,
    },
}

impl TrailError {
    pub(super) fn read(path: &Path, cause: std::io::Error) -> TrailError {
        TrailError::Read {
            path: path.to_owned(),
            cause,
        }
    }
}

/// A digest, as CloudTrail writes it.
#[expect(clippy::struct_field_names, reason = "CloudTrail's names")]
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Digest {
    pub(super) aws_account_id: String,
    pub(super) digest_start_time: Timestamp,
    /// As it is written: it is signed so.
    pub(super) digest_end_time: String,
    pub(super) digest_s3_bucket: String,
    pub(super) digest_s3_object: String,
    pub(super) digest_public_key_fingerprint: String,
    pub(super) previous_digest_s3_bucket: Option<String>,
    pub(super) previous_digest_s3_object: Option<String>,
    pub(super) previous_digest_hash_value: Option<String>,
    pub(super) previous_digest_signature: Option<String>,
    pub(super) log_files: Vec<LogFile>,
}

/// A log file, as a digest names it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogFile {
    pub(super) s3_object: String,
    /// SHA-256 of the uncompressed content, hex.
    pub(super) hash_value: String,
}

/// A digest that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Its key, which is its path in the folder.
    pub(super) key: String,
    pub(super) digest: Digest,
    /// SHA-256 of its uncompressed content, hex.
    pub(super) sha256: String,
    /// The signature that stands beside it, hex.
    pub(super) beside: Option<String>,
}

impl Found {
    /// The text that is signed.
    pub(super) fn signed(&self) -> String {
        let Digest {
            digest_end_time,
            digest_s3_bucket,
            digest_s3_object,
            previous_digest_signature,
            ..
        } = &self.digest;
        let previous = previous_digest_signature.as_deref().unwrap_or("null");
        let sha256 = &self.sha256;
        format!("{digest_end_time}\n{digest_s3_bucket}/{digest_s3_object}\n{sha256}\n{previous}")
    }

    /// When the time ends that it is about.
    pub(super) fn end(&self) -> Option<Timestamp> {
        self.digest.digest_end_time.parse().ok()
    }
}
