//! What a finding says of its control: satisfied or not, why, and whether a risk is left.

use crate::act::ControlStatus;
use crate::assessment::ControlRecord;
use crate::control_history::{ControlHistory, Outcome};
use crate::rule_history::{Counts, State};

/// A control's status in OSCAL's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judged {
    /// `satisfied` or `not-satisfied`.
    pub(super) state: &'static str,
    /// `pass`, `fail` or `other`.
    pub(super) reason: &'static str,
    /// Why, in words.
    pub(super) remarks: &'static str,
}

/// What a finding says; none where nothing was there to be judged. Only what was seen to hold, or
/// what a person reviewed and stands by, is satisfied.
pub(super) fn judged(
    history: &ControlHistory<'_>,
    outcome: Outcome,
    record: &ControlRecord,
) -> Option<Judged> {
    let open = |remarks| Judged {
        state: "not-satisfied",
        reason: "other",
        remarks,
    };
    Some(match outcome {
        Outcome::NotApplicable => return None,
        Outcome::Passed => Judged {
            state: "satisfied",
            reason: "pass",
            remarks: if has_exceptions(history) {
                "It held all the time that was looked at, but for what exceptions cover."
            } else {
                "It held all the time that was looked at."
            },
        },
        Outcome::Failed => Judged {
            state: "not-satisfied",
            reason: "fail",
            remarks: "A rule that decides about it failed at some time of the period.",
        },
        Outcome::Unknown => open("At some time of the period nothing was known. That is no pass."),
        Outcome::Excepted => open("All that failed is covered by exceptions."),
        Outcome::ManualNeeded => open(
            "What rules show is not all that the control asks, and no document covers the period.",
        ),
        Outcome::ManualGiven if is_vouched(history, record) => Judged {
            state: "satisfied",
            reason: "other",
            remarks: "Documents cover the period; a person reviewed them and stands by them.",
        },
        Outcome::ManualGiven => open("Documents cover the period; nobody has reviewed them."),
    })
}

/// Whether a person stands by the documents, and no rule was left without an answer.
fn is_vouched(history: &ControlHistory<'_>, record: &ControlRecord) -> bool {
    let has_tests = history.tests.iter().any(|test| test.mapping.decides());
    let was_tested = history
        .intervals
        .iter()
        .all(|one| matches!(one.state, State::NotApplicable | State::Pass));
    record.status == ControlStatus::Reviewed
        && (!has_tests || (was_tested && !history.intervals.is_empty()))
}

/// OSCAL's status of the risk that a control's failures are; none where it never failed.
pub(super) fn risk_status(history: &ControlHistory<'_>) -> Option<&'static str> {
    let has_failed = |one: &Counts| one.fail > 0 || one.excepted > 0;
    history.counts.iter().find(|one| has_failed(one))?;
    let last = history.counts.last()?;
    let is_known = history.intervals.last()?.state != State::Unknown;
    Some(match (last.fail, last.excepted, is_known) {
        (0, 0, true) => "closed",
        (0, _, true) => "deviation-approved",
        _ => "open",
    })
}

fn has_exceptions(history: &ControlHistory<'_>) -> bool {
    history.counts.iter().any(|one| one.excepted > 0)
}
