//! Every table is encrypted with a key that AWS owns; turning server-side encryption on puts a key
//! of the account in its place.
//!
//! ## Result
//! - COMPLIANT: `ssedescription.status` is `ENABLED` or `ENABLING`.
//! - NON_COMPLIANT: the status is any other, or not set: that is the default encryption. AWS's page
//!   names the two states only, so a key that is being changed (`UPDATING`) fails until it is.
//! - INSUFFICIENT_DATA: the table was not read.
//!
//! ## What to do
//! Choose a KMS key for the table; reads and writes go on while it changes.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dynamodb-table-encryption-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dynamodb-table-encryption-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "DynamoDB tables have server-side encryption turned on",
    resource_types: &[ResourceType::DynamoDbTable],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(STATUS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableEncryptionOnDynamoDBTable"),
    check,
};

const STATUS: Path = path("configuration.ssedescription.status");

fn check<'a>(table: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let status = table.text(STATUS)?;
    if !matches!(status, Some("ENABLED" | "ENABLING")) {
        return Ok(Evaluation::non_compliant(STATUS, status, "ENABLED"));
    }
    Ok(Evaluation::compliant(STATUS, status))
}
