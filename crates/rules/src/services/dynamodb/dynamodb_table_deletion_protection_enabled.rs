//! A table that is deleted takes its data and its continuous backups with it.
//!
//! ## Result
//! - COMPLIANT: `deletionProtectionEnabled` is true.
//! - NON_COMPLIANT: it is false or not set.
//! - INSUFFICIENT_DATA: the table was not read.
//!
//! ## What to do
//! Turn deletion protection on. Who means to delete the table turns it off first.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dynamodb-table-deletion-protection-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dynamodb-table-deletion-protection-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "DynamoDB tables are protected from deletion",
    resource_types: &[ResourceType::DynamoDbTable],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PROTECTION)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("ASR-EnableDynamoDBDeletionProtection"),
    check,
};

const PROTECTION: Path = path("configuration.deletionProtectionEnabled");

fn check<'a>(table: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let protection = table.boolean(PROTECTION)?;
    if protection != Some(true) {
        return Ok(Evaluation::non_compliant(PROTECTION, protection, true));
    }
    Ok(Evaluation::compliant(PROTECTION, protection))
}
