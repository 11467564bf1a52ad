//! What several rules share, each with its own tests.

pub mod age;
pub mod bucket_exposure;
pub mod bucket_policy;
pub mod kms;
pub mod patterns;
pub mod policy;
pub mod ports;
pub mod public_access;
