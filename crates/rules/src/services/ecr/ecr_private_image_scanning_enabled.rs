//! An image that nobody scans runs with its vulnerabilities unknown.
//!
//! ## Result
//! - COMPLIANT: the repository's images are scanned on push or continuously.
//! - NON_COMPLIANT: they are scanned only where somebody asks, or no frequency is set.
//! - INSUFFICIENT_DATA: the repository's scanning configuration was not read. What AWS Config
//!   records of a repository is not enough: the registry's own setting can replace it.
//!
//! ## What to do
//! Turn on scanning for the registry, with a filter that holds the repository: basic scanning on
//! push, or enhanced scanning with Amazon Inspector, which is paid.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ecr-private-image-scanning-enabled`.

use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ecr-private-image-scanning-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Private ECR repositories have their images scanned",
    resource_types: &[ResourceType::EcrRepository],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(SCANNING)],
    severity: Severity::High,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Automation("ASR-EnablePrivateRepositoryScanning"),
    check,
};

const SCANNING: Path = path(
    "supplementaryConfiguration.BatchGetRepositoryScanningConfiguration.scanningConfigurations",
);

fn check<'a>(repository: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    // ECR answers with one configuration for each repository that it is asked about; where it
    // answers with none, it failed.
    let [scanning] = repository.list(SCANNING)? else {
        return Err(unread::not_collected(SCANNING));
    };
    let frequency = unread::text(SCANNING, *scanning, "scanFrequency")?;
    if !matches!(frequency, Some("SCAN_ON_PUSH" | "CONTINUOUS_SCAN")) {
        let expected = "SCAN_ON_PUSH or CONTINUOUS_SCAN";
        return Ok(Evaluation::non_compliant(SCANNING, frequency, expected));
    }
    Ok(Evaluation::compliant(SCANNING, frequency))
}
