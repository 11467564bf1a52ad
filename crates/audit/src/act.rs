//! What people do to an assessment. Acts are only ever added; an assessment is what they come to.

use jiff::Timestamp;
use jiff::civil::Date;
use posture_ledger::{Body, BodyRef, Record, RecordType};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::audit_manager::Standing;
use crate::error::AuditError;
use crate::period::Period;
use crate::person::Person;

/// Media type of an act as a record's body.
const MEDIA_TYPE: &str = "application/vnd.posture.assessment-act+json";

/// What an assessment is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scope {
    /// The framework's name.
    pub framework: String,
    /// Its version.
    pub framework_version: String,
    /// Accounts; all that are recorded where there are none.
    pub accounts: Vec<String>,
    /// Regions; all where there are none. What belongs to no Region is in it all the same.
    pub regions: Vec<String>,
    /// The period.
    pub period: Period,
}

/// Audit Manager's status of a control.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ControlStatus {
    /// Nobody has finished with it.
    #[default]
    UnderReview,
    /// Somebody looked at its evidence and stands by it.
    Reviewed,
    /// It is not assessed.
    Inactive,
}

impl ControlStatus {
    /// Audit Manager's word.
    pub fn as_str(self) -> &'static str {
        match self {
            ControlStatus::UnderReview => "UNDER_REVIEW",
            ControlStatus::Reviewed => "REVIEWED",
            ControlStatus::Inactive => "INACTIVE",
        }
    }
}

/// A file that a person adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Upload {
    /// Its name, made harmless: a name, never a path.
    pub file_name: String,
    /// Its bytes, in the evidence log.
    pub body: BodyRef,
    /// What it shows, in the uploader's words.
    pub note: String,
    /// The first day for which it holds: not the day on which it was added.
    pub effective_from: Date,
    /// The last day for which it holds.
    pub effective_until: Date,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Act {
    /// The assessment was made.
    Created {
        /// What it is about.
        scope: Scope,
        /// Who answers for it.
        owner: Person,
    },
    /// It came from AWS Audit Manager, as it stands there. What an earlier one said no longer counts.
    Imported {
        /// What it is about.
        scope: Scope,
        /// How it stands.
        standing: Box<Standing>,
    },
    /// A control set got an owner.
    AssignedSet {
        /// The control set.
        control_set: String,
        /// The owner.
        owner: Person,
    },
    /// A control got an owner of its own.
    Assigned {
        /// The control.
        control: String,
        /// The owner.
        owner: Person,
    },
    /// A control set was handed to somebody to review.
    Delegated {
        /// The control set.
        control_set: String,
        /// To whom.
        delegate: Person,
        /// What is asked.
        comment: String,
    },
    /// Something was said of a control.
    Commented {
        /// The control.
        control: String,
        /// What.
        text: String,
    },
    /// A file was added to a control.
    Uploaded {
        /// The control.
        control: String,
        /// The file.
        upload: Upload,
    },
    /// A control got another status.
    Reviewed {
        /// The control.
        control: String,
        /// The status.
        status: ControlStatus,
        /// Why; may be empty.
        comment: String,
    },
    /// The assessment was closed.
    Closed,
}

/// An act with who did it and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Acted {
    /// Who.
    pub by: Person,
    /// When.
    pub at: Timestamp,
    /// What.
    pub act: Act,
}

impl Act {
    fn name(&self) -> &'static str {
        match self {
            Act::Created { .. } => "created",
            Act::Imported { .. } => "imported",
            Act::AssignedSet { .. } => "assigned-set",
            Act::Assigned { .. } => "assigned",
            Act::Delegated { .. } => "delegated",
            Act::Commented { .. } => "commented",
            Act::Uploaded { .. } => "uploaded",
            Act::Reviewed { .. } => "reviewed",
            Act::Closed => "closed",
        }
    }

    /// The control that it is about.
    pub(crate) fn control(&self) -> Option<&str> {
        match self {
            Act::Assigned { control, .. }
            | Act::Commented { control, .. }
            | Act::Uploaded { control, .. }
            | Act::Reviewed { control, .. } => Some(control),
            _ => None,
        }
    }

    /// The control set that it is about.
    pub(crate) fn control_set(&self) -> Option<&str> {
        match self {
            Act::AssignedSet { control_set, .. } | Act::Delegated { control_set, .. } => {
                Some(control_set)
            }
            _ => None,
        }
    }
}

impl Acted {
    /// The records of it: the act with its names and texts as a body, and a file as one of its own.
    pub(crate) fn records(&self, assessment: i64) -> Result<Vec<Record>, AuditError> {
        let subject = subject(assessment);
        let mut record = Record::new(RecordType::Decision, subject.clone());
        let mut set = |name: &str, value: Value| record.detail.insert(name.to_owned(), value);
        set("act", Value::from(self.act.name()));
        set("by", Value::from(self.by.commitment()));
        if let Some(control) = self.act.control() {
            set("control", Value::from(control));
        }
        if let Some(control_set) = self.act.control_set() {
            set("controlSet", Value::from(control_set));
        }
        if let Act::Reviewed { status, .. } = &self.act {
            set("status", Value::from(status.as_str()));
            record.times.reviewed = Some(self.at);
        }
        record.body = Some(Body::Bytes {
            media_type: MEDIA_TYPE.to_owned(),
            bytes: serde_json_canonicalizer::to_vec(self)?,
        });
        let mut records = vec![record];
        if let Act::Uploaded { control, upload } = &self.act {
            let mut record = Record::new(RecordType::Upload, subject);
            record
                .detail
                .insert("control".to_owned(), Value::from(control.as_str()));
            record.times.uploaded = Some(self.at);
            record.times.effective = crate::period::start(upload.effective_from);
            record.body = Some(Body::Stored(upload.body.clone()));
            records.push(record);
        }
        Ok(records)
    }
}

/// Subject of an assessment's records.
pub(crate) fn subject(assessment: i64) -> String {
    format!("assessment-{assessment}")
}
