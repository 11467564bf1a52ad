//! Signed notes, checkpoints, and the keys that sign them (C2SP signed-note, tlog-checkpoint,
//! tlog-cosignature).

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::error::VerifyError;
use crate::merkle::Hash;

const ED25519: u8 = 1;
const COSIGNATURE: u8 = 4;
/// More than any log and its witnesses make.
const MAX_NOTE_BYTES: usize = 1_000_000;

/// A tree's head as read from a checkpoint, and its signature lines, unchecked.
#[derive(Debug, Clone)]
pub(crate) struct Checkpoint {
    pub(crate) origin: String,
    pub(crate) size: u64,
    pub(crate) root: Hash,
    pub(crate) text: String,
    pub(crate) signatures: Vec<Line>,
}

/// A signature line.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) id: u32,
    signature: Vec<u8>,
}

impl Line {
    pub(crate) fn signer(&self) -> String {
        format!("{}+{:08x}", self.name, self.id)
    }
}

impl Checkpoint {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Checkpoint, &'static str> {
        if bytes.len() > MAX_NOTE_BYTES {
            return Err("it is too long for a note");
        }
        let note = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
        if note.chars().any(|letter| letter < ' ' && letter != '\n') {
            return Err("it has control characters");
        }
        let (text, lines) = note.rsplit_once("\n\n").ok_or("it has no signatures")?;
        let lines = lines.strip_suffix('\n').ok_or("its last line has no end")?;
        let signatures = lines
            .split('\n')
            .map(parse_line)
            .collect::<Result<_, _>>()?;
        let text = format!("{text}\n");
        let mut parts = text.split('\n');
        let (Some(origin), Some(size), Some(root), Some(""), None) = (
            parts.next().filter(|origin| !origin.is_empty()),
            parts.next(),
            parts.next(),
            parts.next(),
            parts.next(),
        ) else {
            return Err("its text is not an origin, a size and a root");
        };
        let number: u64 = size.parse().map_err(|_| "its size is no number")?;
        if number.to_string() != size {
            return Err("its size has another form than a number's");
        }
        let root = BASE64_STANDARD
            .decode(root)
            .ok()
            .and_then(|root| Hash::try_from(root).ok())
            .ok_or("its root is not 32 bytes in base64")?;
        Ok(Checkpoint {
            origin: origin.to_owned(),
            size: number,
            root,
            signatures,
            text,
        })
    }
}

fn parse_line(line: &str) -> Result<Line, &'static str> {
    const WRONG: &str = "a signature line is none";
    let (name, signature) = line
        .strip_prefix("— ")
        .and_then(|line| line.split_once(' '))
        .filter(|(name, _)| is_name(name))
        .ok_or(WRONG)?;
    let bytes = BASE64_STANDARD.decode(signature).map_err(|_| WRONG)?;
    let (id, signature) = bytes.split_first_chunk().ok_or(WRONG)?;
    if signature.is_empty() {
        return Err(WRONG);
    }
    Ok(Line {
        name: name.to_owned(),
        id: u32::from_be_bytes(*id),
        signature: signature.to_vec(),
    })
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains('+') && !name.chars().any(char::is_whitespace)
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    name: String,
    id: u32,
    public: VerifyingKey,
    text: String,
}

impl Key {
    fn parse(text: &str, kind: u8) -> Result<Key, &'static str> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("it has not three parts with + between them");
        };
        if !is_name(name) {
            return Err("its name is empty or has spaces");
        }
        let key = BASE64_STANDARD
            .decode(key)
            .map_err(|_| "its key is no base64")?;
        let known: [u8; 32] = Sha256::new()
            .chain_update(name)
            .chain_update("\n")
            .chain_update(&key)
            .finalize()
            .into();
        let [a, b, c, d, ..] = known;
        let known = u32::from_be_bytes([a, b, c, d]);
        if id != format!("{known:08x}") {
            return Err("its id is not that of the key");
        }
        let Some(public) = key.split_first().filter(|(first, _)| **first == kind) else {
            return Err("its key is of another type");
        };
        let public: &[u8; 32] = public.1.try_into().map_err(|_| "its key is not 32 bytes")?;
        Ok(Key {
            name: name.to_owned(),
            id: known,
            public: VerifyingKey::from_bytes(public)
                .map_err(|_| "its key is no point of Ed25519")?,
            text: text.to_owned(),
        })
    }

    fn is_of(&self, line: &Line) -> bool {
        self.name == line.name && self.id == line.id
    }
}

