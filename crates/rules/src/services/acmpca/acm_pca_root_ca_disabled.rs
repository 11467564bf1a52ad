//! A root CA is needed to sign other CAs, which is seldom; the rest of the time it is a risk.
//!
//! ## Result
//! - COMPLIANT: the root CA's status is `DISABLED`.
//! - NON_COMPLIANT: the root CA has any other status, `DELETED` and `EXPIRED` among them.
//! - NOT_APPLICABLE: the CA is a subordinate, or `exemptedCAArns` names it.
//! - INSUFFICIENT_DATA: the CA's type, ARN or status was not read.
//!
//! ## What to do
//! Disable the root CA, and enable it for the hour in which it signs. Certificates that it has
//! signed stay valid.
//!
//! ## Source
//! AWS Config developer guide, managed rule `acm-pca-root-ca-disabled`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "acm-pca-root-ca-disabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Private root CAs are disabled",
    resource_types: &[ResourceType::AcmpcaCertificateAuthority],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: EXEMPTED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(TYPE), own(ARN), own(STATUS)],
    severity: Severity::Low,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const TYPE: Path = path("configuration.Type");
const ARN: Path = path("configuration.Arn");
const STATUS: Path =
    path("supplementaryConfiguration.DescribeCertificateAuthority.CertificateAuthority.Status");

const EXEMPTED: &str = "exemptedCAArns";

fn check<'a>(authority: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let kind = authority.text(TYPE)?;
    if kind == Some("SUBORDINATE") {
        let because = "only root CAs are judged";
        return Ok(Evaluation::not_applicable(TYPE, kind, because));
    }
    let arn = authority.text(ARN)?;
    if lists::names(params.list(EXEMPTED), arn) {
        let because = "exemptedCAArns names it";
        return Ok(Evaluation::not_applicable(ARN, arn, because));
    }
    let status = authority.text(STATUS)?;
    if status != Some("DISABLED") {
        return Ok(Evaluation::non_compliant(STATUS, status, "DISABLED"));
    }
    Ok(Evaluation::compliant(STATUS, status))
}
