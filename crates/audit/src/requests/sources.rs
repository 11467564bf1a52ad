//! What answers a request, one by one: whether it is there, since when, and what to do where it is not.

use jiff::{SignedDuration, Timestamp};
use posture_content::frameworks::Framework;
use posture_content::requests::{OwnRecords, Request};
use posture_rules::catalogue;
use serde::Serialize;

use super::status::RequestState;
use crate::assessment::{Asked, Assessment, Uploaded, covers};
use crate::control_history::{Evidence, Outcome};
use crate::period::{Period, start};
use crate::retrieval::RetrievalOutcome;

/// How old something may be that is to show how things are: as a run may be that speaks for a moment.
const FRESH: SignedDuration = SignedDuration::from_hours(48);

const SCAN: &str = "scan every day: `posture watch`, or `posture scan --aws --state`";

/// What to do where nothing can be done any more.
const TOO_LATE: &str = "the period is over, and what was not collected in it cannot be filled in: say why with `posture assess comment`, and add what else shows it with `posture assess upload`";

/// What kind of thing answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// The verdicts of a rule.
    Rule,
    /// The recorded configurations of a type.
    ResourceType,
    /// The replies of an API call.
    ApiCall,
    /// Calls that CloudTrail told of.
    Events,
    /// What Posture keeps of itself.
    Records,
    /// What is known of a control.
    Control,
    /// What a person adds.
    Document,
}

/// Something that answers a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// What kind of thing.
    pub kind: SourceKind,
    /// Which: a rule, a type, a call, the events, a control, documents.
    pub name: String,
    /// Whether it is there.
    pub state: RequestState,
    /// Of when the newest of it is.
    pub newest: Option<Timestamp>,
    /// In words: how much there is, or why not.
    pub what: String,
    /// What to do where it is not ready.
    pub to_do: Option<String>,
}

/// What is known of a period, for requests.
pub(super) struct Sources<'e> {
    framework: &'e Framework,
    assessment: &'e Assessment,
    evidence: &'e Evidence,
    period: &'e Period,
    now: Timestamp,
    /// The end of the period, or now.
    end: Timestamp,
}

