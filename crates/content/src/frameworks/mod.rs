//! Compliance frameworks: control sets, controls, and what shows that a control holds.
//!
//! One direction: controls name rules, rules never name frameworks; which controls a rule serves is
//! derived ([`CrossMap`]). A control is named by (framework, version, id): ids of one version mean
//! something else in the next. Control ids are facts; titles and guidance are our own words unless
//! the text is in the public domain (NIST's, and 45 CFR). The embedded files are
//! `crates/content/frameworks/*.yaml`; their mappings are refreshed by `cargo xtask frameworks`.

mod counts;
mod crossmap;
mod diff;
mod embedded;
mod framework;
mod import;
mod load;
mod mapping;
mod pack;
mod testing;
mod texts;
mod validate;
mod write;

pub use counts::Counts;
pub use crossmap::{CrossMap, Related, Served};
pub use diff::{Change, diff};
pub use embedded::{embedded, embedded_text};
pub use framework::{Control, ControlSet, Coverage, Framework, Group};
pub use import::{Format, ImportError, Imported, import};
pub(crate) use load::Loader;
pub use load::load;
pub use mapping::{Origin, RuleMapping, Strength};
pub use testing::testing_procedure;
pub use write::to_yaml;
