//! Packs × items × clock → verdicts, compliance and scores. Pure but for reading the inputs.
//!
//! Each (rule, parameters, resource) is evaluated once, and the verdict counts in every pack that
//! deploys the rule so. Inputs are streamed: what is kept of a resource is its key, where its
//! newest item stands, and a byte a verdict. Reasons are made again for the verdicts that an output
//! shows, so memory does not grow with the size of the items.

mod accounts;
mod disposition;
mod exceptions;
mod first_pass;
mod input;
mod inventory;
mod judge;
mod neighbours;
mod parallel;
mod plan;
mod report;
mod row;
mod rows;
mod scan;
mod second_pass;
mod selections;

pub use disposition::Disposition;
pub use exceptions::{Effect, Exception, ExceptionError, Exceptions, Selector, TagExpression};
pub use input::{
    Input, InputError, InputReport, Packed, Unpack, open_text, read_events, read_findings,
    read_items,
};
pub use report::{Counts, PackResult, RuleLimits, RuleResult, Score};
pub use row::{Facts, Outline, Row};
pub use scan::{Filter, Listed, Options, Scan, ScanError, scan};
