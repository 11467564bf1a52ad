//! `posture scan`.

use std::io::Write as _;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use posture_engine::{Filter, Input, Options, Scan as Scanned, scan};
use posture_recorder::Report;
use posture_rules::{Severity, catalogue};
use posture_store::VerdictChange;

use super::CommandError;
use super::changed;
use super::evidence::place::EvidencePlace;
use super::paths;
use super::selection::Selection;
use super::state::{self, Kept, StatePlace};
use crate::config::{self, Config};
use crate::exit::Outcome;
use crate::live::{
    self, AwsArguments, CoverageV1, Wanted, into_state, is_incomplete, needs_of_filter, say_gaps,
    spooled, write_plan,
};
use crate::logs;
use crate::output::{self, Format, terminal};
use crate::sink::Sink;

/// Evaluates what AWS Config delivered and shows what fails, why, and what to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Scan {
    /// Files, folders or globs of configuration items, or - for the standard input: snapshots,
    /// history, answers to queries, events, JSON Lines; plain, gzip or Zstandard.
    #[arg(required_unless_present_any = ["state", "aws"])]
    paths: Vec<String>,
    #[command(flatten)]
    live: AwsArguments,
    /// Evaluates what is recorded instead of files: a folder, a .db file or postgres://… With
    /// --aws: records there first. Default with --aws: posture in XDG_STATE_HOME, which is ~/.local/state.
    #[arg(long, value_name = "DIR|URL", conflicts_with = "paths")]
    state: Option<String>,
    /// With --aws: keeps nothing of what was read.
    #[arg(long, requires = "aws", conflicts_with = "state")]
    no_state: bool,
    /// With --aws and a state: the table shows every failure, not only those that are new since the
    /// last scan.
    #[arg(long, requires = "aws")]
    full: bool,
    /// With --state: as far as was recorded by this time. Default: everything recorded.
    #[arg(long, value_name = "TIME", requires = "state")]
    known_at: Option<String>,
    #[command(flatten)]
    selection: Selection,
    /// Only this account; repeatable.
    #[arg(long = "account", value_name = "ID")]
    accounts: Vec<String>,
    /// Only this Region; repeatable.
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
    /// Only this rule of the packs, by name or identifier; repeatable.
    #[arg(long = "rule", value_name = "RULE")]
    rules: Vec<String>,
    /// Only resources of this type; repeatable.
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Only rules of at least this severity.
    #[arg(long, value_enum)]
    severity: Option<Least>,
    /// The clock: a time, or a date, which means its last second in UTC. Default: now.
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Where to write it, whole or not at all. Default: the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The least severity whose failures make the exit code 1.
    #[arg(long, value_enum, default_value = "low")]
    fail_on: Least,
}

/// A severity at a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Least {
    Low,
    Medium,
    High,
    Critical,
}

impl From<Least> for Severity {
    fn from(least: Least) -> Severity {
        match least {
            Least::Low => Severity::Low,
            Least::Medium => Severity::Medium,
            Least::High => Severity::High,
            Least::Critical => Severity::Critical,
        }
    }
}

impl Scan {
    pub(crate) fn run(mut self) -> Result<Outcome, CommandError> {
        if self.live.aws && !self.no_state {
            self.state = self.state.or_else(config::default_state);
        }
        let config = Config::load(self.selection.config.as_deref())?;
        let packs = self.selection.packs(&config)?;
        let exceptions = config.exceptions()?;
        let filter = self.filter()?;
        let wanted = Wanted {
            arguments: &self.live,
            needs: needs_of_filter(&packs, &filter, self.state.is_some()),
            estate: config.accounts()?,
            accounts: &self.accounts,
            regions: &self.regions,
        };
        if self.live.dry_run {
            write_plan(&wanted)?;
            return Ok(Outcome::Clean);
        }
        let (inputs, now, report) = self.inputs(&wanted, &filter)?;
        let listed = match (&report, &self.state) {
            (Some(report), _) => live::listed(report),
            (None, Some(state)) => {
                let known_at = state::known_at(self.known_at.as_deref())?;
                StatePlace::existing(state)?.listed(now, known_at)?
            }
            (None, None) => Vec::new(),
        };
        let bar = progress(paths::total_bytes(&inputs));
        let options = Options {
            now,
            filter,
            exceptions: &exceptions,
            listed: &listed,
            progress: Some(&|bytes| bar.set_position(bytes)),
        };
        let scanned = scan(&inputs, &packs, options)?;
        bar.finish_and_clear();
        let changes = self.keep(&scanned, &config)?;
        let news = changes
            .as_ref()
            .filter(|_| self.live.aws && !self.full)
            .and_then(|changes| changed::news(changes, scanned.outlines().count()));
        let mut sink = Sink::new(self.output.as_deref())?;
        let look = match self.output {
            None => terminal::Look::of_stdout(),
            Some(_) => terminal::Look::PLAIN,
        };
        let coverage = report.as_ref().map(CoverageV1::all);
        output::write(
            &scanned,
            coverage.as_deref(),
            news.as_ref(),
            self.format,
            look,
            &mut sink,
        )?;
        sink.finish()?;
        say_what_was_not_read(&scanned)?;
        changed::say(changes.as_deref().unwrap_or_default())?;
        let is_incomplete = report.as_ref().is_some_and(is_incomplete);
        if let Some(report) = &report {
            say_gaps(report)?;
        }
        Ok(match outcome(&scanned, self.fail_on.into()) {
            Outcome::Clean if is_incomplete => Outcome::Incomplete,
            outcome => outcome,
        })
    }

