//! `posture completions`.

use std::io::Write as _;

use clap::CommandFactory as _;

use super::CommandError;
use crate::Arguments;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Prints a shell's completions: `posture completions bash > /etc/bash_completion.d/posture`.
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Arguments::command(), "posture", &mut text);
        let mut out = Sink::new(None)?;
        out.write_all(&text)?;
        out.finish()?;
        Ok(Outcome::Clean)
    }
}
