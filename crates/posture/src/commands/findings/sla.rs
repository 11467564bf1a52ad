//! `posture findings sla`.

use std::io::Write;

use jiff::Timestamp;
use posture_audit::csv_record;
use posture_hub::{By, Durations, Hub, SlaRow};
use serde::Serialize;

use super::super::scan::clock;
use super::super::state::StateArgument;
use super::super::{CommandError, RowsFormat};
use super::people::PeopleArgument;
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Shows how long people take: to detect, to acknowledge, to fix; and what is open and overdue.
#[derive(Debug, clap::Args)]
pub(crate) struct SlaReport {
    /// Only what was opened at this time or later: a time, or a date.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// By what.
    #[arg(long, value_enum, default_value = "severity")]
    by: Group,
    #[command(flatten)]
    people: PeopleArgument,
    #[command(flatten)]
    state: StateArgument,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: RowsFormat,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Group {
    /// The security control.
    Control,
    /// Who answers.
    Owner,
    /// The severity.
    Severity,
}

#[derive(Serialize)]
struct SlaV1<'a> {
    schema: &'static str,
    by: &'static str,
    groups: &'a [SlaRow],
}

const COLUMNS: [&str; 18] = [
    "group",
    "opened",
    "open",
    "overdue",
    "fixed",
    "resolved",
    "gone",
    "suppressed",
    "late",
    "detected",
    "detectMedianSeconds",
    "detectP90Seconds",
    "acknowledged",
    "acknowledgeMedianSeconds",
    "acknowledgeP90Seconds",
    "fixes",
    "fixMedianSeconds",
    "fixP90Seconds",
];

impl SlaReport {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let people = self.people.people()?;
        let since = self.since.as_deref().map(since).transpose()?;
        let (by, word) = match self.by {
            Group::Control => (By::Control, "control"),
            Group::Owner => (By::Owner, "owner"),
            Group::Severity => (By::Severity, "severity"),
        };
        let rows = self.state.existing()?.with(|store| async move {
            let hub = Hub::open(&store).await?;
            Ok(hub.sla(&people, by, since).await?)
        })?;
        let mut out = Sink::new(None)?;
        match self.format {
            RowsFormat::Json => {
                let document = SlaV1 {
                    schema: "posture.findings-sla/v1",
                    by: word,
                    groups: &rows,
                };
                serde_json::to_writer_pretty(&mut out, &document)?;
                writeln!(out)?;
            }
            RowsFormat::Csv => {
                out.write_all(&csv_record(&COLUMNS.map(str::to_owned)))?;
                for row in &rows {
                    out.write_all(&csv_record(&cells(row)))?;
                }
            }
            RowsFormat::Table => table(word, &rows, &mut out)?,
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

/// A time, or the beginning of a date.
fn since(text: &str) -> Result<Timestamp, CommandError> {
    match text.parse::<jiff::civil::Date>() {
        Ok(_) if !text.contains('T') => clock(Some(&format!("{text}T00:00:00Z"))),
        _ => clock(Some(text)),
    }
}

fn cells(row: &SlaRow) -> Vec<String> {
    let counts = [
        row.opened,
        row.open,
        row.overdue,
        row.fixed,
        row.resolved,
        row.gone,
        row.suppressed,
        row.late,
    ];
    let mut cells = vec![row.group.clone()];
    cells.extend(counts.map(|count| count.to_string()));
    for durations in [&row.detect, &row.acknowledge, &row.fix] {
        let seconds = |time: Option<i64>| time.map_or(String::new(), |time| time.to_string());
        cells.push(durations.count.to_string());
        cells.push(seconds(durations.median));
        cells.push(seconds(durations.p90));
    }
    cells
}

fn table(by: &str, rows: &[SlaRow], out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "{by:<24} {:>7} {:>6} {:>8} {:>6} {:>5}  {:<18} {:<18} {:<18}",
        "opened", "open", "overdue", "fixed", "late", "to detect", "to acknowledge", "to fix"
    )?;
    for row in rows {
        let group = match row.group.as_str() {
            "" => "(none)".to_owned(),
            name => plain(name),
        };
        writeln!(
            out,
            "{group:<24} {:>7} {:>6} {:>8} {:>6} {:>5}  {:<18} {:<18} {:<18}",
            row.opened,
            row.open,
            row.overdue,
            row.fixed,
            row.late,
            words(&row.detect),
            words(&row.acknowledge),
            words(&row.fix)
        )?;
    }
    writeln!(out, "Times are median / p90 of those that there are.")
}

fn words(durations: &Durations) -> String {
    match (durations.median, durations.p90) {
        (Some(median), Some(p90)) => format!("{} / {}", span(median), span(p90)),
        _ => "-".to_owned(),
    }
}

/// The two largest units of a time.
fn span(seconds: i64) -> String {
    let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
    let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{rest}s"),
        (0, 0, _) => format!("{minutes}m {rest}s"),
        (0, ..) => format!("{hours}h {minutes}m"),
        _ => format!("{days}d {hours}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_its_two_largest_units() {
        let all = [0, 61, 3600, 90_000, 864_000].map(span);
        assert_eq!(all, ["0s", "1m 1s", "1h 0m", "1d 1h", "10d 0h"]);
    }
}