/// The public key of a log: `<name>+<id>+<key>`, signature type 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogVerifier(Key);

impl LogVerifier {
    /// Reads a verifier key.
    ///
    /// # Errors
    /// The text is none, or of another signature type.
    pub fn parse(text: &str) -> Result<LogVerifier, VerifyError> {
        Key::parse(text, ED25519)
            .map(LogVerifier)
            .map_err(|why| VerifyError::Key {
                text: text.to_owned(),
                kind: "key of a log",
                why,
            })
    }

    /// The key as it was read.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn is_of(&self, line: &Line) -> bool {
        self.0.is_of(line)
    }

    pub(crate) fn verifies(&self, line: &Line, text: &str) -> bool {
        let Ok(bytes) = <&[u8; 64]>::try_from(line.signature.as_slice()) else {
            return false;
        };
        let signature = Signature::from_bytes(bytes);
        self.0
            .public
            .verify_strict(text.as_bytes(), &signature)
            .is_ok()
    }
}

/// The public key of a witness: `<name>+<id>+<key>`, signature type 4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessVerifier(Key);

impl WitnessVerifier {
    /// Reads a verifier key.
    ///
    /// # Errors
    /// The text is none, or of another signature type.
    pub fn parse(text: &str) -> Result<WitnessVerifier, VerifyError> {
        Key::parse(text, COSIGNATURE)
            .map(WitnessVerifier)
            .map_err(|why| VerifyError::Key {
                text: text.to_owned(),
                kind: "key of a witness",
                why,
            })
    }

    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    pub(crate) fn is_of(&self, line: &Line) -> bool {
        self.0.is_of(line)
    }

    /// When the witness saw the checkpoint, milliseconds since 1970; none where it did not sign this.
    pub(crate) fn seen(&self, line: &Line, text: &str) -> Option<i64> {
        let (seconds, signature) = line.signature.split_first_chunk()?;
        let seconds = u64::from_be_bytes(*seconds);
        let signature = Signature::from_bytes(signature.try_into().ok()?);
        let message = format!("cosignature/v1\ntime {seconds}\n{text}");
        self.0
            .public
            .verify_strict(message.as_bytes(), &signature)
            .ok()?;
        i64::try_from(seconds).ok()?.checked_mul(1000)
    }
}

#[cfg(test)]
mod tests {
    //! Oracle: the examples of https://c2sp.org/signed-note.
    use super::*;

    const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const LINE: &str = "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=";

    #[test]
    fn example_of_the_specification_verifies() {
        let key = LogVerifier::parse(KEY).unwrap();
        let line = parse_line(LINE).unwrap();
        assert!(key.is_of(&line));
        assert!(key.verifies(&line, "This is an example message.\n"));
        assert!(!key.verifies(&line, "This is an example message!\n"));
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        for (text, why) in [
            ("example.com/foo", "three parts"),
            (
                "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "spaces",
            ),
            (
                "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "its id",
            ),
            (
                "example.com/foo+530d903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                "its id",
            ),
            ("example.com/foo+530d903a+!", "base64"),
        ] {
            let error = LogVerifier::parse(text).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
        assert!(WitnessVerifier::parse(KEY).is_err());
    }

    #[test]
    fn checkpoints_in_other_forms_are_refused() {
        let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        let note = |text: &str| format!("{text}\n{LINE}\n");
        let good = note(&format!("a\n7\n{root}\n"));
        assert_eq!(Checkpoint::parse(good.as_bytes()).unwrap().size, 7);
        for bad in [
            note(&format!("a\n07\n{root}\n")),
            note(&format!("a\n+7\n{root}\n")),
            note(&format!("\n7\n{root}\n")),
            note(&format!("a\n7\n{root}\nextension\n")),
            note("a\n7\nCsUY\n"),
            good.trim_end().to_owned(),
            good.replace("— ", "- "),
            good.replace('7', "\t7"),
            format!("a\n7\n{root}\n\n"),
        ] {
            assert!(Checkpoint::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
