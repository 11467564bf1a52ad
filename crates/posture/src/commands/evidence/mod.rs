//! `posture evidence`.

mod find;
mod find_imported;
mod find_other;
mod find_output;
mod open;
pub(super) mod place;
mod reproduce;
mod retention;
pub(super) mod timestamp;
mod trail;

use std::io::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;
use posture_ledger::{Leaf, LogReader};
use posture_verify::{Authorities, LogVerifier, Options, Report, VerifyError, WitnessVerifier};

use super::CommandError;
use crate::exit::Outcome;
use crate::sink::Sink;
use place::LogPlace;

/// Records that are read at once.
const PAGE: u64 = 4096;

/// Reads and checks the evidence log.
#[derive(Debug, clap::Args)]
pub(crate) struct Evidence {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Checks a log or package: what holds, what does not, and which records remain provable.
    Fsck {
        /// A log's folder, `s3://BUCKET/PREFIX`, or a package.
        log: String,
        /// The log's key, `<name>+<id>+<key>`, from a place that you trust.
        #[arg(long = "key", value_name = "KEY")]
        keys: Vec<String>,
        /// A checkpoint of this log that was kept elsewhere.
        #[arg(long = "pin", value_name = "FILE")]
        pins: Vec<PathBuf>,
        /// A witness' key, `<name>+<id>+<key>`: it has to have seen the log.
        #[arg(long = "witness", value_name = "KEY")]
        witnesses: Vec<String>,
        /// A certificate in PEM, of a timestamp authority or above it: it has to have stamped the log.
        #[arg(long = "tsa-cert", value_name = "FILE")]
        tsa_certificates: Vec<PathBuf>,
        /// Form of the report.
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    Expire(retention::Expire),
    Find(find::Find),
    Hold(retention::HoldCommand),
    Open(open::Open),
    Reproduce(reproduce::Reproduce),
    Timestamp(timestamp::TimestampCommand),
    TrailValidate(trail::TrailValidate),
    /// Lists the records, and who signed, saw and stamped the newest checkpoint. Checks no signature but
    /// those of timestamps.
    Log {
        /// The log's folder, or `s3://BUCKET/PREFIX`.
        log: String,
        /// Index of the first record.
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// How many records; all where it is not given.
        #[arg(long)]
        count: Option<u64>,
        /// Form of the list; `json` is one record a line.
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a person.
    Table,
    /// For a program.
    Json,
}

impl Evidence {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.verb {
            Verb::Fsck {
                log,
                keys,
                pins,
                witnesses,
                tsa_certificates,
                format,
            } => {
                let options = Options {
                    authorities: Authorities::read(&tsa_certificates)?,
                    ..options(&keys, pins, &witnesses)?
                };
                let place = LogPlace::named(&log)?;
                let report = match place.folder() {
                    Some(path) => posture_verify::verify(path, &options)?,
                    None => verify_bucket(&place, &options)?,
                };
                let mut out = Sink::new(None)?;
                match format {
                    Format::Table => write!(out, "{}", posture_verify::text(&report))?,
                    Format::Json => writeln!(out, "{}", posture_verify::json_v1(&report)?)?,
                }
                out.finish()?;
                Ok(if report.holds() {
                    Outcome::Clean
                } else {
                    Outcome::Findings
                })
            }
            Verb::Expire(verb) => verb.run(),
            Verb::Find(verb) => verb.run(),
            Verb::Hold(verb) => verb.run(),
            Verb::Open(verb) => verb.run(),
            Verb::Reproduce(verb) => verb.run(),
            Verb::Timestamp(verb) => verb.run(),
            Verb::TrailValidate(validate) => validate.run(),
            Verb::Log {
                log,
                from,
                count,
                format,
            } => list(&log, from, count, format),
        }
    }
}

fn options(
    keys: &[String],
    pins: Vec<PathBuf>,
    witnesses: &[String],
) -> Result<Options, VerifyError> {
    let read =
        |path: PathBuf| std::fs::read(&path).map_err(|cause| VerifyError::Read { path, cause });
    Ok(Options {
        keys: keys
            .iter()
            .map(|key| LogVerifier::parse(key))
            .collect::<Result<_, _>>()?,
        pins: pins.into_iter().map(read).collect::<Result<_, _>>()?,
        witnesses: witnesses
            .iter()
            .map(|key| WitnessVerifier::parse(key))
            .collect::<Result<_, _>>()?,
        ..Options::default()
    })
}

/// The verifier reads folders: the log is copied into one that is gone afterwards.
fn verify_bucket(place: &LogPlace, options: &Options) -> Result<Report, CommandError> {
    let storage = place.storage(crate::clock::now())?;
    // That there is none is told of the bucket, not of a folder that nobody knows.
    LogReader::open(storage.as_ref())?;
    let folder = tempfile::tempdir()?;
    posture_ledger::copy(storage.as_ref(), folder.path())?;
    Ok(posture_verify::verify(folder.path(), options)?)
}

fn list(log: &str, from: u64, count: Option<u64>, format: Format) -> Result<Outcome, CommandError> {
    let storage = LogPlace::named(log)?.storage(crate::clock::now())?;
    let reader = LogReader::open(storage.as_ref())?;
    let end = from
        .saturating_add(count.unwrap_or(u64::MAX))
        .min(reader.size());
    let mut out = Sink::new(None)?;
    let mut next = from;
    while next < end {
        for leaf in reader.leaves(next, PAGE.min(end - next))? {
            match format {
                Format::Table => writeln!(out, "{}", row(&leaf))?,
                Format::Json => writeln!(out, "{}", serde_json::to_string(&leaf)?)?,
            }
        }
        next += PAGE;
    }
    if matches!(format, Format::Table) {
        let checkpoint = reader.checkpoint();
        writeln!(
            out,
            "\n{} records of {}",
            checkpoint.size,
            plain(&checkpoint.origin)
        )?;
        for signer in checkpoint.signers() {
            writeln!(out, "signed by {}", plain(&signer))?;
        }
        for cosignature in checkpoint.cosignatures(&reader.witnesses(0)?) {
            let name = plain(&cosignature.name);
            writeln!(out, "seen by {name} at {}", cosignature.time)?;
        }
        if let Some(said) = timestamp::newest(&reader)? {
            writeln!(out, "{said}")?;
        }
    }
    out.finish()?;
    Ok(Outcome::Clean)
}

fn row(leaf: &Leaf) -> String {
    format!(
        "{:>8}  {}  {:<21}  {}",
        leaf.index,
        plain(&leaf.recorded),
        leaf.kind.as_str(),
        plain(&leaf.subject)
    )
}

/// Text that a log brought, without what a terminal would obey.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}
