//! `posture evidence reproduce`.

use std::io::Write;
use std::path::PathBuf;

use jiff::Timestamp;
use posture_audit::{Difference, PackVersion, PastRun, Rebuilt, RuleVersion, csv_record};
use posture_engine::{Exceptions, Filter, Options, scan};
use posture_ledger::LogReader;
use serde::Serialize;

use super::super::state::{StateArgument, StatePlace};
use super::super::{CommandError, RowsFormat};
use super::place::EvidencePlace;
use crate::config::Config;
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Rebuilds every verdict of a past run from what is stored, and compares the Merkle root over all of
/// them with what was recorded then; where they differ, shows which verdicts do.
#[derive(Debug, clap::Args)]
pub(crate) struct Reproduce {
    /// The run: its number, or `run-` and its number, as the evidence log names it.
    run: String,
    #[command(flatten)]
    state: StateArgument,
    /// The configuration that names the evidence log. Default: posture.yaml, where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The form of the output. CSV is the verdicts that differ.
    #[arg(long, value_enum, default_value = "table")]
    format: RowsFormat,
    /// Where to write it. Default: the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReproducedV1<'a> {
    schema: &'static str,
    run: i64,
    evaluated_at: Timestamp,
    recorded_at: Timestamp,
    posture_then: &'a str,
    posture_now: &'static str,
    document_sha256: &'a str,
    packs: &'a [PackVersion],
    rules: &'a [RuleVersion],
    verdicts_recorded: i64,
    verdicts_rebuilt: u32,
    root_recorded: &'a str,
    root_rebuilt: &'a str,
    log_record: Option<i64>,
    root_in_log: Option<&'a str>,
    document_in_log: Option<&'a str>,
    is_same: bool,
    differences: &'a [Difference],
    not_kept: usize,
}

const COLUMNS: [&str; 8] = [
    "accountId",
    "awsRegion",
    "resourceType",
    "resourceId",
    "ruleName",
    "parameters",
    "recorded",
    "rebuilt",
];

/// A run, as it was and as it is rebuilt.
struct Told {
    past: PastRun,
    rebuilt: Rebuilt,
    /// The root that the evidence log has of it, and the SHA-256 of the document.
    in_log: Option<(String, String)>,
}

impl Reproduce {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let number = self.run.strip_prefix("run-").unwrap_or(&self.run);
        let Ok(run) = number.parse() else {
            return Err(CommandError::RunNumber { text: self.run });
        };
        let place = self.state.existing()?;
        let config = Config::load(self.config.as_deref())?;
        let past = place.with(|store| async move {
            posture_audit::migrate(&store).await?;
            Ok(PastRun::load(&store, run).await?)
        })?;
        let in_log = match (EvidencePlace::find(&config, &place), past.log_record) {
            (Some(evidence), Some(record)) => in_log(&evidence, record, place.now())?,
            _ => None,
        };
        let rebuilt = rebuild(&place, &past)?;
        let told = Told {
            past,
            rebuilt,
            in_log,
        };
        let mut out = Sink::new(self.output.as_deref())?;
        match self.format {
            RowsFormat::Table => told.table(&mut out)?,
            RowsFormat::Json => {
                serde_json::to_writer_pretty(&mut out, &told.document())?;
                writeln!(out)?;
            }
            RowsFormat::Csv => told.csv(&mut out)?,
        }
        out.finish()?;
        Ok(if told.is_same() {
            Outcome::Clean
        } else {
            Outcome::Findings
        })
    }
}

fn rebuild(place: &StatePlace, past: &PastRun) -> Result<Rebuilt, CommandError> {
    let (at, known_at) = (past.evaluated_at, past.recorded_at);
    let items = place.items(&Filter::default(), at, known_at)?;
    let listed = place.listed(at, known_at)?;
    let exceptions = Exceptions::default();
    let options = Options {
        now: at,
        filter: Filter::default(),
        exceptions: &exceptions,
        listed: &listed,
        progress: None,
    };
    let (items, packs) = ([items], [past.pack()]);
    let scanned = scan(&items, &packs, options)?;
    super::super::scan::say_what_was_not_read(&scanned)?;
    let scanned = &scanned;
    place.with(|store| async move { Ok(past.compare(&store, scanned).await?) })
}

/// What the evidence log says of a run; none where it has no such record.
fn in_log(
    evidence: &EvidencePlace,
    record: i64,
    now: Timestamp,
) -> Result<Option<(String, String)>, CommandError> {
    let storage = evidence.log.storage(now)?;
    let reader = LogReader::open(storage.as_ref())?;
    let index = u64::try_from(record).unwrap_or(u64::MAX);
    if index >= reader.size() {
        return Ok(None);
    }
    let Some(leaf) = reader.leaves(index, 1)?.into_iter().next() else {
        return Ok(None);
    };
    let root = leaf
        .detail
        .get("verdictRoot")
        .and_then(|root| root.as_str());
    let body = leaf.body.as_ref().map(|body| body.sha256.clone());
    Ok(root.map(str::to_owned).zip(body))
}

