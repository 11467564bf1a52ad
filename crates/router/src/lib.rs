//! Which rules an event matches, and what their targets get.
//!
//! - [`Pattern`]: an EventBridge event pattern; [`RuleSet`]: many of them, matched at once.
//! - [`PatternError`]: why a text is no pattern, with line and column.
//!
//! Nothing here does I/O or reads a clock.

mod consistency;
mod error;
mod fields;
mod json;
mod pattern;
mod rule_set;

pub use error::PatternError;
pub use pattern::Pattern;
pub use rule_set::{Matcher, RuleSet};
