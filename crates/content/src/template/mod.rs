//! Conformance pack templates: CloudFormation's YAML or JSON to a [`crate::packs::Pack`].

mod load;
mod problem;
mod resolve;
mod yaml;

pub use load::{declared_parameters, load};
pub use problem::{Place, Problem};
