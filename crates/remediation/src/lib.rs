//! Remediation
mod document;
pub use document::*;
