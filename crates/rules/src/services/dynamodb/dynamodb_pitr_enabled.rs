//! Point-in-time recovery undoes a bad deployment or a mass delete, which a nightly backup can't.
//!
//! ## Result
//! - COMPLIANT: `pointInTimeRecoveryStatus` is `ENABLED`.
//! - NON_COMPLIANT: the status is any other or not set.
//! - INSUFFICIENT_DATA: the table's backups were not read.
//!
//! ## What to do
//! Turn point-in-time recovery on. It is billed by the table's size, and only covers what comes
//! after.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dynamodb-pitr-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dynamodb-pitr-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "DynamoDB tables can be restored to any second of the last days",
    resource_types: &[ResourceType::DynamoDbTable],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PITR)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Automation("AWSConfigRemediation-EnablePITRForDynamoDbTable"),
    check,
};

const PITR: Path = path(
    "supplementaryConfiguration.ContinuousBackupsDescription.pointInTimeRecoveryDescription.pointInTimeRecoveryStatus",
);

fn check<'a>(table: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let status = table.text(PITR)?;
    if status != Some("ENABLED") {
        return Ok(Evaluation::non_compliant(PITR, status, "ENABLED"));
    }
    Ok(Evaluation::compliant(PITR, status))
}
