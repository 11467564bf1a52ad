//! What AWS Config counts: a second listing of the same resources, which is not ours.

use std::collections::BTreeMap;

use jiff::Timestamp;
use posture_store::Store;
use serde::Serialize;
use serde_json::Value;

use crate::error::AuditError;
use crate::history::{History, Resource};
use crate::retrieval::Retrieval;
use crate::schema::{Statement, args, time};
use crate::scope::Scope;

/// The call that counts.
const CALL: (&str, &str) = ("config", "GetDiscoveredResourceCounts");

/// What AWS Config counted of a type in a place, and what is known here of that time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigCount {
    /// The account.
    pub account_id: String,
    /// The Region in which AWS Config was asked.
    pub aws_region: String,
    /// When.
    pub at: Timestamp,
    /// What it counted.
    pub counted: i64,
    /// How many the recorded history has there, with those that belong to no Region where AWS Config
    /// records them.
    pub known: i64,
}

/// The statements that keep what a retrieval counted; none of another call.
pub(crate) fn counted(number: i64, retrieval: &Retrieval) -> Vec<Statement> {
    if (retrieval.service, retrieval.operation) != CALL {
        return Vec::new();
    }
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    let lists = retrieval.reply.as_array().into_iter().flatten();
    let pages = lists.filter_map(|call| call.get("pages")?.as_array());
    let rows = pages
        .flatten()
        .filter_map(|page| page.get("resourceCounts")?.as_array());
    for row in rows.flatten() {
        let name = row.get("resourceType").and_then(Value::as_str);
        let count = row.get("count").and_then(Value::as_i64);
        if let Some((name, count)) = name.zip(count) {
            *counts.entry(name).or_default() += count;
        }
    }
    let sql = "INSERT INTO audit_config_counts (retrieval, resource_type, resource_count) \
               VALUES ($1, $2, $3)";
    let rows = counts.into_iter();
    rows.map(|(name, count)| (sql.to_owned(), args![number, name, count]))
        .collect()
}

/// The last counts of the period, by type; each beside what is known of its time.
pub(crate) async fn config_counts(
    store: &Store,
    scope: &Scope,
    history: &History,
) -> Result<BTreeMap<String, Vec<ConfigCount>>, AuditError> {
    let sql = "SELECT c.resource_type, r.account_id, r.aws_region, r.ended_at, c.resource_count \
               FROM audit_config_counts c JOIN audit_retrievals r ON r.retrieval = c.retrieval \
               WHERE r.started_at >= $1 AND r.started_at < $2 ORDER BY r.started_at, r.retrieval";
    let (from, until) = (scope.period.from, scope.period.until);
    let values = args![from.as_microsecond(), until.as_microsecond()];
    let mut last: BTreeMap<(String, String, String), ConfigCount> = BTreeMap::new();
    for row in store.database().rows(sql, values).await? {
        let (resource_type, account_id, aws_region) = (row.text(0)?, row.text(1)?, row.text(2)?);
        if !scope.has(&account_id, &aws_region) {
            continue;
        }
        let count = ConfigCount {
            account_id: account_id.clone(),
            aws_region: aws_region.clone(),
            at: time(row.int(3)?),
            counted: row.int(4)?,
            known: 0,
        };
        last.insert((resource_type, account_id, aws_region), count);
    }
    let mut all: BTreeMap<String, Vec<ConfigCount>> = BTreeMap::new();
    for ((resource_type, ..), mut count) in last {
        let is_there = |one: &&Resource| {
            one.resource_type == resource_type
                && one.account_id == count.account_id
                && (one.aws_region == count.aws_region || one.aws_region == "global")
                && one.exists_at(count.at)
        };
        let known = history.every_resource().filter(is_there).count();
        count.known = i64::try_from(known).unwrap_or(i64::MAX);
        all.entry(resource_type).or_default().push(count);
    }
    Ok(all)
}
