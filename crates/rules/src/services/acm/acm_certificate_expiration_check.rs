//! A certificate that expires takes every site that serves it down at once.
//!
//! ## Result
//! - COMPLIANT: the certificate expires in more than `daysToExpiration` days (14 by default).
//! - NON_COMPLIANT: it expires in `daysToExpiration` days or sooner, or has expired.
//! - NOT_APPLICABLE: there is no date of expiry, since the certificate was never issued.
//! - INSUFFICIENT_DATA: the date of expiry was not read.
//!
//! AWS doesn't say on which side the last day is: it fails here.
//!
//! ## What to do
//! Import a new certificate under the same ARN. What ACM issued renews by itself, as long as it is
//! in use and its domain validation still stands: look there first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `acm-certificate-expiration-check`.

use crate::predicates::age;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "acm-certificate-expiration-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "ACM certificates are not about to expire",
    resource_types: &[ResourceType::AcmCertificate],
    trigger: Trigger::ConfigurationChangeAndPeriodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: DAYS_TO_EXPIRATION,
        kind: Kind::Integer,
        default: Some("14"),
    }],
    reads: &[own(NOT_AFTER)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const NOT_AFTER: Path = path("configuration.notAfter");

const DAYS_TO_EXPIRATION: &str = "daysToExpiration";

fn check<'a>(
    certificate: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    let Some(expiry) = certificate.time(NOT_AFTER)? else {
        let because = "the certificate was never issued";
        return Ok(Evaluation::not_applicable(NOT_AFTER, "not set", because));
    };
    let limit = params.integer(DAYS_TO_EXPIRATION)?;
    let days = -context.days_since(expiry);
    let found = match days {
        1.. => format!("{} ahead", age::days(days)),
        _ => format!("{} ago", age::days(-days)),
    };
    if days <= limit {
        let expected = format!("more than {} ahead", age::days(limit));
        return Ok(Evaluation::non_compliant(NOT_AFTER, found, expected));
    }
    Ok(Evaluation::compliant(NOT_AFTER, found))
}
