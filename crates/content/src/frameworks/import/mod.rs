//! Frameworks from other tools' files, as ours.
//!
//! An import never claims coverage that the file doesn't: a control whose automated sources came
//! along is `partial`, every other one `manual`, until its user says more.

mod audit_manager;
mod builder;
mod ciso_assistant;
mod oscal;

use super::framework::Framework;
use crate::yaml::{Place, Problem, read};

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Audit Manager: the answer of `GetAssessmentFramework`, or a custom-framework file of
    /// aws-samples/aws-audit-manager-custom-frameworks.
    AuditManager,
    /// A catalog, or a profile with its catalog, of OSCAL 1.x in JSON or YAML.
    Oscal,
    /// A CISO Assistant library in YAML.
    CisoAssistant,
}

/// What an import gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The frameworks of the file, in its order; at least one.
    pub frameworks: Vec<Framework>,
    /// What did not come along, and where it is.
    pub notes: Vec<Problem>,
}

/// Why nothing was imported.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImportError {
    /// The file has mistakes.
    #[error("{}", lines(.0))]
    File(Vec<Problem>),
    /// The catalog has mistakes.
    #[error("in the catalog: {}", lines(.0))]
    Catalog(Vec<Problem>),
    /// A profile selects from a catalog, and none is given.
    #[error("a profile selects from a catalog, here {href:?}; give it with --catalog")]
    NeedsCatalog {
        /// What the profile says of it.
        href: String,
    },
    /// A catalog is given with something that is no profile.
    #[error("a catalog goes with an OSCAL profile, and this is none")]
    NeedsNoCatalog,
}

fn lines(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("; ")
}

/// Reads a file of another tool. `name` is the framework's, where the file's own title should not
/// become it; `catalog` is the text of the catalog that an OSCAL profile selects from.
///
/// # Errors
/// Where the text is not in the format, or has nothing that is a framework.
pub fn import(
    text: &str,
    format: Format,
    name: Option<&str>,
    catalog: Option<&str>,
) -> Result<Imported, ImportError> {
    let root = read(text).map_err(|problem| ImportError::File(vec![problem]))?;
    if catalog.is_some() && !(format == Format::Oscal && oscal::is_profile(&root)) {
        return Err(ImportError::NeedsNoCatalog);
    }
    let mut imported = match format {
        Format::AuditManager => audit_manager::import(&root).map_err(ImportError::File)?,
        Format::CisoAssistant => ciso_assistant::import(&root).map_err(ImportError::File)?,
        Format::Oscal => oscal::import(&root, catalog)?,
    };
    if imported
        .frameworks
        .iter()
        .all(|framework| framework.controls.is_empty())
    {
        let start = Place { line: 1, column: 1 };
        return Err(ImportError::File(vec![Problem::new(
            start,
            "the file has no controls",
        )]));
    }
    if let (Some(name), [only]) = (name, imported.frameworks.as_mut_slice()) {
        name.clone_into(&mut only.name);
        name.clone_into(&mut only.standard);
    }
    imported.notes.sort();
    Ok(imported)
}
