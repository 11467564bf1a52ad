//! One finding a row: columns and cells. Whoever writes them makes them inert for spreadsheets.

use crate::finding::Shown;

/// The columns.
pub const COLUMNS: [&str; 17] = [
    "number",
    "id",
    "productArn",
    "generatorId",
    "securityControlId",
    "awsAccountId",
    "region",
    "severity",
    "complianceStatus",
    "recordState",
    "workflowStatus",
    "title",
    "resourceType",
    "resourceId",
    "createdAt",
    "updatedAt",
    "note",
];

/// The cells of a finding.
pub fn cells(finding: &Shown) -> [String; 17] {
    let text = |path: &[&str]| finding.text(path).to_owned();
    [
        finding.number.to_string(),
        text(&["Id"]),
        text(&["ProductArn"]),
        text(&["GeneratorId"]),
        finding.control.clone(),
        text(&["AwsAccountId"]),
        text(&["Region"]),
        text(&["Severity", "Label"]),
        text(&["Compliance", "Status"]),
        text(&["RecordState"]),
        text(&["Workflow", "Status"]),
        text(&["Title"]),
        finding.resource("Type").to_owned(),
        finding.resource("Id").to_owned(),
        text(&["CreatedAt"]),
        text(&["UpdatedAt"]),
        text(&["Note", "Text"]),
    ]
}
