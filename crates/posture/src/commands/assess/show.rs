//! `posture assess status` and `posture assess show`.

use std::io::Write;

use posture_audit::{
    CallHistory, ControlHistory, ControlRecord, Failure, Failures, Folder, Interval, Reconciled,
    State,
};
use serde::Serialize;

use super::super::{CommandError, ListFormat};
use super::context::{Loaded, Place};
use super::show_activity::{ActivityV1, call_lines, calls, came_and_went, reconciled_lines};
use super::show_failures::failure_lines;
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Shows where an assessment stands: each control's result over the whole period, its owner, its
/// status, how complete its evidence is.
#[derive(Debug, clap::Args)]
pub(crate) struct Status {
    /// The assessment.
    name: String,
    #[command(flatten)]
    place: Place,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

/// Shows a control: its tests and populations, its timeline, every failure, its folders.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The assessment.
    name: String,
    /// The control.
    #[arg(long, value_name = "ID")]
    control: String,
    /// Also the evidence folders, a line a day.
    #[arg(long)]
    folders: bool,
    #[command(flatten)]
    place: Place,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusV1<'a> {
    schema: &'static str,
    name: &'a str,
    status: &'a str,
    framework: &'a str,
    days_with_evidence: usize,
    days: usize,
    newest: Option<String>,
    controls: Vec<RowV1<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowV1<'a> {
    control: &'a str,
    control_set: &'a str,
    title: &'a str,
    coverage: &'static str,
    result: &'static str,
    status: &'static str,
    owner: &'a str,
    uploads: usize,
    comments: usize,
}

