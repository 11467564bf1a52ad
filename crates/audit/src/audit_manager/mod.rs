//! What came from AWS Audit Manager (API reference, 2017-07-25): frameworks, assessments as they stood
//! there, and evidence, each with the times that Audit Manager gives it. None of it was seen by
//! Posture, and none of it decides about a control here.

mod account;
mod documents;
mod evidence;
mod find;
mod framework;
mod frameworks;
mod report;
mod row;
mod schema;
mod standing;
mod walk;
mod walk_assessment;
mod walk_folders;

pub(crate) use evidence::all;
pub use evidence::{Imported, ImportedDay};
pub use find::{SoughtImported, find_imported};
pub use frameworks::{imported_framework, keep_framework};
pub use report::{ImportProblem, ImportReport, Reached};
pub use row::ImportedEvidence;
pub(crate) use schema::COMPONENT;
pub use standing::{ControlStanding, SetStanding, Standing};
pub use walk::{Import, import};
