//! User activity: who did what and when, as CloudTrail told of it. Evidence of controls that name
//! events; filed in the evidence log by account and day.

mod file;
mod find;
mod known;
mod opening;
mod redact;

pub use file::file_activity;
pub use find::{SoughtActivity, find_activity};
pub(crate) use known::is_in;
pub use known::{Activity, ActivityRecord};
pub use opening::Opening;
pub use redact::{Redaction, openings};
