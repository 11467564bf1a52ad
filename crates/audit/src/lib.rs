//! Assessments and evidence: what runs found, filed by control and day; what people decided about it;
//! and the package that an auditor verifies alone. What came from AWS Audit Manager stands beside it,
//! and decides nothing.

mod absence;
mod act;
mod activity;
mod assessment;
mod audit_manager;
mod config_counts;
mod control_history;
mod csv_table;
mod error;
mod evidence_pages;
mod expire;
mod failures;
mod find;
mod find_condition;
mod find_groups;
mod find_newest;
#[cfg(test)]
mod find_oracle;
mod folder;
mod gone;
mod history;
mod hold;
mod journal;
mod legal_hold;
mod listings;
mod oscal;
mod package;
mod pages;
mod period;
mod person;
mod queued;
mod readiness;
mod reconcile;
mod remediation;
mod reproduce;
mod requests;
mod retention;
mod retrieval;
mod rule_history;
mod run_document;
mod run_record;
mod runs;
mod sample;
mod schema;
mod scope;
mod sequencer;
mod slots;
pub mod trail;
mod verdict_root;

pub use absence::{Absence, explain};
pub use act::{Act, Acted, ControlStatus, ImportedRequest, Upload};
pub use activity::{
    Activity, ActivityRecord, Opening, Redaction, SoughtActivity, file_activity, find_activity,
    openings,
};
pub use assessment::{
    Asked, Assessment, Comment, ControlRecord, Delegation, RequestRecord, Uploaded,
};
pub use audit_manager::{
    ControlStanding, Import, ImportProblem, ImportReport, Imported, ImportedDay, ImportedEvidence,
    Reached, SetStanding, SoughtImported, Standing, find_imported, import, imported_framework,
    keep_framework,
};
pub use config_counts::ConfigCount;
pub use control_history::{ControlHistory, Evidence, Outcome, Test};
pub use csv_table::{IMPORTED_COLUMNS, POPULATION_COLUMNS, csv_record, imported_cells, population};
pub use error::AuditError;
pub use evidence_pages::{ACTIVITY_COLUMNS, RETRIEVAL_COLUMNS, activity_cells, retrieval_cells};
pub use expire::{Expiry, due, expire};
pub use failures::{Failure, Failures};
pub use find::{FoundRecord, Sought, deciding, find};
pub use find_groups::{FoundGroup, GroupBy, find_groups};
pub use folder::Folder;
pub use gone::{GoneBodies, GoneBody, gone_bodies};
pub use history::{History, Resource, Rule, Transition};
pub use hold::{Hold, HoldReason, HoldScope, holds};
pub use journal::{act, assessment, assessment_as_of, assessments, check_place, create, now};
pub use legal_hold::{LegalHolds, apply_holds};
pub use listings::Listed;
pub use oscal::{OscalFile, OscalVersion};
pub use package::{vouch, write_files, write_package};
pub use period::Period;
pub use person::Person;
pub use queued::queue;
pub use readiness::{ControlReadiness, Readiness, Work, WorkKind};
pub use reconcile::{Counted, Reconciled};
pub use remediation::RemediationEvent;
pub use reproduce::{Difference, PastRun, Rebuilt};
pub use requests::{
    REQUEST_COLUMNS, RequestState, RequestStatus, Source, SourceKind, read_requests, request_cells,
    request_statuses,
};
pub use retention::{ExpiredBody, RetentionPlan, RetentionRules};
pub use retrieval::{
    ApiCall, AskedCall, CallHistory, CallMade, Retrieval, RetrievalOutcome, RetrievalPlace,
    RetrievalRecord, Retrievals, SoughtRetrievals, asked, calls_of, find_retrievals, keep,
    retrieve,
};
pub use rule_history::{Counts, Interval, Member, RuleHistory, State};
pub use run_document::{ExceptionInForce, Gap, PackVersion, RuleVersion, RunDocument, Uncounted};
pub use run_record::{RunRecord, verdict_root};
pub use runs::Run;
pub use sample::{Method, sample};
pub use schema::{Statement, migrate};
pub use scope::{Frequency, Scope, TagFilter};
pub use sequencer::{Published, publish, waiting};
pub use slots::Slot;
