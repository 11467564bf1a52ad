//! Showing plans, records and documents.

use std::io::Write as _;

use posture_remediation::{
    CodeChange, Content, Entry, Plan, PlanState, PlannedCall, Record, RemediationException, Report,
};
use serde_json::Value;

use super::super::{CommandError, ListFormat};
use super::draft;
use crate::exit::Outcome;
use crate::output::remediation as v1;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// A plan that was just made.
pub(super) struct Shown<'s> {
    pub(super) plan: &'s Plan,
    /// Whether a run is refused, since code manages the resource.
    pub(super) is_left_to_code: bool,
    /// The change to that code, where it is known.
    pub(super) patch: Option<&'s Result<String, String>>,
}

pub(super) fn plan(shown: &Shown<'_>, format: ListFormat) -> Result<Outcome, CommandError> {
    let plan = shown.plan;
    let mut out = Sink::new(None)?;
    match format {
        ListFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &v1::Plan::with_patch(plan, shown.patch))?;
            writeln!(out)?;
        }
        ListFormat::Table => {
            write_plan(&mut out, plan)?;
            match shown.patch {
                None => {}
                Some(Err(why)) => writeln!(out, "\n{}", plain(why))?,
                Some(Ok(patch)) => {
                    writeln!(out, "\nPatch of its code, for git apply\n")?;
                    for line in patch.lines() {
                        writeln!(out, "{}", plain(line))?;
                    }
                }
            }
            if plan.already_compliant {
                writeln!(out, "\nNothing to do: it is as it should be.")?;
            } else if shown.is_left_to_code {
                writeln!(
                    out,
                    "\nNext: change the code, and deploy it. A run is refused: the code would put it back."
                )?;
            } else {
                writeln!(
                    out,
                    "\nNext: posture remediate approve {} --as WHO",
                    plan.plan_id
                )?;
            }
        }
    }
    out.finish()?;
    Ok(Outcome::Clean)
}

fn write_plan(out: &mut Sink, plan: &Plan) -> Result<(), CommandError> {
    writeln!(out, "{}  {}", plan.plan_id, plain(&plan.document))?;
    let effect = word(&plan.effect);
    let reversible = match word(&plan.reversible).as_str() {
        "yes" => "can be undone".to_owned(),
        "no" => "can't be undone".to_owned(),
        other => format!("can be undone {other}"),
    };
    writeln!(out, "{}, {effect}, {reversible}", plan.safety.as_str())?;
    let place = format!("{} {}", plan.account_id, plan.aws_region);
    writeln!(
        out,
        "{} {} in {place}",
        plan.resource_type,
        plain(&plan.resource_id)
    )?;
    writeln!(out, "{}", plain(&plan.because))?;
    if let Some(note) = &plan.note {
        writeln!(out, "{}", plain(note))?;
    }
    if let Some(failure) = &plan.failure {
        let finding = failure
            .finding
            .map_or(String::new(), |number| format!(", finding {number}"));
        writeln!(out, "For {}{finding}", plain(&failure.rule_name))?;
    }
    if let Some(maker) = &plan.managed_by {
        writeln!(out, "Managed by {}: change it there.", plain(maker))?;
    }
    let lines = plan.code_change.iter().flat_map(CodeChange::lines);
    for line in lines {
        writeln!(out, "  {}", plain(&line))?;
    }
    for change in &plan.changes {
        writeln!(out, "\n{}", plain(&change.name))?;
        writeln!(out, "- {}", value(&change.before))?;
        writeln!(out, "+ {}", value(&change.after))?;
    }
    write_calls(out, "Calls", &plan.calls)?;
    write_calls(out, "To undo it", &plan.undo)?;
    Ok(())
}

fn write_calls(out: &mut Sink, title: &str, calls: &[PlannedCall]) -> Result<(), CommandError> {
    if !calls.is_empty() {
        writeln!(out, "\n{title}")?;
    }
    for call in calls {
        writeln!(
            out,
            "  {} {} {}",
            call.service,
            call.api,
            value(&call.input)
        )?;
    }
    Ok(())
}

/// Names and tags in values are others' texts.
fn value(value: &Value) -> String {
    match value {
        Value::Null => "(none)".to_owned(),
        other => plain(&other.to_string()),
    }
}

fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        _ => String::new(),
    }
}

pub(super) fn ended(plan: &str, report: &Report) -> Result<(), CommandError> {
    let mut out = Sink::new(None)?;
    let reason = plain(&report.reason);
    writeln!(out, "{plan}  {}  {reason}", report.state.as_str())?;
    out.finish()?;
    Ok(())
}

pub(super) fn state(record: &Record) -> Result<Outcome, CommandError> {
    let mut out = Sink::new(None)?;
    let by: Vec<&str> = record.approved_by.iter().map(String::as_str).collect();
    let by = match (by.as_slice(), record.state) {
        ([], _) | (_, PlanState::Denied) => String::new(),
        (names, _) => format!("  approved by {}", plain(&names.join(", "))),
    };
    writeln!(
        out,
        "{}  {}{by}",
        record.plan.plan_id,
        record.state.as_str()
    )?;
    write_draft(&mut out, record)?;
    out.finish()?;
    Ok(Outcome::Clean)
}

/// What is to be in posture.yaml where the risk is accepted.
fn write_draft(out: &mut Sink, record: &Record) -> Result<(), CommandError> {
    let Some(exception) = draft::exception(record) else {
        return Ok(());
    };
    writeln!(out, "\nTo accept the risk, in posture.yaml:\n\nexceptions:")?;
    for line in draft::yaml(&exception)?.lines() {
        writeln!(out, "  {}", plain(line))?;
    }
    Ok(())
}

