//! Assessments and evidence: what runs found, filed by control and day; what people decided about it;
//! and the package that an auditor verifies alone. What came from AWS Audit Manager stands beside it,
//! and decides nothing.

mod absence;
mod act;
mod assessment;
mod audit_manager;
mod control_history;
mod csv_table;
mod error;
mod failures;
mod find;
mod find_condition;
mod history;
mod journal;
mod oscal;
mod package;
mod pages;
mod period;
mod person;
mod queued;
mod readiness;
mod reproduce;
mod rule_history;
mod run_document;
mod run_record;
mod runs;
mod sample;
mod schema;
mod sequencer;
mod slots;
pub mod trail;
mod verdict_root;

pub use absence::{Absence, explain};
pub use act::{Act, Acted, ControlStatus, Scope, Upload};
pub use assessment::{Assessment, Comment, ControlRecord, Delegation, Uploaded};
pub use audit_manager::{
    ControlStanding, Import, ImportProblem, ImportReport, Imported, ImportedDay, ImportedEvidence,
    Reached, SetStanding, SoughtImported, Standing, find_imported, import, imported_framework,
};
pub use control_history::{ControlHistory, Evidence, Folder, Outcome, Test};
pub use csv_table::{IMPORTED_COLUMNS, POPULATION_COLUMNS, csv_record, imported_cells, population};
pub use error::AuditError;
pub use failures::{Failure, failures};
pub use find::{FoundGroup, FoundRecord, GroupBy, Sought, deciding, find, find_groups};
pub use history::{History, Listed, Resource, Rule, Transition};
pub use journal::{act, assessment, assessment_as_of, assessments, create, now};
pub use oscal::{OscalFile, OscalVersion};
pub use package::{write_files, write_package};
pub use period::Period;
pub use person::Person;
pub use queued::queue;
pub use readiness::{ControlReadiness, Readiness, Work, WorkKind};
pub use reproduce::{Difference, PastRun, Rebuilt};
pub use rule_history::{Counts, Interval, Member, RuleHistory, State};
pub use run_document::{ExceptionInForce, Gap, PackVersion, RuleVersion, RunDocument, Uncounted};
pub use run_record::{RunRecord, verdict_root};
pub use runs::Run;
pub use sample::{Method, sample};
pub use schema::{Statement, migrate};
pub use sequencer::{Published, publish, waiting};
pub use slots::Slot;
