//! Opening inputs, and reading a place of them again.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Write};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Input;
use super::packed::{Lines, Packed};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTANDARD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The texts of all inputs, to be read again at any place.
///
/// What can't be read twice, because it is compressed or comes through a pipe, is kept in an
/// unnamed temporary file.
pub(crate) struct Texts {
    places: Vec<Place>,
    spool: Option<Spool>,
}

struct Spool {
    file: File,
    length: u64,
}

enum Place {
    Unopened,
    File(PathBuf),
    Memory(Arc<str>),
    Open(Arc<File>),
    Packed(Packed),
    /// From this offset of the spool.
    Spooled(u64),
}

/// A text as it streams by.
pub(crate) struct Stream<'t> {
    reader: Box<dyn Read>,
    spool: Option<&'t mut Spool>,
}

impl Texts {
    pub(crate) fn new() -> Texts {
        Texts {
            places: Vec::new(),
            spool: None,
        }
    }

    /// Opens the next input. Texts are numbered in the order of opening, those that fail too.
    pub(crate) fn open(&mut self, input: &Input) -> io::Result<Stream<'_>> {
        let number = self.places.len();
        self.places.push(Place::Unopened);
        let (reader, again) = raw(input)?;
        let (reader, is_compressed) = decompressed(reader)?;
        let spooled = match again {
            Some(place) if !is_compressed => {
                self.set(number, place);
                None
            }
            _ => Some(self.spooled(number)?),
        };
        Ok(Stream {
            reader,
            spool: spooled,
        })
    }

    /// Counts packed items in as the next text, whose places are their records.
    pub(crate) fn packed(&mut self, packed: &Packed) {
        self.places.push(Place::Packed(packed.clone()));
    }

    fn spooled(&mut self, number: usize) -> io::Result<&mut Spool> {
        let spool = match self.spool.take() {
            Some(spool) => spool,
            None => Spool {
                file: tempfile::tempfile()?,
                length: 0,
            },
        };
        self.set(number, Place::Spooled(spool.length));
        Ok(self.spool.insert(spool))
    }

    fn set(&mut self, number: usize, place: Place) {
        if let Some(known) = self.places.get_mut(number) {
            *known = place;
        }
    }

    /// The file of a text that stands in one as it is.
    pub(crate) fn path(&self, text: u32) -> Option<&Path> {
        match self.places.get(text as usize)? {
            Place::File(path) => Some(path),
            Place::Memory(_)
            | Place::Open(_)
            | Place::Packed(_)
            | Place::Spooled(_)
            | Place::Unopened => None,
        }
    }

    /// Reads `length` bytes at `offset` of a text into `bytes`, whose content is replaced: the text of a record, where
    /// that is packed.
    pub(crate) fn read_at(
        &self,
        text: u32,
        offset: u64,
        length: usize,
        bytes: &mut Vec<u8>,
    ) -> io::Result<()> {
        let gone = || io::Error::other("the input was not opened");
        let place = self.places.get(text as usize).ok_or_else(gone)?;
        bytes.clear();
        if let Place::Packed(packed) = place {
            return packed.read_at(offset, length, bytes);
        }
        bytes.resize(length, 0);
        match place {
            Place::File(path) => File::open(path)?.read_exact_at(bytes, offset),
            Place::Open(file) => file.read_exact_at(bytes, offset),
            Place::Spooled(base) => {
                let spool = self.spool.as_ref().ok_or_else(gone)?;
                spool.file.read_exact_at(bytes, base + offset)
            }
            Place::Packed(_) | Place::Unopened => Err(gone()),
            Place::Memory(text) => {
                let start = usize::try_from(offset).map_err(io::Error::other)?;
                let part = text.as_bytes().get(start..start + length);
                bytes.copy_from_slice(part.ok_or_else(gone)?);
                Ok(())
            }
        }
    }
}

impl Stream<'static> {
    /// A text that comes from elsewhere, and is kept nowhere.
    pub(super) fn of(reader: Box<dyn Read>) -> Stream<'static> {
        Stream {
            reader,
            spool: None,
        }
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl Stream<'_> {
    /// Fills `buffer` as far as the text reaches, and returns how far.
    pub(crate) fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..)
            && !rest.is_empty()
        {
            match self.reader.read(rest) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if let (Some(spool), Some(bytes)) = (&mut self.spool, buffer.get(..filled)) {
            spool.file.write_all(bytes)?;
            spool.length += filled as u64;
        }
        Ok(filled)
    }
}

/// A text that is read once, and kept nowhere.
pub(super) fn once(input: &Input) -> io::Result<Stream<'static>> {
    let (reader, _) = decompressed(raw(input)?.0)?;
    Ok(Stream {
        reader,
        spool: None,
    })
}

/// The bytes of an input, and where they can be read again.
fn raw(input: &Input) -> io::Result<(Box<dyn Read>, Option<Place>)> {
    Ok(match input {
        Input::Text(_, text) => (
            Box::new(Cursor::new(Shared(Arc::clone(text)))),
            Some(Place::Memory(Arc::clone(text))),
        ),
        Input::File(path) => {
            let file = File::open(path)?;
            let is_regular = file.metadata()?.is_file();
            let again = is_regular.then(|| Place::File(path.clone()));
            (Box::new(file), again)
        }
        Input::Open(_, file) => (
            Box::new(FromStart {
                file: Arc::clone(file),
                offset: 0,
            }),
            Some(Place::Open(Arc::clone(file))),
        ),
        Input::Packed(_, packed) => (Box::new(Lines::of(packed)), None),
        Input::Stdin => (Box::new(io::stdin()), None),
    })
}

/// Reads an open file from its start, wherever others who hold it read.
struct FromStart {
    file: Arc<File>,
    offset: u64,
}

impl Read for FromStart {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.offset)?;
        self.offset += count as u64;
        Ok(count)
    }
}

/// The text itself, and whether it was compressed.
fn decompressed(mut reader: Box<dyn Read>) -> io::Result<(Box<dyn Read>, bool)> {
    let mut first = Vec::with_capacity(ZSTANDARD.len());
    reader
        .by_ref()
        .take(ZSTANDARD.len() as u64)
        .read_to_end(&mut first)?;
    let is_gzip = first.starts_with(&GZIP);
    let is_zstandard = first.starts_with(&ZSTANDARD);
    let whole = Cursor::new(first).chain(reader);
    Ok(if is_gzip {
        let reader = flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole));
        (Box::new(reader), true)
    } else if is_zstandard {
        (Box::new(zstd::Decoder::new(whole)?), true)
    } else {
        (Box::new(whole), false)
    })
}

struct Shared(Arc<str>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
