//! What is data: conformance packs, compliance frameworks, Security Hub's standards, and the sample
//! estate of the demo.
//! Loading and validation of it; no evaluation.

pub mod frameworks;
pub mod packs;
pub mod sample;
pub mod standards;
pub mod template;
mod yaml;
