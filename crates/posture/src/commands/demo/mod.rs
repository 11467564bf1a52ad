//! `posture demo`.

mod estate;
mod history;

use std::io::Write as _;
use std::path::PathBuf;

use jiff::Timestamp;
use posture_engine::{Exceptions, Filter, Input, Options, scan};
use posture_model::ManagedBy;

use super::{CommandError, packs_named};
use crate::exit::Outcome;
use crate::output::{self, Format, terminal};
use crate::sink::Sink;

/// Judges a sample estate, without an AWS account.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// Where to write the HTML report. Default: posture-demo.html in the folder for temporary files.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Makes a state instead: a simulated quarter of daily runs over the sample estate, with drift,
    /// fixes and an outage, to try assessments on. A folder without a state.
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    state: Option<String>,
}

const PACKS: [&str; 6] = [
    "hipaa-security",
    "pci-dss-4.0",
    "nist-800-53-r5",
    "cis-aws-v1.4-level-1",
    "cis-aws-v1.4-level-2",
    "nist-csf",
];

impl Demo {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        if let Some(folder) = &self.state {
            return history::make(folder);
        }
        let packs = packs_named(&PACKS.map(str::to_owned), &[])?;
        let estate = Input::Text(
            "sample estate".to_owned(),
            posture_content::sample::estate().into(),
        );
        let exceptions = Exceptions::new(vec![ManagedBy::Aws], Vec::new())?;
        let options = Options {
            // The sample's own date, so that the demo prints the same at any time.
            now: Timestamp::constant(1_780_272_000, 0),
            filter: Filter::default(),
            exceptions: &exceptions,
            listed: &[],
            progress: None,
        };
        let scanned = scan(&[estate], &packs, options)?;
        let mut stdout = Sink::new(None)?;
        let look = terminal::Look::of_stdout();
        output::write(&scanned, None, None, Format::Table, look, &mut stdout)?;
        let path = self
            .output
            .unwrap_or_else(|| std::env::temp_dir().join("posture-demo.html"));
        let mut report = Sink::new(Some(&path))?;
        output::write(&scanned, None, None, Format::Html, look, &mut report)?;
        report.finish()?;
        writeln!(stdout, "\nHTML report: {}", path.display())?;
        stdout.finish()?;
        Ok(Outcome::Clean)
    }
}
