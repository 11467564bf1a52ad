//! Records of remediation: who planned, approved, refused, ran, undid or stopped what, and what came of it.

use jiff::Timestamp;
use posture_ledger::{Body, Record, RecordType};
use posture_store::Store;
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::AuditError;
use crate::person::Person;
use crate::queued::queue;
use crate::schema::Statement;

/// Media type of what happened as a record's body.
const MEDIA_TYPE: &str = "application/vnd.posture.remediation+json";

/// Something that happened to a plan of remediation. Names of people and resources go into the record's body, which
/// can be deleted; its leaf has a commitment to the person.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RemediationEvent<'e> {
    /// The plan.
    pub plan_id: &'e str,
    /// What happened, such as `Approved`.
    pub event: &'e str,
    /// The automation document; empty where it is about all remediation.
    pub document: &'e str,
    /// The account.
    pub account_id: &'e str,
    /// The resource, as the document names it.
    pub resource_id: &'e str,
    /// Who did it; nobody where it happened by itself.
    #[serde(skip)]
    pub by: Option<&'e str>,
    /// How a run or an undo ended.
    pub outcome: Option<&'e str>,
    /// The rule that was evaluated again, and its verdict.
    pub verdict: Option<(&'e str, &'e str)>,
    /// When.
    pub at: Timestamp,
    /// All of it.
    pub entry: Value,
}

impl RemediationEvent<'_> {
    /// The statements that queue its record for the evidence log, for the transaction in which it happens.
    ///
    /// # Errors
    /// Where it can't be written as JSON, or the state fails.
    pub async fn statements(&self, store: &Store) -> Result<Vec<Statement>, AuditError> {
        let number = store.take_ids("audit-entry", 1).await?.start;
        let record = self.record()?;
        Ok(vec![queue(
            number,
            store.now().max(self.at.as_microsecond()),
            record,
        )?])
    }

    fn record(&self) -> Result<Record, AuditError> {
        let by = self.by.map(Person::named).transpose()?;
        let mut record = Record::new(RecordType::Remediation, self.plan_id);
        let mut set = |name: &str, value: Value| record.detail.insert(name.to_owned(), value);
        set("event", json!(self.event));
        for (name, value) in [("document", self.document), ("account", self.account_id)] {
            if !value.is_empty() {
                set(name, json!(value));
            }
        }
        if let Some(by) = &by {
            set("by", json!(by.commitment()));
        }
        if let Some(outcome) = self.outcome {
            set("outcome", json!(outcome));
        }
        if let Some((rule, compliance_type)) = self.verdict {
            set("rule", json!(rule));
            set("complianceType", json!(compliance_type));
        }
        record.times.effective = Some(self.at);
        let body = json!({ "by": by, "happened": self });
        record.body = Some(Body::Bytes {
            media_type: MEDIA_TYPE.to_owned(),
            bytes: serde_json_canonicalizer::to_vec(&body)?,
        });
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_names_neither_people_nor_resources() {
        let event = RemediationEvent {
            plan_id: "plan-0123456789abcdef",
            event: "Denied",
            document: "AWS-EnableS3BucketEncryption",
            account_id: "111122223333",
            resource_id: "bucket-of-anna",
            by: Some("berta@example.com"),
            outcome: None,
            verdict: None,
            at: "2026-11-26T12:00:00Z".parse().unwrap(),
            entry: json!({"event": "Denied", "by": "berta@example.com", "reason": "anna needs it"}),
        };
        let record = event.record().unwrap();
        let leaf = serde_json::to_string(&record.detail).unwrap() + &record.subject;
        assert!(!leaf.contains("berta") && !leaf.contains("anna"), "{leaf}");
        assert!(leaf.contains("\"event\":\"Denied\""), "{leaf}");
        let Some(Body::Bytes { bytes, .. }) = record.body else {
            panic!("no body")
        };
        let body: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(body["by"]["name"], "berta@example.com");
        assert_eq!(body["happened"]["entry"]["reason"], "anna needs it");
        assert_eq!(body["happened"]["resourceId"], "bucket-of-anna");
    }
}
