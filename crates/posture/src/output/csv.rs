//! One verdict a row, RFC 4180, safe to open in a spreadsheet.

use std::io::Write;

use posture_audit::csv_record;
use posture_engine::{Row, Scan, ScanError};

use super::evaluation::EvaluationV1;

const COLUMNS: [&str; 18] = [
    "accountId",
    "awsRegion",
    "resourceType",
    "resourceId",
    "resourceName",
    "arn",
    "ruleName",
    "sourceIdentifier",
    "parameters",
    "complianceType",
    "disposition",
    "exception",
    "severity",
    "annotation",
    "packs",
    "controls",
    "managedBy",
    "evaluationId",
];

pub(crate) fn write(scan: &Scan<'_>, out: &mut dyn Write) -> Result<(), ScanError> {
    out.write_all(&csv_record(&COLUMNS.map(str::to_owned)))
        .map_err(ScanError::Output)?;
    scan.write_rows(
        &|_| true,
        &|row, text| text.extend(csv_record(&cells(row))),
        out,
    )
}

fn cells(row: &Row<'_>) -> [String; 18] {
    let evaluation = EvaluationV1::new(row);
    let parameters: Vec<String> = evaluation
        .parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    [
        evaluation.account_id.to_owned(),
        evaluation.aws_region.to_owned(),
        evaluation.resource_type.to_owned(),
        evaluation.resource_id.to_owned(),
        evaluation.resource_name.unwrap_or_default().to_owned(),
        evaluation.arn.unwrap_or_default().to_owned(),
        evaluation.rule_name.to_owned(),
        evaluation.source_identifier.to_owned(),
        parameters.join("; "),
        evaluation.compliance_type.to_owned(),
        evaluation.disposition.to_owned(),
        evaluation.exception.unwrap_or_default().to_owned(),
        evaluation.severity.to_owned(),
        evaluation.annotation,
        evaluation.packs.join("; "),
        evaluation.controls.join("; "),
        evaluation.managed_by.to_owned(),
        evaluation.evaluation_id,
    ]
}
