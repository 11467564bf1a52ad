//! `posture evidence find --group-by`: how many records said what.

use std::io::Write;

use posture_audit::{FoundGroup, csv_record};
use serde::Serialize;

use super::{CommandError, RowsFormat};
use crate::output::terminal::plain;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GroupsV1<'a> {
    schema: &'static str,
    groups: &'a [FoundGroup],
}

const GROUP_COLUMNS: [&str; 6] = [
    "group",
    "records",
    "compliant",
    "nonCompliant",
    "notApplicable",
    "insufficientData",
];

/// Writes the counts.
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
