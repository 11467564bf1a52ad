//! Nobody reads every policy of every resource; IAM Access Analyzer does, and tells what others can
//! reach.
//!
//! ## Result
//! - COMPLIANT: the Region has an analyzer of external access, of the account or of the
//!   organization, whose status is `ACTIVE`.
//! - NON_COMPLIANT: it has none, or none that is `ACTIVE`. Analyzers of internal and of unused
//!   access are none.
//! - INSUFFICIENT_DATA: the analyzers were not read.
//!
//! An analyzer of the organization is listed only in the account that made it; in the others it
//! doesn't count, as the page asks for one in the account.
//!
//! ## What to do
//! Create an analyzer of external access in each Region; those are free of charge.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-external-access-analyzer-enabled`; IAM Access
//! Analyzer API reference, `AnalyzerSummary`.

use crate::predicates::unread::text;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-external-access-analyzer-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "The Region has an active analyzer of external access",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ANALYZERS)],
    severity: Severity::High,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const ANALYZERS: Path = path("supplementaryConfiguration.ListAnalyzers.analyzers");

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mut others = Vec::new();
    for analyzer in account.list(ANALYZERS)? {
        let kind = text(ANALYZERS, *analyzer, "type")?;
        if !matches!(kind, Some("ACCOUNT" | "ORGANIZATION")) {
            continue;
        }
        let name = text(ANALYZERS, *analyzer, "name")?.unwrap_or("an analyzer");
        let status = text(ANALYZERS, *analyzer, "status")?;
        if status == Some("ACTIVE") {
            return Ok(Evaluation::compliant(ANALYZERS, name));
        }
        others.push(format!("{name}: {}", status.unwrap_or("not set")));
    }
    let found = match others.as_slice() {
        [] => "without one of external access".to_owned(),
        others => others.join(", "),
    };
    let expected = "an analyzer of external access that is ACTIVE";
    Ok(Evaluation::non_compliant(ANALYZERS, found, expected))
}
