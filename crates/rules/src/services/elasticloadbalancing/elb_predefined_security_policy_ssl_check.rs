//! AWS's predefined policies pick protocols and ciphers together; what was picked by hand ages
//! unseen.
//!
//! ## Result
//! - COMPLIANT: every HTTPS or SSL listener has the predefined policy `predefinedPolicyName`.
//! - NON_COMPLIANT: one has another policy, one picked by hand, or none.
//! - NOT_APPLICABLE: no listener takes HTTPS or SSL.
//! - INSUFFICIENT_DATA: the listeners or the policies were not read, or the parameter, which AWS
//!   requires, has no value.
//!
//! A policy is told by the predefined one that it refers to, not by its own name, which may be any.
//!
//! ## What to do
//! Give the listener the predefined policy. Look in the access logs first which protocols clients
//! use.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elb-predefined-security-policy-ssl-check`.

use crate::evaluation::Place;
use crate::predicates::{lists, load_balancers};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elb-predefined-security-policy-ssl-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Classic load balancers negotiate TLS by the policy that is asked for",
    resource_types: &[ResourceType::ElasticLoadBalancingLoadBalancer],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: PREDEFINED,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(LISTENERS), own(POLICIES)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const LISTENERS: Path = path("configuration.listenerDescriptions");
const NAMES: Path = path("configuration.listenerDescriptions[*].policyNames");
const POLICIES: Path = path("supplementaryConfiguration.LoadBalancerPolicies");

const PREDEFINED: &str = "predefinedPolicyName";

fn check<'a>(balancer: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let wanted = params.text(PREDEFINED)?;
    let listeners = balancer.list(LISTENERS)?;
    if listeners
        .iter()
        .all(|listener| load_balancers::is_plain(*listener))
    {
        let because = "no listener takes HTTPS or SSL";
        return Ok(Evaluation::not_applicable(
            LISTENERS,
            "without TLS",
            because,
        ));
    }
    let policies = balancer.list(POLICIES)?;
    for (index, listener) in listeners.iter().enumerate() {
        let predefined: Vec<&str> = listener
            .items("policyNames")
            .iter()
            .filter_map(|name| predefined(policies, name.as_text()?))
            .collect();
        if !load_balancers::is_plain(*listener) && !predefined.contains(&wanted) {
            let place = Place::element(NAMES, index);
            let found = lists::shown(&predefined);
            return Ok(Evaluation::non_compliant(place, found, wanted.to_owned()));
        }
    }
    Ok(Evaluation::compliant(LISTENERS, wanted.to_owned()))
}

/// The predefined policy that the policy of this name refers to.
fn predefined<'a>(policies: &[Node<'a>], name: &str) -> Option<&'a str> {
    policies
        .iter()
        .find(|policy| policy.text("policyName") == Some(name))?
        .items("policyAttributeDescriptions")
        .iter()
        .find(|attribute| attribute.text("attributeName") == Some("Reference-Security-Policy"))?
        .text("attributeValue")
}
