//! The commands, a file each.

mod demo;
mod packs;
mod rules;
mod scan;

use std::io::Write;

use posture_content::packs::Pack;

use crate::exit::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Demo(demo::Demo),
    Packs(packs::Packs),
    Rules(rules::Rules),
    Scan(scan::Scan),
}

/// Why a command could not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(
        "no pack is named {name:?}; `posture packs list` names them{}",
        hint(nearest.as_deref())
    )]
    UnknownPack {
        name: String,
        nearest: Option<String>,
    },
    #[error("no rule is named {name:?}; `posture rules list` names them")]
    UnknownRule { name: String },
    #[error(
        "--as-of is {text:?}, expected a date such as 2026-03-03 or a time such as 2026-03-03T12:00:00Z"
    )]
    AsOf { text: String },
    #[error("{path} could not be listed")]
    List {
        path: String,
        #[source]
        cause: std::io::Error,
    },
    #[error("the output could not be written")]
    Output(#[from] std::io::Error),
    #[error("an embedded pack is broken")]
    Pack(#[from] serde_json::Error),
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or(String::new(), |name| format!(" (nearest: {name})"))
}

pub(crate) fn run(command: Command, out: &mut dyn Write) -> Result<Outcome, CommandError> {
    match command {
        Command::Demo(demo) => demo.run(out),
        Command::Packs(packs) => packs.run(out),
        Command::Rules(rules) => rules.run(out),
        Command::Scan(scan) => scan.run(out),
    }
}

/// The packs of these names, in this order.
fn packs_named(names: &[String]) -> Result<Vec<Pack>, CommandError> {
    let all = posture_content::packs::all()?;
    names
        .iter()
        .map(|name| {
            all.iter()
                .find(|pack| pack.name == *name)
                .cloned()
                .ok_or_else(|| CommandError::UnknownPack {
                    name: name.clone(),
                    nearest: nearest(&all, name),
                })
        })
        .collect()
}

fn nearest(packs: &[Pack], name: &str) -> Option<String> {
    packs
        .iter()
        .map(|pack| (strsim::levenshtein(&pack.name, name), &pack.name))
        .min()
        .map(|(_, name)| name.clone())
}
