//! How many verdicts became what: counted as they are written, so that nobody has to count millions.
//!
//! A cell is a day or 32 days, a scope or any, and a rule or any. It follows from the table of verdicts, which it is
//! written in one transaction with.

use std::collections::BTreeMap;

use crate::StoreError;
use crate::db::{Transaction, Value, args};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// The lengths of cells in days, shortest first.
pub const CELL_DAYS: [i64; 2] = [1, 32];

/// The scope of cells of any scope, and the rule of cells of any rule.
pub const ANY: i64 = -1;

/// The verdicts in the order of a cell's counts.
pub const COUNTED: [&str; 4] = [
    "COMPLIANT",
    "NON_COMPLIANT",
    "NOT_APPLICABLE",
    "INSUFFICIENT_DATA",
];

/// The day of a time in microseconds since 1970; days count from 1970-01-01, UTC.
pub fn day_of(microseconds: i64) -> i64 {
    microseconds.div_euclid(DAY)
}

/// The first microsecond of a day.
pub fn start_of(day: i64) -> i64 {
    day.saturating_mul(DAY)
}

/// Adds verdicts that hold from a time on to the counts: each a resource, a rule and what it says.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn add<'v>(
    transaction: &mut Transaction,
    valid_from: i64,
    verdicts: impl Iterator<Item = (i64, i64, &'v str)> + Clone,
) -> Result<(), StoreError> {
    let mut resources: Vec<i64> = verdicts.clone().map(|(resource, ..)| resource).collect();
    resources.sort_unstable();
    resources.dedup();
    let sql = "SELECT resource, scope FROM resources WHERE resource IN";
    let keys = resources.into_iter().map(Value::from).collect();
    let mut scopes = BTreeMap::new();
    for row in transaction.rows_in(sql, keys).await? {
        scopes.insert(row.int(0)?, row.int(1)?);
    }
    let day = day_of(valid_from);
    // Sorted: two writers take the rows that both of them change in the same order.
    let mut cells: BTreeMap<(i64, i64, i64, i64), [i64; 4]> = BTreeMap::new();
    for (resource, rule, compliance_type) in verdicts {
        let (Some(scope), Some(place)) = (
            scopes.get(&resource),
            COUNTED.iter().position(|known| *known == compliance_type),
        ) else {
            continue;
        };
        for days in CELL_DAYS {
            let first_day = day.div_euclid(days) * days;
            for (scope, rule) in [(*scope, rule), (*scope, ANY), (ANY, rule), (ANY, ANY)] {
                let counts = cells.entry((days, first_day, scope, rule)).or_default();
                if let Some(count) = counts.get_mut(place) {
                    *count += 1;
                }
            }
        }
    }
    let rows = cells
        .into_iter()
        .map(|((days, first_day, scope, rule), [a, b, c, d])| {
            args![days, first_day, scope, rule, a, b, c, d]
        });
    let into = "verdict_counts (days, first_day, scope, rule, compliant, non_compliant, \
                not_applicable, insufficient_data)";
    let add = "ON CONFLICT (days, first_day, scope, rule) DO UPDATE SET \
               compliant = verdict_counts.compliant + excluded.compliant, \
               non_compliant = verdict_counts.non_compliant + excluded.non_compliant, \
               not_applicable = verdict_counts.not_applicable + excluded.not_applicable, \
               insufficient_data = verdict_counts.insufficient_data + excluded.insufficient_data";
    transaction
        .insert(into, rows.collect::<Vec<_>>(), add)
        .await?;
    Ok(())
}
