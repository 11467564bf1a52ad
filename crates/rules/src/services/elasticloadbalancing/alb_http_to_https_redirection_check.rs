//! A listener that answers by HTTP answers in the clear, whatever other listeners do.
//!
//! ## Result
//! - COMPLIANT: every HTTP listener redirects to HTTPS by default; there may be none.
//! - NON_COMPLIANT: an HTTP listener forwards, answers by itself, or redirects to HTTP.
//! - NOT_APPLICABLE: the load balancer is a network or a gateway load balancer.
//! - INSUFFICIENT_DATA: the load balancer's type was not read, or nothing says which listeners it
//!   has.
//!
//! An application load balancer has HTTP and HTTPS listeners; one that isn't HTTPS is held to be
//! HTTP. Only default actions are judged. A listener's rules may still forward before they come to it.
//!
//! ## What to do
//! Make the default action of the HTTP listener a redirect to HTTPS on port 443, with status 301.
//!
//! ## Source
//! AWS Config developer guide, managed rule `alb-http-to-https-redirection-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "alb-http-to-https-redirection-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Application load balancers redirect HTTP to HTTPS",
    resource_types: &[ResourceType::ElasticLoadBalancingV2LoadBalancer],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(TYPE), Read::Other(LISTENERS)],
    severity: Severity::Medium,
    category: Category::DetectionServices,
    remedy: Remedy::Automation("ASR-EnforceHTTPSForALB"),
    check,
};

const TYPE: Path = path("configuration.type");
const LOAD_BALANCER: Path = path("configuration.LoadBalancerArn");
const PROTOCOL: Path = path("configuration.Protocol");
const ACTIONS: Path = path("configuration.DefaultActions");

const LISTENERS: Other = other(
    ResourceType::ElasticLoadBalancingV2Listener,
    By::Value(LOAD_BALANCER),
    &[PROTOCOL, ACTIONS],
);

fn check<'a>(balancer: &ConfigurationItem<'a>, _: &Params, context: &Context<'a>) -> Verdict<'a> {
    let kind = balancer.text(TYPE)?;
    if kind.is_some_and(|kind| kind != "application") {
        let because = "only application load balancers are judged";
        return Ok(Evaluation::not_applicable(TYPE, kind, because));
    }
    for listener in context.matching(balancer, &LISTENERS, balancer.resource_id())? {
        if listener.text(PROTOCOL)? == Some("HTTPS") {
            continue;
        }
        let actions = listener.list(ACTIONS)?;
        if !actions.iter().any(|action| redirects_to_https(*action)) {
            let kinds: Vec<&str> = actions
                .iter()
                .filter_map(|action| action.text("Type"))
                .collect();
            let found = format!("{} of {}", kinds.join(", "), listener.resource_id());
            let expected = "a redirect to HTTPS";
            return Ok(Evaluation::non_compliant(ACTIONS, found, expected));
        }
    }
    Ok(Evaluation::compliant(
        ACTIONS,
        "a redirect to HTTPS for every HTTP listener",
    ))
}

/// A redirect without a protocol, or with `#{protocol}`, keeps the one of the request.
fn redirects_to_https(action: Node<'_>) -> bool {
    action.text("Type") == Some("redirect")
        && action
            .get("RedirectConfig")
            .is_some_and(|redirect| redirect.text("Protocol") == Some("HTTPS"))
}
