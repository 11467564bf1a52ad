//! Canonical items at rest: compressed, by the hash of their text.

use std::collections::{BTreeSet, HashMap};

use crate::StoreError;
use crate::db::{Transaction, Value, args};
use crate::packed::{Dictionary, pack, unpack_into};
use crate::record::Content;
use crate::record::Hash;

/// The row of one item.
pub(crate) fn row(id: i64, content: &Content) -> Result<Vec<Value>, StoreError> {
    let text = &content.item.text;
    let compressed = pack(text, Dictionary::Items).map_err(StoreError::Compress)?;
    let narrow = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    Ok(args![
        id,
        content.hash,
        narrow(content.item.split),
        narrow(text.len()),
        compressed,
    ])
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

/// The canonical text of a version, of the size that was stored with it.
pub(crate) fn text(version: i64, content: &[u8], size: i64) -> Result<Vec<u8>, StoreError> {
    let mut text = Vec::new();
    text_into(&mut text, version, content, size)?;
    Ok(text)
}

/// The same, in the place of what `text` holds.
pub(crate) fn text_into(
    text: &mut Vec<u8>,
    version: i64,
    content: &[u8],
    size: i64,
) -> Result<(), StoreError> {
    let size = usize::try_from(size).unwrap_or(0);
    let unpacked = unpack_into(content, size, text);
    unpacked.map_err(|cause| StoreError::Damaged { version, cause })
}
