//! The commands, a file each.

mod demo;
mod evidence;
mod keys;
mod packs;
mod paths;
mod rules;
mod scan;
mod schema;
mod selection;

use posture_content::packs::Pack;
use posture_rules::catalogue;

use crate::exit::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Demo(demo::Demo),
    Evidence(evidence::Evidence),
    Keys(keys::Keys),
    Packs(packs::Packs),
    Rules(rules::Rules),
    Scan(scan::Scan),
    Schema(schema::SchemaCommand),
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
    #[error(
        "no rule is named {name:?}; `posture rules list` names them{}",
        hint(nearest.as_deref())
    )]
    UnknownRule {
        name: String,
        nearest: Option<String>,
    },
    #[error("--param is {text:?}, expected NAME=VALUE")]
    Param { text: String },
    #[error("{pattern} is no glob")]
    Glob {
        pattern: String,
        #[source]
        cause: globset::Error,
    },
    #[error("{pattern} matches no file")]
    NoMatch { pattern: String },
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    #[error("{}", lines(.0))]
    Exceptions(Vec<posture_engine::ExceptionError>),
    #[error(transparent)]
    Scan(#[from] posture_engine::ScanError),
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
    #[error(transparent)]
    Ledger(#[from] posture_ledger::LedgerError),
    #[error(transparent)]
    Verify(#[from] posture_verify::VerifyError),
    #[error("the output could not be written")]
    Output(#[from] std::io::Error),
    #[error("an embedded pack is broken")]
    Pack(#[from] serde_json::Error),
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or(String::new(), |name| format!(" (nearest: {name})"))
}

fn lines(errors: &[impl ToString]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\nerror: ")
}

impl From<Vec<posture_engine::ExceptionError>> for CommandError {
    fn from(errors: Vec<posture_engine::ExceptionError>) -> CommandError {
        CommandError::Exceptions(errors)
    }
}

impl CommandError {
    /// That no rule has this name, and which has one like it.
    fn unknown_rule(name: &str) -> CommandError {
        let names = catalogue::entries().iter().map(|entry| entry.rule.id);
        CommandError::UnknownRule {
            name: name.to_owned(),
            nearest: names
                .map(|known| (strsim::levenshtein(known, name), known))
                .min()
                .map(|(_, known)| known.to_owned()),
        }
    }
}

pub(crate) fn run(command: Command) -> Result<Outcome, CommandError> {
    match command {
        Command::Demo(demo) => demo.run(),
        Command::Evidence(evidence) => evidence.run(),
        Command::Keys(keys) => keys.run(),
        Command::Packs(packs) => packs.run(),
        Command::Rules(rules) => rules.run(),
        Command::Scan(scan) => scan.run(),
        Command::Schema(schema) => schema.run(),
    }
}

/// The packs of these names, in this order.
fn packs_named(names: &[String], params: &[(String, String)]) -> Result<Vec<Pack>, CommandError> {
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
