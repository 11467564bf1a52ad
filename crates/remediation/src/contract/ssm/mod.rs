//! The document handed over to SSM, unchanged: SSM runs it, and everything around it stays ours.

mod document;
mod execution;
mod parameters;

pub(super) use document::Handed;
pub use document::{HandOver, SSM_ACTIONS, SSM_CREATE_DOCUMENT};
