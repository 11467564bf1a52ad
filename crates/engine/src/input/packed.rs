//! Items that a store keeps packed, in a file of records.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use posture_model::Source;

use super::InputError;
use super::cut::Document;
use super::read::{BLOCK, Block, LONGEST};

/// Puts the text of an item in the place of what the second argument holds, from its record.
pub type Unpack = fn(&[u8], &mut Vec<u8>) -> io::Result<()>;

/// Bytes before a record that say how long it is: little-endian.
const LENGTH: usize = 4;

/// A file of records, one after the other, each behind four bytes that say how long it is (little-endian).
///
/// The items nest no deeper than what was recorded did, which a parser that counts has read.
#[derive(Debug, Clone)]
pub struct Packed {
    /// The file; where it stands does not matter.
    pub file: Arc<File>,
    /// Makes the text of an item.
    pub unpack: Unpack,
}

impl Packed {
    /// Reads the file to its end and hands out its records in blocks. `recycled` gives back used buffers.
    ///
    /// # Errors
    /// Where the file can't be read, or is no file of records; blocks before that are handed out.
    pub(crate) fn read(
        &self,
        text: u32,
        mut recycled: impl FnMut() -> Option<Vec<u8>>,
        mut hand_out: impl FnMut(Block),
    ) -> Result<(), InputError> {
        let mut base = 0;
        loop {
            let mut bytes = recycled().unwrap_or_default();
            let documents = self.block(base, &mut bytes).map_err(|cause| InputError {
                offset: base,
                message: cause.to_string(),
            })?;
            let Some(last) = documents.last() else {
                return Ok(());
            };
            let here = base;
            base += last.end as u64;
            hand_out(Block {
                text,
                base: here,
                bytes,
                documents,
                unpack: Some(self.unpack),
            });
        }
    }

    /// The records from an offset on, as many as a block holds, and one at least; none at the end.
    fn block(&self, base: u64, bytes: &mut Vec<u8>) -> io::Result<Vec<Document>> {
        let mut room = BLOCK;
        loop {
            bytes.resize(room, 0);
            let read = fill(&self.file, base, bytes)?;
            bytes.truncate(read);
            let documents = records(bytes);
            let is_cut = read == room;
            match documents.last() {
                None if read == 0 => return Ok(documents),
                None if is_cut && room < LONGEST => room *= 2,
                Some(last) if is_cut || last.end == read => return Ok(documents),
                _ => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
    }

    /// The text of the record of so many bytes at an offset.
    pub(super) fn read_at(&self, offset: u64, length: usize, text: &mut Vec<u8>) -> io::Result<()> {
        let mut record = vec![0; length];
        self.file.read_exact_at(&mut record, offset)?;
        (self.unpack)(&record, text)
    }
}

fn fill(file: &File, offset: u64, bytes: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..)
        && !rest.is_empty()
    {
        match file.read_at(rest, offset + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// The records that are whole.
fn records(bytes: &[u8]) -> Vec<Document> {
    let mut documents = Vec::new();
    let mut at = 0;
    while let Some(length) = bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk::<LENGTH>())
    {
        let start = at + LENGTH;
        at = start.saturating_add(u32::from_le_bytes(*length) as usize);
        if at > bytes.len() {
            break;
        }
        documents.push(Document {
            start,
            end: at,
            source: Source::AwsConfig,
            may_be_deep: false,
        });
    }
    documents
}

/// The texts of all records, each a line.
pub(super) struct Lines {
    packed: Packed,
    base: u64,
    text: Vec<u8>,
    read: usize,
}

impl Lines {
    pub(super) fn of(packed: &Packed) -> Lines {
        Lines {
            packed: packed.clone(),
            base: 0,
            text: Vec::new(),
            read: 0,
        }
    }
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.text.len() {
            let mut block = Vec::new();
            let documents = self.packed.block(self.base, &mut block)?;
            self.text.clear();
            self.read = 0;
            let mut text = Vec::new();
            for document in &documents {
                let record = block.get(document.start..document.end);
                (self.packed.unpack)(record.unwrap_or_default(), &mut text)?;
                self.text.append(&mut text);
                self.text.push(b'\n');
            }
            self.base += documents.last().map_or(0, |last| last.end as u64);
        }
        let rest = self.text.get(self.read..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.read += count;
        Ok(count)
    }
}
