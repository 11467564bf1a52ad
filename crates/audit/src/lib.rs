//! Assessments and evidence: what runs found, filed by control and day; what people decided about it;
//! and the package that an auditor verifies alone.

mod absence;
mod error;
mod person;
mod queued;
mod run_document;
mod run_record;
mod schema;
mod sequencer;
mod verdict_root;

pub use absence::{Absence, explain};
pub use error::AuditError;
pub use person::Person;
pub use queued::queue;
pub use run_document::{ExceptionInForce, Gap, PackVersion, RuleVersion, RunDocument, Uncounted};
pub use run_record::{RunRecord, verdict_root};
pub use schema::{Statement, migrate};
pub use sequencer::{Published, publish, waiting};
