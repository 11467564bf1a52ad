//! `posture assess requests`: the auditor's request list.

use std::io::Write;
use std::path::PathBuf;

use posture_audit::{REQUEST_COLUMNS, RequestState, RequestStatus, csv_record};
use serde::Serialize;

use super::super::{CommandError, RowsFormat};
use super::context::{Loaded, Place};
use super::requests_change::{AssignRequest, ImportRequests};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Shows what an auditor will ask for, and whether it is there: the built-in list of 43 requests, and
/// the auditor's own where it was imported.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Requests {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    list: ListRequests,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    Import(ImportRequests),
    Assign(AssignRequest),
}

#[derive(Debug, clap::Args)]
struct ListRequests {
    /// The assessment.
    #[arg(required = true)]
    name: Option<String>,
    /// Only requests in this state; repeatable.
    #[arg(long = "in", value_enum, value_name = "STATE")]
    states: Vec<State>,
    #[command(flatten)]
    place: Place,
    /// The form of the output. What is written as CSV can be imported again.
    #[arg(long, value_enum, default_value = "table")]
    format: RowsFormat,
    /// Where to write it. Default: the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How a request stands, at the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum State {
    /// It is there, and of the period.
    Ready,
    /// A person has to add something.
    ManualNeeded,
    /// It is there, and too old or for a part of the period only.
    Stale,
    /// It is not there, or could not be read.
    Missing,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestsV1<'a> {
    schema: &'static str,
    name: &'a str,
    framework: &'a str,
    counts: CountsV1,
    requests: Vec<&'a RequestStatus>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CountsV1 {
    ready: usize,
    manual_needed: usize,
    stale: usize,
    missing: usize,
}

impl Requests {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.verb {
            Some(Verb::Import(verb)) => verb.run(),
            Some(Verb::Assign(verb)) => verb.run(),
            None => self.list.run(),
        }
    }
}

impl ListRequests {
    fn run(self) -> Result<Outcome, CommandError> {
        let opened = self.place.open()?;
        let name = self.name.unwrap_or_default();
        let loaded = opened.with(|store| async move { Loaded::load(&store, &name).await })?;
        let all = loaded.requests();
        let is_wanted = |one: &&RequestStatus| {
            self.states.is_empty() || self.states.contains(&State::of(one.state))
        };
        let shown: Vec<&RequestStatus> = all.iter().filter(is_wanted).collect();
        let mut out = Sink::new(self.output.as_deref())?;
        match self.format {
            RowsFormat::Json => {
                let document = RequestsV1 {
                    schema: "posture.assessment-requests/v1",
                    name: &loaded.assessment.name,
                    framework: &loaded.framework.name,
                    counts: counts(&all),
                    requests: shown,
                };
                serde_json::to_writer_pretty(&mut out, &document)?;
                writeln!(out)?;
            }
            RowsFormat::Csv => {
                out.write_all(&csv_record(&REQUEST_COLUMNS.map(str::to_owned)))?;
                for one in shown {
                    out.write_all(&csv_record(&posture_audit::request_cells(one)))?;
                }
            }
            RowsFormat::Table => table(&counts(&all), &shown, &mut out)?,
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

impl State {
    fn of(state: RequestState) -> State {
        match state {
            RequestState::Ready => State::Ready,
            RequestState::ManualNeeded => State::ManualNeeded,
            RequestState::Stale => State::Stale,
            RequestState::Missing => State::Missing,
        }
    }
}

fn counts(all: &[RequestStatus]) -> CountsV1 {
    let count = |state| all.iter().filter(|one| one.state == state).count();
    CountsV1 {
        ready: count(RequestState::Ready),
        manual_needed: count(RequestState::ManualNeeded),
        stale: count(RequestState::Stale),
        missing: count(RequestState::Missing),
    }
}

fn table(counts: &CountsV1, shown: &[&RequestStatus], out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "{} ready, {} need a person, {} stale, {} missing",
        counts.ready, counts.manual_needed, counts.stale, counts.missing
    )?;
    for one in shown {
        let due = one.due.map_or(String::new(), |due| format!(", due {due}"));
        let late = if one.is_overdue { ", OVERDUE" } else { "" };
        writeln!(
            out,
            "\n{:<14} {}  {}\n  {}{due}{late}; {}",
            one.state.as_str(),
            one.id,
            plain(&one.title),
            plain(&one.owner),
            one.controls.join(" ")
        )?;
        for source in one.sources.iter().filter(|it| it.to_do.is_some()) {
            let (name, what) = (plain(&source.name), plain(&source.what));
            writeln!(out, "  {}: {name}: {what}", source.state.as_str())?;
        }
        for flag in &one.flags {
            writeln!(out, "  note: {flag}")?;
        }
        for what in &one.to_do {
            writeln!(out, "  -> {}", plain(what))?;
        }
    }
    Ok(())
}
