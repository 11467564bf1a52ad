//! What may run: every reason against it, and no reason to overlook one.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use posture_model::ManagedBy;

use super::plan::Plan;
use super::policy::Policy;
use super::state::{PlanState, Record};
use super::writer::{STOP, stopped};
use crate::journal::{Entry, Journal, JournalError, Past, PlanKey, RunOutcome};
use crate::safety::SafetyClass;

/// How far back failures and reverts count.
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);

/// A percentage of few resources says nothing.
const FEW: u64 = 20;

/// Failures of a document on one resource in a day after which only a person goes on (AWS Config's
/// MaximumAutomaticAttempts).
const ATTEMPTS: usize = 5;

/// A document that failed on half of at least so many resources in an hour is broken, not unlucky.
const RUNS: usize = 4;

/// Who answers for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authority {
    /// These persons approved it.
    Approvers(Vec<String>),
    /// posture.yaml lets the document run by itself.
    Configuration,
}

impl Authority {
    /// In words, for the record.
    pub fn in_words(&self) -> String {
        match self {
            Authority::Approvers(names) => format!("approved by {}", names.join(", ")),
            Authority::Configuration => "automatic by posture.yaml".to_owned(),
        }
    }
}

/// Who answers for the run, or every reason against it.
pub(super) async fn judge(
    record: &Record,
    policy: &Policy,
    journal: &impl Journal,
    population: Option<u64>,
    now: Timestamp,
) -> Result<Result<Authority, Vec<String>>, JournalError> {
    let plan = &record.plan;
    let mut reasons = Vec::new();
    if let Some((by, reason)) = stopped(&journal.entries(STOP).await?) {
        reasons.push(format!("all remediation was stopped by {by}: {reason}"));
    }
    if record.state == PlanState::Denied {
        reasons.push("it was denied".to_owned());
    }
    if plan.safety == SafetyClass::Manual {
        reasons.push("its document is manual: the plan shows a person what to do".to_owned());
    }
    if let Some(maker) = plan.managed_by.as_deref()
        && !policy.allow_managed
    {
        reasons.push(format!(
            "{} is managed by {maker}, which would put it back: change it there",
            plan.resource_id
        ));
    }
    if !policy.is_open(now) {
        reasons.push("no change window is open now".to_owned());
    }
    let approvers: Vec<String> = record.approved_by.iter().cloned().collect();
    let authority = if approvers.len() >= policy.quorum as usize {
        Authority::Approvers(approvers)
    } else if policy.is_automatic(plan) && plan.safety == SafetyClass::Safe {
        Authority::Configuration
    } else {
        let (have, need) = (approvers.len(), policy.quorum);
        reasons.push(format!("{have} of {need} approvals"));
        Authority::Approvers(approvers)
    };
    let started = journal.of_kind("RunStarted", now - HOUR).await?;
    let finished = journal.of_kind("Finished", now - WEEK).await?;
    caps(plan, policy, &started, population, &mut reasons);
    if authority == Authority::Configuration {
        broken(plan, &finished, now, &mut reasons);
        fight(plan, &finished, &mut reasons);
    }
    Ok(if reasons.is_empty() {
        Ok(authority)
    } else {
        Err(reasons)
    })
}

/// Caps on how much is changed at once.
fn caps(
    plan: &Plan,
    policy: &Policy,
    started: &[Past],
    population: Option<u64>,
    reasons: &mut Vec<String>,
) {
    let mut plans: Vec<&str> = started
        .iter()
        .filter(|past| {
            past.key.account_id == plan.account_id
                && past.key.document == plan.document
                && past.key.plan_id != plan.plan_id
        })
        .map(|past| past.key.plan_id.as_str())
        .collect();
    plans.sort_unstable();
    plans.dedup();
    let count = plans.len() as u64;
    let radius = plan.blast_radius;
    let cap = policy
        .per_account_hour
        .map_or(radius.per_account_hour, |cap| {
            cap.min(radius.per_account_hour)
        });
    if count >= u64::from(cap) {
        reasons.push(format!(
            "{count} runs of {} in account {} within an hour, and {cap} are allowed",
            plan.document, plan.account_id
        ));
    }
    if let Some(population) = population.filter(|population| *population > FEW) {
        let most = population * u64::from(radius.percent) / 100;
        if count >= most.max(1) {
            reasons.push(format!(
                "{count} runs within an hour, and {} % of {population} {} are allowed",
                radius.percent, plan.resource_type
            ));
        }
    }
}

/// The circuit breaker, of the resource and of the document.
fn broken(plan: &Plan, finished: &[Past], now: Timestamp, reasons: &mut Vec<String>) {
    let is_failure = |past: &&Past| {
        matches!(
            past.entry,
            Entry::Finished {
                outcome: RunOutcome::Untouched
                    | RunOutcome::RolledBack
                    | RunOutcome::NonCompliant
                    | RunOutcome::Unknown,
                ..
            }
        )
    };
    let of_document = |past: &&Past| past.key.document == plan.document;
    let of_resource = finished
        .iter()
        .filter(of_document)
        .filter(|past| is_same_resource(past, plan) && past.at >= now - DAY)
        .filter(is_failure)
        .count();
    if of_resource >= ATTEMPTS {
        reasons.push(format!(
            "it failed {of_resource} times on {} within a day: a person has to look",
            plan.resource_id
        ));
    }
    // How the last run on each resource ended: one bad resource does not make a bad document.
    let recent: BTreeMap<(&str, &str), &Past> = finished
        .iter()
        .filter(of_document)
        .filter(|past| past.at >= now - HOUR)
        .map(|past| {
            let PlanKey {
                account_id,
                resource_id,
                ..
            } = &past.key;
            ((account_id.as_str(), resource_id.as_str()), past)
        })
        .collect();
    let failures = recent.values().filter(|past| is_failure(past)).count();
    if recent.len() >= RUNS && failures * 2 >= recent.len() {
        reasons.push(format!(
            "{failures} of {} resources failed with {} within an hour: a person has to look",
            recent.len(),
            plan.document
        ));
    }
}

/// What was fixed and is broken again was put back by somebody, or by code.
fn fight(plan: &Plan, finished: &[Past], reasons: &mut Vec<String>) {
    let last = finished
        .iter()
        .rfind(|past| past.key.document == plan.document && is_same_resource(past, plan));
    if let Some(Past {
        entry:
            Entry::Finished {
                outcome: RunOutcome::Succeeded,
                ..
            },
        at,
        ..
    }) = last
    {
        reasons.push(format!(
            "it was fixed at {at} and is as before: somebody or some code puts it back; a person has to approve"
        ));
    }
}

fn is_same_resource(past: &Past, plan: &Plan) -> bool {
    past.key.resource_id == plan.resource_id && past.key.account_id == plan.account_id
}

/// What code manages a resource with these tags.
pub(super) fn managed_by<'t>(tags: impl Iterator<Item = (&'t str, &'t str)>) -> Option<String> {
    let maker = ManagedBy::of_tags(tags);
    (maker != ManagedBy::Customer).then(|| maker.as_str().to_owned())
}
