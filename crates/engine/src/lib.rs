//! Packs × items × clock → verdicts, compliance and scores. Pure but for reading the input files.
//!
//! Each (rule, parameters, resource) is evaluated once, and the verdict counts in every pack that
//! deploys the rule so.

mod input;
mod inventory;
mod report;
mod scan;

pub use input::{Input, InputError, InputReport};
pub use report::{Counts, EvaluationRow, PackResult, Report, Score};
pub use scan::scan;
