//! An assessment as OSCAL: the plan of what is tested, and the results.
//!
//! What is not known is never `satisfied`: it is `not-satisfied` with the reason `other`. The same
//! evidence gives the same bytes, identifiers included.

mod activity;
mod document;
mod ids;
mod plan;
mod plan_document;
mod rendered;
mod resources;
mod results;
mod risk;
mod subjects;
mod text;
mod token;

pub use rendered::{OscalFile, OscalVersion};
pub(crate) use rendered::{Rendering, render};
