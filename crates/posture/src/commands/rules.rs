//! `posture rules`.

use std::io::Write as _;

use posture_rules::{Read, catalogue};

use super::CommandError;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Lists and shows the implemented rules.
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Every implemented rule.
    List,
    /// A rule's page: what it checks, what it reads, what to do.
    Show {
        /// The rule's name or AWS's identifier.
        name: String,
    },
}

impl Rules {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let mut out = Sink::new(None)?;
        match self.verb {
            Verb::List => {
                for entry in catalogue::entries() {
                    let rule = entry.rule;
                    writeln!(
                        out,
                        "{:<56} {:<8} {}",
                        rule.id,
                        rule.severity.as_str(),
                        rule.title
                    )?;
                }
                writeln!(out, "{} rules", catalogue::entries().len())?;
            }
            Verb::Show { name } => {
                let entry =
                    catalogue::find(&name).ok_or_else(|| CommandError::unknown_rule(&name))?;
                let rule = entry.rule;
                writeln!(
                    out,
                    "# {} ({})\n\n{}",
                    rule.id,
                    rule.identifier(),
                    entry.page()
                )?;
                writeln!(out, "\n## Parameters")?;
                for parameter in rule.parameters {
                    let default = parameter.default.unwrap_or("none");
                    writeln!(
                        out,
                        "- `{}`: {:?}, default {default}",
                        parameter.name, parameter.kind
                    )?;
                }
                writeln!(out, "\n## Reads")?;
                for read in rule.reads {
                    match read {
                        Read::Own(path) => writeln!(out, "- `{path}`")?,
                        Read::Other(other) => {
                            writeln!(out, "- of `{}`: {:?}", other.resource_type, other.paths)?;
                        }
                    }
                }
            }
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}
