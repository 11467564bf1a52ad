//! What is data: conformance packs, compliance frameworks, Security Hub's standards, remediations, the
//! auditor's request list, and the sample estate of the demo.
//! Loading and validation of it; no evaluation.

pub mod frameworks;
pub mod packs;
pub mod remediations;
pub mod requests;
pub mod sample;
pub mod standards;
pub mod template;
pub mod yaml;
