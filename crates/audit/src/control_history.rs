//! A control over a period.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use posture_content::frameworks::{Control, Coverage, Framework, RuleMapping};
use posture_content::requests::Request;
use posture_rules::catalogue;
use posture_store::Store;
use serde::Serialize;

use crate::activity::Activity;
use crate::assessment::{Assessment, covers};
use crate::audit_manager::Imported;
use crate::error::AuditError;
use crate::gone::GoneBodies;
use crate::history::History;
use crate::period::{Period, day};
use crate::readiness::moment;
use crate::reconcile::{Reconciled, reconcile};
use crate::retrieval::Retrievals;
use crate::rule_history::{Counts, Interval, NO_RUN, Reason, RuleHistory, State, extend};
use crate::scope::Scope;
use crate::slots::{Slot, slots};

/// Everything that is known of a framework's controls in a period.
pub struct Evidence {
    /// What the state knows.
    pub history: History,
    /// The period, cut at its runs.
    pub slots: Vec<Slot>,
    /// The rules of which there are verdicts, by name and parameters.
    pub rules: Vec<RuleHistory>,
    /// What came from Audit Manager. It decides about no control.
    pub imported: Imported,
    /// Calls that CloudTrail told of.
    pub activity: Activity,
    /// API calls that were made for evidence.
    pub retrievals: Retrievals,
    /// What came and went by two counts, by type.
    pub reconciled: BTreeMap<String, Reconciled>,
    /// Bodies that retention rules deleted; known where a package is made, for the log alone says so.
    pub gone: GoneBodies,
}

/// A control over a period.
#[derive(Debug, Clone)]
pub struct ControlHistory<'e> {
    /// The control.
    pub control: &'e Control,
    /// The rules that serve it, and what was known of each; none where it was never evaluated.
    pub tests: Vec<Test<'e>>,
    /// What was known of the control; empty where no rule decides about it.
    pub intervals: Vec<Interval>,
    /// Members of the populations of the rules that decide, by state, for each slot.
    pub counts: Vec<Counts>,
}

/// A rule that serves a control.
#[derive(Debug, Clone)]
pub struct Test<'e> {
    /// The edge.
    pub mapping: &'e RuleMapping,
    /// The rule with each set of parameters with which it was evaluated.
    pub rules: Vec<&'e RuleHistory>,
}

/// What a period comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It failed at some time.
    Failed,
    /// It never failed, and at some time nothing was known.
    Unknown,
    /// No rule decides, and no person added anything that holds for all of the period.
    ManualNeeded,
    /// All that failed is covered by exceptions, and nothing passed.
    Excepted,
    /// It held all the time.
    Passed,
    /// Nobody has to do anything: nothing was there to be tested, or it is inherited from AWS.
    NotApplicable,
    /// A person added what holds for all of the period; nobody judged it here.
    ManualGiven,
}

impl Outcome {
    /// The word for outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Failed => "failed",
            Outcome::Unknown => "unknown",
            Outcome::ManualNeeded => "manual-needed",
            Outcome::Excepted => "excepted",
            Outcome::Passed => "passed",
            Outcome::NotApplicable => "not-applicable",
            Outcome::ManualGiven => "manual-given",
        }
    }
}

impl Evidence {
    /// What is known of the framework's controls.
    ///
    /// # Errors
    /// Where the state fails, or is damaged.
    pub async fn load(
        store: &Store,
        framework: &Framework,
        scope: &Scope,
        as_of: Timestamp,
    ) -> Result<Evidence, AuditError> {
        let history = History::load(store, scope, &identifiers(framework)).await?;
        let slots = slots(&history.runs, &scope.period, as_of);
        let mut evidence = Evidence::of(history, slots);
        evidence.activity = Activity::load(store, scope, &events(framework)).await?;
        evidence.retrievals = Retrievals::load(store, scope, as_of).await?;
        let has_events = evidence.activity.last_day().is_some();
        evidence.reconciled = reconcile(store, scope, &evidence.history, has_events).await?;
        Ok(evidence)
    }

