//! A migration reads or writes a whole database; without SSL all of it crosses the network in the
//! clear.
//!
//! ## Result
//! - COMPLIANT: `SslMode` is `require`, `verify-ca` or `verify-full`.
//! - NON_COMPLIANT: `SslMode` is `none` or not set. AWS's page excepts no engine, so endpoints that
//!   have no SSL mode to choose, such as Amazon S3's, are held to it too.
//! - INSUFFICIENT_DATA: the endpoint was not read.
//!
//! ## What to do
//! Set an SSL mode, best `verify-full` with the certificate of the database's authority, test the
//! connection, and resume the tasks.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dms-endpoint-ssl-configured`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dms-endpoint-ssl-configured",
    identifier: Identifier::FromId,
    version: 1,
    title: "DMS endpoints connect with SSL",
    resource_types: &[ResourceType::DmsEndpoint],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(SSL_MODE)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const SSL_MODE: Path = path("configuration.SslMode");

const SSL_MODES: [&str; 3] = ["require", "verify-ca", "verify-full"];

fn check<'a>(endpoint: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mode = endpoint.text(SSL_MODE)?;
    if !mode.is_some_and(|mode| SSL_MODES.contains(&mode)) {
        return Ok(Evaluation::non_compliant(
            SSL_MODE,
            mode,
            SSL_MODES.join(" or "),
        ));
    }
    Ok(Evaluation::compliant(SSL_MODE, mode))
}
