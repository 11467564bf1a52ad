//! `posture man`.

use std::path::PathBuf;

use clap::CommandFactory as _;

use super::CommandError;
use crate::Arguments;
use crate::exit::Outcome;

/// Writes the man pages, one for each command, for packagers.
#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// The folder.
    folder: PathBuf,
}

impl Man {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        std::fs::create_dir_all(&self.folder)?;
        clap_mangen::generate_to(Arguments::command(), &self.folder)?;
        Ok(Outcome::Clean)
    }
}
