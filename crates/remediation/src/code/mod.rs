//! The change to the code that manages a resource, in place of a call: code would put a call's change back.
//!
//! What is to be said where is declared beside each document ([`Code`]); a patch is made of the user's own file, and is
//! only given where the patched file, read again, says exactly what it said before and the change.

mod cloudformation;
mod cut;
mod declared;
mod diff;
mod patch;
mod template;
mod terraform;

pub use declared::{
    Among, Code, CodeChange, Companion, InTemplate, InTerraform, PolicyPlace, PolicyStatement,
    Saying, TerraformCode, Without,
};
pub(crate) use declared::{ForEach, Tags};
pub use patch::{PatchError, SourceFile};
