//! JSON at rest: Zstandard, whose frame says how long the text is, with which dictionary it was compressed, and its
//! checksum (the low 32 bits of XXH64, RFC 8878 section 3.1.1), so that a bit that a disk turned over is an error.
//!
//! What findings have in common is most of each of them, and so it is with items; with a dictionary of it they take less
//! space, and less time. A dictionary is part of the format: it never changes, another one has another number.

use std::cell::RefCell;
use std::io;
use std::sync::LazyLock;

use zstd::bulk;
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe;

/// What texts of a kind have in common. How each was made is told in `docs/decisions/0009-dictionary.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dictionary {
    /// Of findings, and of the events of the outbox. An import is bound by this and by the database: speed before size.
    Findings,
    /// Of configuration items.
    Items,
}

const ALL: [Dictionary; 2] = [Dictionary::Findings, Dictionary::Items];

impl Dictionary {
    fn bytes(self) -> &'static [u8] {
        match self {
            Dictionary::Findings => include_bytes!("packed/findings.zdict"),
            Dictionary::Items => include_bytes!("packed/items.zdict"),
        }
    }

    /// Its number in frames.
    fn number(self) -> u32 {
        match self {
            Dictionary::Findings => 1_347_375_921,
            Dictionary::Items => 1_347_375_922,
        }
    }

    fn level(self) -> i32 {
        match self {
            Dictionary::Findings => 1,
            Dictionary::Items => 3,
        }
    }

    /// What is made of it once.
    fn prepared(self) -> &'static Prepared {
        static FINDINGS: LazyLock<Prepared> = LazyLock::new(|| Prepared::of(Dictionary::Findings));
        static ITEMS: LazyLock<Prepared> = LazyLock::new(|| Prepared::of(Dictionary::Items));
        match self {
            Dictionary::Findings => &FINDINGS,
            Dictionary::Items => &ITEMS,
        }
    }
}

struct Prepared {
    encoder: EncoderDictionary<'static>,
    decoder: DecoderDictionary<'static>,
}

impl Prepared {
    fn of(dictionary: Dictionary) -> Prepared {
        Prepared {
            encoder: EncoderDictionary::copy(dictionary.bytes(), dictionary.level()),
            decoder: DecoderDictionary::copy(dictionary.bytes()),
        }
    }
}

