//! JSON at rest that an import writes with every finding: Zstandard, whose frame says how long the text is, and with which
//! dictionary it was compressed.
//!
//! What findings have in common is most of each of them; with a dictionary of it they take less than half the space, and
//! less than half the time. The dictionary is part of the format: it never changes, another one has another number.

use std::cell::RefCell;
use std::io;
use std::sync::LazyLock;

use zstd::bulk;
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe;

/// Speed before size: an import is bound by this and by the database.
const LEVEL: i32 = 1;

/// How it was made is told in `docs/decisions/0009-dictionary.md`.
const DICTIONARY: &[u8] = include_bytes!("packed.zdict");

/// The dictionary's number in its frames.
const NUMBER: u32 = 1_347_375_921;

static ENCODER: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(DICTIONARY, LEVEL));
static DECODER: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(DICTIONARY));

thread_local! {
    /// To make one takes longer than to compress a finding.
    static COMPRESSOR: RefCell<Option<bulk::Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<bulk::Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses.
///
/// # Errors
/// Where there is no memory for it.
pub fn pack(text: &[u8]) -> io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|kept| {
        let compressor = match kept {
            Some(compressor) => compressor,
            None => kept.insert(bulk::Compressor::with_prepared_dictionary(&ENCODER)?),
        };
        compressor.compress(text)
    })
}

/// What was compressed.
///
/// # Errors
/// Where it is damaged, says that it is longer than `longest` bytes, or was compressed with a dictionary that is not known.
pub fn unpack(packed: &[u8], longest: usize) -> io::Result<Vec<u8>> {
    let size = zstd_safe::get_frame_content_size(packed)
        .ok()
        .flatten()
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size <= longest)
        .ok_or_else(|| io::Error::other("no size"))?;
    match zstd_safe::get_dict_id_from_frame(packed).map(u32::from) {
        // What was kept before there was a dictionary.
        None => bulk::decompress(packed, size),
        Some(NUMBER) => DECOMPRESSOR.with_borrow_mut(|kept| {
            let decompressor = match kept {
                Some(decompressor) => decompressor,
                None => kept.insert(bulk::Decompressor::with_prepared_dictionary(&DECODER)?),
            };
            decompressor.decompress(packed, size)
        }),
        Some(other) => Err(io::Error::other(format!(
            "compressed with dictionary {other}, which is of a later version"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: usize = 1 << 20;

    #[test]
    fn texts_come_back_with_the_dictionary_and_without_it() {
        for text in [
            "",
            "{}",
            "no JSON",
            &"\"ProductArn\":\"arn:aws:securityhub\",".repeat(500),
        ] {
            let packed = pack(text.as_bytes()).unwrap();
            assert_eq!(unpack(&packed, LONGEST).unwrap(), text.as_bytes());
            let before = bulk::compress(text.as_bytes(), LEVEL).unwrap();
            assert_eq!(unpack(&before, LONGEST).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn the_dictionary_never_changes() {
        use sha2::Digest as _;

        let hash: [u8; 32] = sha2::Sha256::digest(DICTIONARY).into();
        let first = u128::from_be_bytes(*hash.first_chunk().unwrap());
        assert_eq!(first, 0x0a5f_00b7_4d97_9f19_c944_09b5_a246_21a0);
        assert_eq!(
            zstd_safe::get_dict_id_from_dict(DICTIONARY).map(u32::from),
            Some(NUMBER)
        );
    }

    #[test]
    fn damage_and_what_is_too_long_and_what_is_not_known_are_errors() {
        let packed = pack(&b"words ".repeat(100)).unwrap();
        assert!(unpack(&packed[..packed.len() - 1], LONGEST).is_err());
        assert!(unpack(&packed, 100).is_err());
        assert!(unpack(b"words", LONGEST).is_err());
        let other = [
            DICTIONARY[..4].to_vec(),
            vec![9, 0, 0, 0],
            DICTIONARY[8..].to_vec(),
        ]
        .concat();
        let mut compressor = bulk::Compressor::with_dictionary(LEVEL, &other).unwrap();
        let error = unpack(&compressor.compress(b"words").unwrap(), LONGEST).unwrap_err();
        assert!(error.to_string().contains("dictionary 9"), "{error}");
    }
}
