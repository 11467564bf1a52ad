//! An item out of history as it is kept, to be made whole by whoever needs it.
//!
//! As a record it is, little-endian: the version (8 bytes), since when it is so (8, microseconds since 1970), where in the
//! text the time and the status go (4), how long the text is (4), and the compressed text.

use std::cell::RefCell;
use std::io::{self, Write as _};

use jiff::Timestamp;

use super::as_of::time;
use crate::StoreError;
use crate::blob;
use crate::db::Row;

/// A version of an item, and its text as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept<Content> {
    version: i64,
    valid_from: i64,
    split: u32,
    size: u32,
    content: Content,
}

impl<'r> Kept<&'r [u8]> {
    /// From a row of `version, valid_from, split, size, content`.
    pub(super) fn of(row: &'r Row) -> Result<Self, StoreError> {
        // What is stored was a length before.
        let length = |stored: i64| u32::try_from(stored).unwrap_or(u32::MAX);
        Ok(Kept {
            version: row.int(0)?,
            valid_from: row.int(1)?,
            split: length(row.int(2)?),
            size: length(row.int(3)?),
            content: row.slice(4)?,
        })
    }

    pub(super) fn to_owned(&self) -> Kept<Vec<u8>> {
        Kept {
            version: self.version,
            valid_from: self.valid_from,
            split: self.split,
            size: self.size,
            content: self.content.to_vec(),
        }
    }
}

impl<Content: AsRef<[u8]>> Kept<Content> {
    pub(super) fn valid_from(&self) -> Timestamp {
        time(self.valid_from)
    }

    /// Writes the canonical text, with the time and the status of its version put in where they sort.
    pub(super) fn whole(&self, json: &mut Vec<u8>) -> Result<(), StoreError> {
        let size = i64::from(self.size);
        let text = blob::text(self.version, self.content.as_ref(), size)?;
        write_whole(json, &text, self.split as usize, self.valid_from());
        Ok(())
    }

    /// Writes the record, behind its length as four bytes.
    pub(super) fn write(&self, records: &mut Vec<u8>) {
        let content = self.content.as_ref();
        let length = HEADER + content.len();
        records.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
        records.extend_from_slice(&self.version.to_le_bytes());
        records.extend_from_slice(&self.valid_from.to_le_bytes());
        records.extend_from_slice(&self.split.to_le_bytes());
        records.extend_from_slice(&self.size.to_le_bytes());
        records.extend_from_slice(content);
    }
}

thread_local! {
    /// The text of the last record.
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Bytes before the compressed text.
const HEADER: usize = 24;

/// Puts the whole item of a record in the place of what `json` holds: canonical JSON (RFC 8785), with
/// `configurationItemCaptureTime` and `configurationItemStatus` as AWS Config spells them.
///
/// # Errors
/// Where the record is cut off or damaged.
pub fn unpack_item(record: &[u8], json: &mut Vec<u8>) -> io::Result<()> {
    let (version, rest) = split(record)?;
    let (valid_from, rest) = split(rest)?;
    let (at, rest) = split(rest)?;
    let (size, content) = split(rest)?;
    let version = i64::from_le_bytes(version);
    let size = i64::from(u32::from_le_bytes(size));
    let valid_from = time(i64::from_le_bytes(valid_from));
    json.clear();
    TEXT.with_borrow_mut(|text| {
        blob::text_into(text, version, content, size).map_err(io::Error::other)?;
        write_whole(json, text, u32::from_le_bytes(at) as usize, valid_from);
        Ok(())
    })
}

fn split<const LENGTH: usize>(bytes: &[u8]) -> io::Result<([u8; LENGTH], &[u8])> {
    let parts = bytes.split_first_chunk();
    let (first, rest) = parts.ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok((*first, rest))
}

/// More bytes than the time and the status take.
const ADDED: usize = 128;

fn write_whole(json: &mut Vec<u8>, text: &[u8], split: usize, valid_from: Timestamp) {
    let (before, after) = text.split_at_checked(split).unwrap_or((text, b""));
    json.reserve(text.len() + ADDED);
    json.extend_from_slice(before);
    if before.last().is_some_and(|byte| *byte != b'{') {
        json.push(b',');
    }
    let added = write!(
        json,
        "\"configurationItemCaptureTime\":\"{valid_from}\",\"configurationItemStatus\":\"OK\""
    );
    debug_assert!(added.is_ok(), "a vector takes everything");
    json.extend_from_slice(after);
}
