//! What is data: conformance packs. Loading and validation of it; no evaluation.

pub mod packs;
pub mod sample;
