//! A package in a zip file, in the one form that `docs/formats/ledger.md` allows.
//!
//! Nothing is compressed by the zip, so it cannot expand; every byte of it follows from the names and
//! contents of its files, so there is no byte that could be changed unseen, and no two readers can see
//! different files. The headers are therefore written again here and compared.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::error::VerifyError;
use crate::path::is_allowed;
use crate::source::Source;

const MAX16: u64 = 0xffff;
const MAX32: u64 = 0xffff_ffff;
const END_BYTES: u64 = 22;
const END64_BYTES: u64 = 56 + 20;
const CENTRAL_BYTES: usize = 46;

pub(crate) struct Zip {
    file: Mutex<File>,
    files: BTreeMap<String, u64>,
    places: BTreeMap<String, Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    name: String,
    crc: u32,
    size: u64,
    offset: u64,
}

impl Zip {
    pub(crate) fn open(path: &Path) -> Result<Zip, VerifyError> {
        let unread = |cause| VerifyError::Read {
            path: path.to_owned(),
            cause,
        };
        let mut file = File::open(path).map_err(unread)?;
        let entries =
            read_entries(&mut file)
                .map_err(unread)?
                .map_err(|why| VerifyError::Refused {
                    path: path.to_owned(),
                    why,
                })?;
        Ok(Zip {
            file: Mutex::new(file),
            files: entries
                .iter()
                .map(|entry| (entry.name.clone(), entry.size))
                .collect(),
            places: entries
                .into_iter()
                .map(|entry| (entry.name.clone(), entry))
                .collect(),
        })
    }
}

impl Source for Zip {
    fn files(&self) -> &BTreeMap<String, u64> {
        &self.files
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>> {
        let entry = self.places.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Content {
            file: &self.file,
            at: entry.offset + local(entry).len() as u64,
            left: entry.size,
            crc: crc32fast::Hasher::new(),
            expected: entry.crc,
        }))
    }

    fn is_zip(&self) -> bool {
        true
    }
}

struct Content<'a> {
    file: &'a Mutex<File>,
    at: u64,
    left: u64,
    crc: crc32fast::Hasher,
    expected: u32,
}

impl Read for Content<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() || self.left == 0 {
            return Ok(0);
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let count = (&*file).take(self.left).read(out)?;
        drop(file);
        self.crc.update(out.get(..count).unwrap_or_default());
        self.at += count as u64;
        self.left -= count as u64;
        if count == 0 || (self.left == 0 && self.crc.clone().finalize() != self.expected) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "its bytes are not those that the zip file promises",
            ));
        }
        Ok(count)
    }
}

/// Reads the directory at the end, and compares every other byte that is not content.
fn read_entries(file: &mut File) -> io::Result<Result<Vec<Entry>, String>> {
    let length = file.seek(SeekFrom::End(0))?;
    let Some((count, size, offset)) = read_end(file, length)? else {
        return Ok(Err(
            "it does not end as a package's zip file does".to_owned()
        ));
    };
    let Some(size) = usize::try_from(size).ok() else {
        return Ok(Err("its directory is too large".to_owned()));
    };
    let directory = read_at(file, offset, size)?;
    let entries = match parse_directory(&directory) {
        Ok(entries) => entries,
        Err(why) => return Ok(Err(why)),
    };
    if entries.len() as u64 != count {
        return Ok(Err("it does not hold as many files as it says".to_owned()));
    }
    let mut at = 0;
    for entry in &entries {
        let header = local(entry);
        let end = at + header.len() as u64 + entry.size;
        if entry.offset != at || end > offset || read_at(file, at, header.len())? != header {
            return Ok(Err(format!(
                "{} is not stored as a package stores files (unpack it, and verify the folder)",
                entry.name
            )));
        }
        at = end;
    }
    if at != offset {
        return Ok(Err("something lies between its files".to_owned()));
    }
    Ok(Ok(entries))
}

/// Number of files, length and place of the directory; none where the end has another form.
fn read_end(file: &mut File, length: u64) -> io::Result<Option<(u64, u64, u64)>> {
    let Some(at) = length.checked_sub(END_BYTES) else {
        return Ok(None);
    };
    let end = read_at(file, at, 22)?;
    let mut place = (
        number(&end, 10, 2),
        number(&end, 12, 4),
        number(&end, 16, 4),
    );
    if place.0 == MAX16 || place.1 == MAX32 || place.2 == MAX32 {
        let Some(at) = at.checked_sub(END64_BYTES) else {
            return Ok(None);
        };
        let end64 = read_at(file, at, 56)?;
        place = (
            number(&end64, 32, 8),
            number(&end64, 40, 8),
            number(&end64, 48, 8),
        );
    }
    let (count, size, offset) = place;
    let expected = end_of(count, size, offset);
    let begins = offset.checked_add(size);
    let fits = begins.and_then(|at| at.checked_add(expected.len() as u64)) == Some(length);
    let Some(begins) = begins.filter(|_| fits) else {
        return Ok(None);
    };
    Ok((read_at(file, begins, expected.len())? == expected).then_some(place))
}

