//! What `posture assess show` says of user activity and API calls.

use std::io::Write;

use posture_audit::{ActivityRecord, CallHistory, Reconciled, RetrievalOutcome, RuleHistory};
use posture_content::frameworks::Control;
use serde::Serialize;

use super::context::Loaded;
use crate::output::terminal::plain;

/// A control's user activity.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActivityV1<'a> {
    /// The events that the control names.
    events: &'a [String],
    /// Days of the period, as far as it has come, of which CloudTrail's events were taken in.
    days_with_events: usize,
    days: usize,
    /// Whether the period has not ended: then the calls are not all of its calls.
    is_drawn_early: bool,
    calls: Vec<&'a ActivityRecord>,
}

impl<'a> ActivityV1<'a> {
    pub(super) fn of(loaded: &'a Loaded, control: &'a Control) -> ActivityV1<'a> {
        let mut period = loaded.assessment.scope.period;
        let is_drawn_early = loaded.now < period.until;
        period.until = period.until.min(loaded.now).max(period.from);
        let activity = &loaded.evidence.activity;
        ActivityV1 {
            events: &control.cloudtrail,
            days_with_events: activity.days_with(&period),
            days: period.days().count(),
            is_drawn_early,
            calls: activity.of(&control.cloudtrail),
        }
    }

    pub(super) fn table(&self, out: &mut impl Write) -> std::io::Result<()> {
        if self.events.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "\nUser activity: {} calls of {}; events were taken in of {} of {} days{}",
            self.calls.len(),
            self.events.join(", "),
            self.days_with_events,
            self.days,
            if self.is_drawn_early {
                "; the period has not ended, so these are not all"
            } else {
                ""
            }
        )?;
        for one in &self.calls {
            writeln!(
                out,
                "  {} {} {} {} by {}",
                one.at,
                plain(&one.event_name),
                plain(&one.account_id),
                plain(&one.aws_region),
                plain(&one.principal)
            )?;
        }
        Ok(())
    }
}

/// The API calls that a control names.
pub(super) fn calls(loaded: &Loaded, control: &Control) -> Vec<CallHistory> {
    let names = control.api_calls.iter();
    names
        .map(|name| loaded.evidence.retrievals.of(name))
        .collect()
}

pub(super) fn call_lines(calls: &[CallHistory], out: &mut impl Write) -> std::io::Result<()> {
    if calls.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nAPI calls")?;
    for call in calls {
        writeln!(
            out,
            "  {:<44} {}: {} of {} turns answered",
            call.call,
            call.frequency.as_str(),
            call.answered,
            call.turns
        )?;
        for one in call.newest() {
            let why = match one.outcome {
                RetrievalOutcome::Complete => format!("{} rows", one.rows),
                _ => one.denied_action.clone().unwrap_or(one.code.clone()),
            };
            writeln!(
                out,
                "    {} {} {} {}: {}, reply {}",
                one.ended_at,
                one.account_id,
                one.aws_region,
                one.outcome.as_str(),
                plain(&why),
                one.reply
            )?;
        }
    }
    Ok(())
}

/// The two counts of what came and went in the populations of these rules.
pub(super) fn came_and_went<'a>(loaded: &'a Loaded, rules: &[&RuleHistory]) -> Vec<&'a Reconciled> {
    let evidence = &loaded.evidence;
    let mut all: Vec<&Reconciled> = rules
        .iter()
        .flat_map(|rule| evidence.reconciled(rule))
        .collect();
    all.sort_by(|a, b| a.resource_type.cmp(&b.resource_type));
    all.dedup();
    all
}

/// What AWS Config counted, and both counts of what came and went where something did.
pub(super) fn reconciled_lines(all: &[&Reconciled], out: &mut impl Write) -> std::io::Result<()> {
    for one in all {
        for count in &one.config {
            let (counted, known) = (count.counted, count.known);
            writeln!(
                out,
                "    {}: AWS Config counted {counted} in {} {} at {}, the history has {known}",
                one.resource_type, count.account_id, count.aws_region, count.at
            )?;
        }
        for (word, counted) in [("came", &one.came), ("went", &one.went)] {
            if counted.listed + counted.called == 0 {
                continue;
            }
            let name = &one.resource_type;
            let listed = counted.listed;
            if one.has_events {
                let (called, both) = (counted.called, counted.both);
                writeln!(
                    out,
                    "    {name}: {word} {listed} by the listings, {called} by CloudTrail, {both} by both"
                )?;
            } else {
                writeln!(
                    out,
                    "    {name}: {word} {listed} by the listings; CloudTrail's events were not taken in"
                )?;
            }
            for what in &counted.differences {
                writeln!(out, "      {}", plain(what))?;
            }
        }
    }
    Ok(())
}
