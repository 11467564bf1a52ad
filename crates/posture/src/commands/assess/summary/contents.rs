//! What the summary says, before it is typeset.

use std::collections::BTreeMap;

use posture_audit::{ControlStatus, Failures, Outcome, State};
use posture_content::frameworks::Framework;
use posture_store::Store;
use serde::Serialize;

use super::super::super::CommandError;
use super::super::context::Loaded;

/// Rows of a table at most; the package's tables have all.
const ROWS: usize = 200;

/// The summary of an assessment.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contents {
    name: String,
    framework: String,
    framework_version: String,
    status: &'static str,
    from: String,
    until: String,
    owner: String,
    created_at: String,
    created_by: String,
    accounts: Vec<String>,
    regions: Vec<String>,
    imported: Option<String>,
    days: usize,
    days_with_evidence: usize,
    runs: usize,
    newest: Option<String>,
    sets: Vec<Set>,
    attention: Table<Attention>,
    failures: Table<Spell>,
    exceptions: Table<Spell>,
}

/// The first rows, and how many there are.
#[derive(Serialize)]
struct Table<T> {
    all: usize,
    rows: Vec<T>,
}

/// A control set: how many of its controls came to what.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Set {
    id: String,
    title: String,
    controls: usize,
    reviewed: usize,
    results: BTreeMap<&'static str, usize>,
}

/// A control that somebody has to look at.
#[derive(Serialize)]
struct Attention {
    control: String,
    title: String,
    result: &'static str,
    owner: String,
}

/// A while during which a rule failed on a resource, or was excepted.
#[derive(Serialize)]
struct Spell {
    rule: String,
    resource: String,
    account: String,
    region: String,
    from: String,
    until: String,
    reason: String,
}

impl Contents {
    pub(super) async fn of(store: &Store, loaded: &Loaded) -> Result<Contents, CommandError> {
        let (assessment, evidence) = (&loaded.assessment, &loaded.evidence);
        let scope = &assessment.scope;
        let (days_with_evidence, days) = evidence.completeness(&scope.period);
        let (mut source, mut failures) = (Failures::default(), Vec::new());
        for rule in &evidence.rules {
            failures.extend(source.of(store, evidence, rule).await?);
        }
        let failures = failures.into_iter().map(|one| Spell {
            rule: one.rule_name,
            resource: one.resource_id,
            account: one.account_id,
            region: one.aws_region,
            from: one.from.to_string(),
            until: one.until.map_or("the end".to_owned(), |at| at.to_string()),
            reason: one.reason,
        });
        let (sets, attention) = controls(loaded, &loaded.framework);
        Ok(Contents {
            name: assessment.name.clone(),
            framework: loaded.framework.title.clone(),
            framework_version: loaded.framework.version.clone(),
            status: assessment.status,
            from: scope.period.from.to_string(),
            until: scope.period.until.to_string(),
            owner: assessment.owner.clone(),
            created_at: assessment.created_at.to_string(),
            created_by: assessment.created_by.clone(),
            accounts: scope.accounts.clone(),
            regions: scope.regions.clone(),
            imported: assessment.imported.as_ref().map(|one| one.name.clone()),
            days,
            days_with_evidence,
            runs: evidence.history.runs.len(),
            newest: evidence.newest().map(|at| at.to_string()),
            sets,
            attention: table(attention),
            failures: table(failures.collect()),
            exceptions: table(exceptions(loaded)),
        })
    }
}

fn table<T>(mut rows: Vec<T>) -> Table<T> {
    let all = rows.len();
    rows.truncate(ROWS);
    Table { all, rows }
}

/// The control sets, and the controls that did not hold or are not known to.
fn controls(loaded: &Loaded, framework: &Framework) -> (Vec<Set>, Vec<Attention>) {
    let assessment = &loaded.assessment;
    let mut attention = Vec::new();
    let mut sets = Vec::new();
    for set in &framework.sets {
        let mut summed = Set {
            id: set.id.clone(),
            title: set.title.clone(),
            controls: 0,
            reviewed: 0,
            results: BTreeMap::new(),
        };
        for control in framework.controls_of(&set.id) {
            let history = loaded.evidence.control(control);
            let outcome = history.outcome(Some(assessment), &assessment.scope.period);
            let status = assessment.control(&control.id).status;
            summed.controls += 1;
            summed.reviewed += usize::from(status == ControlStatus::Reviewed);
            *summed.results.entry(outcome.as_str()).or_default() += 1;
            if matches!(
                outcome,
                Outcome::Failed | Outcome::Unknown | Outcome::Excepted
            ) {
                attention.push(Attention {
                    control: control.id.clone(),
                    title: control.title.clone(),
                    result: outcome.as_str(),
                    owner: assessment.owner_of(&set.id, &control.id).to_owned(),
                });
            }
        }
        sets.push(summed);
    }
    (sets, attention)
}

fn exceptions(loaded: &Loaded) -> Vec<Spell> {
    let mut all = Vec::new();
    for rule in &loaded.evidence.rules {
        for member in &rule.members {
            let Some(resource) = loaded.evidence.history.resources.get(&member.resource) else {
                continue;
            };
            let excepted = member
                .intervals
                .iter()
                .filter(|one| one.state == State::Excepted);
            all.extend(excepted.map(|one| Spell {
                rule: rule.rule.rule_name.clone(),
                resource: resource.resource_id.clone(),
                account: resource.account_id.clone(),
                region: resource.aws_region.clone(),
                from: one.from.to_string(),
                until: one.until.to_string(),
                reason: one.reason.clone(),
            }));
        }
    }
    all
}