thread_local! {
    /// To make one takes longer than to compress a finding.
    static COMPRESSORS: RefCell<[Option<bulk::Compressor<'static>>; 2]> = const { RefCell::new([None, None]) };
    static DECOMPRESSORS: RefCell<[Option<bulk::Decompressor<'static>>; 2]> = const { RefCell::new([None, None]) };
}

/// Compresses.
///
/// # Errors
/// Where there is no memory for it.
pub fn pack(text: &[u8], dictionary: Dictionary) -> io::Result<Vec<u8>> {
    COMPRESSORS.with_borrow_mut(|[findings, items]| {
        let kept = match dictionary {
            Dictionary::Findings => findings,
            Dictionary::Items => items,
        };
        let compressor = if let Some(compressor) = kept {
            compressor
        } else {
            let encoder = &dictionary.prepared().encoder;
            let mut compressor = bulk::Compressor::with_prepared_dictionary(encoder)?;
            compressor.include_checksum(true)?;
            kept.insert(compressor)
        };
        compressor.compress(text)
    })
}

/// What was compressed.
///
/// # Errors
/// Where it is damaged, says that it is longer than `longest` bytes, or was compressed with a dictionary that is not known.
pub fn unpack(packed: &[u8], longest: usize) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    unpack_into(packed, longest, &mut text)?;
    Ok(text)
}

/// The same, in the place of what `text` holds.
///
/// # Errors
/// As [`unpack`].
pub fn unpack_into(packed: &[u8], longest: usize, text: &mut Vec<u8>) -> io::Result<()> {
    let size = zstd_safe::get_frame_content_size(packed)
        .ok()
        .flatten()
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size <= longest)
        .ok_or_else(|| io::Error::other("no size"))?;
    text.clear();
    // Zstandard takes no buffer of nothing.
    text.reserve(size.max(1));
    let Some(number) = zstd_safe::get_dict_id_from_frame(packed).map(u32::from) else {
        // What was kept before there was a dictionary.
        *text = bulk::decompress(packed, size)?;
        return Ok(());
    };
    let dictionary = ALL.into_iter().find(|known| known.number() == number);
    let dictionary = dictionary.ok_or_else(|| {
        io::Error::other(format!(
            "compressed with dictionary {number}, which is of a later version"
        ))
    })?;
    DECOMPRESSORS.with_borrow_mut(|[findings, items]| {
        let kept = match dictionary {
            Dictionary::Findings => findings,
            Dictionary::Items => items,
        };
        let decompressor = if let Some(decompressor) = kept {
            decompressor
        } else {
            let decoder = &dictionary.prepared().decoder;
            kept.insert(bulk::Decompressor::with_prepared_dictionary(decoder)?)
        };
        decompressor.decompress_to_buffer(packed, text).map(drop)
    })
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
            for dictionary in ALL {
                let packed = pack(text.as_bytes(), dictionary).unwrap();
                assert_eq!(unpack(&packed, LONGEST).unwrap(), text.as_bytes());
            }
            let before = bulk::compress(text.as_bytes(), 1).unwrap();
            assert_eq!(unpack(&before, LONGEST).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn a_bit_that_was_turned_over_is_an_error() {
        let text = br#"{"resourceId":"vol-0c7f2bd6e48f91a35","configuration":{"encrypted":true,"size":8}}"#;
        for dictionary in ALL {
            let packed = pack(text, dictionary).unwrap();
            for (byte, bit) in (0..packed.len()).flat_map(|byte| (0..8).map(move |bit| (byte, bit)))
            {
                let mut damaged = packed.clone();
                damaged[byte] ^= 1 << bit;
                if let Ok(read) = unpack(&damaged, LONGEST) {
                    // One bit of a frame's head is not read by anybody.
                    assert_eq!(read, text, "byte {byte}, bit {bit}");
                }
            }
        }
    }

    #[test]
    fn the_dictionary_never_changes() {
        use sha2::Digest as _;

        let hashes = ALL.map(|dictionary| {
            let hash: [u8; 32] = sha2::Sha256::digest(dictionary.bytes()).into();
            u128::from_be_bytes(*hash.first_chunk().unwrap())
        });
        let expected = [
            0x0a5f_00b7_4d97_9f19_c944_09b5_a246_21a0,
            0x7781_865c_ad8a_6c87_7ede_99ee_5558_1ba5,
        ];
        assert_eq!(hashes, expected);
        for dictionary in ALL {
            let number = zstd_safe::get_dict_id_from_dict(dictionary.bytes());
            assert_eq!(number.map(u32::from), Some(dictionary.number()));
        }
    }

    #[test]
    fn damage_and_what_is_too_long_and_what_is_not_known_are_errors() {
        let packed = pack(&b"words ".repeat(100), Dictionary::Items).unwrap();
        assert!(unpack(&packed[..packed.len() - 1], LONGEST).is_err());
        assert!(unpack(&packed, 100).is_err());
        assert!(unpack(b"words", LONGEST).is_err());
        let other = [
            Dictionary::Items.bytes()[..4].to_vec(),
            vec![9, 0, 0, 0],
            Dictionary::Items.bytes()[8..].to_vec(),
        ]
        .concat();
        let mut compressor = bulk::Compressor::with_dictionary(1, &other).unwrap();
        let error = unpack(&compressor.compress(b"words").unwrap(), LONGEST).unwrap_err();
        assert!(error.to_string().contains("dictionary 9"), "{error}");
    }
}
