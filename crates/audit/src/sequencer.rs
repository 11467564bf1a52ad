//! Publishing what is queued: exactly once, by one process at a time.
//!
//! The log is asked first what it holds beyond what is known, because a process may have stopped
//! after it appended and before it noted that. The append then holds only for a log of that size, so
//! that a process that lost its lease and does not know it appends nothing.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use posture_ledger::{LedgerError, Log, LogReader};
use posture_store::Store;
use serde_json::Value;

use crate::error::AuditError;
use crate::queued::{self, TOKEN};
use crate::schema::{Statement, args};

/// The lease of whoever publishes.
const LEASE: &str = "evidence-sequencer";
const LEASE_TIME: SignedDuration = SignedDuration::from_secs(60);

/// Records of one append at most. What an append costs is mostly the disk's answer, once for all of
/// them.
const BATCH: i64 = 8192;

/// Bytes of their bodies, which are in memory, at which an append ends earlier.
const BODIES: i64 = 32 << 20;

/// Leaves that are read at once.
const PAGE: u64 = 4096;

/// How often an append is tried again after somebody else's.
const ATTEMPTS: usize = 16;

/// What came of publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// Everything that was queued is in the log; this many records are new there.
    All(u64),
    /// Another process is at it until then at most.
    Elsewhere(Timestamp),
}

/// Appends what is queued in the state to the log.
///
/// # Errors
/// Where the state or the log fails; what is queued stays queued.
pub async fn publish(store: &Store, log: &Log, now: Timestamp) -> Result<Published, AuditError> {
    let holder = format!("process-{}", std::process::id());
    let lease = match store.take_lease(LEASE, &holder, LEASE_TIME).await? {
        Ok(lease) => lease,
        Err(until) => return Ok(Published::Elsewhere(until)),
    };
    let published = publish_all(store, log, now).await;
    // Lost or not: what was published is noted.
    store.release_lease(&lease, Some(now)).await?;
    published.map(Published::All)
}

async fn publish_all(store: &Store, log: &Log, now: Timestamp) -> Result<u64, AuditError> {
    let mut published = 0;
    let mut attempts = 0;
    loop {
        let size = catch_up(store, log).await?;
        let sql = "SELECT entry, token, record, body FROM audit_queue WHERE leaf IS NULL \
                   ORDER BY queued_at, entry LIMIT $1";
        let rows = store.database().rows(sql, args![fitting(store).await?]);
        let rows = rows.await?;
        if rows.is_empty() {
            return Ok(published);
        }
        let read = queued::read(store, &rows).await?;
        let (entries, records): (Vec<i64>, Vec<_>) = read.into_iter().unzip();
        match log.append_at(size, records, now) {
            Ok(appended) => {
                note(store, log, appended.checkpoint.size, || {
                    (appended.first..)
                        .zip(entries)
                        .map(|(leaf, entry)| (entry, leaf))
                })
                .await?;
                published += rows.len() as u64;
            }
            Err(LedgerError::Grown { .. }) if attempts < ATTEMPTS => attempts += 1,
            Err(LedgerError::Grown { .. }) => return Err(AuditError::Contended),
            Err(error) => return Err(error.into()),
        }
    }
}

/// How many of the queued records, in their order, are appended at once.
async fn fitting(store: &Store) -> Result<i64, AuditError> {
    let sql = "SELECT CAST(COALESCE(LENGTH(body), 0) AS BIGINT) FROM audit_queue WHERE leaf IS NULL \
               ORDER BY queued_at, entry LIMIT $1";
    let (mut count, mut bytes) = (0, 0_i64);
    for row in store.database().rows(sql, args![BATCH]).await? {
        bytes = bytes.saturating_add(row.int(0)?);
        count += 1;
        if bytes >= BODIES {
            break;
        }
    }
    Ok(count)
}

