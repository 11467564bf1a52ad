//! People, as the evidence log may name them: leaves are for ever, so they hold no name, only a
//! commitment; the name and the salt are in the record's body, which can be deleted.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::AuditError;
use crate::verdict_root::hex;

/// Bytes of a salt: too many to be tried.
const SALT_BYTES: usize = 16;

/// Somebody who did something, with the salt of this one mention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Person {
    /// The name, as the person gave it.
    pub name: String,
    /// Random, hex.
    salt: String,
}

impl Person {
    /// This mention of somebody.
    ///
    /// # Errors
    /// Where nobody is named, or the system gives no random bytes.
    pub fn named(name: &str) -> Result<Person, AuditError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(AuditError::Nobody);
        }
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt).map_err(|_| AuditError::NoRandom)?;
        Ok(Person {
            name: name.to_owned(),
            salt: hex(&salt),
        })
    }

    /// What a leaf holds: SHA-256 of salt and name, hex. Whoever has both can check it; who has
    /// neither learns nothing, and two mentions of one person do not look alike.
    pub fn commitment(&self) -> String {
        let mut hash = Sha256::new();
        hash.update("posture.person/v1\n");
        hash.update(format!("{}\n{}", self.salt, self.name));
        hex(&hash.finalize())
    }
}
