//! Observations of what nobody judges: calls that CloudTrail told of, and API calls that were made for
//! evidence. They stand beside findings, and make none satisfied.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::document::{Observation, Property, RelatedObservation, RelevantEvidence, properties};
use super::results::Told;
use super::text::markup;
use crate::control_history::ControlHistory;
use crate::evidence_pages::activity_file;
use crate::retrieval::{CallHistory, RetrievalRecord};

impl Told<'_> {
    /// The calls that a control names, as CloudTrail told of them; none where it names none.
    pub(super) fn activity(&self, history: &ControlHistory<'_>) -> Option<Observation> {
        let control = history.control;
        if control.cloudtrail.is_empty() {
            return None;
        }
        let period = &self.of.assessment.scope.period;
        let found = self.of.evidence.activity.of(&control.cloudtrail);
        let (with, days) = (
            self.of.evidence.activity.days_with(period),
            period.days().count(),
        );
        let mut props = properties([
            Property::own("control-id", &control.id),
            Property::own("calls", &found.len().to_string()),
            Property::own("days-with-events", &with.to_string()),
            Property::own("days", &days.to_string()),
        ]);
        for name in &control.cloudtrail {
            let count = found.iter().filter(|one| one.event_name == *name).count();
            props.extend(Property::own("event", &format!("{name} {count}")));
        }
        let collected = found.iter().map(|one| one.collected).max();
        Some(Observation {
            uuid: self.activity_id(history),
            title: markup(&format!("User activity of {}", control.id)),
            description: format!(
                "Calls that CloudTrail told of, by name, as nobody judged them. Its events were taken in of {with} of \
                 {days} days; of the others nothing is known."
            ),
            props,
            methods: vec!["EXAMINE"],
            types: vec!["control-objective"],
            origins: self.origins(),
            subjects: Vec::new(),
            relevant_evidence: vec![self.file_evidence(
                &activity_file(&control.id),
                "Each call: who, when and where.",
            )],
            collected: collected.unwrap_or_else(|| self.collected()),
        })
    }

    fn activity_id(&self, history: &ControlHistory<'_>) -> Uuid {
        self.ids.thing("user-activity", &[&history.control.id])
    }

    /// The API calls that controls name, each once.
    pub(super) fn api_calls<'h>(
        &self,
        histories: impl Iterator<Item = &'h ControlHistory<'h>>,
    ) -> Vec<Observation> {
        let names = histories.flat_map(|history| &history.control.api_calls);
        let calls: BTreeMap<&String, CallHistory> = names
            .map(|name| (name, self.of.evidence.retrievals.of(name)))
            .collect();
        calls.values().map(|call| self.api_call(call)).collect()
    }

    /// An API call over the period: which turns were answered, and what came of it last in each place.
    fn api_call(&self, call: &CallHistory) -> Observation {
        let mut props = properties([
            Property::own("api-call", &call.call),
            Property::own("frequency", call.frequency.as_str()),
            Property::own("turns", &call.turns.to_string()),
            Property::own("turns-answered", &call.answered.to_string()),
            Property::own("retrievals", &call.retrievals.len().to_string()),
        ]);
        for turn in &call.missed {
            props.extend(Property::own("turn-missed", &turn.to_string()));
        }
        let mut evidence = vec![self.file_evidence("api-calls.csv", "Each retrieval.")];
        for one in call.newest() {
            props.extend(Property::own("last-outcome", &outcome(one)));
            for (sha256, what) in documents(one) {
                evidence.push(RelevantEvidence {
                    href: format!("#{}", self.body_id(sha256)),
                    description: markup(&what),
                });
            }
        }
        let collected = call.retrievals.iter().map(|one| one.ended_at).max();
        Observation {
            uuid: self.api_call_id(&call.call),
            title: markup(&format!("API call {}", call.call)),
            description: match call.retrievals.as_slice() {
                [] => "It was not made in the period: what it would have answered is unknown.".to_owned(),
                _ => "What AWS answered, as nobody judged it. A turn without a whole answer is unknown, and cannot be \
                      filled in."
                    .to_owned(),
            },
            props,
            methods: vec!["EXAMINE"],
            types: vec!["control-objective"],
            origins: self.origins(),
            subjects: Vec::new(),
            relevant_evidence: evidence,
            collected: collected.unwrap_or_else(|| self.collected()),
        }
    }

    fn api_call_id(&self, name: &str) -> Uuid {
        self.ids.thing("api-call", &[name])
    }

    /// The observations of a control's user activity and API calls.
    pub(super) fn of_activity(&self, history: &ControlHistory<'_>) -> Vec<RelatedObservation> {
        let control = history.control;
        let has_events = !control.cloudtrail.is_empty();
        let activity = has_events.then(|| self.activity_id(history));
        let calls = control.api_calls.iter().map(|name| self.api_call_id(name));
        let all = activity.into_iter().chain(calls);
        all.map(|observation_uuid| RelatedObservation { observation_uuid })
            .collect()
    }

    /// Bodies that retrievals' observations link to, by SHA-256: what they are.
    pub(super) fn retrieved(&self) -> BTreeMap<String, String> {
        let mut bodies = BTreeMap::new();
        let assessed = self.of.histories.iter().filter(|one| self.is_assessed(one));
        for name in assessed.flat_map(|history| &history.control.api_calls) {
            for one in self.of.evidence.retrievals.of(name).newest() {
                let all = documents(one);
                bodies.extend(all.map(|(sha256, what)| (sha256.to_owned(), what)));
            }
        }
        bodies
    }

    /// When the newest of all this became known.
    pub(super) fn newest_activity(&self) -> Option<Timestamp> {
        let controls = || self.of.histories.iter().map(|history| history.control);
        let calls =
            controls().flat_map(|control| self.of.evidence.activity.of(&control.cloudtrail));
        let told = calls.map(|one| one.collected).max();
        let names = controls().flat_map(|control| &control.api_calls);
        let retrievals = names.flat_map(|name| self.of.evidence.retrievals.of(name).retrievals);
        told.max(retrievals.map(|one| one.ended_at).max())
    }
}

/// The place, and what came of it.
fn outcome(one: &RetrievalRecord) -> String {
    let outcome = one.outcome.as_str();
    let place = format!("{} {} {outcome}", one.account_id, one.aws_region);
    match &one.denied_action {
        Some(action) => format!("{place} {action}"),
        None => place,
    }
}

/// What was asked, and the reply, as bodies of the log.
fn documents(one: &RetrievalRecord) -> impl Iterator<Item = (&str, String)> {
    let name = format!(
        "{}_{} in {} {} at {}",
        one.service, one.operation, one.account_id, one.aws_region, one.started_at
    );
    let asked = (one.document.as_str(), format!("What was asked: {name}"));
    let reply = (one.reply.as_str(), format!("The reply: {name}"));
    [asked, reply]
        .into_iter()
        .filter(|(sha256, _)| !sha256.is_empty())
}
