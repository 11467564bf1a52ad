//! Who did it: calls that changed something, as CloudTrail tells of them.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use posture_model::Call;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::db::{Value, args};
use crate::query::Resource;
use crate::{Store, StoreError};

/// A call that may have made a version of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Author {
    /// Who: an ARN, or the service that made the call.
    pub principal: String,
    /// The operation.
    pub event_name: String,
    /// CloudTrail's id of the event.
    pub event_id: String,
    /// When the call was made.
    pub happened_at: Timestamp,
}

/// A call that made or removed something, with what it named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCall {
    /// CloudTrail's id of the event.
    pub event_id: String,
    /// The account.
    pub account_id: String,
    /// The Region in which it was made.
    pub aws_region: String,
    /// The service, such as `s3.amazonaws.com`.
    pub event_source: String,
    /// The operation.
    pub event_name: String,
    /// When it was made.
    pub happened_at: Timestamp,
    /// What it named, as [`call_name`] hashes it.
    pub names: BTreeSet<[u8; HASH]>,
}

/// Verbs of operations that make or remove something.
const LIFECYCLE: [&str; 9] = [
    "Allocate",
    "Create",
    "Delete",
    "Deregister",
    "Import",
    "Register",
    "Release",
    "Run",
    "Terminate",
];

/// Bytes of a hash that are kept: none is like another by chance.
const HASH: usize = 16;
/// AWS's APIs are eventually consistent: a listing may show what was before a call that was made as
/// long ago as this.
const LATE: SignedDuration = SignedDuration::from_mins(5);
/// Calls that one version shows.
const SHOWN: usize = 5;

impl Store {
    /// Keeps calls; of their names, hashes only. Those that are kept already change nothing. Returns how
    /// many are new.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_calls(&self, calls: &[Call]) -> Result<u64, StoreError> {
        let recorded_at = self.now();
        let mut added = 0;
        let mut transaction = self.database().begin().await?;
        for call in calls {
            let happened_at = call.happened_at.as_microsecond();
            let into = "calls (event_id, account_id, aws_region, event_source, event_name, \
                        principal, happened_at, recorded_at)";
            let row = args![
                call.event_id.as_str(),
                call.account_id.as_str(),
                call.aws_region.as_str(),
                call.event_source.as_str(),
                call.event_name.as_str(),
                call.principal.as_str(),
                happened_at,
                recorded_at,
            ];
            let inserted = transaction.insert(into, vec![row], "ON CONFLICT DO NOTHING");
            let (_, inserted) = inserted.await?;
            if inserted == 0 {
                continue;
            }
            added += inserted;
            let rows = call.names.iter().map(|name| {
                args![
                    call_name(&call.account_id, name),
                    happened_at,
                    call.event_id.as_str()
                ]
            });
            let into = "call_names (name, happened_at, event_id)";
            let kept = transaction.insert(into, rows.collect::<Vec<_>>(), "ON CONFLICT DO NOTHING");
            kept.await?;
        }
        transaction.commit().await?;
        Ok(added)
    }

    /// The calls of a time whose names begin as those do that make or remove something, by time.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn lifecycle_calls(
        &self,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<NamedCall>, StoreError> {
        let verbs: Vec<String> = LIFECYCLE
            .iter()
            .map(|verb| format!("c.event_name LIKE '{verb}%'"))
            .collect();
        let sql = format!(
            "SELECT c.event_id, c.account_id, c.aws_region, c.event_source, c.event_name, \
             c.happened_at, n.name FROM calls c LEFT JOIN call_names n ON n.event_id = c.event_id \
             AND n.happened_at = c.happened_at \
             WHERE c.happened_at >= $1 AND c.happened_at < $2 AND ({}) \
             ORDER BY c.happened_at, c.event_id",
            verbs.join(" OR ")
        );
        let span = args![from.as_microsecond(), until.as_microsecond()];
        let mut calls: Vec<NamedCall> = Vec::new();
        for row in self.database().rows(&sql, span).await? {
            let event_id = row.text(0)?;
            if calls.last().is_none_or(|last| last.event_id != event_id) {
                calls.push(NamedCall {
                    event_id,
                    account_id: row.text(1)?,
                    aws_region: row.text(2)?,
                    event_source: row.text(3)?,
                    event_name: row.text(4)?,
                    happened_at: Timestamp::from_microsecond(row.int(5)?).unwrap_or(Timestamp::MIN),
                    names: BTreeSet::new(),
                });
            }
            let name = row.bytes_or_null(6)?;
            let name = name.and_then(|name| <[u8; HASH]>::try_from(name).ok());
            if let Some(last) = calls.last_mut() {
                last.names.extend(name);
            }
        }
        Ok(calls)
    }

    /// The calls that named a resource between the listing before and the one that showed a version,
    /// oldest first: whoever made it is among them, where its call is kept.
    pub(crate) async fn authors(
        &self,
        resource: &Resource,
        valid_from: Timestamp,
    ) -> Result<Vec<Author>, StoreError> {
        let mut names = vec![resource.resource_id.as_str()];
        names.extend(resource.resource_name.as_deref());
        names.extend(resource.arn.as_deref());
        let sql = "SELECT MAX(l.listed_at) FROM listings l JOIN resources r ON r.scope = l.scope \
                   WHERE r.resource = $1 AND l.listed_at < $2 AND l.state = 'complete'";
        let until = valid_from.as_microsecond();
        let rows = self
            .database()
            .rows(sql, args![resource.row, until])
            .await?;
        let before = match rows.first() {
            Some(row) => row.int_or_null(0)?,
            None => None,
        };
        let late = i64::try_from(LATE.as_micros()).unwrap_or_default();
        let since = before.map_or(i64::MIN, |before| before.saturating_sub(late));
        let hashes = names
            .iter()
            .map(|name| call_name(&resource.account_id, name));
        let mut keys: Vec<Value> = hashes.map(Value::from).collect();
        keys.resize(3, keys.first().cloned().unwrap_or_else(|| Value::from(0)));
        keys.extend(args![
            since,
            until,
            i64::try_from(SHOWN).unwrap_or(i64::MAX)
        ]);
        let sql = "SELECT c.principal, c.event_name, c.event_id, c.happened_at FROM calls c \
                   WHERE c.event_id IN (SELECT n.event_id FROM call_names n \
                   WHERE n.name IN ($1, $2, $3) AND n.happened_at > $4 AND n.happened_at <= $5) \
                   ORDER BY c.happened_at DESC, c.event_id LIMIT $6";
        let mut authors = Vec::new();
        for row in self.database().rows(sql, keys).await? {
            authors.push(Author {
                principal: row.text(0)?,
                event_name: row.text(1)?,
                event_id: row.text(2)?,
                happened_at: Timestamp::from_microsecond(row.int(3)?).unwrap_or(Timestamp::MIN),
            });
        }
        authors.reverse();
        Ok(authors)
    }
}

/// A name as calls keep it. Two accounts' resources of one name are not each other's.
pub fn call_name(account_id: &str, name: &str) -> [u8; HASH] {
    let mut hash = Sha256::new();
    hash.update("posture.call-name/v1");
    hash.update(account_id);
    hash.update([0]);
    hash.update(name);
    let digest: [u8; 32] = hash.finalize().into();
    let mut kept = [0; HASH];
    kept.copy_from_slice(digest.split_at(HASH).0);
    kept
}
