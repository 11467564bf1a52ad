//! Fields of evidence that are personal data: the evidence holds a commitment, and what opens it is in a
//! body of its own, which can be left out of a package or deleted without touching the evidence.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::AuditError;
use crate::verdict_root::hex;

/// Bytes of a salt: too many to be tried.
const SALT_BYTES: usize = 16;

/// What opens a commitment: a line of an openings' body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Opening {
    /// SHA-256 over the others, hex: what the evidence holds.
    pub commitment: String,
    /// Name of the field.
    pub name: String,
    /// Random, hex: without it nobody can try values.
    pub salt: String,
    /// The field's value.
    pub value: String,
}

impl Opening {
    /// Commits to the value of a field.
    ///
    /// # Errors
    /// The system gave no random bytes.
    pub(super) fn new(name: &str, value: &str) -> Result<Opening, AuditError> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|_| AuditError::NoRandom)?;
        let salt = hex(&salt);
        let mut hash = Sha256::new();
        hash.update("posture.commitment/v1\n");
        hash.update(format!("{salt}\n{name}\n{value}"));
        Ok(Opening {
            commitment: hex(&hash.finalize()),
            name: name.to_owned(),
            salt,
            value: value.to_owned(),
        })
    }
}
