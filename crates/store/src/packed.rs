//! JSON at rest that an import writes with every finding: Zstandard, whose frame says how long the text is.

use std::cell::RefCell;
use std::io;

use zstd::bulk;

/// Speed before size: an import is bound by this and by the database.
const LEVEL: i32 = 1;

thread_local! {
    /// To make one takes longer than to compress a finding.
    static COMPRESSOR: RefCell<Option<bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses.
///
/// # Errors
/// Where there is no memory for it.
pub fn pack(text: &[u8]) -> io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|kept| {
        let compressor = match kept {
            Some(compressor) => compressor,
            None => kept.insert(bulk::Compressor::new(LEVEL)?),
        };
        compressor.compress(text)
    })
}

/// What was compressed.
///
/// # Errors
/// Where it is damaged, or says that it is longer than `longest` bytes.
pub fn unpack(packed: &[u8], longest: usize) -> io::Result<Vec<u8>> {
    let size = zstd::zstd_safe::get_frame_content_size(packed)
        .ok()
        .flatten()
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size <= longest)
        .ok_or_else(|| io::Error::other("no size"))?;
    bulk::decompress(packed, size)
}
