//! `posture evidence open`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;

use super::super::CommandError;
use super::super::state::StateArgument;
use super::place::EvidencePlace;
use crate::config::Config;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Prints who made the calls with these ids, with what proves it: a line of JSON each, which
/// `posture-verify PACKAGE --opening FILE` checks against a package in which it was redacted.
#[derive(Debug, clap::Args)]
pub(crate) struct Open {
    /// CloudTrail's ids of the events.
    #[arg(required = true, value_name = "EVENT-ID")]
    events: Vec<String>,
    #[command(flatten)]
    state: StateArgument,
    /// The configuration that names the evidence log. Default: posture.yaml, where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Open {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let place = self.state.existing()?;
        let config = Config::load(self.config.as_deref())?;
        let evidence = EvidencePlace::find(&config, &place).ok_or(CommandError::NoEvidenceLog)?;
        let log = evidence.open(place.now())?;
        let events: BTreeSet<String> = self.events.into_iter().collect();
        let mut out = Sink::new(None)?;
        for opening in posture_audit::openings(&log, &events)? {
            writeln!(out, "{}", serde_json::to_string(&opening)?)?;
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}
