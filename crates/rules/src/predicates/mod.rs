//! What several rules share, each with its own tests.

pub mod inline_policy;
pub mod kms;
pub mod policy;
pub mod ports;
pub mod root_user;
