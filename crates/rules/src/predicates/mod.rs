//! What several rules share, each with its own tests.

pub mod backup;
pub mod backup_protection;
pub mod broker;
pub mod kms;
pub mod named_key;
pub mod parameter;
pub mod policy;
pub mod ports;
pub mod schedule;
