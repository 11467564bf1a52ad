//! Why a pattern is no pattern, and where.

use std::fmt;

/// A pattern that was refused. The words are event-ruler's where it has them; the place is the first
/// character of what was wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct PatternError {
    /// What was wrong.
    pub message: String,
    /// Line in the pattern's text, from 1.
    pub line: usize,
    /// Column in that line, in characters, from 1.
    pub column: usize,
}

/// The same while parsing, when only the byte offset is known.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) offset: usize,
}

impl Fault {
    pub(crate) fn new(offset: usize, message: impl fmt::Display) -> Fault {
        Fault {
            message: message.to_string(),
            offset,
        }
    }

    pub(crate) fn at(self, text: &str) -> PatternError {
        let before = text.get(..self.offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        PatternError {
            message: self.message,
            line: before.matches('\n').count() + 1,
            column: before
                .get(line_start..)
                .map_or(1, |line| line.chars().count() + 1),
        }
    }
}
