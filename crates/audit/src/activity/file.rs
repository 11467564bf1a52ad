//! Filing calls in the evidence log: one record for each account and day, with the calls that became
//! known since the last time. A call that is told of late is in a later record. Who made a call is committed
//! to there; what opens the commitments is in the body of a second record beside it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use posture_ledger::{Body, Record, RecordType};
use posture_store::Store;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::opening::Opening;
use super::redact::PRINCIPAL;
use crate::error::AuditError;
use crate::period::day;
use crate::queued::queue;
use crate::schema::{Statement, args, time};
use crate::verdict_root::hex;

/// Media type of calls as a record's body, a line each, with commitments to who made them.
pub(super) const COMMITTED: &str = "application/vnd.posture.user-activity.committed+jsonl";
/// Media type of what opens them, a line each.
pub(super) const OPENINGS: &str = "application/vnd.posture.openings+jsonl";

/// Calls that are filed in one transaction.
const BATCH: i64 = 10_000;

/// How long before the newest call that is filed another one may have been written that was not seen:
/// far longer than a transaction takes.
const OVERLAP: i64 = 3_600_000_000;

/// A call as a line of the body.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    account_id: String,
    at: Timestamp,
    aws_region: String,
    commitments: BTreeMap<&'static str, String>,
    event_id: String,
    event_name: String,
    event_source: String,
}

/// A call, what opens its commitment, and when it became known.
struct Call {
    line: Line,
    opening: Opening,
    recorded_at: i64,
}

/// Queues what is known of calls and not filed yet. How many calls that are. Where another process
/// files the same, nothing is done: it will be.
///
/// # Errors
/// Where the state fails.
pub async fn file_activity(store: &Store) -> Result<u64, AuditError> {
    let mut filed = 0;
    loop {
        let batch = file_batch(store).await?;
        filed += batch;
        if batch == 0 {
            return Ok(filed);
        }
    }
}

async fn file_batch(store: &Store) -> Result<u64, AuditError> {
    let sql = "SELECT MAX(recorded_at) FROM audit_filed_calls";
    let rows = store.database().rows(sql, args![]).await?;
    let newest = rows.first().map_or(Ok(None), |row| row.int_or_null(0))?;
    let since = newest.map_or(i64::MIN, |newest| newest.saturating_sub(OVERLAP));
    let sql = "SELECT c.account_id, c.happened_at, c.aws_region, c.event_id, c.event_name, \
               c.event_source, c.principal, c.recorded_at FROM calls c \
               LEFT JOIN audit_filed_calls f ON f.event_id = c.event_id \
               WHERE c.recorded_at >= $1 AND f.event_id IS NULL \
               ORDER BY c.recorded_at, c.event_id LIMIT $2";
    let mut folders: BTreeMap<(String, Date), Vec<Call>> = BTreeMap::new();
    for row in store.database().rows(sql, args![since, BATCH]).await? {
        let opening = Opening::new(PRINCIPAL, &row.text(6)?)?;
        let line = Line {
            account_id: row.text(0)?,
            at: time(row.int(1)?),
            aws_region: row.text(2)?,
            event_id: row.text(3)?,
            event_name: row.text(4)?,
            event_source: row.text(5)?,
            commitments: BTreeMap::from([(PRINCIPAL, opening.commitment.clone())]),
        };
        let key = (line.account_id.clone(), day(line.at));
        folders.entry(key).or_default().push(Call {
            line,
            opening,
            recorded_at: row.int(7)?,
        });
    }
    if folders.is_empty() {
        return Ok(0);
    }
    let mut entries = store.take_ids("audit-entry", 2 * folders.len()).await?;
    let now = store.now();
    let mut filed = 0;
    let mut transaction = store.database().begin().await?;
    for ((account_id, date), mut lines) in folders {
        let (Some(entry), Some(second)) = (entries.next(), entries.next()) else {
            break;
        };
        lines.sort_by(|a, b| (a.line.at, &a.line.event_id).cmp(&(b.line.at, &b.line.event_id)));
        for Call {
            line, recorded_at, ..
        } in &lines
        {
            let sql = "INSERT INTO audit_filed_calls (event_id, recorded_at, entry) \
                       VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
            let values = args![line.event_id.as_str(), *recorded_at, entry];
            if transaction.execute(sql, values).await? != 1 {
                // Another process is at it: dropped here, all of it is undone.
                return Ok(0);
            }
        }
        filed += lines.len() as u64;
        for (sql, values) in folder((entry, second), now, &account_id, date, &lines)? {
            transaction.execute(&sql, values).await?;
        }
    }
    transaction.commit().await?;
    Ok(filed)
}

/// The record of the calls of an account and a day, and the one of what opens its commitments.
fn folder(
    (entry, second): (i64, i64),
    now: i64,
    account_id: &str,
    date: Date,
    calls: &[Call],
) -> Result<[Statement; 2], AuditError> {
    // What an event says of itself is anybody's text: only an account's number is put into a leaf.
    let is_account = account_id.len() == 12 && account_id.bytes().all(|it| it.is_ascii_digit());
    let account = if is_account { account_id } else { "unknown" };
    let subject = format!("activity-{account}-{date}");
    let record = |media_type: &str, bytes: Vec<u8>| {
        let mut record = Record::new(RecordType::UserActivity, subject.clone());
        let last = calls.iter().map(|call| call.line.at).max();
        // An event that claims to be of the future was seen now at the latest.
        record.times.observed = last.map(|last| last.min(time(now)));
        let known = calls.iter().map(|call| time(call.recorded_at.min(now)));
        record.times.collected = known.max();
        let mut set = |name: &str, value: Value| record.detail.insert(name.to_owned(), value);
        set("account", Value::from(account));
        set("date", Value::from(date.to_string()));
        record.body = Some(Body::Bytes {
            media_type: media_type.to_owned(),
            bytes,
        });
        record
    };
    let bytes = lines(calls.iter().map(|call| &call.line))?;
    let sha256 = hex(&Sha256::digest(&bytes));
    let mut committed = record(COMMITTED, bytes);
    let count = Value::from(calls.len());
    committed.detail.insert("calls".to_owned(), count);
    let mut openings = record(OPENINGS, lines(calls.iter().map(|call| &call.opening))?);
    openings
        .detail
        .insert("opens".to_owned(), Value::from(sha256));
    Ok([queue(entry, now, committed)?, queue(second, now, openings)?])
}

fn lines<T: Serialize>(each: impl Iterator<Item = T>) -> Result<Vec<u8>, AuditError> {
    let mut bytes = Vec::new();
    for one in each {
        bytes.extend(serde_json_canonicalizer::to_vec(&one)?);
        bytes.push(b'\n');
    }
    Ok(bytes)
}
