//! Bytes to documents that hold configuration items.

mod boundary;
mod cut;
mod document;
mod documents;
mod items;
mod open;
mod packed;
mod read;

use std::fmt;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

pub(crate) use cut::Document;
pub(crate) use document::item_of;
pub use documents::{open_text, read_events, read_findings};
pub use items::read_items;
pub(crate) use open::Texts;
pub use packed::{Packed, Unpack};
pub(crate) use read::{Block, read};

/// One thing to read. Gzip and Zstandard are recognised by their first bytes.
#[derive(Debug, Clone)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// The standard input.
    Stdin,
    /// Text already at hand, and what to call it.
    Text(String, Arc<str>),
    /// An open file, which need have no name, and what to call it.
    Open(String, Arc<File>),
    /// Items as a store keeps them, and what to call them.
    Packed(String, Packed),
}

impl Input {
    /// The file, or what it is called.
    pub fn name(&self) -> String {
        match self {
            Input::File(path) => path.display().to_string(),
            Input::Stdin => "standard input".to_owned(),
            Input::Text(name, _) | Input::Open(name, _) | Input::Packed(name, _) => name.clone(),
        }
    }
}

/// What came of one input.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
pub struct InputReport {
    /// The file, or what it is called.
    pub name: String,
    /// Configuration items, or findings, found in it.
    pub items: usize,
    /// What could not be read of it, by place; the first twenty.
    pub errors: Vec<InputError>,
    /// How many more errors there were.
    #[serde(rename = "furtherErrors")]
    pub further_errors: usize,
}

impl InputReport {
    const ERRORS: usize = 20;

    pub(crate) fn add(&mut self, other: InputReport) {
        self.items += other.items;
        self.further_errors += other.further_errors;
        for error in other.errors {
            self.add_error(error);
        }
    }

    pub(crate) fn add_error(&mut self, error: InputError) {
        self.errors.push(error);
        self.errors.sort();
        if self.errors.len() > Self::ERRORS {
            self.errors.pop();
            self.further_errors += 1;
        }
    }
}

/// What could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct InputError {
    /// Byte offset in the decompressed input.
    pub offset: u64,
    /// What was seen, and what was expected.
    pub message: String,
}

impl InputError {
    pub(crate) fn at(offset: usize, message: impl Into<String>) -> InputError {
        InputError {
            offset: offset as u64,
            message: message.into(),
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: {}", self.offset, self.message)
    }
}

impl std::error::Error for InputError {}
