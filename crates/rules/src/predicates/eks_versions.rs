//! Versions of Kubernetes that EKS clusters run, and the oldest one that AWS supports.
//!
//! Source: AWS Config developer guide, `eks-cluster-oldest-supported-version` and
//! `eks-cluster-supported-version`, which take the same parameter.

use std::cmp::Ordering;

use super::{parameter, unread};
use crate::prelude::*;

/// The version of a cluster.
pub const VERSION: Path = path("configuration.Version");
/// The parameter that says which version is the oldest that is supported.
pub const OLDEST: &str = "oldestVersionSupported";

/// A cluster's version, and how it stands to the oldest one that is supported.
///
/// # Errors
/// Where one of the two is missing or no version.
pub fn against_oldest<'a>(
    cluster: &ConfigurationItem<'a>,
    params: &Params,
) -> Result<(&'a str, Ordering), InsufficientData> {
    let oldest = params.text(OLDEST)?;
    let Some(oldest_parts) = parts(oldest) else {
        let message = format!("is {oldest:?}, expected a version such as 1.31");
        return Err(parameter::invalid(OLDEST, message));
    };
    let version = cluster.text(VERSION)?;
    let Some((known, parts)) = version.and_then(|known| Some((known, parts(known)?))) else {
        let found = version.unwrap_or("not set");
        return Err(unread::malformed(VERSION, found, "a version such as 1.31"));
    };
    Ok((known, parts.cmp(&oldest_parts)))
}

/// The major and the minor version: 1.9 is older than 1.10.
fn parts(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn versions_are_numbers() {
        assert!(parts("1.9") < parts("1.10"));
        assert_eq!(parts("1.31"), Some((1, 31)));
        assert_eq!(parts("latest"), None);
        assert_eq!(parts("1.31.2"), None);
    }
}
