//! `posture-verify`: checks an evidence log or package, alone.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use posture_verify::{Authorities, LogVerifier, Options, Report, VerifyError, WitnessVerifier};

/// Verifies an evidence log, or a package cut from one, offline.
///
/// Exit codes: 0 everything holds, 1 something does not, 2 nothing could be checked.
#[derive(Debug, Parser)]
#[command(name = "posture-verify", version)]
struct Arguments {
    /// A log's folder, or a package: a zip file or a folder.
    path: PathBuf,
    /// The log's key, `<name>+<id>+<key>`, from a place that you trust. Without it the log's own word
    /// is taken for who signed.
    #[arg(long = "key", value_name = "KEY")]
    keys: Vec<String>,
    /// A checkpoint of this log that you kept: nothing before it may have changed.
    #[arg(long = "pin", value_name = "FILE")]
    pins: Vec<PathBuf>,
    /// A witness' key, `<name>+<id>+<key>`: it has to have seen the log.
    #[arg(long = "witness", value_name = "KEY")]
    witnesses: Vec<String>,
    /// A certificate in PEM, of a timestamp authority or above it: it has to have stamped the log.
    #[arg(long = "tsa-cert", value_name = "FILE")]
    tsa_certificates: Vec<PathBuf>,
    /// What opens redacted values, as `posture evidence open` prints it: each is checked.
    #[arg(long = "opening", value_name = "FILE")]
    openings: Vec<PathBuf>,
    /// Refuse to unpack bodies that take more bytes than this, all together.
    #[arg(long, value_name = "BYTES", default_value_t = Options::default().max_bytes)]
    max_bytes: u64,
    /// Form of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// In words.
    Text,
    /// One line of JSON.
    Json,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let format = arguments.format;
    match run(arguments) {
        Ok(report) => match print(&report, format) {
            Ok(()) => ExitCode::from(u8::from(!report.holds())),
            Err(error) => complain(&error),
        },
        Err(error) => complain(&error),
    }
}

fn run(arguments: Arguments) -> Result<Report, VerifyError> {
    let parse_all = |texts: Vec<String>| {
        texts
            .iter()
            .map(|text| LogVerifier::parse(text))
            .collect::<Result<_, _>>()
    };
    let read_all = |paths: Vec<PathBuf>| {
        paths
            .into_iter()
            .map(|path| std::fs::read(&path).map_err(|cause| VerifyError::Read { path, cause }))
            .collect::<Result<Vec<_>, _>>()
    };
    let options = Options {
        keys: parse_all(arguments.keys)?,
        pins: read_all(arguments.pins)?,
        witnesses: arguments
            .witnesses
            .iter()
            .map(|text| WitnessVerifier::parse(text))
            .collect::<Result<_, _>>()?,
        authorities: Authorities::read(&arguments.tsa_certificates)?,
        openings: read_all(arguments.openings)?,
        max_bytes: arguments.max_bytes,
        ..Options::default()
    };
    posture_verify::verify(&arguments.path, &options)
}

fn print(report: &Report, format: Format) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match format {
        Format::Text => write!(out, "{}", posture_verify::text(report)),
        Format::Json => writeln!(out, "{}", posture_verify::json_v1(report)?),
    }
}

fn complain(error: &dyn Error) -> ExitCode {
    let mut text = format!("error: {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    match writeln!(std::io::stderr().lock(), "{text}") {
        Ok(()) | Err(_) => ExitCode::from(2),
    }
}
