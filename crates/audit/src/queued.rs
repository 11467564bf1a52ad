//! A record that waits for the evidence log, as the state keeps it.

use jiff::Timestamp;
use posture_ledger::{Body, BodyRef, Record, RecordType, Times};
use posture_store::sql;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::error::AuditError;
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
}

/// The statement that queues a record under this number.
///
/// # Errors
/// Where it can't be written as JSON.
pub fn queue(entry: i64, queued_at: i64, record: Record) -> Result<Statement, AuditError> {
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

/// The record out of a row of `entry, token, record, body`.
pub(crate) fn read(row: &sql::Row) -> Result<(i64, String, Record), AuditError> {
    let entry = row.int(0)?;
    let token = row.text(1)?;
    let queued: Queued = serde_json::from_str(&row.text(2)?).map_err(|_| AuditError::Damaged {
        what: format!("the queued record {entry}"),
    })?;
    let mut record = Record::new(queued.kind, queued.subject);
    record.times = Times {
        observed: queued.observed,
        collected: queued.collected,
        uploaded: queued.uploaded,
        effective: queued.effective,
        reviewed: queued.reviewed,
    };
    record.detail = queued.detail;
    record
        .detail
        .insert(TOKEN.to_owned(), Value::String(token.clone()));
    record.body = match (queued.stored, queued.media_type, row.bytes_or_null(3)?) {
        (Some(stored), ..) => Some(Body::Stored(stored)),
        (None, Some(media_type), Some(bytes)) => Some(Body::Bytes { media_type, bytes }),
        _ => None,
    };
    Ok((entry, token, record))
}
