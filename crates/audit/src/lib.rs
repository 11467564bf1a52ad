//! Assessments and evidence: what runs found, filed by control and day; what people decided about it;
//! and the package that an auditor verifies alone.

mod absence;
mod act;
mod assessment;
mod control_history;
mod error;
mod history;
mod journal;
mod period;
mod person;
mod queued;
mod rule_history;
mod run_document;
mod run_record;
mod schema;
mod sequencer;
mod slots;
mod verdict_root;

pub use absence::{Absence, explain};
pub use act::{Act, Acted, ControlStatus, Scope, Upload};
pub use assessment::{Assessment, Comment, ControlRecord, Delegation, Uploaded};
pub use control_history::{ControlHistory, Evidence, Folder, Outcome, Test};
pub use error::AuditError;
pub use history::{History, Listed, Resource, Rule, Run, Transition};
pub use journal::{act, assessment, assessments, create, now};
pub use period::Period;
pub use person::Person;
pub use queued::queue;
pub use rule_history::{Counts, Interval, Member, RuleHistory, State};
pub use run_document::{ExceptionInForce, Gap, PackVersion, RuleVersion, RunDocument, Uncounted};
pub use run_record::{RunRecord, verdict_root};
pub use schema::{Statement, migrate};
pub use sequencer::{Published, publish, waiting};
pub use slots::Slot;
