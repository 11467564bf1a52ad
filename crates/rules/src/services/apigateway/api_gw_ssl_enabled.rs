//! A backend that asks for the stage's certificate can tell API Gateway from everybody else.
//!
//! ## Result
//! - COMPLIANT: the stage has a client certificate; one that `CertificateIDs` names, if it is
//!   given.
//! - NON_COMPLIANT: the stage has no client certificate, or one that is not named.
//! - NOT_APPLICABLE: no method of the API is integrated as `HTTP`, so that no backend could ask.
//! - INSUFFICIENT_DATA: the stage or the API's methods were not read.
//!
//! One `HTTP` integration among others is enough to be judged. `HTTP_PROXY` is not `HTTP`, as AWS
//! words it.
//!
//! ## What to do
//! Generate a client certificate, give it to the stage, and make the backend ask for it. It expires
//! after a year, and doesn't renew by itself.
//!
//! ## Source
//! AWS Config developer guide, managed rule `api-gw-ssl-enabled`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "api-gw-ssl-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "API Gateway stages show their backends a client certificate",
    resource_types: &[ResourceType::ApiGatewayStage],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ALLOWED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(RESOURCES), own(CERTIFICATE)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const RESOURCES: Path = path("supplementaryConfiguration.GetResources.items");
const CERTIFICATE: Path = path("configuration.clientCertificateId");

const ALLOWED: &str = "CertificateIDs";

fn check<'a>(stage: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mut methods = stage
        .list(RESOURCES)?
        .iter()
        .filter_map(|resource| resource.get("resourceMethods"))
        .flat_map(Node::members);
    if methods.all(|(_, method)| is_integrated_otherwise(*method)) {
        let because = "no method is integrated as HTTP";
        return Ok(Evaluation::not_applicable(
            RESOURCES,
            "without HTTP integrations",
            because,
        ));
    }
    let certificate = stage.text(CERTIFICATE)?;
    let allowed = params.list(ALLOWED);
    if let Some(expected) = lists::unmet(certificate.as_slice(), allowed, "a certificate") {
        return Ok(Evaluation::non_compliant(
            CERTIFICATE,
            certificate,
            expected,
        ));
    }
    Ok(Evaluation::compliant(CERTIFICATE, certificate))
}

/// Whether the method's integration is known, and not `HTTP`.
fn is_integrated_otherwise(method: Node<'_>) -> bool {
    method
        .get("methodIntegration")
        .and_then(|integration| integration.text("type"))
        .is_some_and(|kind| kind != "HTTP")
}
