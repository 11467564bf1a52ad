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
    let embedded = embedded()?;
    if let Some(known) = embedded.iter().find(|known| known.name == name) {
        return Ok(known.clone());
    }
    if is_file(name) && !is_standard(embedded, name) {
        return frameworks::load(&template(name)?).map_err(|problems| CommandError::Template {
            path: name.to_owned(),
            problems,
        });
    }
    Err(unknown(embedded, name))
}

/// Names of versions have dots, which would make a mistyped one a file.
fn is_standard(embedded: &[Framework], name: &str) -> bool {
    embedded.iter().any(|known| known.standard == name)
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
