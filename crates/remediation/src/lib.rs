//! Remediation: SSM Automation documents, run so that nothing is changed without a plan, an authority and a
//! verification.
//!
//! - [`Document`] is what AWS's grammar says, [`Safety`] what it does not: who decides, what changes, how it is undone.
//! - [`Remediation`] is the contract: **plan** (what changes, before and after, and every call) → **guard** (fails
//!   closed) → **read again** → **keep the pre-image** → **apply** → **verify** → **record**.
//! - [`Journal`] keeps what happens, entry by entry, each before and after it happens. A worker that dies is followed
//!   by another, which does no step again that was done.
//!
//! # What it never does
//!
//! - Make a call that changes something and is not in the plan: the plan has every call, with its whole input.
//! - Make one for a document that would need IAM actions which it doesn't declare.
//! - Run a plan that nobody answers for: [`Authorised`] can't be had otherwise.
//! - Say that it is done because calls succeeded: the resource is read again, and has to be as it should be; where a
//!   rule asked, it is evaluated again, and has to be content.
//! - Guess: what may or may not have happened ends as [`RunOutcome::Unknown`], for a person to look at.

mod api;
mod code;
mod contract;
mod document;
mod error;
mod journal;
mod run;
mod safety;
mod subject;

pub use api::{Api, ApiError, Aws};
pub use code::{
    Among, Code, CodeChange, Companion, InTemplate, InTerraform, PatchError, PolicyPlace,
    PolicyStatement, Saying, SourceFile, TerraformCode, Without,
};
pub use contract::{
    Authorised, Authority, Change, Content, HandOver, Judge, Judging, ParameterValue, Place, Plan,
    PlanState, PlannedCall, Policy, Record, Remediation, RemediationConfiguration,
    RemediationException, Remedy, Report, RuleFailure, SSM_ACTIONS, SSM_CREATE_DOCUMENT, Starts,
    Taken, Time, Verdict, Window,
};
pub use document::{
    ACTIONS, Action, Call, Condition, Document, Iteration, Kind, OnFailure, Operator, Output,
    Parameter, Primitive, Step,
};
pub use error::RemediationError;
pub use journal::{
    Beside, Entry, Journal, JournalError, Keeping, Past, PlanKey, RunOutcome, StoreJournal,
};
pub use run::{StepRecord, StepState};
pub use safety::{
    BlastRadius, Facet, PASS_ROLE, RemedyEffect, Reversible, Safety, SafetyCall, SafetyClass,
    Touches, Verify,
};
pub use subject::Subject;
