//! What people do to an assessment. Acts are only ever added; an assessment is what they come to.

use jiff::Timestamp;
use jiff::civil::Date;
use posture_ledger::{Body, BodyRef, Record, RecordType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::audit_manager::Standing;
use crate::error::AuditError;
use crate::person::Person;
use crate::scope::Scope;

/// Media type of an act as a record's body.
const MEDIA_TYPE: &str = "application/vnd.posture.assessment-act+json";

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
    /// Requests of an auditor's list were taken in.
    RequestsImported {
        /// The requests.
        requests: Vec<ImportedRequest>,
    },
    /// A request got somebody to answer it, or a day until when.
    RequestAssigned {
        /// The request.
        request: String,
        /// Who answers it; as before where nobody is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<Person>,
        /// Until when; as before where no day is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Date>,
    },
    /// A file was added to a request.
    RequestUploaded {
        /// The request.
        request: String,
        /// The file.
        upload: Upload,
    },
    /// The assessment was closed.
    Closed,
}

/// A request as an auditor's list has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportedRequest {
    /// Its id, in the letters of an assessment's name.
    pub id: String,
    /// What is asked; none where it is a request of the built-in list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The controls that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<String>,
    /// Who answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Person>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
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
            Act::RequestsImported { .. } => "requests-imported",
            Act::RequestAssigned { .. } => "request-assigned",
            Act::RequestUploaded { .. } => "request-uploaded",
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

    /// The auditor's request that it is about.
    pub(crate) fn request(&self) -> Option<&str> {
        match self {
            Act::RequestAssigned { request, .. } | Act::RequestUploaded { request, .. } => {
                Some(request)
            }
            _ => None,
        }
    }

    /// What of the assessment it is about, as a leaf says it.
    fn about(&self) -> Map<String, Value> {
        let members = [
            ("control", self.control()),
            ("controlSet", self.control_set()),
            ("request", self.request()),
        ];
        let told = members
            .into_iter()
            .filter_map(|(name, id)| Some((name, id?)));
        told.map(|(name, id)| (name.to_owned(), Value::from(id)))
            .collect()
    }

    /// The file that it adds.
    fn upload(&self) -> Option<&Upload> {
        match self {
            Act::Uploaded { upload, .. } | Act::RequestUploaded { upload, .. } => Some(upload),
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
        let about = self.act.about();
        record.detail.clone_from(&about);
        let mut set = |name: &str, value: Value| record.detail.insert(name.to_owned(), value);
        set("act", Value::from(self.act.name()));
        set("by", Value::from(self.by.commitment()));
        if let Act::Reviewed { status, .. } = &self.act {
            set("status", Value::from(status.as_str()));
            record.times.reviewed = Some(self.at);
        }
        record.body = Some(Body::Bytes {
            media_type: MEDIA_TYPE.to_owned(),
            bytes: serde_json_canonicalizer::to_vec(self)?,
        });
        let mut records = vec![record];
        if let Some(upload) = self.act.upload() {
            let mut record = Record::new(RecordType::Upload, subject);
            record.detail = about;
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
