//! `posture assess list`.

use std::io::Write as _;

use posture_audit::Standing;
use serde::Serialize;

use super::super::{CommandError, ListFormat};
use super::context::Place;
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Lists the assessments.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    place: Place,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListV1<'a> {
    schema: &'static str,
    assessments: Vec<RowV1<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowV1<'a> {
    name: &'a str,
    status: &'a str,
    framework: &'a str,
    from: String,
    until: String,
    owner: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    imported: Option<&'a Standing>,
}

impl List {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let opened = self.place.open()?;
        let all =
            opened.with(|store| async move { Ok(posture_audit::assessments(&store).await?) })?;
        let rows: Vec<RowV1<'_>> = all
            .iter()
            .map(|one| RowV1 {
                name: &one.name,
                status: one.status,
                framework: &one.scope.framework,
                from: one.scope.period.from.to_string(),
                until: one.scope.period.until.to_string(),
                owner: &one.owner,
                imported: one.imported.as_ref(),
            })
            .collect();
        let mut out = Sink::new(None)?;
        match self.format {
            ListFormat::Json => {
                let document = ListV1 {
                    schema: "posture.assessments/v1",
                    assessments: rows,
                };
                serde_json::to_writer_pretty(&mut out, &document)?;
                writeln!(out)?;
            }
            ListFormat::Table => {
                for row in rows {
                    let imported = row.imported.map_or(String::new(), |standing| {
                        let name = plain(&standing.name);
                        format!(
                            "  imported from Audit Manager: {name}, {} there",
                            plain(&standing.status)
                        )
                    });
                    writeln!(
                        out,
                        "{}  {}  {}  {} until {}  {}{imported}",
                        row.name,
                        row.status,
                        row.framework,
                        row.from,
                        row.until,
                        plain(row.owner)
                    )?;
                }
            }
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}
