//! The report in words and as JSON.

pub(crate) mod json;
mod text;

pub use text::text;
