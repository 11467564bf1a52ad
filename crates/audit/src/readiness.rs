//! Where a framework stands at one moment: of each control what is known, and what is to be done.
//!
//! A run speaks for the 48 hours after it, as in an assessment for what stands at its beginning. Of
//! people's acts those count that were done by then.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use posture_content::frameworks::{Control, Coverage, Framework};
use posture_rules::{Severity, catalogue};
use posture_store::Store;
use serde::Serialize;

use crate::act::ControlStatus;
use crate::assessment::{Assessment, covers};
use crate::control_history::{ControlHistory, Evidence, Outcome};
use crate::error::AuditError;
use crate::period::{Period, day, start};
use crate::rule_history::{Counts, RuleHistory};
use crate::scope::Scope;
use crate::slots::Slot;

/// Where a framework stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// The moment.
    pub as_of: Timestamp,
    /// The run that speaks for it, with its number; none where nobody looked in the 48 hours before.
    pub run: Option<(i64, Timestamp)>,
    /// The controls, in the framework's order.
    pub controls: Vec<ControlReadiness>,
    /// What is to be done, the first thing first: by severity, then what could be shown to fail
    /// before what is not known, then by how many controls it serves, then by how many resources
    /// it is about, then by name. Documents and owners come after all rules.
    pub work: Vec<Work>,
}

/// Where a control stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlReadiness {
    /// The control.
    pub control: String,
    /// Its title.
    pub title: String,
    /// What it comes to; none where the assessment does not assess it.
    pub outcome: Option<Outcome>,
    /// Verdicts of the rules that decide about it.
    pub counts: Counts,
    /// Rules that decide about it and were not evaluated.
    pub not_evaluated: Vec<String>,
    /// Whether documents have to be added, and none holds for the day.
    pub lacks_document: bool,
    /// Who was named for it or its control set; none where nobody was.
    pub owner: Option<String>,
}

/// What kind of thing is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkKind {
    /// Something fails.
    Fix,
    /// It is not known whether something holds.
    FindOut,
    /// A document is missing.
    AddDocument,
    /// Nobody was named.
    NameOwner,
}

impl WorkKind {
    /// The word for outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            WorkKind::Fix => "fix",
            WorkKind::FindOut => "find-out",
            WorkKind::AddDocument => "add-document",
            WorkKind::NameOwner => "name-owner",
        }
    }
}

/// A thing to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// What kind.
    pub kind: WorkKind,
    /// The rule's severity; none where it is about people.
    pub severity: Option<Severity>,
    /// The rule, the control or the control set.
    pub name: String,
    /// The rule's parameters, as `name=value`, where it has any.
    pub parameters: Vec<String>,
    /// Controls that it serves.
    pub controls: Vec<String>,
    /// Resources that fail, or of which nothing is known.
    pub resources: usize,
    /// What is wanted, in words.
    pub what: String,
}

impl Work {
    fn order(&self) -> impl Ord + '_ {
        (
            Reverse(self.severity),
            self.kind,
            Reverse(self.controls.len()),
            Reverse(self.resources),
            &self.name,
            &self.parameters,
        )
    }

    /// What tells it from other work, whatever became of its numbers.
    pub fn key(&self) -> (WorkKind, &str, &[String]) {
        (self.kind, &self.name, &self.parameters)
    }
}

impl Readiness {
    /// Where a framework stood at a moment. `scope` names accounts and Regions; of `assessment` the
    /// owners, documents and statuses count, as they were then.
    ///
    /// # Errors
    /// Where the state fails, or is damaged.
    pub async fn load(
        store: &Store,
        framework: &Framework,
        scope: &Scope,
        assessment: Option<&Assessment>,
        at: Timestamp,
    ) -> Result<Readiness, AuditError> {
        let evidence = Evidence::at(store, framework, scope, at).await?;
        let run = evidence
            .slots
            .first()
            .and_then(|slot| slot.run)
            .and_then(|place| evidence.history.runs.get(place))
            .map(|run| (run.run, run.evaluated_at));
        let today = today(at);
        let mut controls = Vec::with_capacity(framework.controls.len());
        let mut work = Vec::new();
        let mut rules: BTreeMap<_, (&RuleHistory, BTreeSet<&str>)> = BTreeMap::new();
        let mut missing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut unowned: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for control in &framework.controls {
            let history = evidence.control(control);
            let one = stands(control, &history, assessment, &today);
            if one.outcome.is_some() {
                let deciding = history.tests.iter().filter(|it| it.mapping.decides());
                for &rule in deciding.flat_map(|test| &test.rules) {
                    let key = (&rule.rule.rule_name, &rule.rule.parameters);
                    let entry = rules.entry(key).or_insert((rule, BTreeSet::new()));
                    entry.1.insert(&control.id);
                }
                for mapping in &control.rules {
                    if one.not_evaluated.contains(&mapping.rule) {
                        missing
                            .entry(&mapping.rule)
                            .or_default()
                            .insert(&control.id);
                    }
                }
                if one.lacks_document {
                    work.push(document(control));
                }
                let is_inherited = control.coverage == Coverage::NotAutomated;
                if one.owner.is_none() && !is_inherited {
                    let of_set = unowned.entry(&control.set).or_default();
                    of_set.push(control.id.clone());
                }
            }
            controls.push(one);
        }
        for (rule, controls) in rules.values() {
            work.extend(of_rule(rule, controls));
        }
        if run.is_some() {
            let rules = missing.iter();
            work.extend(rules.map(|(rule, controls)| not_evaluated(rule, controls)));
        } else {
            let controls: BTreeSet<&str> = missing.into_values().flatten().collect();
            work.push(look(framework, &controls));
        }
        work.extend(unowned.into_iter().map(|(set, controls)| Work {
            kind: WorkKind::NameOwner,
            severity: None,
            name: set.to_owned(),
            parameters: Vec::new(),
            what: format!("name who answers for {} controls", controls.len()),
            controls,
            resources: 0,
        }));
        work.sort_by(|a, b| a.order().cmp(&b.order()));
        Ok(Readiness {
            as_of: at,
            run,
            controls,
            work,
        })
    }
}

