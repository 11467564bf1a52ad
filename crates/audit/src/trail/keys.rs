//! CloudTrail's public keys.

use std::collections::BTreeMap;

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;

use super::digest::TrailError;

/// Keys by fingerprint, as `aws cloudtrail list-public-keys` prints them.
#[derive(Debug, Clone, Default)]
pub struct PublicKeys(BTreeMap<String, Vec<u8>>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    public_key_list: Vec<Key>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Key {
    /// The key in PKCS #1, DER, base64.
    value: String,
    fingerprint: String,
}

impl PublicKeys {
    /// Reads the answer of `ListPublicKeys`.
    ///
    /// # Errors
    /// Where it is none.
    pub fn read(text: &[u8]) -> Result<PublicKeys, TrailError> {
        let listed: Listed =
            serde_json::from_slice(text).map_err(|error| TrailError::Keys(error.to_string()))?;
        let mut keys = PublicKeys::default();
        for key in listed.public_key_list {
            let der = base64(&key.value)
                .ok_or_else(|| TrailError::Keys(format!("{} is no base64", key.fingerprint)))?;
            keys.0.insert(key.fingerprint, der);
        }
        Ok(keys)
    }

    /// Whether the key signed this text; none where it is not known.
    pub(super) fn has_signed(
        &self,
        fingerprint: &str,
        text: &str,
        signature: &[u8],
    ) -> Option<bool> {
        let der = self.0.get(fingerprint)?;
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der);
        Some(key.verify(text.as_bytes(), signature).is_ok())
    }
}

/// Standard base64; what the AWS CLI prints has no line breaks.
fn base64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode(text.trim())
        .ok()
}
