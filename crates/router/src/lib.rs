//! Which rules an event matches, and what their targets get.
//!
//! - [`Pattern`]: an EventBridge event pattern; [`RuleSet`]: many of them, matched at once.
//! - [`PatternError`]: why a text is no pattern, with line and column.
//! - [`Event`]: EventBridge's envelope, and what keeps a JSON value from being one.
//! - [`InputTransformer`], [`JsonPath`]: what a target gets of an event.
//!
//! Nothing here does I/O or reads a clock.

mod consistency;
mod envelope;
mod error;
mod fields;
mod json;
mod pattern;
mod rule_set;
mod transform;

pub use envelope::{EnvelopeProblem, Event};
pub use error::PatternError;
pub use pattern::{Pattern, Unmet};
pub use rule_set::{Matcher, RuleSet};
pub use transform::{InputTransformer, JsonPath, RuleContext, TransformError};