pub(super) fn list(records: &[Record], format: ListFormat) -> Result<Outcome, CommandError> {
    let mut out = Sink::new(None)?;
    match format {
        ListFormat::Json => {
            let rows: Vec<v1::Row<'_>> = records.iter().map(v1::Row::of).collect();
            serde_json::to_writer_pretty(&mut out, &rows)?;
            writeln!(out)?;
        }
        ListFormat::Table => {
            for record in records {
                let plan = &record.plan;
                writeln!(
                    out,
                    "{}  {:<16}  {}  {}  {} {}",
                    plan.plan_id,
                    record.state.as_str(),
                    plan.created_at,
                    plain(&plan.document),
                    plan.account_id,
                    plain(&plan.resource_id),
                )?;
            }
        }
    }
    out.finish()?;
    Ok(Outcome::Clean)
}

pub(super) fn record(record: &Record, format: ListFormat) -> Result<Outcome, CommandError> {
    let mut out = Sink::new(None)?;
    match format {
        ListFormat::Json => {
            let draft = draft::exception(record);
            serde_json::to_writer_pretty(&mut out, &v1::Record::of(record, draft.as_ref()))?;
            writeln!(out)?;
        }
        ListFormat::Table => {
            write_plan(&mut out, &record.plan)?;
            writeln!(out, "\n{}", record.state.as_str())?;
            for past in &record.entries {
                let words = words(&past.entry);
                let (at, kind) = (past.at, past.entry.kind());
                writeln!(out, "  {at}  {kind:<12}  {}", plain(&words))?;
            }
            write_draft(&mut out, record)?;
        }
    }
    out.finish()?;
    Ok(Outcome::Clean)
}

fn words(entry: &Entry) -> String {
    match entry {
        Entry::Planned { plan } => format!("by {}", plan.requested_by),
        Entry::Approved { by } | Entry::Resumed { by } | Entry::ExceptionCleared { by } => {
            format!("by {by}")
        }
        Entry::Denied { by, reason } | Entry::Stopped { by, reason } => {
            format!("by {by}: {reason}")
        }
        Entry::Excepted { rule, message } => format!("{rule}: {message}"),
        Entry::Answered { step, by, agreed } => {
            let answer = if *agreed { "yes" } else { "no" };
            format!("{step}: {answer}, by {by}")
        }
        Entry::RunStarted { by, authority } => format!("by {by}, {authority}"),
        Entry::PreImage { before } => before.keys().cloned().collect::<Vec<_>>().join(", "),
        Entry::CallStarted { path, service, api } => format!("{path}: {service} {api}"),
        Entry::CallFinished { path, .. } => path.clone(),
        Entry::CallFailed { path, message, .. } => format!("{path}: {message}"),
        Entry::StepFinished { path, record } => match &record.message {
            Some(message) => format!("{path}: {message}"),
            None => path.clone(),
        },
        Entry::Waiting { step } => step.clone(),
        Entry::Verified { compliant, .. } => {
            let seen = if *compliant {
                "as it should be"
            } else {
                "not as it should be"
            };
            seen.to_owned()
        }
        Entry::Judged {
            rule,
            compliance_type,
            reason,
        } => match reason.as_str() {
            "" => format!("{rule}: {compliance_type}"),
            reason => format!("{rule}: {compliance_type}: {reason}"),
        },
        Entry::HandedOver {
            document_name,
            document_version,
            owner,
            ..
        } => format!("to SSM: {document_name} version {document_version} of {owner}"),
        Entry::ExecutionStarted { execution_id } => execution_id.clone(),
        Entry::ExecutionEnded {
            execution_id,
            status,
            message,
        } => match message {
            Some(message) => format!("{execution_id}: {status}: {message}"),
            None => format!("{execution_id}: {status}"),
        },
        Entry::UndoStarted { by } => match by {
            Some(by) => format!("by {by}"),
            None => "since the run failed".to_owned(),
        },
        Entry::Finished { outcome, reason } => format!("{}: {reason}", outcome.as_str()),
    }
}

pub(super) fn exceptions(
    exceptions: &[RemediationException],
    format: ListFormat,
) -> Result<Outcome, CommandError> {
    let mut out = Sink::new(None)?;
    match format {
        ListFormat::Json => {
            let rows: Vec<v1::RemediationException<'_>> = exceptions
                .iter()
                .map(v1::RemediationException::of)
                .collect();
            serde_json::to_writer_pretty(&mut out, &rows)?;
            writeln!(out)?;
        }
        ListFormat::Table => {
            for one in exceptions {
                let resource = format!("{} {}", one.account_id, plain(&one.resource_id));
                let (rule, document) = (plain(&one.rule), plain(&one.document));
                writeln!(
                    out,
                    "{}  {}  {rule}  {document}  {resource}",
                    one.id, one.since
                )?;
                writeln!(out, "  {}", plain(&one.message))?;
            }
        }
    }
    out.finish()?;
    Ok(Outcome::Clean)
}

pub(super) fn documents(content: &Content, format: ListFormat) -> Result<Outcome, CommandError> {
    let mut out = Sink::new(None)?;
    match format {
        ListFormat::Json => {
            let rows: Vec<v1::Document<'_>> = content.remedies().map(v1::Document::of).collect();
            serde_json::to_writer_pretty(&mut out, &rows)?;
            writeln!(out)?;
        }
        ListFormat::Table => {
            for remedy in content.remedies() {
                let safety = &remedy.safety;
                writeln!(
                    out,
                    "{:<62}  {:<8}  {:<12}  {}",
                    plain(&remedy.name),
                    safety.safety.as_str(),
                    word(&safety.effect),
                    safety.controls.join(" "),
                )?;
            }
        }
    }
    out.finish()?;
    Ok(Outcome::Clean)
}