fn parse_directory(mut directory: &[u8]) -> Result<Vec<Entry>, String> {
    let mut entries: Vec<Entry> = Vec::new();
    while !directory.is_empty() {
        let name_length = usize::try_from(number(directory, 28, 2)).unwrap_or(0);
        let extra = directory
            .get(CENTRAL_BYTES + name_length..)
            .unwrap_or_default();
        let name = directory
            .get(CENTRAL_BYTES..CENTRAL_BYTES + name_length)
            .and_then(|name| std::str::from_utf8(name).ok())
            .ok_or("its directory is damaged")?;
        if !is_allowed(name) {
            return Err(format!(
                "it holds a file named {name:?}, which is not allowed"
            ));
        }
        let mut entry = Entry {
            name: name.to_owned(),
            crc: u32::try_from(number(directory, 16, 4)).unwrap_or(0),
            size: number(directory, 24, 4),
            offset: number(directory, 42, 4),
        };
        let mut at = 4;
        if entry.size == MAX32 {
            entry.size = number(extra, at, 8);
            at += 16;
        }
        if entry.offset == MAX32 {
            entry.offset = number(extra, at, 8);
        }
        let expected = central(&entry);
        directory = directory
            .strip_prefix(expected.as_slice())
            .ok_or_else(|| format!("{name} is not listed as a package lists files"))?;
        if entries.last().is_some_and(|last| last.name >= entry.name) {
            return Err(format!("{name} is not in order, or is there twice"));
        }
        entries.push(entry);
    }
    Ok(entries)
}

fn local(entry: &Entry) -> Vec<u8> {
    let is_large = entry.size >= MAX32;
    let mut out = vec![b'P', b'K', 3, 4];
    common(&mut out, entry, is_large);
    put(&mut out, if is_large { 20 } else { 0 }, 2);
    out.extend_from_slice(entry.name.as_bytes());
    if is_large {
        put(&mut out, 1, 2);
        put(&mut out, 16, 2);
        put(&mut out, entry.size, 8);
        put(&mut out, entry.size, 8);
    }
    out
}

fn central(entry: &Entry) -> Vec<u8> {
    let is_large = entry.size >= MAX32;
    let is_far = entry.offset >= MAX32;
    let extra = u64::from(is_large) * 16 + u64::from(is_far) * 8;
    let mut out = vec![b'P', b'K', 1, 2];
    put(&mut out, 0x032d, 2);
    common(&mut out, entry, is_large || is_far);
    put(&mut out, if extra > 0 { extra + 4 } else { 0 }, 2);
    put(&mut out, 0, 2 + 2 + 2);
    put(&mut out, 0o100_644 << 16, 4);
    put(&mut out, entry.offset.min(MAX32), 4);
    out.extend_from_slice(entry.name.as_bytes());
    if extra > 0 {
        put(&mut out, 1, 2);
        put(&mut out, extra, 2);
    }
    if is_large {
        put(&mut out, entry.size, 8);
        put(&mut out, entry.size, 8);
    }
    if is_far {
        put(&mut out, entry.offset, 8);
    }
    out
}

/// From «version needed» to the name's length: the same in both headers.
fn common(out: &mut Vec<u8>, entry: &Entry, is_64: bool) {
    put(out, if is_64 { 45 } else { 20 }, 2);
    put(out, 0x0800, 2);
    put(out, 0, 2);
    put(out, 0x0021_0000, 4);
    put(out, entry.crc.into(), 4);
    put(out, entry.size.min(MAX32), 4);
    put(out, entry.size.min(MAX32), 4);
    put(out, entry.name.len() as u64, 2);
}

fn end_of(count: u64, size: u64, offset: u64) -> Vec<u8> {
    let mut out = Vec::new();
    if count >= MAX16 || size >= MAX32 || offset >= MAX32 {
        out.extend_from_slice(&[b'P', b'K', 6, 6]);
        put(&mut out, 44, 8);
        put(&mut out, 0x032d, 2);
        put(&mut out, 45, 2);
        put(&mut out, 0, 8);
        put(&mut out, count, 8);
        put(&mut out, count, 8);
        put(&mut out, size, 8);
        put(&mut out, offset, 8);
        out.extend_from_slice(&[b'P', b'K', 6, 7]);
        put(&mut out, 0, 4);
        put(&mut out, offset.saturating_add(size), 8);
        put(&mut out, 1, 4);
    }
    out.extend_from_slice(&[b'P', b'K', 5, 6]);
    put(&mut out, 0, 4);
    put(&mut out, count.min(MAX16), 2);
    put(&mut out, count.min(MAX16), 2);
    put(&mut out, size.min(MAX32), 4);
    put(&mut out, offset.min(MAX32), 4);
    put(&mut out, 0, 2);
    out
}

fn put(out: &mut Vec<u8>, value: u64, bytes: usize) {
    out.extend(value.to_le_bytes().into_iter().take(bytes));
}

fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    let bytes = bytes.get(at..at + length).unwrap_or_default();
    bytes
        .iter()
        .rev()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// As many of these bytes as there are.
fn read_at(file: &mut File, at: u64, length: usize) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    file.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
