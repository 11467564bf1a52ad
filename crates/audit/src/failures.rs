//! Every failure of a period: since when, until when, and what changed it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use jiff::Timestamp;
use posture_store::{ItemFilter, Store, TimelineEvent};
use serde::Serialize;

use crate::control_history::Evidence;
use crate::error::AuditError;
use crate::history::{Resource, Rule};
use crate::rule_history::{Interval, Member, RuleHistory, State};
use crate::schema::{args, time};

/// Paths of a change that are told.
const PATHS: usize = 8;

/// A failure of one rule on one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// The rule.
    pub rule_name: Arc<str>,
    /// The account.
    pub account_id: Arc<str>,
    /// The Region.
    pub aws_region: Arc<str>,
    /// The type.
    pub resource_type: Arc<str>,
    /// The id.
    pub resource_id: Arc<str>,
    /// Since when it was seen; the period's beginning where it failed before.
    pub from: Timestamp,
    /// Whether it failed when the period began.
    pub began_before: bool,
    /// Until when; none where it still failed at the end.
    pub until: Option<Timestamp>,
    /// What was known then: `pass`, `unknown`, `absent` and so on; empty where it still failed.
    pub then: &'static str,
    /// Why it failed.
    pub reason: Arc<str>,
    /// What of the configuration changed when it began, as far as it was recorded.
    pub began_with: Vec<Arc<str>>,
    /// What of the configuration changed when it ended.
    pub ended_with: Vec<Arc<str>>,
    /// Remediations that ran on the resource meanwhile.
    pub remediations: Vec<String>,
}

/// The failures of rules. What history tells of a resource is read once, however many rules it fails.
#[derive(Default)]
pub struct Failures {
    told: HashMap<i64, Told>,
}

impl Failures {
    /// Those of a rule, by resource and time.
    ///
    /// # Errors
    /// Where the state fails, or is damaged.
    pub async fn of(
        &mut self,
        store: &Store,
        evidence: &Evidence,
        rule: &RuleHistory,
    ) -> Result<Vec<Failure>, AuditError> {
        for member in rule.members.iter().filter(|member| has_failed(member)) {
            let resource = evidence.history.resources.get(&member.resource);
            let Some(resource) = resource else { continue };
            if let Entry::Vacant(unread) = self.told.entry(member.resource) {
                unread.insert(Told::load(store, resource).await?);
            }
        }
        Ok(failures(evidence, rule, &self.told))
    }
}

fn has_failed(member: &Member) -> bool {
    member.intervals.iter().any(is_failure)
}

fn is_failure(one: &Interval) -> bool {
    one.state == State::Fail
}

fn failures(evidence: &Evidence, rule: &RuleHistory, told: &HashMap<i64, Told>) -> Vec<Failure> {
    let mut failures = Vec::new();
    let rule_name: Arc<str> = rule.rule.rule_name.as_str().into();
    for member in &rule.members {
        let Some(resource) = evidence.history.resources.get(&member.resource) else {
            continue;
        };
        let Some(told) = told.get(&member.resource) else {
            continue;
        };
        let account_id: Arc<str> = resource.account_id.as_str().into();
        let aws_region: Arc<str> = resource.aws_region.as_str().into();
        let resource_type: Arc<str> = resource.resource_type.as_str().into();
        let resource_id: Arc<str> = resource.resource_id.as_str().into();
        for (place, interval) in member.intervals.iter().enumerate() {
            if !is_failure(interval) {
                continue;
            }
            let next = member.intervals.get(place + 1);
            let began = evidence.run_before(&rule.rule, interval.from);
            failures.push(Failure {
                rule_name: Arc::clone(&rule_name),
                account_id: Arc::clone(&account_id),
                aws_region: Arc::clone(&aws_region),
                resource_type: Arc::clone(&resource_type),
                resource_id: Arc::clone(&resource_id),
                from: interval.from,
                began_before: place == 0,
                until: next.map(|_| interval.until),
                then: next.map_or("", |next| next.state.as_str()),
                reason: interval.reason.clone(),
                began_with: if place == 0 {
                    Vec::new()
                } else {
                    told.between(began, interval.from)
                },
                ended_with: next.map_or(Vec::new(), |next| {
                    told.between(evidence.run_before(&rule.rule, next.from), next.from)
                }),
                remediations: told.remediations(interval.from, interval.until),
            });
        }
    }
    failures
}

