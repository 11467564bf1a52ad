//! Evidence of an assessment, by control and day.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use posture_store::Store;
use serde::Serialize;

use super::row::{COLUMNS, Fresh, ImportedEvidence};
use crate::error::AuditError;
use crate::period::day;
use crate::queued::queue;
use crate::schema::{args, time};

/// What was imported for the controls of one assessment, by control.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported(BTreeMap<String, BTreeMap<Date, ImportedDay>>);

/// What was imported of a control's folder of one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportedDay {
    /// Pieces of evidence.
    pub evidence: usize,
    /// Of these, those that Audit Manager classes as non-compliant.
    pub issues: usize,
}

impl Imported {
    /// What was imported for an assessment.
    ///
    /// # Errors
    /// Where the state fails.
    pub async fn load(store: &Store, assessment: i64) -> Result<Imported, AuditError> {
        let sql = "SELECT control, day, COUNT(*), \
                   SUM(CASE WHEN compliance_type = 'NON_COMPLIANT' THEN 1 ELSE 0 END) \
                   FROM imported_evidence WHERE assessment = $1 GROUP BY control, day";
        let mut imported = Imported::default();
        for row in store.database().rows(sql, args![assessment]).await? {
            let count = |place| -> Result<usize, AuditError> {
                Ok(usize::try_from(row.int(place)?).unwrap_or_default())
            };
            let of_day = ImportedDay {
                evidence: count(2)?,
                issues: count(3)?,
            };
            let of_control = imported.0.entry(row.text(0)?).or_default();
            of_control.insert(day(time(row.int(1)?)), of_day);
        }
        Ok(imported)
    }

    /// That of a control's day.
    pub fn day(&self, control: &str, date: Date) -> ImportedDay {
        let of_control = self.0.get(control);
        let of_day = of_control.and_then(|days| days.get(&date));
        of_day.copied().unwrap_or_default()
    }

    /// Pieces of evidence of a control.
    pub fn count(&self, control: &str) -> usize {
        let days = self.0.get(control).into_iter().flat_map(BTreeMap::values);
        days.map(|of_day| of_day.evidence).sum()
    }
}

/// Keeps what a folder has, and returns how much of it is new or other than before.
pub(super) async fn keep_folder(
    store: &Store,
    assessment: i64,
    folder: &str,
    fresh: Vec<Fresh>,
) -> Result<usize, AuditError> {
    let sql =
        "SELECT evidence, sha256 FROM imported_evidence WHERE assessment = $1 AND folder = $2";
    let mut known: HashMap<String, String> = HashMap::new();
    for row in store
        .database()
        .rows(sql, args![assessment, folder])
        .await?
    {
        known.insert(row.text(0)?, row.text(1)?);
    }
    let is_new = |one: &Fresh| known.get(&one.row.evidence_id) != Some(&one.row.sha256);
    let fresh: Vec<Fresh> = fresh.into_iter().filter(is_new).collect();
    let count = fresh.len();
    let entries = store.take_ids("audit-entry", count).await?;
    let mut transaction = store.database().begin().await?;
    for (entry, one) in entries.zip(fresh) {
        let sql = "INSERT INTO imported_evidence (assessment, evidence, folder, control, day, \
                   evidence_by_type, compliance_type, account_id, data_source, event_source, \
                   event_name, resources, collected_at, imported_at, sha256, size_bytes, entry) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
                   ON CONFLICT (assessment, evidence) DO UPDATE SET folder = $3, control = $4, \
                   day = $5, evidence_by_type = $6, compliance_type = $7, account_id = $8, \
                   data_source = $9, event_source = $10, event_name = $11, resources = $12, \
                   collected_at = $13, imported_at = $14, sha256 = $15, size_bytes = $16, entry = $17";
        transaction
            .execute(sql, one.row.values(assessment, entry)?)
            .await?;
        let at = one.row.imported_at.as_microsecond();
        let (sql, values) = queue(entry, at, one.record(assessment))?;
        transaction.execute(&sql, values).await?;
    }
    transaction.commit().await?;
    Ok(count)
}

/// All evidence of an assessment, by control, day and id.
pub(crate) async fn all(
    store: &Store,
    assessment: i64,
) -> Result<Vec<ImportedEvidence>, AuditError> {
    let sql = format!(
        "SELECT a.name, {COLUMNS} FROM imported_evidence e \
         JOIN audit_assessments a ON a.assessment = e.assessment \
         LEFT JOIN audit_queue q ON q.entry = e.entry \
         WHERE e.assessment = $1 ORDER BY e.control, e.day, e.evidence"
    );
    let rows = store.database().rows(&sql, args![assessment]).await?;
    rows.iter().map(ImportedEvidence::read).collect()
}