/// The day of a moment, as a period.
fn today(at: Timestamp) -> Period {
    let first = day(at);
    let end = first.tomorrow().ok().and_then(start);
    Period {
        from: start(first).unwrap_or(at),
        until: end.unwrap_or(Timestamp::MAX),
    }
}

/// The piece of time for which `at` is asked, and the run that speaks for it.
pub(crate) fn moment(runs: &[crate::runs::Run], at: Timestamp) -> Slot {
    let until = at.saturating_add(SignedDuration::from_micros(1));
    let run = runs.iter().rposition(|run| run.evaluated_at <= at);
    Slot {
        from: at,
        until: until.unwrap_or(Timestamp::MAX),
        run,
    }
}

fn stands(
    control: &Control,
    history: &ControlHistory<'_>,
    assessment: Option<&Assessment>,
    today: &Period,
) -> ControlReadiness {
    let record = assessment
        .map(|one| one.control(&control.id))
        .unwrap_or_default();
    let is_assessed = record.status != ControlStatus::Inactive;
    let needs_documents = matches!(control.coverage, Coverage::Partial | Coverage::Manual);
    let owner = record.owner.clone();
    let of_set = assessment.and_then(|one| one.set_owners.get(&control.set).cloned());
    let tests = history.tests.iter().filter(|test| test.mapping.decides());
    let is_evaluated = |rule: &&&RuleHistory| rule.evaluated.first() == Some(&true);
    let not_evaluated = tests
        .filter(|test| test.rules.iter().find(is_evaluated).is_none())
        .map(|test| test.mapping.rule.clone())
        .collect();
    ControlReadiness {
        control: control.id.clone(),
        title: control.title.clone(),
        outcome: is_assessed.then(|| history.outcome(assessment, today)),
        counts: history.counts.first().copied().unwrap_or_default(),
        not_evaluated,
        lacks_document: is_assessed && needs_documents && !covers(&record.uploads, today),
        owner: owner.or(of_set),
    }
}

/// What a rule leaves to be done.
fn of_rule(rule: &RuleHistory, controls: &BTreeSet<&str>) -> Vec<Work> {
    let counts = rule.counts.first().copied().unwrap_or_default();
    let name = &rule.rule.rule_name;
    let parameters: Vec<String> = rule
        .rule
        .parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let work = |kind, resources, what: String| Work {
        kind,
        severity: severity(&rule.rule.source_identifier),
        name: name.clone(),
        parameters: parameters.clone(),
        controls: controls.iter().map(|&id| id.to_owned()).collect(),
        resources,
        what,
    };
    let mut all = Vec::new();
    if counts.fail > 0 {
        let what = match counts.fail {
            1 => "1 resource fails".to_owned(),
            count => format!("{count} resources fail"),
        };
        all.push(work(WorkKind::Fix, counts.fail, what));
    }
    if counts.unknown > 0 {
        let what = match counts.unknown {
            1 => "nothing is known of 1 resource".to_owned(),
            count => format!("nothing is known of {count} resources"),
        };
        all.push(work(WorkKind::FindOut, counts.unknown, what));
    }
    all
}

fn not_evaluated(rule: &str, controls: &BTreeSet<&str>) -> Work {
    Work {
        kind: WorkKind::FindOut,
        severity: severity(rule),
        name: rule.to_owned(),
        parameters: Vec::new(),
        controls: controls.iter().map(|&id| id.to_owned()).collect(),
        resources: 0,
        what: "the rule was not evaluated".to_owned(),
    }
}

/// Nobody looked: that is one thing to do, however many rules there are.
fn look(framework: &Framework, controls: &BTreeSet<&str>) -> Work {
    Work {
        kind: WorkKind::FindOut,
        severity: None,
        name: format!("framework:{}", framework.name),
        parameters: Vec::new(),
        controls: controls.iter().map(|&id| id.to_owned()).collect(),
        resources: 0,
        what: "no run looked in the 48 hours before".to_owned(),
    }
}

fn document(control: &Control) -> Work {
    let what = if control.evidence.is_empty() {
        "a document that holds for the day".to_owned()
    } else {
        control.evidence.join(", ")
    };
    Work {
        kind: WorkKind::AddDocument,
        severity: None,
        name: control.id.clone(),
        parameters: Vec::new(),
        controls: vec![control.id.clone()],
        resources: 0,
        what,
    }
}

fn severity(rule: &str) -> Option<Severity> {
    catalogue::find(rule).map(|entry| entry.rule.severity)
}
