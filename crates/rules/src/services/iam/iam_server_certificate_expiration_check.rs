//! A certificate that expired breaks what serves it, and teaches people to click warnings away.
//!
//! ## Result
//! - COMPLIANT: the server certificate in IAM expires in the future.
//! - NON_COMPLIANT: it has expired; the moment that it names counts.
//! - INSUFFICIENT_DATA: when the certificate expires was not read. AWS Config doesn't record it.
//!
//! ## What to do
//! Move what still serves the certificate to one of ACM, which is renewed by itself, and delete it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `iam-server-certificate-expiration-check`; IAM API
//! reference, `ServerCertificateMetadata`.

use crate::predicates::age;
use crate::predicates::unread::{malformed, not_collected};
use crate::prelude::*;
use posture_model::time;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "iam-server-certificate-expiration-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Server certificates in IAM have not expired",
    resource_types: &[ResourceType::IamServerCertificate],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(EXPIRATION)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const EXPIRATION: Path = path(
    "supplementaryConfiguration.ListServerCertificates.ServerCertificateMetadataList[*].Expiration",
);

fn check<'a>(
    certificate: &ConfigurationItem<'a>,
    _: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    // The listing's entry for this certificate, and no other.
    let expirations = certificate.each(EXPIRATION)?;
    let [expiration] = expirations.as_slice() else {
        return Err(not_collected(EXPIRATION));
    };
    let expiry = time::read(*expiration)
        .ok_or_else(|| malformed(EXPIRATION, expiration.kind(), "a time"))?;
    let days = context.days_since(expiry);
    if days >= 0 {
        let found = format!("{} ago", age::days(days));
        return Ok(Evaluation::non_compliant(EXPIRATION, found, "ahead"));
    }
    let found = format!("{} ahead", age::days(-days));
    Ok(Evaluation::compliant(EXPIRATION, found))
}
