//! Canonical items at rest: Zstandard, by the hash of their text.

use std::collections::{BTreeSet, HashMap};

use zstd::bulk;

use crate::StoreError;
use crate::db::{Transaction, Value, args};
use crate::record::Content;
use crate::record::Hash;

/// Speed before size: items are a few kilobytes, and most of a sweep's time is not spent here.
const LEVEL: i32 = 3;

/// Compresses one item after the other with one context.
pub(crate) struct Compressor(bulk::Compressor<'static>);

impl Compressor {
    pub(crate) fn new() -> Result<Compressor, StoreError> {
        Ok(Compressor(
            bulk::Compressor::new(LEVEL).map_err(StoreError::Compress)?,
        ))
    }

    /// The row of one item.
    pub(crate) fn row(&mut self, id: i64, content: &Content) -> Result<Vec<Value>, StoreError> {
        let text = &content.item.text;
        let compressed = self.0.compress(text).map_err(StoreError::Compress)?;
        let narrow = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        Ok(args![
            id,
            content.hash,
            narrow(content.item.split),
            narrow(text.len()),
            compressed,
        ])
    }
}

/// Inserts what is not there, and says the number of each of the hashes.
pub(crate) async fn insert(
    transaction: &mut Transaction,
    rows: Vec<Vec<Value>>,
    wanted: &BTreeSet<Hash>,
) -> Result<HashMap<Hash, i64>, StoreError> {
    let into = "blobs (blob, hash, split, size, content)";
    let after = "ON CONFLICT (hash) DO NOTHING RETURNING hash, blob";
    let (inserted, _) = transaction.insert(into, rows, after).await?;
    let mut blobs = HashMap::with_capacity(wanted.len());
    for row in inserted {
        blobs.insert(row.array(0)?, row.int(1)?);
    }
    let known = wanted.iter().filter(|hash| !blobs.contains_key(*hash));
    let known = known.map(|hash| Value::from(*hash)).collect();
    let sql = "SELECT hash, blob FROM blobs WHERE hash IN";
    for row in transaction.rows_in(sql, known).await? {
        blobs.insert(row.array(0)?, row.int(1)?);
    }
    Ok(blobs)
}

/// Decompresses one item after the other with one context.
pub(crate) struct Decompressor(bulk::Decompressor<'static>);

impl Decompressor {
    pub(crate) fn new() -> Result<Decompressor, StoreError> {
        Ok(Decompressor(
            bulk::Decompressor::new().map_err(StoreError::Compress)?,
        ))
    }

    /// The canonical text of a version, of the size that was stored with it.
    pub(crate) fn text(
        &mut self,
        version: i64,
        content: &[u8],
        size: i64,
    ) -> Result<Vec<u8>, StoreError> {
        let size = usize::try_from(size).unwrap_or(0);
        self.0
            .decompress(content, size)
            .map_err(|cause| StoreError::Damaged { version, cause })
    }
}
