//! A domain that answers over plain HTTP shows requests and answers to every network between.
//!
//! ## Result
//! - COMPLIANT: the domain enforces HTTPS; with a policy that `tlsPolicies` names, where it does.
//! - NON_COMPLIANT: it does not enforce HTTPS or nothing is set, or its policy is not one of
//!   those.
//! - INSUFFICIENT_DATA: the domain's endpoint was not read.
//!
//! ## What to do
//! Let the domain require HTTPS, and choose the newest TLS policy that its clients can speak. It
//! takes effect without downtime; clients with plain HTTP are cut off.
//!
//! ## Source
//! AWS Config developer guide, managed rule `opensearch-https-required`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "opensearch-https-required",
    identifier: Identifier::FromId,
    version: 1,
    title: "OpenSearch domains answer over HTTPS only",
    resource_types: &[ResourceType::OpenSearchDomain],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: TLS_POLICIES,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(HTTPS), own(POLICY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const HTTPS: Path = path("configuration.DomainEndpointOptions.EnforceHTTPS");
const POLICY: Path = path("configuration.DomainEndpointOptions.TLSSecurityPolicy");

const TLS_POLICIES: &str = "tlsPolicies";

fn check<'a>(domain: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let https = domain.boolean(HTTPS)?;
    if https != Some(true) {
        return Ok(Evaluation::non_compliant(HTTPS, https, true));
    }
    let wanted = params.list(TLS_POLICIES);
    if !wanted.is_empty() {
        let policy = domain.text(POLICY)?;
        if !lists::names(wanted, policy) {
            let expected = wanted.join(" or ");
            return Ok(Evaluation::non_compliant(POLICY, policy, expected));
        }
    }
    Ok(Evaluation::compliant(HTTPS, https))
}
