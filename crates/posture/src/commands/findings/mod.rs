//! `posture findings`, a verb a file.

mod export;
mod import;
mod list;
mod people;
mod remind;
mod rules;
mod scan;
mod selection;
mod show;
mod sla;
mod suppress;

use super::CommandError;
use crate::exit::Outcome;

pub(crate) use people::StandingV1;
pub(crate) use scan::keep;

/// Keeps findings, our own and other tools', in one place with one life cycle.
#[derive(Debug, clap::Args)]
pub(crate) struct Findings {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    Import(import::Import),
    List(list::List),
    Show(show::Show),
    Suppress(suppress::Suppress),
    Export(export::Export),
    Rules(rules::Rules),
    Sla(sla::SlaReport),
    Remind(remind::Remind),
}

impl Findings {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.verb {
            Verb::Import(import) => import.run(),
            Verb::List(list) => list.run(),
            Verb::Show(show) => show.run(),
            Verb::Suppress(suppress) => suppress.run(),
            Verb::Export(export) => export.run(),
            Verb::Rules(rules) => rules.run(),
            Verb::Sla(sla) => sla.run(),
            Verb::Remind(remind) => remind.run(),
        }
    }
}
