//! `posture evidence find --imported`: what came from Audit Manager.

use std::io::Write;

use posture_audit::{
    IMPORTED_COLUMNS, ImportedEvidence, SoughtImported, csv_record, imported_cells,
};
use serde::Serialize;

use super::super::{CommandError, RowsFormat, StatePlace};
use crate::output::terminal::plain;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ImportedV1<'a> {
    schema: &'static str,
    has_more: bool,
    evidence: &'a [ImportedEvidence],
}

/// Finds and writes it.
pub(super) fn find_imported(
    place: &StatePlace,
    sought: SoughtImported,
    limit: usize,
    format: RowsFormat,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let (evidence, has_more) = place.with(|store| async move {
        posture_audit::migrate(&store).await?;
        if let Some(name) = &sought.assessment {
            // A name that there is not is no empty answer.
            posture_audit::assessment(&store, name).await?;
        }
        Ok(posture_audit::find_imported(&store, &sought, limit).await?)
    })?;
    match format {
        RowsFormat::Json => {
            let document = ImportedV1 {
                schema: "posture.imported-evidence/v1",
                has_more,
                evidence: &evidence,
            };
            serde_json::to_writer_pretty(&mut *out, &document)?;
            writeln!(out)?;
        }
        RowsFormat::Csv => {
            out.write_all(&csv_record(&IMPORTED_COLUMNS.map(str::to_owned)))?;
            for one in &evidence {
                out.write_all(&csv_record(&imported_cells(one)))?;
            }
        }
        RowsFormat::Table => {
            for one in &evidence {
                line(one, out)?;
            }
        }
    }
    if has_more {
        let mut stderr = std::io::stderr().lock();
        writeln!(stderr, "there are more than {limit}; --limit shows more")?;
    }
    Ok(())
}

fn line(one: &ImportedEvidence, out: &mut impl Write) -> std::io::Result<()> {
    let collected = one.collected_by_aws_at;
    let collected = collected.map_or("at no known time".to_owned(), |at| at.to_string());
    let what = match (one.event_name.as_str(), one.event_source.as_str()) {
        ("", source) => source,
        (name, _) => name,
    };
    writeln!(
        out,
        "{collected}  {:<17} {}  {} {}  {} {}  {}  imported {}",
        one.compliance_type.as_deref().unwrap_or("not judged"),
        plain(&one.evidence_by_type),
        one.assessment,
        plain(&one.control),
        plain(&one.account_id),
        plain(what),
        plain(&one.resources.join(", ")),
        one.imported_at
    )
}
