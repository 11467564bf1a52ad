//! Running a document: the interpreter, and what it asks of whoever runs it.

mod host;
mod machine;
mod script;

pub(crate) use host::{Answers, Halt, Host, ResolvedCall, is_unknown, unknown};
pub use host::{StepRecord, StepState};
pub(crate) use machine::{End, Globals, Library, Machine};
pub(crate) use script::run_script;
