//! A security policy picks protocols and ciphers together; an old one still agrees to what is
//! broken.
//!
//! ## Result
//! - COMPLIANT: the listener's security policy is one of `sslPolicies`.
//! - NON_COMPLIANT: the listener has another policy, or none.
//! - NOT_APPLICABLE: the listener takes neither HTTPS nor TLS.
//! - INSUFFICIENT_DATA: the listener was not read, or the parameter, which AWS requires, has no
//!   value.
//!
//! ## What to do
//! Give the listener one of the policies. Look in the access logs first which protocols clients
//! use.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elbv2-predefined-security-policy-ssl-check`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elbv2-predefined-security-policy-ssl-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Application and network load balancers negotiate TLS by policies that are asked for",
    resource_types: &[ResourceType::ElasticLoadBalancingV2Listener],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: POLICIES,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(PROTOCOL), own(POLICY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const PROTOCOL: Path = path("configuration.Protocol");
const POLICY: Path = path("configuration.SslPolicy");

const POLICIES: &str = "sslPolicies";

fn check<'a>(listener: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let wanted = params.required_list(POLICIES)?;
    let protocol = listener.text(PROTOCOL)?;
    if !matches!(protocol, Some("HTTPS" | "TLS")) {
        let because = "the rule is for listeners that take HTTPS or TLS";
        return Ok(Evaluation::not_applicable(PROTOCOL, protocol, because));
    }
    let policy = listener.text(POLICY)?;
    if !lists::names(wanted, policy) {
        let expected = wanted.join(" or ");
        return Ok(Evaluation::non_compliant(POLICY, policy, expected));
    }
    Ok(Evaluation::compliant(POLICY, policy))
}
