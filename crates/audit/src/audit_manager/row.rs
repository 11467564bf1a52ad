//! A piece of evidence (API reference, `Evidence`).

use jiff::Timestamp;
use jiff::civil::Date;
use posture_ledger::{Body, Record, RecordType};
use posture_store::sql;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::framework::{elements, text};
use super::standing::time as time_of;
use crate::act::subject;
use crate::error::AuditError;
use crate::period::day;
use crate::schema::{args, time};
use crate::verdict_root::hex;

/// Media type of an answer as a record's body.
pub(super) const MEDIA_TYPE: &str = "application/vnd.posture.audit-manager+json";

/// The mark of everything that was imported.
pub(super) const SOURCE: &str = "imported from Audit Manager";

/// Columns, in the order in which [`ImportedEvidence::read`] takes them, behind the number and name
/// of the assessment; `e` is the row and `q` its entry of the queue.
pub(super) const COLUMNS: &str = "e.control, e.day, e.folder, e.evidence, e.evidence_by_type, \
     e.compliance_type, e.account_id, e.data_source, e.event_source, e.event_name, e.resources, \
     e.collected_at, e.imported_at, e.sha256, e.size_bytes, q.leaf";

/// A piece of evidence that Audit Manager collected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportedEvidence {
    /// The assessment here.
    pub assessment: String,
    /// The control here.
    pub control: String,
    /// The day of its folder, in UTC.
    pub date: Date,
    /// Its folder's id.
    pub evidence_folder_id: String,
    /// Its id.
    pub evidence_id: String,
    /// What kind it is, in Audit Manager's words; may be empty.
    pub evidence_by_type: String,
    /// What Audit Manager makes of it, in AWS Config's words; none where it judges nothing.
    pub compliance_type: Option<String>,
    /// The account that it is about.
    pub account_id: String,
    /// Where it was collected from; may be empty.
    pub data_source: String,
    /// The service; may be empty.
    pub event_source: String,
    /// The event, rule, check or call; may be empty.
    pub event_name: String,
    /// ARNs, or else values, of the resources that it is about.
    pub resources: Vec<String>,
    /// When Audit Manager collected it.
    pub collected_by_aws_at: Option<Timestamp>,
    /// When it came here.
    pub imported_at: Timestamp,
    /// SHA-256 of its JSON, in hex: its body in the evidence log.
    pub sha256: String,
    /// Bytes of that.
    pub size_bytes: i64,
    /// Its record in the evidence log, where it is there already.
    pub log_record: Option<i64>,
}

/// A piece of evidence as it came, before it is kept.
pub(super) struct Fresh {
    pub(super) row: ImportedEvidence,
    bytes: Vec<u8>,
}

impl Fresh {
    /// Reads an answer. The folder says which control and day it is of.
    pub(super) fn of(
        evidence: &Value,
        control: &str,
        (folder, date): (&str, Date),
        now: Timestamp,
    ) -> Result<Fresh, AuditError> {
        let bytes = serde_json_canonicalizer::to_vec(evidence)?;
        let resource = |one: &Value| {
            let arn = text(one, "arn");
            if arn.is_empty() {
                text(one, "value")
            } else {
                arn
            }
        };
        let mut resources: Vec<String> = elements(evidence, "resourcesIncluded")
            .iter()
            .map(resource)
            .filter(|text| !text.is_empty())
            .collect();
        resources.sort();
        resources.dedup();
        let account_id = text(evidence, "evidenceAwsAccountId");
        let row = ImportedEvidence {
            assessment: String::new(),
            control: control.to_owned(),
            date,
            evidence_folder_id: folder.to_owned(),
            evidence_id: text(evidence, "id"),
            evidence_by_type: text(evidence, "evidenceByType"),
            compliance_type: compliance(&text(evidence, "complianceCheck")).map(str::to_owned),
            account_id: if account_id.is_empty() {
                text(evidence, "awsAccountId")
            } else {
                account_id
            },
            data_source: text(evidence, "dataSource"),
            event_source: text(evidence, "eventSource"),
            event_name: text(evidence, "eventName"),
            resources,
            collected_by_aws_at: time_of(evidence, "time"),
            imported_at: now,
            sha256: hex(&Sha256::digest(&bytes)),
            size_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            log_record: None,
        };
        Ok(Fresh { row, bytes })
    }