impl Status {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let opened = self.place.open()?;
        let name = self.name;
        let loaded = opened.with(|store| async move { Loaded::load(&store, &name).await })?;
        let period = loaded.assessment.scope.period;
        let (with, days) = loaded.evidence.completeness(&period);
        let newest = loaded.evidence.newest().map(|at| at.to_string());
        let rows = rows(&loaded);
        let mut out = Sink::new(None)?;
        match self.format {
            ListFormat::Json => {
                let document = StatusV1 {
                    schema: "posture.assessment-status/v1",
                    name: &loaded.assessment.name,
                    status: loaded.assessment.status,
                    framework: &loaded.framework.name,
                    days_with_evidence: with,
                    days,
                    newest,
                    controls: rows,
                };
                serde_json::to_writer_pretty(&mut out, &document)?;
                writeln!(out)?;
            }
            ListFormat::Table => {
                writeln!(
                    out,
                    "{} ({}): {}, {} until {}",
                    loaded.assessment.name,
                    loaded.assessment.status,
                    loaded.framework.title,
                    period.from,
                    period.until
                )?;
                let newest = newest.unwrap_or_else(|| "none".to_owned());
                writeln!(
                    out,
                    "Evidence on {with} of {days} days; the newest run: {newest}\n"
                )?;
                for row in rows {
                    writeln!(
                        out,
                        "{:<12} {:<14} {:<12} {:<13} {:<20} {}",
                        row.control,
                        row.result,
                        row.status,
                        row.coverage,
                        plain(row.owner),
                        plain(row.title)
                    )?;
                }
            }
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

fn rows(loaded: &Loaded) -> Vec<RowV1<'_>> {
    let assessment = &loaded.assessment;
    loaded
        .framework
        .controls
        .iter()
        .map(|control| {
            let history = loaded.evidence.control(control);
            let record = assessment.control(&control.id);
            RowV1 {
                control: &control.id,
                control_set: &control.set,
                title: &control.title,
                coverage: control.coverage.as_str(),
                result: history
                    .outcome(Some(assessment), &assessment.scope.period)
                    .as_str(),
                status: record.status.as_str(),
                owner: assessment.owner_of(&control.set, &control.id),
                uploads: record.uploads.len(),
                comments: record.comments.len(),
            }
        })
        .collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ControlV1<'a> {
    schema: &'static str,
    control: &'a str,
    title: &'a str,
    coverage: &'static str,
    result: &'static str,
    owner: &'a str,
    #[serde(flatten)]
    record: &'a ControlRecord,
    timeline: &'a [Interval],
    user_activity: ActivityV1<'a>,
    api_calls: Vec<CallHistory>,
    tests: Vec<TestV1<'a>>,
    failures: &'a [Failure],
    folders: &'a [Folder],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TestV1<'a> {
    rule: &'a str,
    strength: &'static str,
    decides: bool,
    parameters: Vec<&'a std::collections::BTreeMap<String, String>>,
    population: usize,
    failing_at_the_end: usize,
    unknown_at_the_end: usize,
    listings: usize,
    complete_listings: usize,
    counted: i64,
    known: i64,
    came_and_went: Vec<&'a Reconciled>,
}

impl Show {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let opened = self.place.open()?;
        let (name, id) = (&self.name, &self.control);
        let (loaded, failures) = opened.with(|store| async move {
            let loaded = Loaded::load(&store, name).await?;
            let control = loaded.framework.control(id).ok_or_else(|| {
                posture_audit::AuditError::NoControl {
                    control: id.clone(),
                    framework: loaded.framework.name.clone(),
                }
            })?;
            let (mut source, mut failures) = (Failures::default(), Vec::new());
            for rule in loaded.evidence.control(control).deciding() {
                failures.extend(source.of(&store, &loaded.evidence, rule).await?);
            }
            Ok((loaded, failures))
        })?;
        let Some(control) = loaded.framework.control(id) else {
            return Ok(Outcome::BadInput);
        };
        let assessment = &loaded.assessment;
        let history = loaded.evidence.control(control);
        let record = assessment.control(id);
        let period = &assessment.scope.period;
        let folders = history.folders(&loaded.evidence, &record, period);
        let document = ControlV1 {
            schema: "posture.assessment-control/v1",
            control: id,
            title: &control.title,
            coverage: control.coverage.as_str(),
            result: history.outcome(Some(assessment), period).as_str(),
            owner: assessment.owner_of(&control.set, id),
            record: &record,
            timeline: &history.intervals,
            user_activity: ActivityV1::of(&loaded, control),
            api_calls: calls(&loaded, control),
            tests: tests(&loaded, &history),
            failures: &failures,
            folders: &folders,
        };
        let mut out = Sink::new(None)?;
        match self.format {
            ListFormat::Json => {
                serde_json::to_writer_pretty(&mut out, &document)?;
                writeln!(out)?;
            }
            ListFormat::Table => table(&document, self.folders, &mut out)?,
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

fn tests<'a>(loaded: &'a Loaded, history: &ControlHistory<'a>) -> Vec<TestV1<'a>> {
    history
        .tests
        .iter()
        .map(|test| {
            let last = || test.rules.iter().filter_map(|rule| rule.counts.last());
            TestV1 {
                rule: &test.mapping.rule,
                strength: test.mapping.strength.as_str(),
                decides: test.mapping.decides(),
                parameters: test
                    .rules
                    .iter()
                    .map(|rule| &rule.rule.parameters)
                    .collect(),
                population: test.rules.iter().map(|rule| rule.members.len()).sum(),
                failing_at_the_end: last().map(|counts| counts.fail).sum(),
                unknown_at_the_end: last().map(|counts| counts.unknown).sum(),
                listings: test.rules.iter().map(|rule| rule.listed.listings).sum(),
                complete_listings: test.rules.iter().map(|rule| rule.listed.complete).sum(),
                counted: test.rules.iter().map(|rule| rule.listed.counted).sum(),
                known: test.rules.iter().map(|rule| rule.listed.known).sum(),
                came_and_went: came_and_went(loaded, &test.rules),
            }
        })
        .collect()
}

fn table(document: &ControlV1<'_>, folders: bool, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{} {}", document.control, plain(document.title))?;
    writeln!(
        out,
        "{}, {}; coverage {}; owner {}\n",
        document.result,
        document.record.status.as_str(),
        document.coverage,
        plain(document.owner)
    )?;
    for one in document.timeline {
        let reason = if one.reason.is_empty() {
            String::new()
        } else {
            format!("  {}", plain(&one.reason))
        };
        writeln!(
            out,
            "{} until {}  {}{reason}",
            one.from,
            one.until,
            one.state.as_str()
        )?;
    }
    writeln!(out, "\nTests")?;
    for test in &document.tests {
        let what = if test.parameters.is_empty() {
            "never evaluated: unknown".to_owned()
        } else {
            format!(
                "population {}, at the end {} failing, {} unknown; {} of {} listings complete, {} counted, {} known",
                test.population,
                test.failing_at_the_end,
                test.unknown_at_the_end,
                test.complete_listings,
                test.listings,
                test.counted,
                test.known
            )
        };
        writeln!(out, "  {:<52} {:<10} {what}", test.rule, test.strength)?;
        reconciled_lines(&test.came_and_went, out)?;
    }
    document.user_activity.table(out)?;
    call_lines(&document.api_calls, out)?;
    said(document, out)?;
    if folders {
        folder_lines(document.folders, out)?;
    }
    Ok(())
}

fn said(document: &ControlV1<'_>, out: &mut impl Write) -> std::io::Result<()> {
    failure_lines(document.failures, out)?;
    for one in &document.record.comments {
        let (author, text) = (plain(&one.author), plain(&one.text));
        writeln!(out, "\n{} {author}: {text}", one.posted_at)?;
    }
    for one in &document.record.uploads {
        let (name, by) = (plain(&one.upload.file_name), plain(&one.uploader));
        writeln!(
            out,
            "\n{} {by} added {name} ({})",
            one.uploaded_at, one.upload.body.sha256
        )?;
    }
    Ok(())
}

fn folder_lines(folders: &[Folder], out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "\nFolders")?;
    for folder in folders {
        let state = match (folder.runs, folder.state) {
            (0, _) if folder.imported > 0 => "imported",
            (0, _) => "no evidence",
            (_, State::NotApplicable) => "nothing to test",
            (_, state) => state.as_str(),
        };
        let imported = match folder.imported {
            0 => String::new(),
            count => format!(
                " {count:>5} imported from Audit Manager, {} issues there",
                folder.imported_issues
            ),
        };
        writeln!(
            out,
            "  {}  {state:<15} {:>5} checks {:>4} issues {:>4} inconclusive {:>4} configurations {:>4} calls {:>3} API calls {:>3} unanswered {:>3} files{imported}",
            folder.date,
            folder.compliance_checks,
            folder.compliance_check_issues,
            folder.inconclusive,
            folder.configuration_data,
            folder.user_activity,
            folder.api_calls,
            folder.api_call_issues,
            folder.manual
        )?;
    }
    Ok(())
}
