//! One hub for findings: those of our own scans, and those of other tools.
//!
//! - **A finding** is an AWS Security Finding (ASFF). What its provider says and what those say who
//!   work on it are kept apart; the workflow goes on by Security Hub's rules ([`Finding`], [`Hub`]).
//! - **Imports** ([`formats`]): ASFF, EventBridge events, GuardDuty, Inspector, Macie, IAM Access
//!   Analyzer, Firewall Manager, AWS Config, OCSF, Prowler, SARIF.
//! - **Controls and scores** ([`ControlStatus`], [`Score`]): as Security Hub computes them, and at
//!   once; counts are kept with every change, so that no finding is read for a score.
//! - **People** ([`People`]): who answers for a finding, until when, and how long it takes.
//! - **Exports** ([`output`]): ASFF, OCSF, CSV, `BatchImportFindings`.
//!
//! Nothing here reads the wall clock: the state's clock is given.

mod error;
pub mod filter;
mod finding;
pub mod formats;
mod hub;
pub mod output;
mod people;
mod rules;
mod score;
mod security_hub;
mod status;

pub use error::HubError;
pub use finding::{
    ComplianceStatus, CustomerUpdate, Finding, FindingError, Object, Origin, RecordState,
    SeverityLabel, Shown, WorkflowStatus,
};
pub use hub::{
    CAPTURED, Changed, ChangedBy, Check, DisabledControl, Explained, Found, Hub, Imported,
    Incident, ListOptions, PeopleFilter, PrepareError, Prepared, Recount, ScanChanges, ScoreRow,
    Selected, StatusScope, Thresholds, WriteOptions,
};
pub use people::{
    By, Clock, ClosedAs, Durations, Escalation, OwnerRule, Owners, People, Reminder, Sla, SlaRow,
    Stage, Standing, Subject,
};
pub use rules::{Action, AutomationRule};
pub use score::{ControlStatus, FindingCounts, Score};
pub use security_hub::{Exported, PulledPage, pull, push};
pub use status::{ControlRow, StandardStatus, Status};
