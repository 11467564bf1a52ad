//! A text in blocks of documents, each small enough to be handed from thread to thread.

use super::InputError;
use super::cut::{Cutter, Document};
use super::open::Stream;
use super::packed::Unpack;

/// Bytes read at a time.
pub(super) const BLOCK: usize = 512 << 10;

/// The longest document. AWS Config's own limit for an item is far below.
pub(super) const LONGEST: usize = 64 << 20;

/// Whole documents of one text.
pub(crate) struct Block {
    /// Which text.
    pub(crate) text: u32,
    /// Where in the text the bytes begin.
    pub(crate) base: u64,
    pub(crate) bytes: Vec<u8>,
    pub(crate) documents: Vec<Document>,
    /// What makes the text of each document, where they are packed.
    pub(crate) unpack: Option<Unpack>,
}

/// Reads a stream to its end and hands out its blocks. `recycled` gives back used buffers.
///
/// # Errors
/// Where the stream can't be read, or its structure is broken; blocks before that are handed out.
pub(crate) fn read(
    stream: &mut Stream<'_>,
    text: u32,
    recycled: impl FnMut() -> Option<Vec<u8>>,
    hand_out: impl FnMut(Block),
) -> Result<(), InputError> {
    read_cut(Cutter::default(), stream, text, recycled, hand_out)
}

/// The same, with a cutter of one's own.
pub(super) fn read_cut(
    mut cutter: Cutter,
    stream: &mut Stream<'_>,
    text: u32,
    mut recycled: impl FnMut() -> Option<Vec<u8>>,
    mut hand_out: impl FnMut(Block),
) -> Result<(), InputError> {
    let mut bytes = vec![0; BLOCK];
    let mut filled = 0;
    let mut base = 0u64;
    loop {
        let room = bytes.get_mut(filled..).unwrap_or_default();
        let wanted = room.len();
        let at = |offset: usize| base + offset as u64;
        let read = stream.fill(room).map_err(|cause| InputError {
            offset: at(filled),
            message: cause.to_string(),
        })?;
        filled += read;
        let is_last = read < wanted;
        let mut documents = Vec::new();
        let known = bytes.get(..filled).unwrap_or_default();
        let cut = cutter.cut(known, base, is_last, &mut documents);
        let consumed = *cut.as_ref().unwrap_or(&filled);
        let mut next = recycled().unwrap_or_default();
        next.resize(BLOCK.max(bytes.len().min(LONGEST)), 0);
        let rest = known.get(consumed..).unwrap_or_default();
        if rest.len() == bytes.len() {
            if bytes.len() >= LONGEST {
                return Err(InputError {
                    offset: at(consumed),
                    message: "a document of more than 64 MiB".to_owned(),
                });
            }
            next.resize(bytes.len() * 2, 0);
        } else if rest.len() < BLOCK / 2 {
            next.truncate(BLOCK);
        }
        if let Some(place) = next.get_mut(..rest.len()) {
            place.copy_from_slice(rest);
        }
        let rest = rest.len();
        let here = base;
        base += consumed as u64;
        let used = std::mem::replace(&mut bytes, next);
        if !documents.is_empty() {
            hand_out(Block {
                text,
                base: here,
                bytes: used,
                documents,
                unpack: None,
            });
        }
        filled = rest;
        match cut {
            Err(error) => {
                return Err(InputError {
                    offset: here + error.offset,
                    message: error.message,
                });
            }
            Ok(_) if is_last => return Ok(()),
            Ok(_) => {}
        }
    }
}