impl Evidence {
    /// When a run last evaluated a rule before a time: what changed, changed since.
    fn run_before(&self, rule: &Rule, at: Timestamp) -> Timestamp {
        let runs = self.history.runs.iter().rev();
        let mut before = runs.filter(|run| run.evaluated_at < at);
        let last = before.find(|run| self.history.has_run(run, rule));
        last.map_or(Timestamp::MIN, |run| run.evaluated_at)
    }
}

/// Runs of remediation on a resource, by when they began: the plan, who answers for it, and what it came to.
async fn remediations(
    store: &Store,
    resource: &Resource,
    found: Option<&posture_store::Resource>,
) -> Result<Vec<(Timestamp, String)>, AuditError> {
    let id = resource.resource_id.as_str();
    // A document may name the resource otherwise than it is recorded.
    let name = found.and_then(|found| found.resource_name.as_deref());
    let arn = found.and_then(|found| found.arn.as_deref());
    let sql = "SELECT recorded_at, plan, document, kind, body FROM remediation_journal \
               WHERE account_id = $1 AND resource_id IN ($2, $3, $4) \
               AND kind IN ('RunStarted', 'Finished') ORDER BY recorded_at, plan, entry";
    let account_id = resource.account_id.as_str();
    let values = args![account_id, id, name.unwrap_or(id), arn.unwrap_or(id)];
    let mut runs: Vec<(Timestamp, String, String)> = Vec::new();
    for row in store.database().rows(sql, values).await? {
        let (at, plan, document) = (time(row.int(0)?), row.text(1)?, row.text(2)?);
        let body: serde_json::Value =
            serde_json::from_str(&row.text(4)?).map_err(|_| AuditError::Damaged {
                what: format!("the journal of plan {plan}"),
            })?;
        let text = |member: &str| body.get(member).and_then(serde_json::Value::as_str);
        let known = runs.iter_mut().find(|(_, of, _)| *of == plan);
        match (row.text(3)?.as_str(), known) {
            ("RunStarted", None) => {
                let authority = text("authority").unwrap_or_default();
                let words = format!("plan {plan} ({document}), {authority}");
                runs.push((at, plan, words));
            }
            // An undo ends after the run: both are told.
            ("Finished", Some((.., words))) => {
                words.push_str(": ");
                words.push_str(text("outcome").unwrap_or_default());
            }
            _ => {}
        }
    }
    Ok(runs.into_iter().map(|(at, _, words)| (at, words)).collect())
}

/// What history tells of one resource.
struct Told {
    changes: Vec<(Timestamp, Vec<Arc<str>>)>,
    remediations: Vec<(Timestamp, String)>,
}

impl Told {
    async fn load(store: &Store, resource: &Resource) -> Result<Told, AuditError> {
        let filter = ItemFilter {
            accounts: vec![resource.account_id.clone()],
            regions: vec![resource.aws_region.clone()],
            types: vec![resource.resource_type.clone()],
        };
        let found = store
            .resources_named(&resource.resource_id, &filter)
            .await?;
        let mut changes = Vec::new();
        let it = |one: &&posture_store::Resource| one.resource_id == resource.resource_id;
        if let Some(found) = found.iter().find(it) {
            for entry in store.timeline(found).await?.entries {
                let paths = match entry.event {
                    TimelineEvent::Discovered { .. } => {
                        vec!["the resource was seen first".into()]
                    }
                    TimelineEvent::Deleted => vec!["the resource was deleted".into()],
                    TimelineEvent::Changed { changes, .. } => changes
                        .into_iter()
                        .take(PATHS)
                        .map(|one| one.path.into())
                        .collect(),
                    TimelineEvent::Verdict { .. } => continue,
                };
                changes.push((entry.valid_from, paths));
            }
        }
        let found = found.iter().find(it);
        let remediations = remediations(store, resource, found).await?;
        Ok(Told {
            changes,
            remediations,
        })
    }

    /// What changed after one run looked and by the time the next one did.
    fn between(&self, after: Timestamp, by: Timestamp) -> Vec<Arc<str>> {
        let is_in = |at: &Timestamp| after < *at && *at <= by;
        let changes = self.changes.iter().filter(|(at, _)| is_in(at));
        changes.flat_map(|(_, paths)| paths.clone()).collect()
    }

    fn remediations(&self, from: Timestamp, until: Timestamp) -> Vec<String> {
        let is_in = |at: &Timestamp| from <= *at && *at <= until;
        let plans = self.remediations.iter().filter(|(at, _)| is_in(at));
        plans.map(|(_, plan)| plan.clone()).collect()
    }
}
