//! `posture evidence trail-validate`.

use std::io::Write as _;
use std::path::PathBuf;

use posture_audit::trail::{Chain, Problem, PublicKeys, Report, TrailError, validate};

use super::super::{CommandError, ListFormat};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Checks that CloudTrail's log files are those that CloudTrail delivered: none altered, none missing.
/// Needs no AWS.
///
/// Exit codes: 0 all is as delivered, 1 something is altered or missing, 3 something could not be
/// confirmed.
#[derive(Debug, clap::Args)]
pub(crate) struct TrailValidate {
    /// A folder that holds the bucket's objects under their keys, as `aws s3 sync` makes it. The
    /// signature of a trail's newest digest stands in its object's metadata; put it beside the digest,
    /// in a file of the same name and .signature.
    folder: PathBuf,
    /// CloudTrail's public keys: what `aws cloudtrail list-public-keys` prints for the time in question.
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

impl TrailValidate {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let text = std::fs::read(&self.keys).map_err(|cause| TrailError::Read {
            path: self.keys.clone(),
            cause,
        })?;
        let report = validate(&self.folder, &PublicKeys::read(&text)?)?;
        let mut out = Sink::new(None)?;
        match self.format {
            ListFormat::Json => {
                serde_json::to_writer_pretty(&mut out, &report)?;
                writeln!(out)?;
            }
            ListFormat::Table => table(&report, &mut out)?,
        }
        out.finish()?;
        let mut outcome = Outcome::Clean;
        for (_, problem) in report.problems() {
            match problem {
                problem if problem.is_wrong() => return Ok(Outcome::Findings),
                Problem::TrailOff { .. } => {}
                _ => outcome = Outcome::Incomplete,
            }
        }
        Ok(outcome)
    }
}

fn table(report: &Report, out: &mut Sink) -> std::io::Result<()> {
    for chain in &report.chains {
        let Chain {
            trail,
            from,
            digests,
            signed,
            log_files,
            intact,
            ..
        } = chain;
        let until = chain
            .until
            .map_or_else(|| "?".to_owned(), |end| end.to_string());
        writeln!(out, "{}", plain(trail))?;
        writeln!(out, "  from {from} until {until}")?;
        writeln!(
            out,
            "  {signed} of {digests} digests are signed by CloudTrail"
        )?;
        writeln!(
            out,
            "  {intact} of {log_files} log files that they name are as delivered"
        )?;
        for (key, problem) in &chain.problems {
            writeln!(out, "  {}: {}", plain(key), plain(&words(problem)))?;
        }
    }
    for (key, problem) in &report.problems {
        writeln!(out, "{}: {}", plain(key), plain(&words(problem)))?;
    }
    let wrong = report
        .problems()
        .filter(|(_, problem)| problem.is_wrong())
        .count();
    if wrong > 0 {
        writeln!(out, "{wrong} objects are altered or missing")?;
    } else {
        writeln!(
            out,
            "nothing is altered or missing of what the digests name"
        )?;
    }
    Ok(())
}

fn words(problem: &Problem) -> String {
    match problem {
        Problem::Unreadable { reason } => format!("no digest: {reason}"),
        Problem::SignatureInvalid => "ALTERED: CloudTrail did not sign this".to_owned(),
        Problem::KeyUnknown { fingerprint } => {
            format!("not confirmed: the key {fingerprint} is none of those given")
        }
        Problem::SignatureMissing => {
            "not confirmed: its signature stands in its object's metadata; put it in a file .signature beside it".to_owned()
        }
        Problem::Moved { from } => format!("ALTERED: it was delivered as {from}"),
        Problem::DigestAltered => "ALTERED: it is not the digest that the next one names".to_owned(),
        Problem::DigestMissing => "MISSING: a digest that the next one names".to_owned(),
        Problem::TrailOff { from, until } => {
            let from = from.map_or_else(|| "?".to_owned(), |from| from.to_string());
            format!("begins anew: the trail, or its validation, was off from {from} until {until}")
        }
        Problem::LogMissing => "MISSING: a log file that a digest names".to_owned(),
        Problem::LogAltered => "ALTERED: it is not the log file that its digest names".to_owned(),
        Problem::LogUnnamed => "not confirmed: no digest names this log file".to_owned(),
    }
}
