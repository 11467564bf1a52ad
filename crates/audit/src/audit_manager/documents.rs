//! Answers of Audit Manager that are kept as they were given.

use jiff::Timestamp;
use posture_ledger::{Body, Record, RecordType};
use posture_store::Store;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::row::{MEDIA_TYPE, SOURCE};
use crate::error::AuditError;
use crate::queued::queue;
use crate::schema::args;
use crate::verdict_root::hex;

/// Keeps an answer under the subject of its records; false where it is the one that is here.
pub(super) async fn keep(
    store: &Store,
    subject: &str,
    kind: &str,
    answer: &Value,
    now: Timestamp,
) -> Result<bool, AuditError> {
    let bytes = serde_json_canonicalizer::to_vec(answer)?;
    let sha256 = hex(&Sha256::digest(&bytes));
    let sql = "SELECT sha256 FROM imported_documents WHERE subject = $1 AND kind = $2";
    let rows = store.database().rows(sql, args![subject, kind]).await?;
    if let Some(row) = rows.first()
        && row.text(0)? == sha256
    {
        return Ok(false);
    }
    let mut record = Record::new(RecordType::Upload, subject);
    record.times.uploaded = Some(now);
    let mut set = |name: &str, value: &str| record.detail.insert(name.to_owned(), value.into());
    set("source", SOURCE);
    set("document", kind);
    record.body = Some(Body::Bytes {
        media_type: MEDIA_TYPE.to_owned(),
        bytes,
    });
    let entry = store.take_ids("audit-entry", 1).await?.start;
    let (statement, values) = queue(entry, now.as_microsecond(), record)?;
    let mut transaction = store.database().begin().await?;
    transaction.execute(&statement, values).await?;
    let sql = "INSERT INTO imported_documents (subject, kind, sha256, entry) \
               VALUES ($1, $2, $3, $4) \
               ON CONFLICT (subject, kind) DO UPDATE SET sha256 = $3, entry = $4";
    let values = args![subject, kind, sha256.as_str(), entry];
    transaction.execute(sql, values).await?;
    transaction.commit().await?;
    Ok(true)
}
