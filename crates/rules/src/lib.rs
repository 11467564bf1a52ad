//! AWS Config's managed rules as pure functions of a configuration item.
//!
//! A rule is one file under `services/<service>/` with its cases beside it. It never does I/O and
//! never reads a clock: what it needs beside the item comes through [`Context`], and what it reads
//! it declares. The [`catalogue`] lists the rules; nothing else here is listed by hand.
//!
//! The engine calls [`ManagedRule::evaluate`]; the recorder collects by [`ManagedRule::reads`].

pub mod catalogue;
mod context;
mod evaluation;
pub mod guard;
mod parameters;
pub mod predicates;
mod prelude;
mod rule;
mod services;

pub use context::{Context, NoRelated, Related};
pub use evaluation::{ComplianceType, Evaluation, Place, Shown, Verdict};
pub use parameters::{Kind, Parameter, ParameterError, Params};
pub use rule::{
    By, Category, Identifier, Locality, ManagedRule, Other, Read, Remedy, Severity, Trigger, other,
    own,
};
