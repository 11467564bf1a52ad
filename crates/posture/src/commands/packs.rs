//! `posture packs`.

use std::io::Write as _;

use posture_rules::catalogue;

use super::{CommandError, packs_named};
use crate::exit::Outcome;
use crate::sink::Sink;

/// Lists and shows the embedded conformance packs.
#[derive(Debug, clap::Args)]
pub(crate) struct Packs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Every pack: its name, its rules, and how many of them this version implements.
    List,
    /// A pack's rules.
    Show {
        /// The pack's short name.
        name: String,
    },
}

impl Packs {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let mut out = Sink::new(None)?;
        match self.verb {
            Verb::List => {
                for pack in posture_content::packs::all()? {
                    let implemented = pack
                        .rules
                        .iter()
                        .filter(|rule| catalogue::by_identifier(&rule.identifier).is_some())
                        .count();
                    let rules = pack.rules.len();
                    writeln!(
                        out,
                        "{:<72} {rules:>4} rules {implemented:>4} implemented",
                        pack.name
                    )?;
                }
            }
            Verb::Show { name } => {
                for rule in packs_named(&[name], &[])?
                    .into_iter()
                    .flat_map(|pack| pack.rules)
                {
                    let known = catalogue::by_identifier(&rule.identifier).is_some();
                    let state = if known {
                        "implemented"
                    } else {
                        "not implemented"
                    };
                    writeln!(out, "{:<64} {state}", rule.identifier)?;
                    for (name, value) in &rule.parameters {
                        writeln!(out, "    {name} = {value}")?;
                    }
                }
            }
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}
