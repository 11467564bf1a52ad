//! What became of one resource.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::as_of::time;
use super::diff::{Change, diff};
use super::resource::Resource;
use crate::blob;
use crate::calls::Author;
use crate::db::args;
use crate::{Store, StoreError};

/// A resource, and what became of it, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Timeline {
    /// The resource.
    pub resource: Resource,
    /// What became of it, by time.
    pub entries: Vec<TimelineEntry>,
}

/// Something that became of a resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TimelineEntry {
    /// Since when it is so.
    pub valid_from: Timestamp,
    /// When that became known.
    pub recorded_at: Timestamp,
    /// What became of it.
    #[serde(flatten)]
    pub event: TimelineEvent,
    /// The calls that may have made it so, oldest first. More than one: one of them, or several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Author>,
}

/// What became of a resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "camelCase")]
pub enum TimelineEvent {
    /// It was seen for the first time, or again after it was gone.
    Discovered {
        /// The SHA-256 of the canonical item, hexadecimal.
        hash: String,
    },
    /// Its configuration changed.
    Changed {
        /// The SHA-256 of the canonical item, hexadecimal.
        hash: String,
        /// Where.
        changes: Vec<Change>,
    },
    /// It was gone.
    Deleted,
    /// A rule's verdict on it changed.
    #[serde(rename_all = "camelCase")]
    Verdict {
        /// The rule.
        rule_name: String,
        /// Its parameters.
        #[serde(skip_serializing_if = "Value::is_null")]
        parameters: Value,
        /// The verdict before; none where there was none.
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<String>,
        /// The verdict since.
        compliance_type: String,
        /// Why, as it was when the verdict changed.
        reason: String,
    },
}

impl Store {
    /// What became of a resource: its versions with what changed between them, and the changes of
    /// verdicts on it.
    ///
    /// # Errors
    /// Where the database fails or is damaged.
    pub async fn timeline(&self, resource: &Resource) -> Result<Timeline, StoreError> {
        let mut entries = self.versions(resource.row).await?;
        for entry in &mut entries {
            entry.authors = self.authors(resource, entry.valid_from).await?;
        }
        entries.extend(self.verdict_entries(resource.row).await?);
        // Stable: of one time, the configuration comes before the verdicts on it.
        entries.sort_by_key(|entry| entry.valid_from);
        Ok(Timeline {
            resource: resource.clone(),
            entries,
        })
    }

    async fn versions(&self, resource: i64) -> Result<Vec<TimelineEntry>, StoreError> {
        let sql = "SELECT v.version, v.valid_from, v.recorded_at, v.hash, b.size, b.content \
                   FROM versions v LEFT JOIN blobs b ON b.blob = v.blob WHERE v.resource = $1 \
                   ORDER BY v.valid_from, v.recorded_at, v.version";
        let mut entries = Vec::new();
        let mut before: Option<Value> = None;
        for row in self.database().rows(sql, args![resource]).await? {
            let after = match row.bytes_or_null(5)? {
                None => None,
                Some(content) => {
                    let version = row.int(0)?;
                    let text = blob::text(version, &content, row.int(4)?)?;
                    let read = serde_json::from_slice(&text);
                    Some(read.map_err(|error| StoreError::Damaged {
                        version,
                        cause: error.into(),
                    })?)
                }
            };
            // A version that says what the one before said was news only when it was recorded.
            if before == after {
                continue;
            }
            let hash = row.bytes_or_null(3)?.as_deref().map(hex);
            let event = match (&before, &after, hash) {
                (Some(before), Some(after), Some(hash)) => TimelineEvent::Changed {
                    hash,
                    changes: diff(before, after),
                },
                (None, Some(_), Some(hash)) => TimelineEvent::Discovered { hash },
                _ => TimelineEvent::Deleted,
            };
            entries.push(TimelineEntry {
                valid_from: time(row.int(1)?),
                recorded_at: time(row.int(2)?),
                event,
                authors: Vec::new(),
            });
            before = after;
        }
        Ok(entries)
    }

    async fn verdict_entries(&self, resource: i64) -> Result<Vec<TimelineEntry>, StoreError> {
        let sql = "SELECT v.valid_from, v.recorded_at, r.rule, r.rule_name, r.parameters, \
                   v.compliance_type, v.reason FROM verdicts v JOIN rules r ON r.rule = v.rule \
                   WHERE v.resource = $1 ORDER BY r.rule_name, r.rule, v.recorded_at, v.verdict";
        let mut entries = Vec::new();
        let mut last: Option<(i64, String)> = None;
        for row in self.database().rows(sql, args![resource]).await? {
            let rule = row.int(2)?;
            let compliance_type = row.text(5)?;
            let before = last
                .take()
                .filter(|(known, _)| *known == rule)
                .map(|(_, before)| before);
            last = Some((rule, compliance_type.clone()));
            let parameters: Value = serde_json::from_str(&row.text(4)?).unwrap_or_default();
            let is_empty = parameters.as_object().is_none_or(serde_json::Map::is_empty);
            entries.push(TimelineEntry {
                valid_from: time(row.int(0)?),
                recorded_at: time(row.int(1)?),
                event: TimelineEvent::Verdict {
                    rule_name: row.text(3)?,
                    parameters: if is_empty { Value::Null } else { parameters },
                    before,
                    compliance_type,
                    reason: row.text(6)?,
                },
                authors: Vec::new(),
            });
        }
        Ok(entries)
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}
