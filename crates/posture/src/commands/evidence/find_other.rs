//! `posture evidence find --kind user-activity` and `--kind api-calls`.

use std::io::Write as _;
use std::path::Path;

use jiff::Timestamp;
use posture_audit::{
    ACTIVITY_COLUMNS, ActivityRecord, ApiCall, RETRIEVAL_COLUMNS, RetrievalRecord, SoughtActivity,
    SoughtRetrievals, csv_record,
};
use posture_content::frameworks::Control;
use serde::Serialize;

use super::super::{CommandError, RowsFormat, StatePlace};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// What is looked for, and how it is shown.
pub(super) struct OtherEvidence<'a> {
    /// Controls whose events and calls are meant; none where any will do.
    pub(super) controls: Option<Vec<&'a Control>>,
    pub(super) accounts: Vec<String>,
    pub(super) principal: Option<String>,
    pub(super) from: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    pub(super) limit: usize,
    pub(super) format: RowsFormat,
    pub(super) output: Option<&'a Path>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FoundV1<'a, T> {
    schema: &'static str,
    has_more: bool,
    records: &'a [T],
}

/// How records are shown.
struct Shown<T> {
    schema: &'static str,
    columns: &'static [&'static str],
    cells: fn(&T) -> Vec<String>,
    line: fn(&T) -> String,
}

impl OtherEvidence<'_> {
    pub(super) fn activity(&self, place: &StatePlace) -> Result<Outcome, CommandError> {
        let named = |controls: &Vec<&Control>| {
            let lists = controls.iter().flat_map(|control| &control.cloudtrail);
            lists.cloned().collect()
        };
        let sought = SoughtActivity {
            events: self.controls.as_ref().map(named),
            accounts: self.accounts.clone(),
            principal: self.principal.clone(),
            from: self.from,
            until: self.until,
        };
        let limit = self.limit;
        let (records, has_more) = place.with(|store| async move {
            posture_audit::migrate(&store).await?;
            Ok(posture_audit::find_activity(&store, &sought, limit).await?)
        })?;
        self.write(
            &records,
            has_more,
            &Shown {
                schema: "posture.evidence-activity/v1",
                columns: &ACTIVITY_COLUMNS,
                cells: posture_audit::activity_cells,
                line: activity_line,
            },
        )
    }

    pub(super) fn api_calls(&self, place: &StatePlace) -> Result<Outcome, CommandError> {
        let calls: Option<Result<Vec<ApiCall>, _>> = self.controls.as_ref().map(|controls| {
            let names = controls.iter().flat_map(|control| &control.api_calls);
            let names: std::collections::BTreeSet<&String> = names.collect();
            names.into_iter().map(|name| ApiCall::named(name)).collect()
        });
        let sought = SoughtRetrievals {
            calls: calls.transpose()?,
            accounts: self.accounts.clone(),
            from: self.from,
            until: self.until,
        };
        let limit = self.limit;
        let (records, has_more) = place.with(|store| async move {
            posture_audit::migrate(&store).await?;
            Ok(posture_audit::find_retrievals(&store, &sought, limit).await?)
        })?;
        self.write(
            &records,
            has_more,
            &Shown {
                schema: "posture.evidence-api-calls/v1",
                columns: &RETRIEVAL_COLUMNS,
                cells: posture_audit::retrieval_cells,
                line: retrieval_line,
            },
        )
    }

    fn write<T: Serialize>(
        &self,
        records: &[T],
        has_more: bool,
        shown: &Shown<T>,
    ) -> Result<Outcome, CommandError> {
        let mut out = Sink::new(self.output)?;
        match self.format {
            RowsFormat::Json => {
                let document = FoundV1 {
                    schema: shown.schema,
                    has_more,
                    records,
                };
                serde_json::to_writer_pretty(&mut out, &document)?;
                writeln!(out)?;
            }
            RowsFormat::Csv => {
                let head: Vec<String> = shown.columns.iter().map(|&name| name.to_owned()).collect();
                out.write_all(&csv_record(&head))?;
                for one in records {
                    out.write_all(&csv_record(&(shown.cells)(one)))?;
                }
            }
            RowsFormat::Table => {
                for one in records {
                    writeln!(out, "{}", plain(&(shown.line)(one)))?;
                }
            }
        }
        out.finish()?;
        if has_more {
            let mut stderr = std::io::stderr().lock();
            writeln!(
                stderr,
                "there are more than {}; --limit shows more",
                self.limit
            )?;
        }
        Ok(Outcome::Clean)
    }
}

fn activity_line(one: &ActivityRecord) -> String {
    format!(
        "{}  {:<32} {}  {} {}  {}",
        one.at, one.event_name, one.event_source, one.account_id, one.aws_region, one.principal
    )
}

fn retrieval_line(one: &RetrievalRecord) -> String {
    let call = format!("{}_{}", one.service, one.operation);
    let why = one.denied_action.as_deref().unwrap_or(&one.code);
    format!(
        "{}  {call:<44} {} {}  {}, {} rows  {why}",
        one.ended_at,
        one.account_id,
        one.aws_region,
        one.outcome.as_str(),
        one.rows
    )
}
