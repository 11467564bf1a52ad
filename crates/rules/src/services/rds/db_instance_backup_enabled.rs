//! Automated backups let a database go back to any second that they cover.
//!
//! ## Result
//! - COMPLIANT: backups are kept for a day or longer, and as the parameters ask for.
//! - NON_COMPLIANT: `backupRetentionPeriod` is 0 or not set; it is another than the parameter
//!   `backupRetentionPeriod`, or less than `backupRetentionMinimum`; or backups are made in another
//!   window than `preferredBackupWindow`.
//! - NOT_APPLICABLE: the instance is a read replica, and `checkReadReplicas` is not `true`.
//! - INSUFFICIENT_DATA: the instance was not read.
//!
//! AWS's page has a minimum beside the retention period, so the period is read as exact, and the
//! window as well.
//!
//! ## What to do
//! Set a retention period. Going from 0 to any other makes a backup at once, and can restart the
//! instance: choose a quiet hour.
//!
//! ## Source
//! AWS Config developer guide, managed rule `db-instance-backup-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "db-instance-backup-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "RDS instances are backed up",
    resource_types: &[ResourceType::RdsDbInstance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: PERIOD,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: MINIMUM,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: PREFERRED,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: CHECK_REPLICAS,
            kind: Kind::Boolean,
            default: None,
        },
    ],
    reads: &[own(SOURCE), own(RETENTION), own(WINDOW)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableRDSInstanceBackup"),
    check,
};

const SOURCE: Path = path("configuration.readReplicaSourceDBInstanceIdentifier");
const RETENTION: Path = path("configuration.backupRetentionPeriod");
const WINDOW: Path = path("configuration.preferredBackupWindow");

const PERIOD: &str = "backupRetentionPeriod";
const MINIMUM: &str = "backupRetentionMinimum";
const PREFERRED: &str = "preferredBackupWindow";
const CHECK_REPLICAS: &str = "checkReadReplicas";

fn check<'a>(instance: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let source = instance.text(SOURCE)?;
    if source.is_some_and(|source| !source.is_empty()) && !params.is_true(CHECK_REPLICAS) {
        let because = "the instance is a read replica of it";
        return Ok(Evaluation::not_applicable(SOURCE, source, because));
    }
    let retention = instance.integer(RETENTION)?;
    if matches!(retention, None | Some(0)) {
        return Ok(Evaluation::non_compliant(
            RETENTION,
            retention,
            "at least 1",
        ));
    }
    if let Some(wanted) = params.optional_integer(PERIOD)
        && retention != Some(wanted)
    {
        return Ok(Evaluation::non_compliant(RETENTION, retention, wanted));
    }
    if let Some(minimum) = params.optional_integer(MINIMUM)
        && retention.is_none_or(|days| days < minimum)
    {
        let expected = format!("at least {minimum}");
        return Ok(Evaluation::non_compliant(RETENTION, retention, expected));
    }
    if let Some(wanted) = params.optional_text(PREFERRED) {
        let window = instance.text(WINDOW)?;
        if window != Some(wanted) {
            return Ok(Evaluation::non_compliant(WINDOW, window, wanted.to_owned()));
        }
    }
    Ok(Evaluation::compliant(RETENTION, retention))
}
