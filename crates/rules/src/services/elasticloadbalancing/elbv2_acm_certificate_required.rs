//! ACM renews what it issues and warns of what it doesn't; nobody watches a certificate in IAM.
//!
//! ## Result
//! - COMPLIANT: every listener has certificates from ACM only; those that `AcmCertificatesAllowed`
//!   names only, if it is given.
//! - NON_COMPLIANT: a listener has no certificate, as those for HTTP and TCP have none, or one from
//!   elsewhere, or one that is not named.
//! - NOT_APPLICABLE: the load balancer is a gateway load balancer, or has no listeners.
//! - INSUFFICIENT_DATA: the load balancer's type was not read, or nothing says which listeners it
//!   has.
//!
//! A listener that only redirects to HTTPS fails too: AWS's page spares none.
//!
//! ## What to do
//! Have ACM issue a certificate, or import the one from IAM, and give it to the listener; remove
//! the listeners that have none.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elbv2-acm-certificate-required`.

use crate::predicates::unread::text;
use crate::predicates::{lists, load_balancers};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elbv2-acm-certificate-required",
    identifier: Identifier::FromId,
    version: 1,
    title: "Application and network load balancers serve certificates from ACM",
    resource_types: &[ResourceType::ElasticLoadBalancingV2LoadBalancer],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ALLOWED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(TYPE), Read::Other(LISTENERS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const TYPE: Path = path("configuration.type");
const LOAD_BALANCER: Path = path("configuration.LoadBalancerArn");
const CERTIFICATES: Path = path("configuration.Certificates");

const LISTENERS: Other = other(
    ResourceType::ElasticLoadBalancingV2Listener,
    By::Value(LOAD_BALANCER),
    &[CERTIFICATES],
);

const ALLOWED: &str = "AcmCertificatesAllowed";

fn check<'a>(
    balancer: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    let kind = balancer.text(TYPE)?;
    if kind == Some("gateway") {
        let because = "gateway load balancers have no certificates";
        return Ok(Evaluation::not_applicable(TYPE, kind, because));
    }
    let listeners = context.matching(balancer, &LISTENERS, balancer.resource_id())?;
    if listeners.is_empty() {
        let because = "the load balancer has no listeners";
        return Ok(Evaluation::not_applicable(CERTIFICATES, "not set", because));
    }
    let allowed = params.list(ALLOWED);
    for listener in listeners {
        let mut certificates = Vec::new();
        for certificate in listener.list(CERTIFICATES)? {
            let arn = text(CERTIFICATES, *certificate, "CertificateArn")?;
            certificates.push(arn.unwrap_or_default());
        }
        let found = lists::shown(&certificates);
        if let Some(expected) = lists::unmet(&certificates, allowed, "a certificate from ACM") {
            return Ok(Evaluation::non_compliant(CERTIFICATES, found, expected));
        }
        if !certificates
            .iter()
            .all(|certificate| load_balancers::is_from_acm(certificate))
        {
            let expected = "certificates from ACM only";
            return Ok(Evaluation::non_compliant(CERTIFICATES, found, expected));
        }
    }
    Ok(Evaluation::compliant(CERTIFICATES, "certificates from ACM"))
}
