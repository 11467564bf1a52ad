//! Zip files of one form only, so that the same files give the same bytes, and no byte of the archive
//! can change unseen: stored, sorted by name, times at the format's beginning, no comments, no
//! extra fields but ZIP64's where a number needs it (PKWARE APPNOTE 6.3.10; `docs/formats/ledger.md`).

use std::io::{self, Read, Write};

const MAX16: u64 = 0xffff;
const MAX32: u64 = 0xffff_ffff;

/// Writes a zip file. Files are added in the order of their names.
pub(crate) struct ZipWriter<W> {
    out: W,
    at: u64,
    directory: Vec<u8>,
    count: u64,
}

impl<W: Write> ZipWriter<W> {
    pub(crate) fn new(out: W) -> ZipWriter<W> {
        ZipWriter {
            out,
            at: 0,
            directory: Vec::new(),
            count: 0,
        }
    }

    /// Adds a file. It is read twice: its header comes first, and has its length and checksum.
    pub(crate) fn add(
        &mut self,
        name: &str,
        open: &dyn Fn() -> io::Result<Box<dyn Read>>,
    ) -> io::Result<()> {
        let (size, crc) = measure(&mut open()?)?;
        let offset = self.at;
        let mut header = b"PK\x03\x04".to_vec();
        let is_large = size >= MAX32;
        shared_fields(&mut header, name, size, crc, is_large);
        put(&mut header, if is_large { 20 } else { 0 }, 2);
        header.extend_from_slice(name.as_bytes());
        if is_large {
            put(&mut header, 0x0010_0001, 4);
            put(&mut header, size, 8);
            put(&mut header, size, 8);
        }
        self.out.write_all(&header)?;
        let copied = io::copy(&mut open()?, &mut self.out)?;
        if copied != size {
            return Err(io::Error::other(format!(
                "{name} changed while it was copied"
            )));
        }
        self.at += header.len() as u64 + size;
        self.count += 1;
        self.list(name, size, crc, offset);
        Ok(())
    }

    fn list(&mut self, name: &str, size: u64, crc: u32, offset: u64) {
        let (is_large, is_far) = (size >= MAX32, offset >= MAX32);
        let extra = u64::from(is_large) * 16 + u64::from(is_far) * 8;
        let out = &mut self.directory;
        out.extend_from_slice(b"PK\x01\x02");
        // Made by version 4.5 on UNIX, so that the mode below is read.
        put(out, 0x032d, 2);
        shared_fields(out, name, size, crc, extra > 0);
        put(out, if extra > 0 { extra + 4 } else { 0 }, 2);
        // No comment, disk 0, no internal attributes.
        put(out, 0, 6);
        put(out, 0o100_644 << 16, 4);
        put(out, offset.min(MAX32), 4);
        out.extend_from_slice(name.as_bytes());
        if extra > 0 {
            put(out, 1, 2);
            put(out, extra, 2);
        }
        if is_large {
            put(out, size, 8);
            put(out, size, 8);
        }
        if is_far {
            put(out, offset, 8);
        }
    }

    /// Writes the directory, and gives back what was written to.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        let (count, size, offset) = (self.count, self.directory.len() as u64, self.at);
        let mut out = std::mem::take(&mut self.directory);
        if count >= MAX16 || size >= MAX32 || offset >= MAX32 {
            out.extend_from_slice(b"PK\x06\x06");
            put(&mut out, 44, 8);
            put(&mut out, 0x002d_032d, 4);
            put(&mut out, 0, 8);
            for number in [count, count, size, offset] {
                put(&mut out, number, 8);
            }
            out.extend_from_slice(b"PK\x06\x07");
            put(&mut out, 0, 4);
            put(&mut out, offset + size, 8);
            put(&mut out, 1, 4);
        }
        out.extend_from_slice(b"PK\x05\x06");
        put(&mut out, 0, 4);
        put(&mut out, count.min(MAX16), 2);
        put(&mut out, count.min(MAX16), 2);
        put(&mut out, size.min(MAX32), 4);
        put(&mut out, offset.min(MAX32), 4);
        put(&mut out, 0, 2);
        self.out.write_all(&out)?;
        Ok(self.out)
    }
}

/// From the version needed to the name's length, which both headers have.
fn shared_fields(out: &mut Vec<u8>, name: &str, size: u64, crc: u32, is_64: bool) {
    put(out, if is_64 { 45 } else { 20 }, 2);
    // Names are UTF-8; nothing is compressed.
    put(out, 0x0800, 2);
    put(out, 0, 2);
    // 1980-01-01 00:00.
    put(out, 0x0021_0000, 4);
    put(out, crc.into(), 4);
    put(out, size.min(MAX32), 4);
    put(out, size.min(MAX32), 4);
    put(out, name.len() as u64, 2);
}

fn put(out: &mut Vec<u8>, value: u64, bytes: usize) {
    out.extend(value.to_le_bytes().into_iter().take(bytes));
}

fn measure(from: &mut dyn Read) -> io::Result<(u64, u32)> {
    struct Crc(crc32fast::Hasher);
    impl Write for Crc {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut crc = Crc(crc32fast::Hasher::new());
    let size = io::copy(from, &mut crc)?;
    Ok((size, crc.0.finalize()))
}
