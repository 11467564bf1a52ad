//! Where a log in a bucket is, and how S3 keeps it.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

/// Where a log is: `s3://BUCKET` or `s3://BUCKET/PREFIX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketUrl {
    bucket: String,
    /// Empty, or ending in `/`.
    prefix: String,
}

impl BucketUrl {
    /// Reads the URL; none where the text is none of S3's.
    pub fn parse(text: &str) -> Option<BucketUrl> {
        let place = text.strip_prefix("s3://")?;
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        let prefix = prefix.trim_end_matches('/');
        let is_path = |part: &str| {
            !part.is_empty() && part != "." && part != ".." && part.bytes().all(is_plain)
        };
        if bucket.len() < 3 || !bucket.bytes().all(is_plain) {
            return None;
        }
        if !prefix.is_empty() && !prefix.split('/').all(is_path) {
            return None;
        }
        let prefix = if prefix.is_empty() {
            String::new()
        } else {
            format!("{prefix}/")
        };
        let bucket = bucket.to_owned();
        Some(BucketUrl { bucket, prefix })
    }

    pub(crate) fn bucket(&self) -> &str {
        &self.bucket
    }

    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }
}

impl fmt::Display for BucketUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = self.prefix.trim_end_matches('/');
        write!(out, "s3://{}", self.bucket)?;
        if prefix.is_empty() {
            return Ok(());
        }
        write!(out, "/{prefix}")
    }
}

/// How S3 keeps the objects of a log (Object Lock).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectLock {
    /// Whether nobody can shorten it, the account's root user included (`COMPLIANCE`), or whoever may
    /// bypass governance can (`GOVERNANCE`).
    pub is_compliance: bool,
    /// Until when.
    pub until: Timestamp,
}

impl ObjectLock {
    pub(crate) fn mode(self) -> &'static str {
        if self.is_compliance {
            "COMPLIANCE"
        } else {
            "GOVERNANCE"
        }
    }
}

/// The end of a retention of this many days.
pub fn retained_until(now: Timestamp, days: u32) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(i64::from(days) * 24))
        .unwrap_or(Timestamp::MAX)
}