impl Told {
    /// The rebuilt root is the recorded one, and the log says no other.
    fn is_same(&self) -> bool {
        let root = &self.rebuilt.verdict_root;
        let is_published = |(in_log, document): &(String, String)| {
            in_log == root && *document == self.past.document_sha256
        };
        *root == self.past.verdict_root && self.in_log.as_ref().is_none_or(is_published)
    }

    fn document(&self) -> ReproducedV1<'_> {
        let document = &self.past.document;
        ReproducedV1 {
            schema: "posture.reproduced-run/v1",
            run: self.past.run,
            evaluated_at: self.past.evaluated_at,
            recorded_at: self.past.recorded_at,
            posture_then: &document.posture,
            posture_now: env!("CARGO_PKG_VERSION"),
            document_sha256: &self.past.document_sha256,
            packs: &document.packs,
            rules: &document.rules,
            verdicts_recorded: self.past.verdicts,
            verdicts_rebuilt: self.rebuilt.verdicts,
            root_recorded: &self.past.verdict_root,
            root_rebuilt: &self.rebuilt.verdict_root,
            log_record: self.past.log_record,
            root_in_log: self.in_log.as_ref().map(|(root, _)| root.as_str()),
            document_in_log: self.in_log.as_ref().map(|(_, body)| body.as_str()),
            is_same: self.is_same(),
            differences: &self.rebuilt.differences,
            not_kept: self.rebuilt.not_kept,
        }
    }

    fn csv(&self, out: &mut impl Write) -> std::io::Result<()> {
        out.write_all(&csv_record(&COLUMNS.map(str::to_owned)))?;
        for one in &self.rebuilt.differences {
            let cells = [
                one.account_id.clone(),
                one.aws_region.clone(),
                one.resource_type.clone(),
                one.resource_id.clone(),
                one.rule_name.clone(),
                parameters(one),
                one.recorded.clone().unwrap_or_default(),
                one.rebuilt.clone().unwrap_or_default(),
            ];
            out.write_all(&csv_record(&cells))?;
        }
        Ok(())
    }

    fn table(&self, out: &mut impl Write) -> std::io::Result<()> {
        let Told { past, rebuilt, .. } = self;
        let document = &past.document;
        writeln!(out, "Run {} of {}", past.run, past.evaluated_at)?;
        writeln!(
            out,
            "{} rules of Posture {} (here: {}), {} exceptions and exclusions in force",
            document.rules.len(),
            plain(&document.posture),
            env!("CARGO_PKG_VERSION"),
            document.exceptions.len()
        )?;
        for pack in &document.packs {
            writeln!(out, "  {} {}", plain(&pack.name), plain(&pack.sha256))?;
        }
        writeln!(
            out,
            "recorded  {} over {} verdicts",
            plain(&past.verdict_root),
            past.verdicts
        )?;
        match (&self.in_log, past.log_record) {
            (Some((root, _)), Some(record)) => {
                writeln!(out, "in log    {} (record {record})", plain(root))?;
            }
            _ => writeln!(out, "in log    not there, or the log is elsewhere")?,
        }
        writeln!(
            out,
            "rebuilt   {} over {} verdicts",
            rebuilt.verdict_root, rebuilt.verdicts
        )?;
        if self.is_same() {
            return writeln!(
                out,
                "The same: every verdict of that run follows from what is stored."
            );
        }
        if rebuilt.verdict_root == past.verdict_root {
            return writeln!(
                out,
                "The log has another root or document: the state's record of this run is not what was published."
            );
        }
        if document.posture == env!("CARGO_PKG_VERSION") {
            writeln!(
                out,
                "Not the same, by the same version of Posture: what is stored is not what was evaluated, or this build has other rules."
            )?;
        } else {
            writeln!(
                out,
                "Not the same: rules of Posture {} say otherwise now.",
                plain(&document.posture)
            )?;
        }
        for one in &rebuilt.differences {
            writeln!(
                out,
                "  {} {} {} {}  {}: {} -> {}",
                one.account_id,
                plain(&one.aws_region),
                plain(&one.resource_type),
                plain(&one.resource_id),
                plain(&one.rule_name),
                one.recorded.as_deref().unwrap_or("none"),
                one.rebuilt.as_deref().unwrap_or("none")
            )?;
        }
        writeln!(out, "{} verdicts differ", rebuilt.differences.len())?;
        if rebuilt.not_kept > 0 {
            writeln!(
                out,
                "{} more are on what is not recorded, such as accounts: the root covers them, singly they are not kept",
                rebuilt.not_kept
            )?;
        }
        Ok(())
    }
}

fn parameters(one: &Difference) -> String {
    let all: Vec<String> = one
        .parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    all.join("; ")
}
