//! How an assessment stood in Audit Manager (API reference, `Assessment`).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::framework::{Placed, elements, text};
use crate::act::ControlStatus;
use crate::assessment::{Comment, Delegation};

/// How an assessment stood there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Standing {
    /// Its id.
    pub assessment_id: String,
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// The account that it is of.
    pub account_id: String,
    /// The Region.
    pub aws_region: String,
    /// `ACTIVE` or `INACTIVE`.
    pub status: String,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was changed last.
    pub last_updated: Option<Timestamp>,
    /// Accounts in its scope, in its order.
    pub accounts: Vec<String>,
    /// ARNs of its process owners, in its order.
    pub owners: Vec<String>,
    /// Its control sets, in its order.
    pub control_sets: Vec<SetStanding>,
    /// Control sets that were handed to somebody, in its order.
    pub delegations: Vec<Delegation>,
    /// Its controls, in its order, by their ids here.
    pub controls: Vec<ControlStanding>,
}

/// How a control set stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetStanding {
    /// The control set's id here.
    pub control_set: String,
    /// `ACTIVE`, `UNDER_REVIEW` or `REVIEWED`.
    pub status: String,
    /// ARN of its first owner, where it has any.
    pub owner: Option<String>,
}

/// How a control stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ControlStanding {
    /// The control's id here.
    pub control: String,
    /// Its status.
    pub status: ControlStatus,
    /// Its comments, in its order.
    pub comments: Vec<Comment>,
}

impl Standing {
    /// Reads what `GetAssessment` answers. A comment or delegation without a time has that of the
    /// assessment's making.
    pub(super) fn of(assessment: &Value, aws_region: &str, placed: &Placed) -> Standing {
        let metadata = assessment.get("metadata").unwrap_or(&Value::Null);
        let created_at = time(metadata, "creationTime");
        let made = created_at.unwrap_or(Timestamp::UNIX_EPOCH);
        let account = assessment.get("awsAccount").unwrap_or(&Value::Null);
        let of_framework = assessment.get("framework").unwrap_or(&Value::Null);
        let mut control_sets = Vec::new();
        let mut controls = Vec::new();
        for set in elements(of_framework, "controlSets") {
            let id = text(set, "id");
            let of_set = elements(set, "controls");
            let first = of_set.first().map(|control| text(control, "id"));
            if let Some(place) = first.and_then(|control| placed.get(&id, &control)) {
                control_sets.push(SetStanding {
                    control_set: place.set.clone(),
                    status: text(set, "status"),
                    owner: owners(set).into_iter().next(),
                });
            }
            for control in of_set {
                if let Some(place) = placed.get(&id, &text(control, "id")) {
                    controls.push(ControlStanding {
                        control: place.control.clone(),
                        status: status(&text(control, "status")),
                        comments: comments(control, made),
                    });
                }
            }
        }
        Standing {
            assessment_id: text(metadata, "id"),
            arn: text(assessment, "arn"),
            name: text(metadata, "name"),
            account_id: text(account, "id"),
            aws_region: aws_region.to_owned(),
            status: text(metadata, "status"),
            created_at,
            last_updated: time(metadata, "lastUpdated"),
            accounts: elements(metadata.get("scope").unwrap_or(&Value::Null), "awsAccounts")
                .iter()
                .map(|account| text(account, "id"))
                .collect(),
            owners: owners(metadata),
            control_sets,
            delegations: delegations(metadata, made, placed),
            controls,
        }
    }

    /// Who answers for it: its first process owner.
    pub(crate) fn owner(&self) -> &str {
        self.owners.first().map_or("nobody", String::as_str)
    }

    /// Owners of control sets, by set.
    pub(crate) fn set_owners(&self) -> BTreeMap<String, String> {
        let owned = |set: &SetStanding| Some((set.control_set.clone(), set.owner.clone()?));
        self.control_sets.iter().filter_map(owned).collect()
    }
}

/// A time of an answer: the client gives them as RFC 3339.
pub(super) fn time(of: &Value, name: &str) -> Option<Timestamp> {
    of.get(name)?.as_str()?.parse().ok()
}

fn owners(of: &Value) -> Vec<String> {
    let is_owner = |role: &&Value| text(role, "roleType") == "PROCESS_OWNER";
    let roles = elements(of, "roles").iter().filter(is_owner);
    roles.map(|role| text(role, "roleArn")).collect()
}

fn status(word: &str) -> ControlStatus {
    match word {
        "REVIEWED" => ControlStatus::Reviewed,
        "INACTIVE" => ControlStatus::Inactive,
        _ => ControlStatus::UnderReview,
    }
}

fn comments(control: &Value, made: Timestamp) -> Vec<Comment> {
    let comment = |one: &Value| Comment {
        author: text(one, "authorName"),
        posted_at: time(one, "postedDate").unwrap_or(made),
        text: text(one, "commentBody"),
    };
    let mut comments: Vec<Comment> = elements(control, "comments").iter().map(comment).collect();
    comments.sort_by_key(|comment| comment.posted_at);
    comments
}

fn delegations(metadata: &Value, made: Timestamp, placed: &Placed) -> Vec<Delegation> {
    let delegation = |one: &Value| {
        let set = text(one, "controlSetId");
        Delegation {
            control_set: placed.set(&set).map_or(set, str::to_owned),
            delegate: text(one, "roleArn"),
            comment: text(one, "comment"),
            created_by: text(one, "createdBy"),
            created_at: time(one, "creationTime").unwrap_or(made),
            status: Some(text(one, "status")),
        }
    };
    elements(metadata, "delegations")
        .iter()
        .map(delegation)
        .collect()
}
