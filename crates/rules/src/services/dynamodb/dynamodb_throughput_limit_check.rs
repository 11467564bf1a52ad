//! At the limit of the account, no table can grow any more: neither by hand nor by auto scaling.
//!
//! ## Result
//! - COMPLIANT: the units that tables and global secondary indexes of the Region have provisioned
//!   are below the thresholds, for reads and for writes.
//! - NON_COMPLIANT: they reach `accountRCUThresholdPercentage` or `accountWCUThresholdPercentage`
//!   of the account's limit; 80 percent where they are not given.
//! - INSUFFICIENT_DATA: the limits were not read, or nothing says which tables there are.
//!
//! AWS's page says both that the threshold may not be exceeded and that reaching it fails; reaching
//! it fails here.
//!
//! ## What to do
//! Ask Service Quotas for a higher limit, lower what tables have provisioned and don't use, or move
//! tables with uneven load to on-demand.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dynamodb-throughput-limit-check`.

use crate::predicates::unread;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dynamodb-throughput-limit-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "Provisioned DynamoDB capacity stays clear of the account's limit",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: RCU_THRESHOLD,
            kind: Kind::Integer,
            default: Some("80"),
        },
        Parameter {
            name: WCU_THRESHOLD,
            kind: Kind::Integer,
            default: Some("80"),
        },
    ],
    reads: &[own(READ_LIMIT), own(WRITE_LIMIT), Read::Other(TABLES)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const READ_LIMIT: Path =
    path("supplementaryConfiguration.DescribeLimits.AccountMaxReadCapacityUnits");
const WRITE_LIMIT: Path =
    path("supplementaryConfiguration.DescribeLimits.AccountMaxWriteCapacityUnits");

const RCU_THRESHOLD: &str = "accountRCUThresholdPercentage";
const WCU_THRESHOLD: &str = "accountWCUThresholdPercentage";

const TABLES: Other = other(
    ResourceType::DynamoDbTable,
    By::Type,
    &[TABLE_READ, TABLE_WRITE, INDEX_READ, INDEX_WRITE],
);
const TABLE_READ: Path = path("configuration.provisionedThroughput.readCapacityUnits");
const TABLE_WRITE: Path = path("configuration.provisionedThroughput.writeCapacityUnits");
const INDEX_READ: Path =
    path("configuration.globalSecondaryIndexes[*].provisionedThroughput.readCapacityUnits");
const INDEX_WRITE: Path =
    path("configuration.globalSecondaryIndexes[*].provisionedThroughput.writeCapacityUnits");

fn check<'a>(
    account: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    let tables = context.all(account, &TABLES)?;
    for (limit_at, threshold, of_table, of_indexes) in [
        (READ_LIMIT, RCU_THRESHOLD, TABLE_READ, INDEX_READ),
        (WRITE_LIMIT, WCU_THRESHOLD, TABLE_WRITE, INDEX_WRITE),
    ] {
        let percent = params.integer(threshold)?;
        let Some(limit) = account.integer(limit_at)? else {
            return Err(unread::not_collected(limit_at));
        };
        let mut units: i64 = 0;
        for table in &tables {
            units = units.saturating_add(table.integer(of_table)?.unwrap_or(0));
            for index in table.each(of_indexes)? {
                let number = index.as_integer();
                let malformed = || unread::malformed(of_indexes, index.kind(), "a whole number");
                units = units.saturating_add(number.ok_or_else(malformed)?);
            }
        }
        if units.saturating_mul(100) >= limit.saturating_mul(percent) {
            let found = format!("{units} of {limit} units provisioned");
            let expected = format!("less than {percent} percent");
            return Ok(Evaluation::non_compliant(limit_at, found, expected));
        }
    }
    Ok(Evaluation::compliant(
        READ_LIMIT,
        "clear of the account's limits",
    ))
}
