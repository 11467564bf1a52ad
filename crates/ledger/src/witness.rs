//! Witnesses: their keys and their timestamped cosignatures (C2SP tlog-cosignature, Ed25519).

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;
use signed_note::Signature;

use crate::error::LedgerError;

/// Signature type of a timestamped Ed25519 cosignature.
const COSIGNATURE: u8 = 4;

/// The public key of a witness.
#[derive(Clone)]
pub struct WitnessKey {
    name: String,
    id: u32,
    key: VerifyingKey,
    text: String,
}

impl WitnessKey {
    /// Reads a verifier key (C2SP signed-note) of signature type 4.
    ///
    /// # Errors
    /// The text is no such key.
    pub fn parse(text: &str) -> Result<WitnessKey, LedgerError> {
        let refuse = |why: &str| LedgerError::Key {
            what: format!("{text:?}"),
            kind: "witness key",
            why: why.to_owned(),
        };
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(refuse("it has not three parts with + between them"));
        };
        let key = BASE64_STANDARD
            .decode(key)
            .map_err(|error| refuse(&error.to_string()))?;
        if !signed_note::is_key_name_valid(name) {
            return Err(refuse("its name is empty or has spaces"));
        }
        let known = signed_note::key_id(name, &key);
        if id != format!("{known:08x}") {
            return Err(refuse("its id is not that of the key"));
        }
        let Some((&COSIGNATURE, public)) = key.split_first() else {
            return Err(refuse("it is not of type 4, an Ed25519 cosigner's"));
        };
        let public: &[u8; 32] = public
            .try_into()
            .map_err(|_| refuse("its key is not 32 bytes"))?;
        Ok(WitnessKey {
            name: name.to_owned(),
            id: known,
            key: VerifyingKey::from_bytes(public).map_err(|error| refuse(&error.to_string()))?,
            text: text.to_owned(),
        })
    }

    /// Name of the witness.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key as it was read.
    pub fn verifier_key(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_of(&self, signature: &Signature) -> bool {
        signature.name() == self.name && signature.id() == self.id
    }

    /// When the witness saw the checkpoint; none where the signature is not its.
    pub(crate) fn verify(&self, text: &[u8], signature: &Signature) -> Option<Timestamp> {
        let (seconds, bytes) = signature.signature().split_first_chunk::<8>()?;
        let seconds = u64::from_be_bytes(*seconds);
        let bytes: &[u8; 64] = bytes.try_into().ok()?;
        let mut message = format!("cosignature/v1\ntime {seconds}\n").into_bytes();
        message.extend_from_slice(text);
        self.key
            .verify_strict(&message, &ed25519_dalek::Signature::from_bytes(bytes))
            .ok()?;
        Timestamp::from_second(seconds.try_into().ok()?).ok()
    }
}

impl fmt::Debug for WitnessKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("WitnessKey").field(&self.text).finish()
    }
}
