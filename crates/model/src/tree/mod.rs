//! JSON as a tree of nodes that borrow from the text and from an arena.
//!
//! A node is `Copy` and three words long, so that a rule passes nodes around without thinking of
//! cost, and so that millions of items are read without an allocation a value. Objects keep the
//! order of their text.

mod node;
mod parse;
mod selection;

pub use bumpalo::Bump;
pub use node::Node;
pub use parse::{MAXIMUM_DEPTH, SyntaxError, node_of, parse, parse_selected, peek_text};
pub use selection::Selection;
