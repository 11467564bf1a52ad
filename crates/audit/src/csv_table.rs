//! Tables as CSV: RFC 4180, safe to open in a spreadsheet.

use crate::audit_manager::ImportedEvidence;
use crate::control_history::Evidence;
use crate::failures::Failure;
use crate::rule_history::{RuleHistory, State};

/// Columns of a population.
pub const POPULATION_COLUMNS: [&str; 14] = [
    "key",
    "accountId",
    "awsRegion",
    "resourceType",
    "resourceId",
    "resourceName",
    "arn",
    "firstSeen",
    "goneSince",
    "atTheEnd",
    "passSeconds",
    "failSeconds",
    "unknownSeconds",
    "exceptedSeconds",
];

/// Columns of failures.
pub(crate) const FAILURE_COLUMNS: [&str; 13] = [
    "ruleName",
    "accountId",
    "awsRegion",
    "resourceType",
    "resourceId",
    "from",
    "beganBefore",
    "until",
    "then",
    "reason",
    "beganWith",
    "endedWith",
    "remediations",
];

/// Columns of evidence that came from Audit Manager.
pub const IMPORTED_COLUMNS: [&str; 17] = [
    "assessment",
    "control",
    "date",
    "evidenceByType",
    "complianceType",
    "accountId",
    "dataSource",
    "eventSource",
    "eventName",
    "resources",
    "collectedByAwsAt",
    "importedAt",
    "evidenceFolderId",
    "evidenceId",
    "sha256",
    "sizeBytes",
    "logRecord",
];

/// A piece of evidence that came from Audit Manager.
pub fn imported_cells(one: &ImportedEvidence) -> Vec<String> {
    let collected = one.collected_by_aws_at;
    vec![
        one.assessment.clone(),
        one.control.clone(),
        one.date.to_string(),
        one.evidence_by_type.clone(),
        one.compliance_type.clone().unwrap_or_default(),
        one.account_id.clone(),
        one.data_source.clone(),
        one.event_source.clone(),
        one.event_name.clone(),
        one.resources.join("; "),
        collected.map_or(String::new(), |at| at.to_string()),
        one.imported_at.to_string(),
        one.evidence_folder_id.clone(),
        one.evidence_id.clone(),
        one.sha256.clone(),
        one.size_bytes.to_string(),
        one.log_record
            .map_or(String::new(), |leaf| leaf.to_string()),
    ]
}

/// The members of a rule's population, each with the key by which samples are drawn, sorted by it.
pub fn population(evidence: &Evidence, rule: &RuleHistory) -> Vec<(String, Vec<String>)> {
    let mut rows = Vec::with_capacity(rule.members.len());
    for member in &rule.members {
        let Some(resource) = evidence.history.resources.get(&member.resource) else {
            continue;
        };
        let key = format!(
            "{}/{}/{}/{}",
            resource.account_id, resource.aws_region, resource.resource_type, resource.resource_id
        );
        let (first, gone) = resource.life();
        let seconds = |state: State| {
            let of_state = member.intervals.iter().filter(|one| one.state == state);
            let all: i64 = of_state
                .map(|one| one.until.as_second() - one.from.as_second())
                .sum();
            all.to_string()
        };
        let time = |at: Option<jiff::Timestamp>| at.map_or(String::new(), |at| at.to_string());
        let last = member.intervals.last().map_or("", |one| one.state.as_str());
        let cells = vec![
            key.clone(),
            resource.account_id.clone(),
            resource.aws_region.clone(),
            resource.resource_type.clone(),
            resource.resource_id.clone(),
            resource.resource_name.clone().unwrap_or_default(),
            resource.arn.clone().unwrap_or_default(),
            time(first),
            time(gone),
            last.to_owned(),
            seconds(State::Pass),
            seconds(State::Fail),
            seconds(State::Unknown),
            seconds(State::Excepted),
        ];
        rows.push((key, cells));
    }
    rows.sort();
    rows
}

pub(crate) fn failure(one: &Failure) -> Vec<String> {
    vec![
        one.rule_name.to_string(),
        one.account_id.to_string(),
        one.aws_region.to_string(),
        one.resource_type.to_string(),
        one.resource_id.to_string(),
        one.from.to_string(),
        one.began_before.to_string(),
        one.until.map_or(String::new(), |at| at.to_string()),
        one.then.to_owned(),
        one.reason.to_string(),
        one.began_with.join("; "),
        one.ended_with.join("; "),
        one.remediations.join("; "),
    ]
}

/// A row, RFC 4180, safe to open in a spreadsheet.
pub fn csv_record(cells: &[String]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    // Writing to memory can't fail.
    drop(writer.write_record(cells.iter().map(|cell| inert(cell))));
    writer.into_inner().unwrap_or_default()
}

/// A spreadsheet takes a cell that begins so for a formula (OWASP, CSV Injection).
fn inert(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let quote = if is_formula { "'" } else { "" };
    format!("{quote}{cell}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let cells = ["=1+1", "@x", "-2", "a,b", "\"q\""].map(str::to_owned);
        let text = String::from_utf8(csv_record(&cells)).unwrap();
        assert_eq!(text, "'=1+1,'@x,'-2,\"a,b\",\"\"\"q\"\"\"\r\n");
    }

    #[test]
    fn a_cell_can_be_no_formula_and_no_second_row() {
        let cells = ["=HYPERLINK(\"x\")", "a,b\r\nc", "plain"].map(str::to_owned);
        assert_eq!(
            String::from_utf8(csv_record(&cells)).unwrap(),
            "\"'=HYPERLINK(\"\"x\"\")\",\"a,b\r\nc\",plain\r\n"
        );
    }
}
