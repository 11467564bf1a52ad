//! From a file to a framework, with every mistake in it.

mod members;
mod reader;
mod rules;

pub use members::load;
pub(crate) use reader::Loader;