/// Notes what of the queue is in the log already, and returns the log's size.
async fn catch_up(store: &Store, log: &Log) -> Result<u64, AuditError> {
    let reader = log.reader()?;
    let sql = "SELECT size FROM audit_published WHERE origin = $1";
    let origin = reader.checkpoint().origin.clone();
    let rows = store.database().rows(sql, args![origin.as_str()]).await?;
    let known = match rows.first() {
        Some(row) => u64::try_from(row.int(0)?).unwrap_or_default(),
        None => 0,
    };
    let size = reader.size();
    if size <= known {
        return Ok(size);
    }
    let found = tokens(&reader, known)?;
    let sql = "SELECT entry, token FROM audit_queue WHERE leaf IS NULL";
    let mut leaves = Vec::new();
    for row in store.database().rows(sql, args![]).await? {
        if let Some(leaf) = found.get(&row.text(1)?) {
            leaves.push((row.int(0)?, *leaf));
        }
    }
    note(store, log, size, || leaves.into_iter()).await?;
    Ok(size)
}

/// Where each queued record stands in the log, from this index on.
fn tokens(reader: &LogReader<'_>, from: u64) -> Result<HashMap<String, u64>, AuditError> {
    let mut found = HashMap::new();
    let mut next = from;
    while next < reader.size() {
        for leaf in reader.leaves(next, PAGE)? {
            if let Some(token) = leaf.detail.get(TOKEN).and_then(Value::as_str) {
                found.entry(token.to_owned()).or_insert(leaf.index);
            }
        }
        next += PAGE;
    }
    Ok(found)
}

async fn note<I>(
    store: &Store,
    log: &Log,
    size: u64,
    leaves: impl FnOnce() -> I,
) -> Result<(), AuditError>
where
    I: Iterator<Item = (i64, u64)>,
{
    let origin = log.reader()?.checkpoint().origin.clone();
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let mut statements: Vec<Statement> = steps(leaves())
        .into_iter()
        .map(|(first, last, leaf)| {
            // The record and its bytes are the log's from here on.
            let sql = "UPDATE audit_queue SET leaf = entry - $1 + $2, record = '', body = NULL \
                       WHERE entry >= $3 AND entry <= $4";
            let leaf = i64::try_from(leaf).unwrap_or(i64::MAX);
            (sql.to_owned(), args![first, leaf, first, last])
        })
        .collect();
    let sql = "INSERT INTO audit_published (origin, size) VALUES ($1, $2) \
               ON CONFLICT (origin) DO UPDATE SET size = $3 WHERE audit_published.size < $4";
    statements.push((sql.to_owned(), args![origin, size, size, size]));
    let mut transaction = store.database().begin().await?;
    for (sql, values) in statements {
        transaction.execute(&sql, values).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Entries whose numbers and leaves both go up by one: the first, the last, and the first one's leaf.
fn steps(leaves: impl Iterator<Item = (i64, u64)>) -> Vec<(i64, i64, u64)> {
    let mut steps: Vec<(i64, i64, u64)> = Vec::new();
    for (entry, leaf) in leaves {
        match steps.last_mut() {
            Some((first, last, at))
                if *last + 1 == entry && *at + (entry.abs_diff(*first)) == leaf =>
            {
                *last = entry;
            }
            _ => steps.push((entry, entry, leaf)),
        }
    }
    steps
}

/// How many records wait for the log.
///
/// # Errors
/// Where the database fails.
pub async fn waiting(store: &Store) -> Result<u64, AuditError> {
    let sql = "SELECT COUNT(*) FROM audit_queue WHERE leaf IS NULL";
    let rows = store.database().rows(sql, args![]).await?;
    match rows.first() {
        Some(row) => Ok(u64::try_from(row.int(0)?).unwrap_or_default()),
        None => Ok(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_of_neighbours_that_follow_each_other() {
        let leaves = [(5, 7), (6, 8), (7, 9), (9, 10), (10, 12), (3, 13), (4, 14)];
        assert_eq!(
            steps(leaves.into_iter()),
            [(5, 7, 7), (9, 9, 10), (10, 10, 12), (3, 4, 13)]
        );
    }
}
