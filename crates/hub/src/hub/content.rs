//! A provider's finding at rest: JSON in Zstandard.

use std::cell::RefCell;

use zstd::bulk;

use crate::HubError;
use crate::finding::Object;

/// Speed before size: an import is bound by this and by the database.
const LEVEL: i32 = 1;

/// What a finding may be after decompression; imports refuse longer ones.
pub(crate) const LONGEST: usize = 64 << 20;

thread_local! {
    /// To make one takes longer than to compress a finding.
    static COMPRESSOR: RefCell<Option<bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

/// For storing.
pub(crate) fn compressed(asff: &Object) -> Result<Vec<u8>, HubError> {
    let text = serde_json::to_vec(asff).map_err(HubError::Setting)?;
    let compressed = COMPRESSOR.with_borrow_mut(|kept| {
        let compressor = match kept {
            Some(compressor) => compressor,
            None => kept.insert(bulk::Compressor::new(LEVEL)?),
        };
        compressor.compress(&text)
    });
    compressed.map_err(HubError::Compress)
}

/// From what is stored.
pub(crate) fn decompressed(finding: i64, content: &[u8]) -> Result<Object, HubError> {
    let damaged = |cause| HubError::Damaged { finding, cause };
    let size = zstd::zstd_safe::get_frame_content_size(content)
        .ok()
        .flatten()
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size <= LONGEST)
        .ok_or_else(|| damaged(std::io::Error::other("no size")))?;
    let text = bulk::decompress(content, size).map_err(damaged)?;
    serde_json::from_slice(&text).map_err(|cause| damaged(cause.into()))
}
