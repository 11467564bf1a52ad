//! `posture demo`.

use std::io::Write;

use jiff::Timestamp;
use posture_engine::{Input, scan};

use super::{CommandError, packs_named};
use crate::exit::Outcome;
use crate::table;

/// Judges a sample estate, without an AWS account.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {}

impl Demo {
    #[expect(clippy::unused_self, reason = "every command has this shape")]
    pub(crate) fn run(self, out: &mut dyn Write) -> Result<Outcome, CommandError> {
        let names = [
            "hipaa-security",
            "pci-dss-4.0",
            "nist-800-53-r5",
            "nist-csf",
        ];
        let packs = packs_named(&names.map(str::to_owned))?;
        let estate = Input::Text(
            "sample estate".to_owned(),
            posture_content::sample::estate(),
        );
        // The sample's own date, so that the demo prints the same at any time.
        let now = Timestamp::constant(1_780_272_000, 0);
        table::write(&scan(&[estate], &packs, now), out)?;
        Ok(Outcome::Clean)
    }
}
