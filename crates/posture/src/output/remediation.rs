//! Plans, records and documents of remediation as JSON, version 1.

use std::collections::{BTreeMap, BTreeSet};

use posture_engine::Exception;
use posture_remediation as of;
use serde::Serialize;
use serde_json::Value;

/// A plan.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Plan<'p> {
    #[serde(rename = "planId")]
    id: &'p str,
    document_name: &'p str,
    document_hash: &'p str,
    aws_account_id: &'p str,
    aws_partition: &'p str,
    aws_region: &'p str,
    resource_type: &'p str,
    resource_id: &'p str,
    parameters: &'p BTreeMap<String, Value>,
    safety: of::SafetyClass,
    effect: of::RemedyEffect,
    because: &'p str,
    reversible: of::Reversible,
    note: Option<&'p str>,
    managed_by: Option<&'p str>,
    /// What the code that manages the resource has to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    code_change: Option<&'p of::CodeChange>,
    /// That change as a patch, for `git apply`.
    #[serde(skip_serializing_if = "Option::is_none")]
    code_patch: Option<&'p str>,
    /// Why there is no patch.
    #[serde(skip_serializing_if = "Option::is_none")]
    no_patch: Option<&'p str>,
    already_compliant: bool,
    changes: Vec<Change<'p>>,
    calls: Vec<Call<'p>>,
    undo: Vec<Call<'p>>,
    actions: &'p BTreeSet<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'p of::RuleFailure>,
    requested_by: &'p str,
    created_at: String,
    expires_at: String,
}

#[derive(Debug, Serialize)]
struct Change<'p> {
    name: &'p str,
    before: &'p Value,
    after: &'p Value,
}

#[derive(Debug, Serialize)]
struct Call<'p> {
    service: &'p str,
    api: &'p str,
    input: &'p Value,
}

impl<'p> Plan<'p> {
    /// With the patch of the code, or why there is none.
    pub(crate) fn with_patch(
        plan: &'p of::Plan,
        patch: Option<&'p Result<String, String>>,
    ) -> Plan<'p> {
        Plan {
            code_patch: patch.and_then(|patch| patch.as_deref().ok()),
            no_patch: patch.and_then(|patch| patch.as_ref().err().map(String::as_str)),
            ..Plan::of(plan)
        }
    }

    pub(crate) fn of(plan: &'p of::Plan) -> Plan<'p> {
        let change = |change: &'p of::Change| Change {
            name: &change.name,
            before: &change.before,
            after: &change.after,
        };
        let call = |call: &'p of::PlannedCall| Call {
            service: &call.service,
            api: &call.api,
            input: &call.input,
        };
        Plan {
            id: &plan.plan_id,
            document_name: &plan.document,
            document_hash: &plan.document_hash,
            aws_account_id: &plan.account_id,
            aws_partition: &plan.aws_partition,
            aws_region: &plan.aws_region,
            resource_type: &plan.resource_type,
            resource_id: &plan.resource_id,
            parameters: &plan.parameters,
            safety: plan.safety,
            effect: plan.effect,
            because: &plan.because,
            reversible: plan.reversible,
            note: plan.note.as_deref(),
            managed_by: plan.managed_by.as_deref(),
            code_change: plan.code_change.as_ref(),
            code_patch: None,
            no_patch: None,
            already_compliant: plan.already_compliant,
            changes: plan.changes.iter().map(change).collect(),
            calls: plan.calls.iter().map(call).collect(),
            undo: plan.undo.iter().map(call).collect(),
            actions: &plan.actions,
            failure: plan.failure.as_ref(),
            requested_by: &plan.requested_by,
            created_at: plan.created_at.to_string(),
            expires_at: plan.expires_at.to_string(),
        }
    }
}

/// A row of a list of plans.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row<'r> {
    plan_id: &'r str,
    state: &'static str,
    document_name: &'r str,
    aws_account_id: &'r str,
    aws_region: &'r str,
    resource_type: &'r str,
    resource_id: &'r str,
    requested_by: &'r str,
    approved_by: &'r BTreeSet<String>,
    created_at: String,
}

impl<'r> Row<'r> {
    pub(crate) fn of(record: &'r of::Record) -> Row<'r> {
        let plan = &record.plan;
        Row {
            plan_id: &plan.plan_id,
            state: record.state.as_str(),
            document_name: &plan.document,
            aws_account_id: &plan.account_id,
            aws_region: &plan.aws_region,
            resource_type: &plan.resource_type,
            resource_id: &plan.resource_id,
            requested_by: &plan.requested_by,
            approved_by: &record.approved_by,
            created_at: plan.created_at.to_string(),
        }
    }
}

/// A plan and what happened to it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record<'r> {
    state: &'static str,
    plan: Plan<'r>,
    /// What happened after the plan was made.
    events: Vec<Event<'r>>,
    /// What posture.yaml would say where the risk of what was refused is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    exception_draft: Option<&'r Exception>,
}

#[derive(Debug, Serialize)]
struct Event<'r> {
    at: String,
    #[serde(flatten)]
    entry: &'r of::Entry,
}

impl<'r> Record<'r> {
    pub(crate) fn of(record: &'r of::Record, draft: Option<&'r Exception>) -> Record<'r> {
        let events = record.entries.iter().skip(1).map(|past| Event {
            at: past.at.to_string(),
            entry: &past.entry,
        });
        Record {
            state: record.state.as_str(),
            plan: Plan::of(&record.plan),
            events: events.collect(),
            exception_draft: draft,
        }
    }
}

/// A remediation exception.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RemediationException<'e> {
    id: &'e str,
    rule_name: &'e str,
    document_name: &'e str,
    aws_account_id: &'e str,
    resource_id: &'e str,
    message: &'e str,
    since: String,
}

impl<'e> RemediationException<'e> {
    pub(crate) fn of(exception: &'e of::RemediationException) -> RemediationException<'e> {
        RemediationException {
            id: &exception.id,
            rule_name: &exception.rule,
            document_name: &exception.document,
            aws_account_id: &exception.account_id,
            resource_id: &exception.resource_id,
            message: &exception.message,
            since: exception.since.to_string(),
        }
    }
}

/// A document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document<'d> {
    name: &'d str,
    description: Option<&'d str>,
    safety: of::SafetyClass,
    effect: of::RemedyEffect,
    because: &'d str,
    reversible: of::Reversible,
    resource_type: &'d str,
    controls: &'d [String],
    parameters: Vec<&'d str>,
    actions: &'d BTreeSet<String>,
}

impl<'d> Document<'d> {
    pub(crate) fn of(remedy: &'d of::Remedy) -> Document<'d> {
        let safety = &remedy.safety;
        Document {
            name: &remedy.name,
            description: remedy.document.description.as_deref(),
            safety: safety.safety,
            effect: safety.effect,
            because: &safety.because,
            reversible: safety.reversible,
            resource_type: &safety.resource.resource_type,
            controls: &safety.controls,
            parameters: remedy
                .document
                .parameters
                .keys()
                .map(String::as_str)
                .collect(),
            actions: &safety.actions,
        }
    }
}
