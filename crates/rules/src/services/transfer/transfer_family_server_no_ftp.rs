//! FTP sends names, passwords and files in plain text.
//!
//! ## Result
//! - COMPLIANT: the server's protocols don't include FTP.
//! - NON_COMPLIANT: they do. An answer that names no protocol at all isn't taken for one without
//!   FTP.
//! - INSUFFICIENT_DATA: the server's protocols were not read.
//!
//! ## What to do
//! Move the FTP users to SFTP or FTPS, then take FTP off the server's protocols.
//!
//! ## Source
//! AWS Config developer guide, managed rule `transfer-family-server-no-ftp`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "transfer-family-server-no-ftp",
    identifier: Identifier::FromId,
    version: 1,
    title: "Transfer Family servers don't speak FTP",
    resource_types: &[ResourceType::TransferServer],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PROTOCOLS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const PROTOCOLS: Path = path("configuration.Protocols");

fn check<'a>(server: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let protocols = server.node(PROTOCOLS)?;
    let names: Vec<&str> = server
        .list(PROTOCOLS)?
        .iter()
        .filter_map(|protocol| protocol.as_text())
        .collect();
    if names.is_empty() || names.contains(&"FTP") {
        return Ok(Evaluation::non_compliant(
            PROTOCOLS,
            protocols,
            "protocols without FTP",
        ));
    }
    Ok(Evaluation::compliant(PROTOCOLS, protocols))
}
