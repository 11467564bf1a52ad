//! The report as JSON, by version.

pub(crate) mod v1;
