//! What several rules share, each with its own tests.

pub mod eks_secrets;
pub mod kms;
pub mod policy;
pub mod ports;
pub mod search_domains;
pub mod task_definitions;