    /// What is known of them at one moment, from the newest run of the 48 hours before: one slot.
    ///
    /// # Errors
    /// Where the state fails, or is damaged.
    pub(crate) async fn at(
        store: &Store,
        framework: &Framework,
        scope: &Scope,
        at: Timestamp,
    ) -> Result<Evidence, AuditError> {
        let until = at.saturating_add(SignedDuration::from_micros(1));
        let mut scope = scope.clone();
        scope.period = Period {
            from: at,
            until: until.unwrap_or(Timestamp::MAX),
        };
        let history = History::load(store, &scope, &identifiers(framework)).await?;
        let slots = vec![moment(&history.runs, at)];
        Ok(Evidence::of(history, slots))
    }

    fn of(history: History, slots: Vec<Slot>) -> Evidence {
        let mut rules: Vec<RuleHistory> = history
            .rules
            .iter()
            .map(|(number, rule)| RuleHistory::of(&history, *number, rule, &slots))
            .filter(|one| one.evaluated.contains(&true))
            .collect();
        rules.sort_by(|a, b| {
            let key = |one: &RuleHistory| (one.rule.rule_name.clone(), one.rule.parameters.clone());
            key(a).cmp(&key(b))
        });
        Evidence {
            history,
            slots,
            rules,
            imported: Imported::default(),
            activity: Activity::default(),
            retrievals: Retrievals::default(),
            reconciled: BTreeMap::new(),
            gone: GoneBodies::default(),
        }
    }

    /// A control's history.
    pub fn control<'e>(&'e self, control: &'e Control) -> ControlHistory<'e> {
        let tests: Vec<Test<'e>> = control
            .rules
            .iter()
            .map(|mapping| {
                let wanted = identifier(mapping);
                let is_it =
                    |one: &&RuleHistory| Some(&one.rule.source_identifier) == wanted.as_ref();
                Test {
                    mapping,
                    rules: self.rules.iter().filter(is_it).collect(),
                }
            })
            .collect();
        let mut counts = Vec::with_capacity(self.slots.len());
        let mut intervals = Vec::new();
        let has_tests = tests.iter().any(|test| test.mapping.decides());
        for (place, slot) in self.slots.iter().enumerate() {
            let (slot_counts, missing) = at(&tests, place);
            counts.push(slot_counts);
            if !has_tests {
                continue;
            }
            let (state, reason) = match (slot.run, slot_counts, missing) {
                (None, ..) => (State::Unknown, NO_RUN.to_owned()),
                (_, counts, _) if counts.fail > 0 => (State::Fail, String::new()),
                (_, counts, _) if counts.unknown > 0 => {
                    (State::Unknown, "checks that could not run".to_owned())
                }
                (_, _, Some(rule)) => (State::Unknown, format!("{rule} was not evaluated")),
                (_, counts, _) if counts.pass > 0 => (State::Pass, String::new()),
                (_, counts, _) if counts.excepted > 0 => (State::Excepted, String::new()),
                _ => (State::NotApplicable, String::new()),
            };
            extend(&mut intervals, slot, state, Reason::Words(&reason));
        }
        ControlHistory {
            control,
            tests,
            intervals,
            counts,
        }
    }

    /// The two counts of the types of a rule's population.
    pub fn reconciled(&self, rule: &RuleHistory) -> Vec<&Reconciled> {
        let members = rule.members.iter();
        let resources = members.filter_map(|member| self.history.resources.get(&member.resource));
        let types: BTreeSet<&str> = resources.map(|one| one.resource_type.as_str()).collect();
        let found = types
            .into_iter()
            .filter_map(|name| self.reconciled.get(name));
        found.collect()
    }

    /// The part of the period's days with a run, as counts: with, and all.
    pub fn completeness(&self, period: &Period) -> (usize, usize) {
        let with: HashSet<Date> = self.run_days().collect();
        let end = self.slots.last().map_or(period.from, |slot| slot.until);
        let known = Period {
            from: period.from,
            until: end.max(period.from),
        };
        let days: Vec<Date> = known.days().collect();
        (
            days.iter().filter(|day| with.contains(day)).count(),
            days.len(),
        )
    }

