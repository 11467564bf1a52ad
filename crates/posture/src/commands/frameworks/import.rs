//! `posture frameworks import`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use posture_content::frameworks::{self, Framework, Imported, to_yaml};

use crate::commands::{CommandError, template};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Writes a framework of another tool as ours, to be edited and used.
///
/// What has no place in ours is named on the standard error, and the exit code is then 3.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The file.
    file: String,
    /// Whose it is.
    #[arg(long, value_enum)]
    format: Format,
    /// The catalog that an OSCAL profile selects from.
    #[arg(long, value_name = "FILE")]
    catalog: Option<String>,
    /// What the framework is to be called: small letters, digits, `-` and `.`.
    #[arg(long)]
    name: Option<String>,
    /// Where it goes: a file, or a folder where the input has several. Standard output else.
    #[arg(long, short)]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// AWS Audit Manager: the answer of GetAssessmentFramework, or a custom-framework file.
    AuditManager,
    /// An OSCAL catalog or profile, in JSON or YAML.
    Oscal,
    /// A CISO Assistant library.
    CisoAssistant,
}

impl Import {
    pub(super) fn run(self) -> Result<Outcome, CommandError> {
        let format = match self.format {
            Format::AuditManager => frameworks::Format::AuditManager,
            Format::Oscal => frameworks::Format::Oscal,
            Format::CisoAssistant => frameworks::Format::CisoAssistant,
        };
        let text = template(&self.file)?;
        let catalog = self.catalog.as_deref().map(template).transpose()?;
        let imported = frameworks::import(&text, format, self.name.as_deref(), catalog.as_deref())
            .map_err(|cause| CommandError::Import {
                path: self.file.clone(),
                cause: Box::new(cause),
            })?;
        for framework in &imported.frameworks {
            check(framework, &self.file)?;
        }
        self.write(&imported)?;
        let mut stderr = std::io::stderr().lock();
        for note in &imported.notes {
            writeln!(stderr, "{}:{}", plain(&self.file), plain(&note.to_string()))?;
        }
        Ok(if imported.notes.is_empty() {
            Outcome::Clean
        } else {
            Outcome::Incomplete
        })
    }

    fn write(&self, imported: &Imported) -> Result<(), CommandError> {
        match (imported.frameworks.as_slice(), &self.output) {
            (many, Some(folder)) if folder.is_dir() => {
                for framework in many {
                    one(
                        framework,
                        Some(&folder.join(format!("{}.yaml", framework.name))),
                    )?;
                }
                Ok(())
            }
            ([only], output) => one(only, output.as_deref()),
            (many, _) => Err(CommandError::SeveralFrameworks { count: many.len() }),
        }
    }
}

fn one(framework: &Framework, path: Option<&Path>) -> Result<(), CommandError> {
    let mut out = Sink::new(path)?;
    out.write_all(to_yaml(framework).as_bytes())?;
    out.finish()?;
    Ok(())
}

/// What is written is read again first: a file that another tool accepts may still not be ours.
fn check(framework: &Framework, path: &str) -> Result<(), CommandError> {
    match frameworks::load(&to_yaml(framework)) {
        Ok(_) => Ok(()),
        Err(problems) => Err(CommandError::Unwritable {
            path: path.to_owned(),
            problems: problems
                .iter()
                .map(|problem| problem.message.clone())
                .collect(),
        }),
    }
}
