//! `posture frameworks`.

mod crossmap;
mod diff;
mod import;
mod list;
mod show;
mod validate;

use posture_content::frameworks::{self, Framework};

use super::{CommandError, is_file, nearest, template};
use crate::exit::Outcome;

/// Lists, shows, checks, compares and imports compliance frameworks.
#[derive(Debug, clap::Args)]
pub(crate) struct Frameworks {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    List(list::List),
    Show(show::Show),
    Validate(validate::Validate),
    Diff(diff::Diff),
    Crossmap(crossmap::Crossmap),
    Import(import::Import),
}

impl Frameworks {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.verb {
            Verb::List(list) => list.run(),
            Verb::Show(show) => show.run(),
            Verb::Validate(validate) => validate.run(),
            Verb::Diff(diff) => diff.run(),
            Verb::Crossmap(crossmap) => crossmap.run(),
            Verb::Import(import) => import.run(),
        }
    }
}

/// The built-in frameworks.
fn embedded() -> Result<&'static [Framework], CommandError> {
    frameworks::embedded().map_err(|problems| CommandError::Template {
        path: "a built-in framework".to_owned(),
        problems: problems.to_vec(),
    })
}

/// The built-in framework of this name, or the one in this file.
fn framework(name: &str) -> Result<Framework, CommandError> {
    let built_in = frameworks::embedded_text(name);
    let text = match built_in {
        Some(text) => text.to_owned(),
        None if is_file(name) => template(name)?,
        None => return Err(unknown(embedded()?, name)),
    };
    frameworks::load(&text).map_err(|problems| CommandError::Template {
        path: name.to_owned(),
        problems,
    })
}

/// The user's own framework in this file; none where the name is no file's.
pub(crate) fn own_framework(name: &str) -> Result<Option<Framework>, CommandError> {
    if !is_file(name) {
        return Ok(None);
    }
    let own = framework(name)?;
    // What is recorded under a name has to be of that name's framework for ever.
    if frameworks::embedded_text(&own.name).is_some() {
        return Err(CommandError::FrameworkName {
            path: name.to_owned(),
            name: own.name,
        });
    }
    Ok(Some(own))
}

fn unknown(embedded: &[Framework], name: &str) -> CommandError {
    let versions: Vec<&str> = embedded
        .iter()
        .filter(|known| known.standard == name)
        .map(|known| known.name.as_str())
        .collect();
    if !versions.is_empty() {
        return CommandError::FrameworkVersion {
            standard: name.to_owned(),
            versions: versions.join(", "),
        };
    }
    CommandError::UnknownFramework {
        name: name.to_owned(),
        nearest: nearest(embedded.iter().map(|known| known.name.as_str()), name),
    }
}
