//! An assessment as it stands: what its acts come to.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::act::{Act, Acted, ControlStatus, Upload};
use crate::audit_manager::Standing;
use crate::period::Period;
use crate::person::Person;
use crate::scope::Scope;

/// An assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Assessment {
    /// Its number.
    #[serde(skip)]
    pub number: i64,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
    /// Who answers for what nobody else answers for.
    pub owner: String,
    /// `ACTIVE`, or `INACTIVE`: then it is read only, for ever.
    pub status: &'static str,
    /// Owners of control sets.
    pub set_owners: BTreeMap<String, String>,
    /// Controls of which something was said.
    pub controls: BTreeMap<String, ControlRecord>,
    /// Control sets that were handed to somebody to review.
    pub delegations: Vec<Delegation>,
    /// How it stood in Audit Manager, where it came from there: then it is read only here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imported: Option<Standing>,
    /// The auditor's requests of which something was said, those of the auditor's own list first of all.
    pub requests: BTreeMap<String, RequestRecord>,
    /// How many acts there are.
    #[serde(skip)]
    pub acts: i64,
}

/// What people said and did about a control.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ControlRecord {
    /// Its owner, where it has its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Audit Manager's status of it.
    pub status: ControlStatus,
    /// Who gave it that, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_by: Option<(String, Timestamp)>,
    /// Comments, the oldest first.
    pub comments: Vec<Comment>,
    /// Files, the oldest first.
    pub uploads: Vec<Uploaded>,
}

/// What people said and did about a request of the auditor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestRecord {
    /// What is asked, where it is of the auditor's own list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// Who answers it, where somebody was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Until when, where that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Files, the oldest first.
    pub uploads: Vec<Uploaded>,
}

/// A request of an auditor's own list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// In the auditor's words.
    pub text: String,
    /// The controls that it is about.
    pub controls: Vec<String>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Comment {
    /// Who wrote it.
    pub author: String,
    /// When.
    pub posted_at: Timestamp,
    /// The text.
    pub text: String,
}

/// A file that a person added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Uploaded {
    /// The file.
    #[serde(flatten)]
    pub upload: Upload,
    /// Who added it.
    pub uploader: String,
    /// When.
    pub uploaded_at: Timestamp,
}

/// A control set in somebody's hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Delegation {
    /// The control set.
    pub control_set: String,
    /// Who is to review it.
    pub delegate: String,
    /// What they were asked.
    pub comment: String,
    /// Who asked.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// What Audit Manager says of it, where it came from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

impl Assessment {
    /// What these acts come to; none where they do not begin with one that makes an assessment.
    pub(crate) fn of(number: i64, name: &str, acts: &[Acted]) -> Option<Assessment> {
        let (first, rest) = acts.split_first()?;
        let (scope, owner) = match &first.act {
            Act::Created { scope, owner } => (scope, owner.name.as_str()),
            Act::Imported { scope, standing } => (scope, standing.owner()),
            _ => return None,
        };
        let mut assessment = Assessment {
            number,
            name: name.to_owned(),
            scope: scope.clone(),
            created_at: first.at,
            created_by: first.by.name.clone(),
            owner: owner.to_owned(),
            status: "ACTIVE",
            set_owners: BTreeMap::new(),
            controls: BTreeMap::new(),
            delegations: Vec::new(),
            imported: None,
            requests: BTreeMap::new(),
            acts: i64::try_from(acts.len()).unwrap_or(i64::MAX),
        };
        assessment.apply(first);
        for acted in rest {
            assessment.apply(acted);
        }
        Some(assessment)
    }

    /// Who answers for a control: its own owner, that of its set, or the assessment's.
    pub fn owner_of(&self, control_set: &str, control: &str) -> &str {
        self.controls
            .get(control)
            .and_then(|record| record.owner.as_ref())
            .or_else(|| self.set_owners.get(control_set))
            .unwrap_or(&self.owner)
    }

    /// What was said of a control.
    pub fn control(&self, control: &str) -> ControlRecord {
        self.controls.get(control).cloned().unwrap_or_default()
    }

    fn apply(&mut self, acted: &Acted) {
        let by = acted.by.name.clone();
        let at = acted.at;
        match &acted.act {
            Act::Created { .. } => {}
            Act::Imported { scope, standing } => self.stand(scope, standing),
            Act::AssignedSet { control_set, owner } => {
                self.set_owners
                    .insert(control_set.clone(), owner.name.clone());
            }
            Act::Assigned { control, owner } => {
                self.record(control).owner = Some(owner.name.clone());
            }
            Act::Delegated {
                control_set,
                delegate,
                comment,
            } => self.delegations.push(Delegation {
                control_set: control_set.clone(),
                delegate: delegate.name.clone(),
                comment: comment.clone(),
                created_by: by,
                created_at: at,
                status: None,
            }),
            Act::Commented { control, text } => self.record(control).comments.push(Comment {
                author: by,
                posted_at: at,
                text: text.clone(),
            }),
            Act::Uploaded { control, upload } => self.record(control).uploads.push(Uploaded {
                upload: upload.clone(),
                uploader: by,
                uploaded_at: at,
            }),
            Act::Reviewed {
                control,
                status,
                comment,
            } => {
                let record = self.record(control);
                record.status = *status;
                record.status_by = Some((by.clone(), at));
                if !comment.is_empty() {
                    record.comments.push(Comment {
                        author: by,
                        posted_at: at,
                        text: comment.clone(),
                    });
                }
            }
            Act::RequestsImported { requests } => {
                for one in requests {
                    let record = self.requests.entry(one.id.clone()).or_default();
                    if let Some(text) = &one.text {
                        record.asked = Some(Asked {
                            text: text.clone(),
                            controls: one.controls.clone(),
                        });
                    }
                    record.take(one.owner.as_ref(), one.due);
                }
            }
            Act::RequestAssigned {
                request,
                owner,
                due,
            } => {
                let record = self.requests.entry(request.clone()).or_default();
                record.take(owner.as_ref(), *due);
            }
            Act::RequestUploaded { request, upload } => {
                let record = self.requests.entry(request.clone()).or_default();
                record.uploads.push(Uploaded {
                    upload: upload.clone(),
                    uploader: by,
                    uploaded_at: at,
                });
            }
            Act::Closed => self.status = "INACTIVE",
        }
    }

    /// As it stood in Audit Manager. There it may go on; here it is read only.
    fn stand(&mut self, scope: &Scope, standing: &Standing) {
        self.scope = scope.clone();
        standing.owner().clone_into(&mut self.owner);
        self.status = "INACTIVE";
        self.set_owners = standing.set_owners();
        self.delegations.clone_from(&standing.delegations);
        self.controls.clear();
        for control in &standing.controls {
            let record = self.record(&control.control);
            record.status = control.status;
            record.comments.clone_from(&control.comments);
        }
        self.imported = Some(standing.clone());
    }

    fn record(&mut self, control: &str) -> &mut ControlRecord {
        self.controls.entry(control.to_owned()).or_default()
    }
}

impl RequestRecord {
    /// What is said anew; what is not said stays.
    fn take(&mut self, owner: Option<&Person>, due: Option<Date>) {
        if let Some(owner) = owner {
            self.owner = Some(owner.name.clone());
        }
        self.due = due.or(self.due);
    }
}

/// Whether files hold for every day of the period.
pub(crate) fn covers(uploads: &[Uploaded], period: &Period) -> bool {
    let holds = |date: Date| {
        uploads
            .iter()
            .any(|one| one.upload.effective_from <= date && date <= one.upload.effective_until)
    };
    !uploads.is_empty() && period.days().all(holds)
}
