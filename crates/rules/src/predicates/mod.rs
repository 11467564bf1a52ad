//! What several rules share, each with its own tests.

pub mod policy;
pub mod ports;
