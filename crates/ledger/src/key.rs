//! The log's Ed25519 key, and the file that holds it.
//!
//! A key file holds one line in the form of Go's `sumdb/note`: `PRIVATE+KEY+<name>+<id>+<key>`.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::SigningKey;
use signed_note::{Signer, StandardSigner, StandardVerifier};

use crate::error::LedgerError;

/// Signature type of an Ed25519 note signature (C2SP signed-note).
const ED25519: u8 = 1;

/// A key that signs checkpoints. It has no `Display`, and its `Debug` tells the public half only.
pub struct LogKey {
    signer: StandardSigner,
    verifier_key: String,
}

impl LogKey {
    /// A new key from the system's random bytes, under the name that is the log's origin line.
    ///
    /// # Errors
    /// The name is empty or has spaces or `+`, or the system gave no random bytes.
    pub fn generate(name: &str) -> Result<(LogKey, PrivateKey), LedgerError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(LedgerError::Random)?;
        let key = SigningKey::from_bytes(&seed);
        let public = [&[ED25519], key.verifying_key().as_bytes().as_slice()].concat();
        let private = [&[ED25519], seed.as_slice()].concat();
        let id = signed_note::key_id(name, &public);
        let text = PrivateKey(format!(
            "PRIVATE+KEY+{name}+{id:08x}+{}",
            BASE64_STANDARD.encode(private)
        ));
        Ok((LogKey::parse(&text.0, name)?, text))
    }

    /// Reads the text form; `from` is where it came from, for messages.
    fn parse(text: &str, from: &str) -> Result<LogKey, LedgerError> {
        let refuse = |why: &str| LedgerError::Key {
            what: from.to_owned(),
            kind: "Ed25519 note key",
            why: why.to_owned(),
        };
        let mut parts = text.splitn(5, '+');
        let name = parts.nth(2).ok_or_else(|| refuse("it has too few parts"))?;
        if !is_printable(name) {
            return Err(refuse("its name has spaces or control characters"));
        }
        let signer = StandardSigner::new(text).map_err(|error| refuse(&error.to_string()))?;
        let seed: Option<[u8; 32]> = parts
            .nth(1)
            .and_then(|key| BASE64_STANDARD.decode(key).ok())
            .and_then(|bytes| bytes.get(1..)?.try_into().ok());
        let seed = seed.ok_or_else(|| refuse("its key is not 32 bytes"))?;
        let verifier_key = signed_note::new_ed25519_verifier_key(
            name,
            &SigningKey::from_bytes(&seed).verifying_key(),
        );
        Ok(LogKey {
            signer,
            verifier_key,
        })
    }

    /// The public half, as `posture-verify --key` takes it: `<name>+<id>+<key>` (C2SP signed-note).
    pub fn verifier_key(&self) -> &str {
        &self.verifier_key
    }

    /// Name of the key, which is the log's origin line.
    pub fn name(&self) -> &str {
        self.signer.name()
    }

    pub(crate) fn signer(&self) -> &dyn Signer {
        &self.signer
    }

    pub(crate) fn verifier(&self) -> Result<StandardVerifier, LedgerError> {
        verifier(&self.verifier_key)
    }
}

impl fmt::Debug for LogKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("LogKey").field(&self.verifier_key).finish()
    }
}

/// The text of a private key, which only [`KeyFile`] reads.
pub struct PrivateKey(String);

impl fmt::Debug for PrivateKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("***")
    }
}

/// A file that holds a [`LogKey`], readable by its owner only.
#[derive(Debug)]
pub struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    /// The file need not exist.
    pub fn new(path: impl Into<PathBuf>) -> KeyFile {
        KeyFile { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a key and writes it, with mode 0600, in a folder that is made where it is missing.
    ///
    /// # Errors
    /// The file exists, could not be written, or no key of this name can be.
    pub fn create(&self, name: &str) -> Result<LogKey, LedgerError> {
        let (key, PrivateKey(text)) = LogKey::generate(name)?;
        self.write(&text).map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists => LedgerError::KeyExists {
                path: self.path.clone(),
            },
            _ => LedgerError::KeyFile {
                path: self.path.clone(),
                action: "written",
                cause,
            },
        })?;
        Ok(key)
    }

    /// Reads the key.
    ///
    /// # Errors
    /// The file could not be read, can be read by others, or holds no key.
    pub fn load(&self) -> Result<LogKey, LedgerError> {
        let refuse = |cause| LedgerError::KeyFile {
            path: self.path.clone(),
            action: "read",
            cause,
        };
        let metadata = fs::metadata(&self.path).map_err(refuse)?;
        self.check_mode(&metadata)?;
        let text = fs::read_to_string(&self.path).map_err(refuse)?;
        LogKey::parse(text.trim_end(), &self.path.display().to_string())
    }

    #[cfg(unix)]
    fn check_mode(&self, metadata: &fs::Metadata) -> Result<(), LedgerError> {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = metadata.permissions().mode() & 0o777;
        let others = mode & 0o077;
        if others != 0 {
            return Err(LedgerError::KeyPermissions {
                path: self.path.clone(),
                mode,
            });
        }
        Ok(())
    }

    #[cfg(not(unix))]
    fn check_mode(&self, _metadata: &fs::Metadata) -> Result<(), LedgerError> {
        Ok(())
    }

    fn write(&self, text: &str) -> io::Result<()> {
        let folder = self.path.parent();
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(folder)?;
        }
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path)?;
        writeln!(file, "{text}")?;
        file.sync_all()?;
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

/// A verifier of the public half of a log's key.
pub(crate) fn verifier(verifier_key: &str) -> Result<StandardVerifier, LedgerError> {
    StandardVerifier::new(verifier_key).map_err(|error| LedgerError::Key {
        what: format!("{verifier_key:?}"),
        kind: "Ed25519 verifier key",
        why: error.to_string(),
    })
}

/// A name is one line of a note, so it cannot have what a note cannot.
fn is_printable(name: &str) -> bool {
    !name
        .chars()
        .any(|letter| letter.is_control() || letter.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_file_is_private_and_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::new(folder.path().join("log.key"));
        let key = file.create("posture.example/log").unwrap();
        assert_eq!(file.load().unwrap().verifier_key(), key.verifier_key());
        assert!(!format!("{key:?}").contains("PRIVATE"));
        assert!(matches!(
            file.create("posture.example/log"),
            Err(LedgerError::KeyExists { .. })
        ));
    }

    #[cfg(unix)]
    #[test]
    fn key_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile::new(folder.path().join("log.key"));
        file.create("posture.example/log").unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o640)).unwrap();
        let error = file.load().unwrap_err().to_string();
        assert!(
            error.ends_with("can be read by others (mode 640); run chmod 600 on it"),
            "{error}"
        );
    }

    #[test]
    fn names_that_no_note_can_hold_are_refused() {
        for name in ["", "a b", "a+b", "a\u{7}b", "a\u{a0}b"] {
            assert!(LogKey::generate(name).is_err(), "{name:?}");
        }
    }
}
