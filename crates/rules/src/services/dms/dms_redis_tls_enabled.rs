//! Without TLS, the migrated data and the password of the Redis store cross the network in the
//! clear.
//!
//! ## Result
//! - COMPLIANT: `RedisSettings.SslSecurityProtocol` is `ssl-encryption`.
//! - NON_COMPLIANT: the protocol is `plaintext` or not set; AWS's page does not say that a missing
//!   setting counts as encryption.
//! - NOT_APPLICABLE: the endpoint is not for Redis.
//! - INSUFFICIENT_DATA: the endpoint was not read.
//!
//! ## What to do
//! Set the protocol of the endpoint to `ssl-encryption`, give it the authority's certificate where
//! Redis is self-managed, and test the connection.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dms-redis-tls-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dms-redis-tls-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "DMS endpoints for Redis connect with TLS",
    resource_types: &[ResourceType::DmsEndpoint],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(PROTOCOL)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.EngineName");
const PROTOCOL: Path = path("configuration.RedisSettings.SslSecurityProtocol");

fn check<'a>(endpoint: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = endpoint.text(ENGINE)?;
    if engine != Some("redis") {
        return Ok(Evaluation::not_applicable(
            ENGINE,
            engine,
            "the rule is for redis",
        ));
    }
    let protocol = endpoint.text(PROTOCOL)?;
    if protocol != Some("ssl-encryption") {
        return Ok(Evaluation::non_compliant(
            PROTOCOL,
            protocol,
            "ssl-encryption",
        ));
    }
    Ok(Evaluation::compliant(PROTOCOL, protocol))
}
