//! `posture scan`.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use posture_engine::{Input, Report, scan};

use super::{CommandError, packs_named};
use crate::exit::Outcome;
use crate::table;

/// Evaluates what AWS Config delivered and shows what fails, why, and what to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Scan {
    /// Files or folders of configuration items: snapshots, history, query answers, JSON Lines.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// A built-in pack, by short name; repeatable.
    #[arg(long = "pack", default_value = "nist-800-53-r5")]
    packs: Vec<String>,
    /// The clock: a time, or a date, which means its last second in UTC. Default: now.
    #[arg(long)]
    as_of: Option<String>,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// The least severity whose failures make the exit code 1.
    #[arg(long, value_enum, default_value = "low")]
    fail_on: FailOn,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Table,
    Json,
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
enum FailOn {
    Low,
    Medium,
    High,
    Critical,
}

impl Scan {
    pub(crate) fn run(self, out: &mut dyn Write) -> Result<Outcome, CommandError> {
        let packs = packs_named(&self.packs)?;
        let now = clock(self.as_of.as_deref())?;
        let mut inputs = Vec::new();
        for path in &self.paths {
            collect(path, &mut inputs)?;
        }
        let report = scan(&inputs, &packs, now);
        match self.format {
            Format::Table => table::write(&report, out)?,
            Format::Json => {
                serde_json::to_writer_pretty(&mut *out, &report)?;
                writeln!(out)?;
            }
            Format::Jsonl => {
                for row in &report.evaluations {
                    serde_json::to_writer(&mut *out, row)?;
                    writeln!(out)?;
                }
            }
        }
        say_what_was_not_read(&report)?;
        Ok(outcome(&report, self.fail_on))
    }
}

fn outcome(report: &Report, fail_on: FailOn) -> Outcome {
    let broken = report
        .inputs
        .iter()
        .filter(|input| !input.errors.is_empty())
        .count();
    let items: usize = report.inputs.iter().map(|input| input.items).sum();
    if broken > 0 && items == 0 {
        return Outcome::BadInput;
    }
    let counts = |severity: &str| match severity {
        "critical" => FailOn::Critical,
        "high" => FailOn::High,
        "medium" => FailOn::Medium,
        _ => FailOn::Low,
    } >= fail_on;
    let fails = |row: &posture_engine::EvaluationRow| {
        row.compliance_type == "NON_COMPLIANT" && counts(row.severity)
    };
    if report.evaluations.iter().any(fails) {
        return Outcome::Findings;
    }
    if broken > 0 {
        Outcome::Incomplete
    } else {
        Outcome::Clean
    }
}

fn say_what_was_not_read(report: &Report) -> Result<(), std::io::Error> {
    let mut stderr = std::io::stderr().lock();
    for input in &report.inputs {
        for error in &input.errors {
            writeln!(stderr, "{}: {error}", table::plain(&input.name))?;
        }
        if input.items == 0 && input.errors.is_empty() {
            writeln!(
                stderr,
                "{}: holds no configuration item",
                table::plain(&input.name)
            )?;
        }
    }
    Ok(())
}

fn clock(as_of: Option<&str>) -> Result<Timestamp, CommandError> {
    let Some(text) = as_of else {
        return Ok(Timestamp::now());
    };
    let time = text
        .parse()
        .ok()
        .or_else(|| format!("{text}T23:59:59Z").parse().ok());
    time.ok_or_else(|| CommandError::AsOf {
        text: text.to_owned(),
    })
}

/// A folder's files, sorted, folders inside it too.
fn collect(path: &Path, inputs: &mut Vec<Input>) -> Result<(), CommandError> {
    if !path.is_dir() {
        inputs.push(Input::File(path.to_owned()));
        return Ok(());
    }
    let failed = |cause| CommandError::List {
        path: path.display().to_string(),
        cause,
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    for path in paths {
        collect(&path, inputs)?;
    }
    Ok(())
}
