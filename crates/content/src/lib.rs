//! What is data: conformance packs, and the sample estate of the demo. Loading and validation of
//! it; no evaluation.

pub mod packs;
pub mod sample;
pub mod template;
