//! Event patterns and what is sent where they match.
mod consistency;
mod error;
mod fields;
mod json;
mod pattern;

pub use error::PatternError;
pub use pattern::Pattern;
