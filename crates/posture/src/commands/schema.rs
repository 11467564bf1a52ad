//! `posture schema`.

use std::io::Write as _;

use schemars::schema_for;

use super::CommandError;
use crate::config::Config;
use crate::exit::Outcome;
use crate::output::schema;
use crate::sink::Sink;

/// Prints the JSON Schema of what machines read, or of what you write.
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaCommand {
    #[command(subcommand)]
    of: Of,
}

#[derive(Debug, clap::Subcommand)]
enum Of {
    /// Of `posture scan --format json`.
    Scan,
    /// Of `posture.yaml`, for editors.
    Config,
}

impl SchemaCommand {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let schema = match self.of {
            Of::Scan => schema::scan(),
            Of::Config => schema_for!(Config),
        };
        let mut out = Sink::new(None)?;
        serde_json::to_writer_pretty(&mut out, &schema)?;
        writeln!(out)?;
        out.finish()?;
        Ok(Outcome::Clean)
    }
}
