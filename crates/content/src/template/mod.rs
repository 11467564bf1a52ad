//! Conformance pack templates: CloudFormation's YAML or JSON to a [`crate::packs::Pack`].

mod load;
mod resolve;

pub use crate::yaml::{Place, Problem};
pub use load::{declared_parameters, load};
