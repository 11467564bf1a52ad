//! Parts of a model that are decoded when they are first asked for: of EC2's 4,000 a scan needs some 100.

use std::sync::OnceLock;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// An operation or a shape: its text, and what was decoded from it.
#[derive(Debug)]
pub(super) struct Part<T: 'static> {
    text: &'static RawValue,
    decoded: OnceLock<Box<T>>,
}

impl<'de: 'static, T> Deserialize<'de> for Part<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self {
            text: <&'static RawValue>::deserialize(deserializer)?,
            decoded: OnceLock::new(),
        })
    }
}

impl<T: Deserialize<'static>> Part<T> {
    /// The text that it is decoded from.
    pub(super) fn text(&self) -> &'static str {
        self.text.get()
    }

    /// # Errors
    /// When the text is none of a part, or `finish` has something against it.
    pub(super) fn decoded<E: From<serde_json::Error>>(
        &self,
        finish: impl FnOnce(&mut T) -> Result<(), E>,
    ) -> Result<&T, E> {
        if let Some(decoded) = self.decoded.get() {
            return Ok(decoded);
        }
        let mut decoded: Box<T> = serde_json::from_str(self.text())?;
        finish(&mut decoded)?;
        Ok(self.decoded.get_or_init(|| decoded))
    }
}
