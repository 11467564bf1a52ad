//! Bodies: zstd frames, addressed by the SHA-256 of their plain bytes.
//!
//! A frame of Zstandard (RFC 8878) has bits that decoders ignore, so the plain bytes' hash alone would
//! not notice every change of the file. Each frame is therefore followed by a skippable frame with
//! the SHA-256 of the frame before it. `zstd -d` reads the file as it is.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek as _, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// zstd's level: bodies are JSON mostly, and written once.
const LEVEL: i32 = 3;
/// Magic number of the skippable frame, and the length of its 32 bytes (RFC 8878, 3.1.2).
const SEAL: [u8; 8] = [0x50, 0x2a, 0x4d, 0x18, 32, 0, 0, 0];

/// Bytes of the seal behind the frame.
const SEAL_BYTES: usize = SEAL.len() + 32;

/// Where a record's bytes are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyRef {
    /// IANA media type.
    #[serde(rename = "mediaType")]
    pub media_type: String,
    /// SHA-256 of the plain bytes, hex.
    pub sha256: String,
    /// Number of the plain bytes.
    #[serde(rename = "sizeBytes")]
    pub size_bytes: u64,
}

impl BodyRef {
    pub(crate) fn of(media_type: &str, bytes: &[u8]) -> BodyRef {
        BodyRef {
            media_type: media_type.to_owned(),
            sha256: hex(&Sha256::digest(bytes)),
            size_bytes: bytes.len() as u64,
        }
    }
}

/// The stored form of bytes in memory.
pub(crate) fn seal(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = zstd::bulk::compress(bytes, LEVEL)?;
    let digest = Sha256::digest(&out);
    out.extend_from_slice(&SEAL);
    out.extend_from_slice(&digest);
    Ok(out)
}

/// Compresses a stream of any length into a temporary file, without holding it in memory.
pub(crate) fn seal_stream(media_type: &str, bytes: &mut dyn Read) -> io::Result<(BodyRef, File)> {
    let mut plain = Hashing::new(io::sink());
    let mut stored = Hashing::new(BufWriter::new(tempfile::tempfile()?));
    let mut encoder = zstd::stream::Encoder::new(&mut stored, LEVEL)?;
    io::copy(bytes, &mut Both(&mut plain, &mut encoder))?;
    encoder.finish()?;
    let digest = stored.hash.finalize();
    let mut file = stored.inner;
    file.write_all(&SEAL)?;
    file.write_all(&digest)?;
    let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    let body = BodyRef {
        media_type: media_type.to_owned(),
        sha256: hex(&plain.hash.finalize()),
        size_bytes: plain.count,
    };
    Ok((body, file))
}

/// Writes the plain bytes of a stored body; says what does not fit. The bytes are checked when all of
/// them are written, so a caller that gets an error throws them away.
pub(crate) fn unseal(
    body: &BodyRef,
    stored: &mut dyn Read,
    out: &mut dyn Write,
) -> io::Result<Result<(), String>> {
    // The decoder stops at the frame's end; the seal is what the bytes beneath it say.
    let mut source = BufReader::new(stored);
    let mut plain = Hashing::new(out);
    {
        let mut decoder = zstd::stream::Decoder::with_buffer(&mut source)?.single_frame();
        let limited = &mut Read::by_ref(&mut decoder).take(body.size_bytes.saturating_add(1));
        io::copy(limited, &mut plain)?;
    }
    let mut seal = Vec::new();
    source.take(SEAL_BYTES as u64 + 1).read_to_end(&mut seal)?;
    if plain.count != body.size_bytes {
        return Ok(Err(format!("it does not hold {} bytes", body.size_bytes)));
    }
    if hex(&plain.hash.finalize()) != body.sha256 {
        return Ok(Err("its bytes have another hash".to_owned()));
    }
    if seal.len() != SEAL_BYTES || !seal.starts_with(&SEAL) {
        return Ok(Err("its seal is missing".to_owned()));
    }
    Ok(Ok(()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

struct Hashing<W> {
    inner: W,
    hash: Sha256,
    count: u64,
}

impl<W> Hashing<W> {
    fn new(inner: W) -> Hashing<W> {
        Hashing {
            inner,
            hash: Sha256::new(),
            count: 0,
        }
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write_all(bytes)?;
        self.hash.update(bytes);
        self.count += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

struct Both<'a, A, B>(&'a mut A, &'a mut B);

impl<A: Write, B: Write> Write for Both<'_, A, B> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(bytes)?;
        self.1.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()?;
        self.1.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_bytes_come_back_from_memory_and_from_a_stream() {
        let plain = "posture ".repeat(50_000).into_bytes();
        let body = BodyRef::of("text/plain", &plain);
        let (streamed, mut file) = seal_stream("text/plain", &mut plain.as_slice()).unwrap();
        assert_eq!(streamed, body);
        let mut stored = Vec::new();
        file.read_to_end(&mut stored).unwrap();
        for stored in [stored, seal(&plain).unwrap()] {
            let mut out = Vec::new();
            unseal(&body, &mut stored.as_slice(), &mut out)
                .unwrap()
                .unwrap();
            assert_eq!(out, plain);
            // Any zstd reader takes the file as it is.
            assert_eq!(zstd::decode_all(stored.as_slice()).unwrap(), plain);
        }
    }

    #[test]
    fn body_of_another_length_or_content_is_refused() {
        let stored = seal(b"one").unwrap();
        let two = BodyRef::of("text/plain", b"two");
        let error = unseal(&two, &mut stored.as_slice(), &mut io::sink()).unwrap();
        assert_eq!(error.unwrap_err(), "its bytes have another hash");
        let four = BodyRef::of("text/plain", b"four");
        let error = unseal(&four, &mut stored.as_slice(), &mut io::sink()).unwrap();
        assert_eq!(error.unwrap_err(), "it does not hold 4 bytes");
        let cut = &stored[..stored.len() - 1];
        let one = BodyRef::of("text/plain", b"one");
        let error = unseal(&one, &mut &*cut, &mut io::sink()).unwrap();
        assert_eq!(error.unwrap_err(), "its seal is missing");
    }
}
