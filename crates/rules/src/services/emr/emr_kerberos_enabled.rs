//! With Kerberos, users and services of a cluster prove who they are; without it, the cluster
//! believes what they say.
//!
//! ## Result
//! - COMPLIANT: the security configuration of the cluster sets Kerberos up, and as the parameters
//!   say, where they are given.
//! - NON_COMPLIANT: the cluster has no security configuration, or one without Kerberos, or one
//!   with another value than a parameter or with none. `Realm`, `Domain`, `AdminServer` and
//!   `KdcServer` are those of the cross-realm trust: a cluster without such a trust fails them.
//! - NOT_APPLICABLE: the cluster is terminated, or being so: the guide leaves open what becomes of
//!   those, and they run nothing.
//! - INSUFFICIENT_DATA: the cluster's state or its security configuration was not read.
//!
//! ## What to do
//! Make a security configuration with Kerberos, and start a new cluster with it: a cluster keeps
//! the one that it was started with.
//!
//! ## Source
//! AWS Config developer guide, managed rule `emr-kerberos-enabled`.

use crate::evaluation::Shown;
use crate::predicates::unread::malformed;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "emr-kerberos-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "EMR clusters authenticate with Kerberos",
    resource_types: &[ResourceType::EmrCluster],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: TICKET_LIFETIME,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: REALM,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: DOMAIN,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: ADMIN_SERVER,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: KDC_SERVER,
            kind: Kind::Text,
            default: None,
        },
    ],
    reads: &[own(STATE), own(NAME), own(KERBEROS)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const STATE: Path = path("configuration.Status.State");
const NAME: Path = path("configuration.SecurityConfiguration");
const KERBEROS: Path = path(
    "supplementaryConfiguration.DescribeSecurityConfiguration.SecurityConfiguration.AuthenticationConfiguration.KerberosConfiguration",
);

const TRUST: [&str; 4] = [REALM, DOMAIN, ADMIN_SERVER, KDC_SERVER];

const TICKET_LIFETIME: &str = "TicketLifetimeInHours";
const REALM: &str = "Realm";
const DOMAIN: &str = "Domain";
const ADMIN_SERVER: &str = "AdminServer";
const KDC_SERVER: &str = "KdcServer";

fn check<'a>(cluster: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let state = cluster.text(STATE)?;
    if matches!(
        state,
        Some("TERMINATING" | "TERMINATED" | "TERMINATED_WITH_ERRORS")
    ) {
        return Ok(Evaluation::not_applicable(
            STATE,
            state,
            "the cluster has ended",
        ));
    }
    let name = cluster.text(NAME)?;
    if name.is_none_or(str::is_empty) {
        return Ok(Evaluation::non_compliant(
            NAME,
            name,
            "a security configuration",
        ));
    }
    let Some(kerberos) = cluster.node(KERBEROS)? else {
        return Ok(Evaluation::non_compliant(
            KERBEROS,
            Shown::Nothing,
            "Kerberos",
        ));
    };
    if !matches!(kerberos, Node::Object(_)) {
        return Err(malformed(KERBEROS, kerberos.kind(), "an object"));
    }
    let dedicated = kerberos.get("ClusterDedicatedKdcConfiguration");
    if let Some(wanted) = params.optional_integer(TICKET_LIFETIME) {
        let kdc = dedicated.or_else(|| kerberos.get("ExternalKdcConfiguration"));
        let hours = kdc.and_then(|kdc| kdc.integer(TICKET_LIFETIME));
        if hours != Some(wanted) {
            let found = hours.map(|hours| format!("{TICKET_LIFETIME} {hours}"));
            let expected = format!("{TICKET_LIFETIME} {wanted}");
            return Ok(Evaluation::non_compliant(KERBEROS, found, expected));
        }
    }
    let trust = dedicated.and_then(|kdc| kdc.get("CrossRealmTrustConfiguration"));
    for name in TRUST {
        if let Some(wanted) = params.optional_text(name) {
            let value = trust.and_then(|trust| trust.text(name));
            if value != Some(wanted) {
                let found = value.map(|value| format!("{name} {value}"));
                let expected = format!("{name} {wanted}");
                return Ok(Evaluation::non_compliant(KERBEROS, found, expected));
            }
        }
    }
    Ok(Evaluation::compliant(KERBEROS, kerberos.get("Provider")))
}
