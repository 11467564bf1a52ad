//! What became of each exception.

use std::collections::BTreeMap;

use posture_engine::{Disposition, Exception, Outline, Row, Scan, ScanError};
use posture_rules::ComplianceType;

/// An exception, and how many failures it decided.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ExceptionResult")]
pub(crate) struct ExceptionResult<'s> {
    /// The exception.
    #[serde(flatten)]
    pub(crate) exception: &'s Exception,
    /// `active`, or `expired`: then its failures count again.
    pub(crate) state: &'static str,
    /// The failures that it selects.
    pub(crate) failures: usize,
}

pub(crate) fn results<'s>(scan: &'s Scan<'_>) -> Result<Vec<ExceptionResult<'s>>, ScanError> {
    let has_expired = scan
        .exceptions()
        .list()
        .any(|exception| !exception.holds(scan.now()));
    let concerns = |outline: &Outline<'_>| match outline.disposition {
        Disposition::Suppressed | Disposition::RiskAccepted => true,
        Disposition::Counted => {
            has_expired && outline.compliance_type == ComplianceType::NonCompliant
        }
        Disposition::Excluded => false,
    };
    let name = |row: &Row<'_>| {
        row.exception
            .or(row.expired_exception)
            .map(|exception| exception.name.clone())
    };
    let mut failures: BTreeMap<String, usize> = BTreeMap::new();
    if scan.exceptions().list().next().is_some() {
        for name in scan.collect_rows(&concerns, &name)?.into_iter().flatten() {
            *failures.entry(name).or_default() += 1;
        }
    }
    Ok(scan
        .exceptions()
        .list()
        .map(|exception| ExceptionResult {
            exception,
            state: if exception.holds(scan.now()) {
                "active"
            } else {
                "expired"
            },
            failures: failures.get(&exception.name).copied().unwrap_or(0),
        })
        .collect())
}
