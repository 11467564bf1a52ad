//! A plan: everything that a run would do, before it does anything.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::code::CodeChange;
use crate::journal::PlanKey;
use crate::run::{ResolvedCall, is_unknown};
use crate::safety::{BlastRadius, RemedyEffect, Reversible, SafetyClass};

/// Everything that a run would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Its id, which follows from all the rest.
    pub plan_id: String,
    /// The automation document.
    pub document: String,
    /// The SHA-256 of the document and its safety, in hexadecimal: a plan is of these texts.
    pub document_hash: String,
    /// The account.
    pub account_id: String,
    /// The partition, such as `aws`.
    pub aws_partition: String,
    /// The Region.
    pub aws_region: String,
    /// AWS Config's type of the resource.
    pub resource_type: String,
    /// The resource.
    pub resource_id: String,
    /// What the document is given.
    pub parameters: BTreeMap<String, Value>,
    /// Who decides.
    pub safety: SafetyClass,
    /// What it does to users.
    pub effect: RemedyEffect,
    /// Why it is of this class.
    pub because: String,
    /// Whether it can be undone.
    pub reversible: Reversible,
    /// What can't be undone.
    pub note: Option<String>,
    /// How far it reaches.
    pub blast_radius: BlastRadius,
    /// What code manages the resource, such as `cloudformation`; none where nothing shows that.
    pub managed_by: Option<String>,
    /// What that code has to say; none where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_change: Option<CodeChange>,
    /// Whether there is nothing to do.
    pub already_compliant: bool,
    /// What was read of the resource, by facet; null is absent.
    pub before: BTreeMap<String, Value>,
    /// What changes.
    pub changes: Vec<Change>,
    /// Every call that changes something, in order.
    pub calls: Vec<PlannedCall>,
    /// Every call that would undo it, in order.
    pub undo: Vec<PlannedCall>,
    /// The IAM actions of the run and its undo, reads included.
    pub actions: BTreeSet<String>,
    /// The failure that it is to end, as a rule found it; none where nobody named a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<RuleFailure>,
    /// Who asked for it.
    pub requested_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be approved and run.
    pub expires_at: Timestamp,
}

/// A rule's failure on a resource, by the names under which both are recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleFailure {
    /// The managed rule.
    pub rule_name: String,
    /// The resource's Region; `global` for what has none.
    pub aws_region: String,
    /// Its type, as AWS Config spells it.
    pub resource_type: String,
    /// Its id, as it is recorded, which may be another one than the document takes.
    pub resource_id: String,
    /// Its ARN, where one is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The number of the finding in the hub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<i64>,
}

/// A part of the resource, before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The facet.
    pub name: String,
    /// What was read; null where there is none.
    pub before: Value,
    /// What it has to be; null where there is to be none.
    pub after: Value,
}

/// A call that changes something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlannedCall {
    /// The service, as the AWS CLI calls it.
    pub service: String,
    /// The operation.
    pub api: String,
    /// The input. What only an earlier call of the run tells is written `known after Step.Output`.
    pub input: Value,
    /// The JSON pointers of what is not known yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

impl Plan {
    /// What it is about.
    pub fn key(&self) -> PlanKey {
        PlanKey {
            plan_id: self.plan_id.clone(),
            account_id: self.account_id.clone(),
            document: self.document.clone(),
            resource_id: self.resource_id.clone(),
        }
    }

    /// Gives the plan the id that follows from everything in it.
    pub(super) fn with_id(mut self) -> Result<Plan, serde_json::Error> {
        self.plan_id = String::new();
        let text = serde_json_canonicalizer::to_vec(&self)?;
        let digest = hex(&Sha256::digest(&text));
        self.plan_id = format!("plan-{}", digest.get(..16).unwrap_or_default());
        Ok(self)
    }
}

impl PlannedCall {
    pub(super) fn new(call: &ResolvedCall) -> PlannedCall {
        let mut input = call.input.clone();
        let mut unknown = Vec::new();
        make_readable(&mut input, "", &mut unknown);
        PlannedCall {
            service: call.service.clone(),
            api: call.api.clone(),
            input,
            unknown,
        }
    }

    /// Whether a call is this one.
    pub(super) fn covers(&self, call: &ResolvedCall) -> bool {
        if self.service != call.service || self.api != call.api {
            return false;
        }
        let (mut planned, mut made) = (self.input.clone(), call.input.clone());
        for pointer in &self.unknown {
            for side in [&mut planned, &mut made] {
                if let Some(value) = side.pointer_mut(pointer) {
                    *value = Value::Null;
                }
            }
        }
        planned == made
    }
}

/// Replaces what stands for the unknown by words, and notes where it stood.
fn make_readable(value: &mut Value, pointer: &str, unknown: &mut Vec<String>) {
    match value {
        Value::Array(elements) => {
            for (index, element) in elements.iter_mut().enumerate() {
                make_readable(element, &format!("{pointer}/{index}"), unknown);
            }
        }
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let name = name.replace('~', "~0").replace('/', "~1");
                make_readable(member, &format!("{pointer}/{name}"), unknown);
            }
        }
        other if is_unknown(other) => {
            unknown.push(pointer.to_owned());
            if let Value::String(text) = other {
                *text = text.replace('\0', "");
            }
        }
        _ => {}
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let written = write!(text, "{byte:02x}");
        debug_assert!(written.is_ok());
        text
    })
}