    fn run_days(&self) -> impl Iterator<Item = Date> {
        let runs = self.history.runs.iter();
        let whole = runs.filter(|run| self.history.is_whole(run));
        whole.map(|run| day(run.evaluated_at))
    }

    /// When the newest run of the period looked.
    pub fn newest(&self) -> Option<Timestamp> {
        self.history.runs.last().map(|run| run.evaluated_at)
    }
}

impl ControlHistory<'_> {
    /// What the period comes to.
    pub fn outcome(&self, assessment: Option<&Assessment>, period: &Period) -> Outcome {
        let worst = self.intervals.iter().map(|one| one.state).max();
        let has_files = assessment
            .map(|assessment| assessment.control(&self.control.id))
            .is_some_and(|record| covers(&record.uploads, period));
        match (worst, self.control.coverage) {
            (Some(State::Fail), _) => Outcome::Failed,
            (Some(State::Unknown), _) => Outcome::Unknown,
            (Some(State::Excepted), _) => Outcome::Excepted,
            (Some(State::Pass), Coverage::Full) => Outcome::Passed,
            (Some(_), Coverage::Full) | (None, Coverage::NotAutomated) => Outcome::NotApplicable,
            (Some(State::Pass), _) if has_files => Outcome::Passed,
            (_, _) if has_files => Outcome::ManualGiven,
            _ => Outcome::ManualNeeded,
        }
    }

    /// The rules that decide about the control.
    pub fn deciding(&self) -> impl Iterator<Item = &RuleHistory> {
        self.tests
            .iter()
            .filter(|test| test.mapping.decides())
            .flat_map(|test| test.rules.iter().copied())
    }
}

/// The populations of the deciding rules in a slot, and a rule that was not evaluated.
fn at<'e>(tests: &[Test<'e>], place: usize) -> (Counts, Option<&'e str>) {
    let mut sum = Counts::default();
    let mut missing = None;
    for test in tests.iter().filter(|test| test.mapping.decides()) {
        let evaluated = |rule: &&&RuleHistory| rule.evaluated.get(place) == Some(&true);
        let mut is_missing = true;
        for rule in test.rules.iter().filter(evaluated) {
            is_missing = false;
            let counts = rule.counts.get(place).copied().unwrap_or_default();
            sum.pass += counts.pass;
            sum.fail += counts.fail;
            sum.unknown += counts.unknown;
            sum.excepted += counts.excepted;
            sum.not_applicable += counts.not_applicable;
        }
        if is_missing {
            missing.get_or_insert(test.mapping.rule.as_str());
        }
    }
    (sum, missing)
}

/// AWS's identifiers of all rules that serve a framework, or answer an auditor's request.
fn identifiers(framework: &Framework) -> HashSet<String> {
    let mappings = framework.controls.iter().flat_map(|control| &control.rules);
    let of_requests = requests().iter().flat_map(|request| &request.rules);
    let of_requests = of_requests.filter_map(|name| catalogue::find(name));
    mappings
        .filter_map(identifier)
        .chain(of_requests.map(|entry| entry.rule.identifier()))
        .collect()
}

/// The events that controls name, or auditor's requests.
fn events(framework: &Framework) -> BTreeSet<&str> {
    let of_controls = framework.controls.iter();
    let of_controls = of_controls.flat_map(|control| &control.cloudtrail);
    let of_requests = requests().iter().flat_map(|request| &request.cloudtrail);
    of_controls.chain(of_requests).map(String::as_str).collect()
}

/// The auditor's request list.
fn requests() -> &'static [Request] {
    posture_content::requests::embedded().unwrap_or_default()
}

/// AWS's identifier of a mapping's rule.
fn identifier(mapping: &RuleMapping) -> Option<String> {
    catalogue::find(&mapping.rule).map(|entry| entry.rule.identifier())
}
