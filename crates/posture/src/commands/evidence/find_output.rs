//! What `posture evidence find` prints of verdicts.

use std::io::Write;

use posture_audit::{FoundGroup, FoundRecord, csv_record};
use serde::Serialize;

use super::super::{CommandError, RowsFormat};
use crate::output::terminal::plain;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordsV1<'a> {
    schema: &'static str,
    has_more: bool,
    records: &'a [FoundRecord],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GroupsV1<'a> {
    schema: &'static str,
    groups: &'a [FoundGroup],
}

const RECORD_COLUMNS: [&str; 13] = [
    "at",
    "until",
    "complianceType",
    "ruleName",
    "parameters",
    "accountId",
    "awsRegion",
    "resourceType",
    "resourceId",
    "arn",
    "reason",
    "run",
    "logRecord",
];

const GROUP_COLUMNS: [&str; 6] = [
    "group",
    "records",
    "compliant",
    "nonCompliant",
    "notApplicable",
    "insufficientData",
];

pub(super) fn write_records(
    records: &[FoundRecord],
    has_more: bool,
    format: RowsFormat,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    match format {
        RowsFormat::Json => {
            let document = RecordsV1 {
                schema: "posture.evidence-records/v1",
                has_more,
                records,
            };
            serde_json::to_writer_pretty(&mut *out, &document)?;
            writeln!(out)?;
        }
        RowsFormat::Csv => {
            out.write_all(&csv_record(&RECORD_COLUMNS.map(str::to_owned)))?;
            for one in records {
                out.write_all(&csv_record(&cells(one)))?;
            }
        }
        RowsFormat::Table => {
            for one in records {
                let until = one.until.map_or("now".to_owned(), |at| at.to_string());
                writeln!(
                    out,
                    "{} until {until}  {:<17} {}  {} {} {}  {}",
                    one.at,
                    one.compliance_type,
                    plain(&one.rule_name),
                    one.account_id,
                    plain(&one.aws_region),
                    plain(one.arn.as_deref().unwrap_or(&one.resource_id)),
                    plain(&one.reason)
                )?;
            }
        }
    }
    Ok(())
}

fn cells(one: &FoundRecord) -> Vec<String> {
    let parameters: Vec<String> = one
        .parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    vec![
        one.at.to_string(),
        one.until.map_or(String::new(), |at| at.to_string()),
        one.compliance_type.clone(),
        one.rule_name.clone(),
        parameters.join("; "),
        one.account_id.clone(),
        one.aws_region.clone(),
        one.resource_type.clone(),
        one.resource_id.clone(),
        one.arn.clone().unwrap_or_default(),
        one.reason.clone(),
        one.run.to_string(),
        one.log_record
            .map_or(String::new(), |leaf| leaf.to_string()),
    ]
}

pub(super) fn write_groups(
    groups: &[FoundGroup],
    format: RowsFormat,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    match format {
        RowsFormat::Json => {
            let document = GroupsV1 {
                schema: "posture.evidence-groups/v1",
                groups,
            };
            serde_json::to_writer_pretty(&mut *out, &document)?;
            writeln!(out)?;
        }
        RowsFormat::Csv => {
            out.write_all(&csv_record(&GROUP_COLUMNS.map(str::to_owned)))?;
            for one in groups {
                let counts = [
                    one.records,
                    one.compliant,
                    one.non_compliant,
                    one.not_applicable,
                    one.insufficient_data,
                ];
                let mut cells = vec![one.group.clone()];
                cells.extend(counts.map(|count| count.to_string()));
                out.write_all(&csv_record(&cells))?;
            }
        }
        RowsFormat::Table => {
            writeln!(
                out,
                "{:<44} {:>9} {:>10} {:>14} {:>15} {:>18}",
                "", "RECORDS", "COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "INSUFFICIENT_DATA"
            )?;
            for one in groups {
                writeln!(
                    out,
                    "{:<44} {:>9} {:>10} {:>14} {:>15} {:>18}",
                    plain(&one.group),
                    one.records,
                    one.compliant,
                    one.non_compliant,
                    one.not_applicable,
                    one.insufficient_data
                )?;
            }
        }
    }
    Ok(())
}
