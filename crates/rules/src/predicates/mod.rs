//! What several rules share, each with its own tests.

pub mod databases;
pub mod gaps;
pub mod kms;
pub mod policy;
pub mod ports;
