//! A record that waits for the evidence log, as the state keeps it.

use std::collections::HashMap;

use jiff::Timestamp;
use posture_ledger::{Body, BodyRef, Record, RecordType, Times};
use posture_store::{Store, sql};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::error::AuditError;
use crate::run_document;
use crate::schema::{Statement, args};

/// Member of a leaf's `detail` by which a queued record is known again.
pub(crate) const TOKEN: &str = "entry";

/// A record without its body's bytes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Queued {
    #[serde(rename = "type")]
    kind: RecordType,
    subject: String,
    observed: Option<Timestamp>,
    collected: Option<Timestamp>,
    uploaded: Option<Timestamp>,
    effective: Option<Timestamp>,
    reviewed: Option<Timestamp>,
    detail: Map<String, Value>,
    media_type: Option<String>,
    stored: Option<BodyRef>,
    /// The run document that is the body, by its hash: the state keeps it once for all runs that share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document: Option<String>,
}

/// The statement that queues a record under this number.
///
/// # Errors
/// Where it can't be written as JSON.
pub fn queue(entry: i64, queued_at: i64, record: Record) -> Result<Statement, AuditError> {
    statement(entry, queued_at, record, None)
}

/// The same of a record whose body is the run document with this hash, which is kept already.
pub(crate) fn queue_with_document(
    entry: i64,
    queued_at: i64,
    record: Record,
    sha256: &str,
) -> Result<Statement, AuditError> {
    statement(entry, queued_at, record, Some(sha256.to_owned()))
}

fn statement(
    entry: i64,
    queued_at: i64,
    record: Record,
    document: Option<String>,
) -> Result<Statement, AuditError> {
    let Times {
        observed,
        collected,
        uploaded,
        effective,
        reviewed,
    } = record.times;
    let (media_type, bytes, stored) = match record.body {
        None => (None, None, None),
        Some(Body::Bytes { media_type, bytes }) => (Some(media_type), Some(bytes), None),
        Some(Body::Stored(stored)) => (None, None, Some(stored)),
    };
    let bytes = bytes.filter(|_| document.is_none());
    let queued = Queued {
        kind: record.kind,
        subject: record.subject,
        observed,
        collected,
        uploaded,
        effective,
        reviewed,
        detail: record.detail,
        media_type,
        stored,
        document,
    };
    let text = serde_json::to_string(&queued)?;
    let token = token(entry, queued_at, &text);
    let sql = "INSERT INTO audit_queue (entry, token, queued_at, record, body) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = args![entry, token, queued_at, text, sql::Value::Bytes(bytes)];
    Ok((sql.to_owned(), values))
}

/// The same record is queued twice under two numbers, and known by two names.
fn token(entry: i64, queued_at: i64, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update("posture.entry/v1\n");
    hash.update(format!("{entry} {queued_at}\n{text}"));
    let digest = hash.finalize();
    let first = digest.first_chunk::<16>().copied().unwrap_or_default();
    format!("{:032x}", u128::from_be_bytes(first))
}

/// The records with their entries, out of rows of `entry, token, record, body`.
pub(crate) async fn read(
    store: &Store,
    rows: &[sql::Row],
) -> Result<Vec<(i64, Record)>, AuditError> {
    let mut documents: HashMap<String, Vec<u8>> = HashMap::new();
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        let entry = row.int(0)?;
        let queued: Queued =
            serde_json::from_str(&row.text(2)?).map_err(|_| AuditError::Damaged {
                what: format!("the queued record {entry}"),
            })?;
        let bytes = match &queued.document {
            None => row.bytes_or_null(3)?,
            Some(sha256) => {
                if !documents.contains_key(sha256) {
                    let text = run_document::text(store, sha256).await?;
                    documents.insert(sha256.clone(), text);
                }
                documents.get(sha256).cloned()
            }
        };
        records.push((entry, record(queued, row.text(1)?, bytes)));
    }
    Ok(records)
}

fn record(queued: Queued, token: String, bytes: Option<Vec<u8>>) -> Record {
    let mut record = Record::new(queued.kind, queued.subject);
    record.times = Times {
        observed: queued.observed,
        collected: queued.collected,
        uploaded: queued.uploaded,
        effective: queued.effective,
        reviewed: queued.reviewed,
    };
    record.detail = queued.detail;
    record.detail.insert(TOKEN.to_owned(), Value::String(token));
    record.body = match (queued.stored, queued.media_type, bytes) {
        (Some(stored), ..) => Some(Body::Stored(stored)),
        (None, Some(media_type), Some(bytes)) => Some(Body::Bytes { media_type, bytes }),
        _ => None,
    };
    record
}
