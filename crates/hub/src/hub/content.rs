//! A provider's finding at rest: JSON in Zstandard.

use posture_store::packed::{self, Dictionary};

use crate::HubError;
use crate::finding::{Object, Unread};

/// What a finding may be after decompression; imports refuse longer ones.
pub(crate) const LONGEST: usize = 64 << 20;

/// For storing.
pub(crate) fn compressed(asff: &Object, unread: &Unread) -> Result<Vec<u8>, HubError> {
    let text = unread.with(asff).map_err(HubError::Setting)?;
    packed::pack(&text, Dictionary::Findings).map_err(HubError::Compress)
}

/// From what is stored.
pub(crate) fn decompressed(finding: i64, content: &[u8]) -> Result<Object, HubError> {
    let damaged = |cause| HubError::Damaged { finding, cause };
    let text = packed::unpack(content, LONGEST).map_err(damaged)?;
    serde_json::from_slice(&text).map_err(|cause| damaged(cause.into()))
}