    /// Its record: collected by AWS then, added here now, and never observed by us.
    pub(super) fn record(self, assessment: i64) -> Record {
        let row = self.row;
        let mut record = Record::new(RecordType::Upload, subject(assessment));
        record.times.uploaded = Some(row.imported_at);
        // The log takes no time that is later than its own.
        let is_past = |at: &Timestamp| *at <= row.imported_at;
        record.times.collected = row.collected_by_aws_at.filter(is_past);
        let mut set = |name: &str, value: &str| record.detail.insert(name.to_owned(), value.into());
        set("source", SOURCE);
        set("control", &row.control);
        set("evidence", &row.evidence_id);
        set("folder", &row.evidence_folder_id);
        if !row.evidence_by_type.is_empty() {
            set("evidenceByType", &row.evidence_by_type);
        }
        if let Some(compliance) = &row.compliance_type {
            set("complianceType", compliance);
        }
        record.body = Some(Body::Bytes {
            media_type: MEDIA_TYPE.to_owned(),
            bytes: self.bytes,
        });
        record
    }
}

impl ImportedEvidence {
    /// The values of its row.
    pub(super) fn values(
        &self,
        assessment: i64,
        entry: i64,
    ) -> Result<Vec<sql::Value>, AuditError> {
        let day = crate::period::start(self.date).unwrap_or(Timestamp::UNIX_EPOCH);
        Ok(args![
            assessment,
            self.evidence_id.as_str(),
            self.evidence_folder_id.as_str(),
            self.control.as_str(),
            day.as_microsecond(),
            self.evidence_by_type.as_str(),
            self.compliance_type.clone(),
            self.account_id.as_str(),
            self.data_source.as_str(),
            self.event_source.as_str(),
            self.event_name.as_str(),
            serde_json::to_string(&self.resources)?,
            self.collected_by_aws_at.map(Timestamp::as_microsecond),
            self.imported_at.as_microsecond(),
            self.sha256.as_str(),
            self.size_bytes,
            entry,
        ])
    }

    /// Reads a row: the assessment's name, then [`COLUMNS`].
    pub(super) fn read(row: &sql::Row) -> Result<ImportedEvidence, AuditError> {
        let resources = serde_json::from_str(&row.text(11)?);
        Ok(ImportedEvidence {
            assessment: row.text(0)?,
            control: row.text(1)?,
            date: day(time(row.int(2)?)),
            evidence_folder_id: row.text(3)?,
            evidence_id: row.text(4)?,
            evidence_by_type: row.text(5)?,
            compliance_type: row.text_or_null(6)?,
            account_id: row.text(7)?,
            data_source: row.text(8)?,
            event_source: row.text(9)?,
            event_name: row.text(10)?,
            resources: resources.map_err(|_| AuditError::Damaged {
                what: "a piece of imported evidence".to_owned(),
            })?,
            collected_by_aws_at: row.int_or_null(12)?.map(time),
            imported_at: time(row.int(13)?),
            sha256: row.text(14)?,
            size_bytes: row.int(15)?,
            log_record: row.int_or_null(16)?,
        })
    }
}

/// Security Hub's Fail and AWS Config's Non-compliant are issues, Pass and Compliant are none (API
/// reference, `Evidence`). Other words leave it open; no word is no judgement.
fn compliance(word: &str) -> Option<&'static str> {
    let letters = word.chars().filter(char::is_ascii_alphabetic);
    let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    match plain.as_str() {
        "" => None,
        "fail" | "failed" | "noncompliant" => Some("NON_COMPLIANT"),
        "pass" | "passed" | "compliant" => Some("COMPLIANT"),
        _ => Some("INSUFFICIENT_DATA"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_audit_manager_classes_as_an_issue_is_one() {
        for (word, expected) in [
            ("Fail", Some("NON_COMPLIANT")),
            ("FAILED", Some("NON_COMPLIANT")),
            ("Non-compliant", Some("NON_COMPLIANT")),
            ("NON_COMPLIANT", Some("NON_COMPLIANT")),
            ("Pass", Some("COMPLIANT")),
            ("COMPLIANT", Some("COMPLIANT")),
            ("Inconclusive", Some("INSUFFICIENT_DATA")),
            ("", None),
        ] {
            assert_eq!(compliance(word), expected, "{word}");
        }
    }
}