    /// Keeps the verdicts where there is a state and everything in it was evaluated, and says which are
    /// others than before.
    fn keep(
        &self,
        scanned: &Scanned<'_>,
        config: &Config,
    ) -> Result<Option<Vec<VerdictChange>>, CommandError> {
        let Some(state) = self.state.as_ref().filter(|_| self.is_whole()) else {
            return Ok(None);
        };
        let place = StatePlace::at(state)?;
        let evidence = EvidencePlace::find(config, &place);
        let kept = Kept {
            evidence: evidence.as_ref(),
            schedule: None,
            has_findings: true,
            ..Kept::default()
        };
        Ok(Some(place.keep_verdicts(scanned, kept)?))
    }

    /// What is evaluated, as of when, and how far AWS could be read, where it was.
    fn inputs(
        &self,
        wanted: &Wanted<'_>,
        filter: &Filter,
    ) -> Result<(Vec<Input>, Timestamp, Option<Report>), CommandError> {
        let at = if self.live.aws {
            StatePlace::at
        } else {
            StatePlace::existing
        };
        let place = self.state.as_deref().map(at).transpose()?;
        let mut report = None;
        let mut inputs = Vec::new();
        match (&place, self.live.aws) {
            (Some(place), true) => report = Some(into_state(wanted, place)?),
            (None, true) => {
                let (input, read) = spooled(wanted)?;
                inputs.push(input);
                report = Some(read);
            }
            (Some(_), false) => {}
            (None, false) => inputs = paths::inputs(&self.paths)?,
        }
        // After the recording, which is a part of what is known now.
        let now = clock(self.as_of.as_deref())?;
        if let Some(place) = place {
            let known_at = state::known_at(self.known_at.as_deref())?;
            inputs.push(place.items(filter, now, known_at)?);
        }
        Ok((inputs, now, report))
    }

    /// Whether everything that is recorded is evaluated as it is now: only then does a verdict that
    /// is another one than before say that something changed.
    fn is_whole(&self) -> bool {
        let is_narrowed = [&self.accounts, &self.regions, &self.rules, &self.types]
            .iter()
            .any(|list| !list.is_empty());
        let is_past = self.as_of.is_some() || self.known_at.is_some();
        !is_narrowed && !is_past && self.severity.is_none()
    }

    fn filter(&self) -> Result<Filter, CommandError> {
        let mut rules = Vec::new();
        for name in &self.rules {
            match catalogue::find(name) {
                Some(entry) => rules.push(entry.rule.id.to_owned()),
                None => return Err(CommandError::unknown_rule(name)),
            }
        }
        Ok(Filter {
            accounts: self.accounts.clone(),
            regions: self.regions.clone(),
            rules,
            types: self.types.clone(),
            severity: self.severity.map(Severity::from),
            keeps_global: self.live.aws,
        })
    }
}

/// Usage > findings > incomplete > clean.
fn outcome(scanned: &Scanned<'_>, fail_on: Severity) -> Outcome {
    let broken = scanned.inputs.iter().any(|input| !input.errors.is_empty());
    let items: usize = scanned.inputs.iter().map(|input| input.items).sum();
    let fails = scanned
        .failures_by_severity()
        .keys()
        .any(|severity| *severity >= fail_on);
    match (broken, items, fails) {
        (true, 0, _) => Outcome::BadInput,
        (_, _, true) => Outcome::Findings,
        (true, ..) => Outcome::Incomplete,
        _ => Outcome::Clean,
    }
}

pub(crate) fn say_what_was_not_read(scanned: &Scanned<'_>) -> Result<(), std::io::Error> {
    let mut stderr = std::io::stderr().lock();
    for input in &scanned.inputs {
        let name = terminal::plain(&input.name);
        for error in &input.errors {
            writeln!(stderr, "{name}: {}", terminal::plain(&error.to_string()))?;
        }
        if input.further_errors > 0 {
            writeln!(stderr, "{name}: and {} more errors", input.further_errors)?;
        }
        if input.items == 0 && input.errors.is_empty() {
            writeln!(stderr, "{name}: holds no configuration item")?;
        }
    }
    Ok(())
}

/// Drawn on a terminal only, and only where the size is known.
fn progress(total: Option<u64>) -> ProgressBar {
    let Some(total) = total.filter(|_| logs::shows_progress()) else {
        return ProgressBar::hidden();
    };
    let style =
        ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left");
    let bar = ProgressBar::new(total);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

pub(crate) fn clock(as_of: Option<&str>) -> Result<Timestamp, CommandError> {
    let Some(text) = as_of else {
        return Ok(crate::clock::now());
    };
    let time = text
        .parse()
        .ok()
        .or_else(|| format!("{text}T23:59:59Z").parse().ok());
    time.ok_or_else(|| CommandError::AsOf {
        text: text.to_owned(),
    })
}
