//! What several rules share, each with its own tests.

pub mod kms;
pub mod policy;
pub mod ports;
pub mod public_access;
