//! Bytes to JSON documents that hold configuration items.

use std::fmt;
use std::io::Read as _;
use std::path::PathBuf;

use serde::Serialize;

/// One thing to read.
#[derive(Debug, Clone)]
pub enum Input {
    /// A file; gzip is recognised by its first bytes.
    File(PathBuf),
    /// Bytes already at hand, and what to call them.
    Text(String, String),
}

/// What came of one input.
#[derive(Debug, Clone, Serialize)]
pub struct InputReport {
    /// The file, or what it is called.
    pub name: String,
    /// Configuration items found in it.
    pub items: usize,
    /// What could not be read of it.
    pub errors: Vec<InputError>,
}

/// What could not be read, and where.
#[derive(Debug, Clone, Serialize)]
pub struct InputError {
    /// Byte offset in the decompressed input.
    pub offset: usize,
    /// What was seen, and what was expected.
    pub message: String,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: {}", self.offset, self.message)
    }
}

impl Input {
    pub(crate) fn name(&self) -> String {
        match self {
            Input::File(path) => path.display().to_string(),
            Input::Text(name, _) => name.clone(),
        }
    }

    pub(crate) fn bytes(&self) -> Result<Vec<u8>, InputError> {
        let error = |message: String| InputError { offset: 0, message };
        let bytes = match self {
            Input::Text(_, text) => return Ok(text.clone().into_bytes()),
            Input::File(path) => std::fs::read(path).map_err(|cause| error(cause.to_string()))?,
        };
        if !bytes.starts_with(&[0x1f, 0x8b]) {
            return Ok(bytes);
        }
        let mut plain = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes.as_slice())
            .read_to_end(&mut plain)
            .map_err(|cause| error(format!("gzip: {cause}")))?;
        Ok(plain)
    }
}