impl<'e> Sources<'e> {
    pub(super) fn new(
        framework: &'e Framework,
        assessment: &'e Assessment,
        evidence: &'e Evidence,
        now: Timestamp,
    ) -> Sources<'e> {
        let period = &assessment.scope.period;
        Sources {
            framework,
            assessment,
            evidence,
            period,
            now,
            end: period.until.min(now),
        }
    }

    /// Whether the period has not ended.
    pub(super) fn is_open(&self) -> bool {
        self.now < self.period.until
    }

    /// What to do, where that is still of use.
    fn in_time<'t>(&self, to_do: &'t str) -> &'t str {
        if self.is_open() { to_do } else { TOO_LATE }
    }

    pub(super) fn of_request(&self, request: &Request, uploads: &[Uploaded]) -> Vec<Source> {
        let rules = request.rules.iter().map(|rule| self.rule(rule));
        let types = request.types.iter().map(|name| self.resource_type(name));
        let calls = request.api_calls.iter().map(|name| self.call(name));
        let records = request.records.iter().map(|one| self.records(*one));
        let mut all: Vec<Source> = rules.chain(types).chain(calls).chain(records).collect();
        if !request.cloudtrail.is_empty() {
            all.push(self.events(&request.cloudtrail));
        }
        if !request.evidence.is_empty() {
            all.push(self.documents(&request.evidence.join(", "), uploads));
        }
        all
    }

    /// Of a request in an auditor's own words: its controls, and where it names none, or people are
    /// needed for one, the files that were added to it.
    pub(super) fn of_asked(&self, asked: &Asked, uploads: &[Uploaded]) -> Vec<Source> {
        let mut all: Vec<Source> = asked
            .controls
            .iter()
            .filter_map(|id| self.control(id))
            .collect();
        let needs_person = |source: &Source| source.state == RequestState::ManualNeeded;
        if all.is_empty() || all.iter().any(needs_person) || !uploads.is_empty() {
            let documents = self.documents("what is asked for", uploads);
            if documents.state == RequestState::Ready {
                all.retain(|source| !needs_person(source));
            }
            all.push(documents);
        }
        all
    }

    /// How fresh something is that was last seen at a time.
    fn fresh(&self, newest: Option<Timestamp>) -> RequestState {
        let oldest = self.end.saturating_sub(FRESH).unwrap_or(Timestamp::MIN);
        match newest {
            None => RequestState::Missing,
            Some(newest) if newest < oldest => RequestState::Stale,
            Some(_) => RequestState::Ready,
        }
    }

    fn rule(&self, rule: &str) -> Source {
        let identifier = catalogue::find(rule).map(|entry| entry.rule.identifier());
        let of_rule = self
            .evidence
            .rules
            .iter()
            .filter(|one| Some(&one.rule.source_identifier) == identifier.as_ref());
        let (mut newest, mut members) = (None, 0);
        for one in of_rule {
            members += one.members.len();
            let runs = self.evidence.slots.iter().zip(&one.evaluated);
            let evaluated = runs.filter(|(_, evaluated)| **evaluated);
            let run = evaluated.filter_map(|(slot, _)| slot.run).max();
            let at = run.and_then(|run| self.evidence.history.runs.get(run));
            newest = newest.max(at.map(|run| run.evaluated_at));
        }
        let state = self.fresh(newest);
        let scan =
            "run `posture scan` or `posture watch` with the pack that has this rule, every day";
        source(SourceKind::Rule, rule, state, newest)
            .told(match newest {
                Some(_) => format!("{members} resources in the period"),
                None => "never evaluated in the period".to_owned(),
            })
            .asking(self.in_time(scan))
    }

    fn resource_type(&self, name: &str) -> Source {
        let known = self.evidence.history.listed_type(name);
        let mut newest = known.complete;
        let mut what = format!("{} resources in the period", known.resources);
        if known.scopes == 0 && known.resources > 0 {
            // AWS Config delivers them when they change: a run looks at what is delivered.
            newest = self.evidence.newest();
            what.push_str(", as AWS Config delivered them");
        }
        let unread = known.unread.join(", ");
        let state = if unread.is_empty() {
            self.fresh(newest)
        } else {
            what = format!("not listed: {unread}");
            RequestState::Missing
        };
        if newest.is_none() && unread.is_empty() {
            "never listed in the period".clone_into(&mut what);
        }
        source(SourceKind::ResourceType, name, state, newest)
            .told(what)
            .asking(self.in_time("record it: `posture record --aws --all`, or a pack whose rules read it; where a permission is missing, allow it"))
    }

    fn call(&self, name: &str) -> Source {
        let history = self.evidence.retrievals.of(name);
        let newest = history.newest();
        let answered = newest.iter().filter(|one| one.outcome.is_answer());
        let oldest = answered.map(|one| one.ended_at).min();
        let refused = newest.iter().find(|one| !one.outcome.is_answer());
        let lasts = history.frequency.lasts();
        let limit = self.end.saturating_sub(lasts).unwrap_or(Timestamp::MIN);
        let is_somewhere = newest
            .iter()
            .any(|one| one.outcome == RetrievalOutcome::Complete);
        let rows: i64 = newest.iter().map(|one| one.rows).sum();
        let (state, what) = match (refused, oldest) {
            (Some(one), _) => {
                let why = one.denied_action.as_deref().unwrap_or(&one.code);
                let place = format!("{} {}", one.account_id, one.aws_region);
                let outcome = one.outcome.as_str();
                (
                    RequestState::Missing,
                    format!("{outcome} in {place}: {why}"),
                )
            }
            (None, None) => (
                RequestState::Missing,
                "never asked in the period".to_owned(),
            ),
            (None, Some(_)) if !is_somewhere => {
                let what = "the service is enabled nowhere".to_owned();
                (RequestState::Ready, what)
            }
            (None, Some(oldest)) => {
                let missed = history.missed.len();
                let what = format!(
                    "{rows} rows from {} places; {missed} of {} turns have nothing",
                    newest.len(),
                    history.turns
                );
                let is_old = oldest < limit;
                let state = if is_old {
                    RequestState::Stale
                } else {
                    RequestState::Ready
                };
                (state, what)
            }
        };
        source(SourceKind::ApiCall, name, state, oldest)
            .told(what)
            .asking(self.in_time(match refused {
                Some(_) => "allow the call to Posture's role, then `posture assess collect`",
                None => "`posture assess collect`, or `posture watch`, which does it by itself",
            }))
    }

    fn events(&self, names: &[String]) -> Source {
        let activity = &self.evidence.activity;
        let found = activity.of(names).len();
        let part = Period {
            from: self.period.from,
            until: self.end.max(self.period.from),
        };
        let (with, days) = (activity.days_with(&part), part.days().count());
        let last = activity.last_day().and_then(|date| date.tomorrow().ok());
        let newest = last.and_then(start).map(|until| until.min(self.end));
        let state = self.fresh(newest);
        let what = match newest {
            None => "no events of the period were taken in".to_owned(),
            Some(_) => format!("{found} calls; events were taken in of {with} of {days} days"),
        };
        source(SourceKind::Events, &names.join(", "), state, newest)
            .told(what)
            .asking("take in CloudTrail's files of the period: `posture events ingest FILES`, or let `posture watch` read the queue")
    }

    fn records(&self, records: OwnRecords) -> Source {
        let history = &self.evidence.history;
        let newest = self.evidence.newest();
        let document = history.runs.last().and_then(|run| history.document(run));
        let what = match records {
            OwnRecords::Coverage => {
                let gaps = document.map_or(0, |document| document.gaps.len());
                format!(
                    "{} runs; the last one names {gaps} gaps",
                    history.runs.len()
                )
            }
            OwnRecords::Exceptions => {
                let all = document
                    .into_iter()
                    .flat_map(|document| &document.exceptions);
                let count = all.filter(|one| one.exception.is_some()).count();
                format!("{count} failures under an exception in the last run")
            }
            OwnRecords::Findings => {
                format!(
                    "findings of {} runs: `posture findings export`",
                    history.runs.len()
                )
            }
            OwnRecords::Inventory => {
                format!("{} resources: `posture inventory`", history.resources.len())
            }
        };
        source(
            SourceKind::Records,
            records.as_str(),
            self.fresh(newest),
            newest,
        )
        .told(what)
        .asking(self.in_time(SCAN))
    }

    fn control(&self, id: &str) -> Option<Source> {
        let control = self.framework.control(id)?;
        let history = self.evidence.control(control);
        let outcome = history.outcome(Some(self.assessment), self.period);
        let newest = self.evidence.newest();
        let has_tests = !history.intervals.is_empty();
        let state = match outcome {
            Outcome::ManualNeeded => RequestState::ManualNeeded,
            _ if has_tests => self.fresh(newest),
            _ => RequestState::Ready,
        };
        let newest = newest.filter(|_| has_tests);
        let to_do = match state {
            RequestState::ManualNeeded => {
                "add what rules do not show: `posture assess upload` with --control or --request"
            }
            _ => self.in_time(SCAN),
        };
        let found = source(SourceKind::Control, id, state, newest);
        Some(found.told(outcome.as_str().to_owned()).asking(to_do))
    }

    fn documents(&self, names: &str, uploads: &[Uploaded]) -> Source {
        let newest = uploads.iter().map(|one| one.uploaded_at).max();
        let (state, what) = if covers(uploads, self.period) {
            (RequestState::Ready, "files hold for the whole period")
        } else if uploads.is_empty() {
            (RequestState::ManualNeeded, "nothing was added")
        } else {
            (
                RequestState::Stale,
                "files hold for a part of the period only",
            )
        };
        source(SourceKind::Document, names, state, newest)
            .told(what.to_owned())
            .asking(&format!(
                "add {names}: `posture assess upload` with --request"
            ))
    }
}

fn source(kind: SourceKind, name: &str, state: RequestState, newest: Option<Timestamp>) -> Source {
    Source {
        kind,
        name: name.to_owned(),
        state,
        newest,
        what: String::new(),
        to_do: None,
    }
}

impl Source {
    fn told(self, what: String) -> Source {
        Source { what, ..self }
    }

    /// What to do, where it is not ready.
    fn asking(self, to_do: &str) -> Source {
        let to_do = (self.state != RequestState::Ready).then(|| to_do.to_owned());
        Source { to_do, ..self }
    }
}
