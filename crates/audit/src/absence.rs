//! Why scheduled runs are absent. The days stay without evidence; the log says who explained it.

use jiff::Timestamp;
use posture_ledger::{Body, Record, RecordType};
use posture_store::Store;
use serde_json::json;

use crate::error::AuditError;
use crate::person::Person;
use crate::queued::queue;

/// Runs of a schedule that did not take place.
#[derive(Debug, Clone)]
pub struct Absence {
    /// The schedule's name.
    pub schedule: String,
    /// From when on; what the last run before said is next.
    pub from: Timestamp,
    /// Until before when.
    pub until: Timestamp,
    /// Why, in words.
    pub reason: String,
    /// Who says so.
    pub by: Person,
}

/// Queues the explanation for the evidence log.
///
/// # Errors
/// Where the state fails.
pub async fn explain(store: &Store, absence: &Absence) -> Result<(), AuditError> {
    let entry = store.take_ids("audit-entry", 1).await?.start;
    let time = |time: Timestamp| time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
    let mut record = Record::new(
        RecordType::Decision,
        format!("schedule-{}", absence.schedule),
    );
    let explains = json!({
        "schedule": absence.schedule, "from": time(absence.from), "until": time(absence.until),
    });
    record.detail.insert("explains".to_owned(), explains);
    let by = absence.by.commitment().into();
    record.detail.insert("by".to_owned(), by);
    record.body = Some(Body::Bytes {
        media_type: "application/vnd.posture.absence+json".to_owned(),
        bytes: serde_json_canonicalizer::to_vec(
            &json!({"by": absence.by, "reason": absence.reason}),
        )?,
    });
    let (sql, values) = queue(entry, store.now(), record)?;
    let mut transaction = store.database().begin().await?;
    transaction.execute(&sql, values).await?;
    transaction.commit().await?;
    Ok(())
}
