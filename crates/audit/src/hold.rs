//! Legal holds: what is held is not deleted, whatever its retention rule says. They are in the log and
//! nowhere else, so that nobody can end one without a record of it.

use posture_ledger::{Body, Leaf, LogReader, Record, RecordType};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::act::subject;
use crate::error::AuditError;
use crate::person::Person;

/// Media type of who holds what and why.
const MEDIA_TYPE: &str = "application/vnd.posture.hold+json";

/// Media type of the bodies that were put under the place's own legal hold, or released.
pub(crate) const LEGAL_HOLD: &str = "application/vnd.posture.legal-hold+json";

/// Leaves that are read at once.
const PAGE: u64 = 4096;

/// What is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldScope {
    /// Everything.
    All,
    /// What belongs to the assessment with this number.
    Assessment(i64),
}

impl HoldScope {
    fn text(&self) -> String {
        match self {
            HoldScope::All => "all".to_owned(),
            HoldScope::Assessment(number) => subject(*number),
        }
    }

    fn read(text: &str) -> Option<HoldScope> {
        if text == "all" {
            return Some(HoldScope::All);
        }
        let number = text.strip_prefix("assessment-")?.parse().ok()?;
        Some(HoldScope::Assessment(number))
    }
}

/// A hold in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The record that says so, by which the hold is known.
    pub record: u64,
    /// What it holds.
    pub scope: HoldScope,
    /// Since when, as the log says it.
    pub since: String,
    /// Its body: who and why.
    pub body: Option<posture_ledger::BodyRef>,
}

/// Who holds something or ends that, and why; a body, because a leaf is for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldReason {
    /// Who.
    pub by: Person,
    /// Why.
    pub reason: String,
}

impl HoldReason {
    /// The record of a hold.
    ///
    /// # Errors
    /// It could not be written as JSON.
    pub fn begins(&self, scope: &HoldScope) -> Result<Record, AuditError> {
        self.record("hold", "scope", Value::from(scope.text()))
    }

    /// The record of a hold's end.
    ///
    /// # Errors
    /// It could not be written as JSON.
    pub fn ends(&self, hold: &Hold) -> Result<Record, AuditError> {
        self.record("hold-removed", "hold", Value::from(hold.record))
    }

    fn record(&self, act: &str, name: &str, value: Value) -> Result<Record, AuditError> {
        let mut record = Record::new(RecordType::Decision, "hold");
        let detail = &mut record.detail;
        detail.insert("act".to_owned(), Value::from(act));
        detail.insert("by".to_owned(), Value::from(self.by.commitment()));
        detail.insert(name.to_owned(), value);
        record.body = Some(Body::Bytes {
            media_type: MEDIA_TYPE.to_owned(),
            bytes: serde_json_canonicalizer::to_vec(self)?,
        });
        Ok(record)
    }
}

/// The holds that are in force, the oldest first.
///
/// # Errors
/// The log could not be read.
pub fn holds(reader: &LogReader<'_>) -> Result<Vec<Hold>, AuditError> {
    let mut leaves = Vec::new();
    let mut next = 0;
    while next < reader.size() {
        let page = reader.leaves(next, PAGE)?;
        leaves.extend(page.into_iter().filter(is_of_holds));
        next += PAGE;
    }
    Ok(in_force(&leaves))
}

/// Whether a record is a hold's, which no rule ends.
pub(crate) fn is_of_holds(leaf: &Leaf) -> bool {
    let body = leaf.body.as_ref();
    body.is_some_and(|body| [MEDIA_TYPE, LEGAL_HOLD].contains(&body.media_type.as_str()))
}

/// The holds among these records that none of them ends.
pub(crate) fn in_force(leaves: &[Leaf]) -> Vec<Hold> {
    let mut holds: Vec<Hold> = Vec::new();
    for leaf in leaves.iter().filter(|leaf| is_of_holds(leaf)) {
        if let Some(ended) = leaf.detail.get("hold").and_then(Value::as_u64) {
            holds.retain(|hold| hold.record != ended);
        }
        let scope = leaf.detail.get("scope").and_then(Value::as_str);
        if let Some(scope) = scope.and_then(HoldScope::read) {
            holds.push(Hold {
                record: leaf.index,
                scope,
                since: leaf.recorded.clone(),
                body: leaf.body.clone(),
            });
        }
    }
    holds
}
