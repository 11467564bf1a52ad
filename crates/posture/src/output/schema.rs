//! The JSON Schemas of what machines read and users write.

use schemars::{Schema, schema_for};

use super::evaluation::EvaluationV1;
use super::exceptions::ExceptionResult;
use crate::live::CoverageV1;

/// `posture.scan/v1`, as `--format json` writes it.
#[derive(schemars::JsonSchema)]
#[schemars(rename_all = "camelCase", title = "posture.scan/v1")]
#[expect(
    dead_code,
    reason = "only its schema is used: the document is streamed"
)]
struct ScanV1<'s> {
    /// The name of this form.
    #[schemars(extend("const" = super::json::SCHEMA))]
    schema: &'static str,
    /// The version of posture that wrote it.
    posture_version: &'static str,
    /// The clock of the evaluation, RFC 3339.
    evaluated_at: String,
    /// How many resources there are.
    resources: usize,
    /// The packs, in the order they were asked for.
    packs: Vec<posture_engine::PackResult>,
    /// The rules, by name and parameters.
    rules: Vec<posture_engine::RuleResult>,
    /// The exceptions, in the order of `posture.yaml`.
    exceptions: Vec<ExceptionResult<'s>>,
    /// What was read.
    inputs: Vec<posture_engine::InputReport>,
    /// How far AWS could be read, by account, Region, type and fact. Only where AWS itself was read.
    #[schemars(default)]
    coverage: Option<Vec<CoverageV1<'s>>>,
    /// The verdicts, by account, Region, type, id, rule and parameters.
    evaluations: Vec<EvaluationV1<'s>>,
}

/// The schema of `posture scan --format json`.
pub(crate) fn scan() -> Schema {
    schema_for!(ScanV1<'static>)
}
