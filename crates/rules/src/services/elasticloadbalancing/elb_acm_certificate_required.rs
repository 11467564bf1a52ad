//! ACM renews what it issues and warns of what it doesn't; nobody watches a certificate in IAM.
//!
//! ## Result
//! - COMPLIANT: every HTTPS or SSL listener has a certificate from ACM.
//! - NON_COMPLIANT: one has a certificate from elsewhere, or none.
//! - NOT_APPLICABLE: no listener takes HTTPS or SSL: AWS says that the rule needs one.
//! - INSUFFICIENT_DATA: the load balancer's listeners were not read.
//!
//! ## What to do
//! Have ACM issue a certificate, or import the one from IAM, and give it to the listener.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elb-acm-certificate-required`.

use crate::evaluation::Place;
use crate::predicates::load_balancers;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elb-acm-certificate-required",
    identifier: Identifier::FromId,
    version: 1,
    title: "Classic load balancers serve certificates from ACM",
    resource_types: &[ResourceType::ElasticLoadBalancingLoadBalancer],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(LISTENERS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const LISTENERS: Path = path("configuration.listenerDescriptions");
const CERTIFICATE: Path = path("configuration.listenerDescriptions[*].listener.sslcertificateId");

fn check<'a>(balancer: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
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
    for (index, description) in listeners.iter().enumerate() {
        let certificate = description
            .get("listener")
            .and_then(|listener| listener.text("sslcertificateId"));
        if !load_balancers::is_plain(*description)
            && !certificate.is_some_and(load_balancers::is_from_acm)
        {
            let place = Place::element(CERTIFICATE, index);
            let expected = "a certificate from ACM";
            return Ok(Evaluation::non_compliant(place, certificate, expected));
        }
    }
    Ok(Evaluation::compliant(LISTENERS, "certificates from ACM"))
}
