//! `posture status`.

use std::io::Write;

use posture_hub::{
    ControlRow, Hub, Incident, Score, ScoreRow, StandardStatus, Status as Statuses, StatusScope,
};
use serde::Serialize;

use super::state::StateArgument;
use super::{CommandError, ListFormat};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

const SCHEMA: &str = "posture.status/v1";

/// Shows the scores of standards as Security Hub computes them, with what they are made of; of one
/// standard also its controls.
#[derive(Debug, clap::Args)]
pub(crate) struct Status {
    /// The standard: fsbp, cis-v5.0.0, cis-v3.0.0, cis-v1.4.0, cis-v1.2.0, pci-dss-v3.2.1,
    /// pci-dss-v4.0.1, nist-800-53-r5 or resource-tagging. Default: all that are enabled.
    standard: Option<String>,
    #[command(flatten)]
    state: StateArgument,
    /// Only findings of this account.
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// Only findings of this Region.
    #[arg(long)]
    region: Option<String>,
    /// Also the scores before, each as it was from a time on.
    #[arg(long)]
    history: bool,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusV1<'s> {
    schema: &'static str,
    summary: ScoreV1,
    standards: Vec<StandardV1<'s>>,
    incidents: Vec<IncidentV1<'s>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<HistoryV1<'s>>>,
}

/// Controls: passed by enabled with data.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ScoreV1 {
    score: Option<i64>,
    numerator: i64,
    denominator: i64,
    passed: i64,
    failed: i64,
    unknown: i64,
    excluded: ExcludedV1,
    coverage: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExcludedV1 {
    no_data: i64,
    disabled: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StandardV1<'s> {
    standard: &'s str,
    arn: &'s str,
    title: &'s str,
    #[serde(flatten)]
    score: ScoreV1,
    is_partial: bool,
    not_implemented: Vec<&'s str>,
    findings: FindingsV1,
    controls: Vec<ControlV1<'s>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingsV1 {
    passed_percent: Option<i64>,
    #[serde(flatten)]
    counts: posture_hub::FindingCounts,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ControlV1<'s> {
    security_control_id: &'s str,
    severity: &'s str,
    rule: &'s str,
    status: &'static str,
    is_implemented: bool,
    related_requirements: &'s [String],
    findings: posture_hub::FindingCounts,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_reason: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_by: Option<&'s str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IncidentV1<'s> {
    incident: i64,
    standard: &'s str,
    account_id: &'s str,
    level: &'s str,
    opened_at: &'s str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct HistoryV1<'s> {
    recorded_at: &'s str,
    #[serde(flatten)]
    score: ScoreV1,
}

impl From<Score> for ScoreV1 {
    fn from(score: Score) -> ScoreV1 {
        ScoreV1 {
            score: score.percent(),
            numerator: score.passed,
            denominator: score.denominator(),
            passed: score.passed,
            failed: score.failed,
            unknown: score.unknown,
            excluded: ExcludedV1 {
                no_data: score.no_data,
                disabled: score.disabled,
            },
            coverage: score.coverage(),
        }
    }
}

impl<'s> From<&'s StandardStatus> for StandardV1<'s> {
    fn from(status: &'s StandardStatus) -> StandardV1<'s> {
        let not_implemented = status.not_implemented();
        StandardV1 {
            standard: &status.standard.name,
            arn: &status.standard.arn,
            title: &status.standard.title,
            score: status.score().into(),
            is_partial: !not_implemented.is_empty(),
            not_implemented,
            findings: FindingsV1 {
                passed_percent: status.findings_percent(),
                counts: status.findings(),
            },
            controls: status.controls.iter().map(ControlV1::from).collect(),
        }
    }
}

impl<'s> From<&'s ControlRow> for ControlV1<'s> {
    fn from(row: &'s ControlRow) -> ControlV1<'s> {
        ControlV1 {
            security_control_id: &row.control.id,
            severity: &row.control.severity,
            rule: &row.control.rule,
            status: row.status.as_str(),
            is_implemented: row.is_implemented,
            related_requirements: row.requirements,
            findings: row.counts,
            disabled_reason: row.disabled.as_ref().map(|off| off.reason.as_str()),
            disabled_by: row.disabled.as_ref().map(|off| off.disabled_by.as_str()),
        }
    }
}

impl Status {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let names: Vec<String> = self.standard.iter().cloned().collect();
        let scope = StatusScope {
            account_id: self.account.clone(),
            aws_region: self.region.clone(),
        };
        let account = self.account.unwrap_or_default();
        let has_history = self.history;
        let (status, incidents, history) = self.state.existing()?.with(|store| async move {
            let hub = Hub::open(&store).await?;
            let status = hub.status(&names, &scope).await?;
            let of = match status.standards.as_slice() {
                [one] if !names.is_empty() => one.standard.name.as_str(),
                _ => "",
            };
            let history = if has_history {
                Some(hub.score_history(of, &account).await?)
            } else {
                None
            };
            let mut incidents = hub.open_incidents().await?;
            incidents.retain(|incident| {
                incident.account_id == account && (of.is_empty() || incident.standard == of)
            });
            Ok((status, incidents, history))
        })?;
        let mut out = Sink::new(None)?;
        match self.format {
            ListFormat::Json => json(&status, &incidents, history.as_deref(), &mut out)?,
            ListFormat::Table => {
                for standard in &status.standards {
                    table(standard, self.standard.is_some(), &mut out)?;
                }
                if self.standard.is_none() {
                    writeln!(out, "{}", line("All controls, each once", status.summary))?;
                }
                for incident in &incidents {
                    writeln!(out, "{}", incident_line(incident))?;
                }
                for row in history.iter().flatten() {
                    writeln!(out, "{}  {}", row.recorded_at, in_words(row.score))?;
                }
            }
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

fn json(
    status: &Statuses,
    incidents: &[Incident],
    history: Option<&[ScoreRow]>,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let document = StatusV1 {
        schema: SCHEMA,
        summary: status.summary.into(),
        standards: status.standards.iter().map(StandardV1::from).collect(),
        incidents: incidents
            .iter()
            .map(|incident| IncidentV1 {
                incident: incident.incident,
                standard: &incident.standard,
                account_id: &incident.account_id,
                level: &incident.level,
                opened_at: &incident.opened_at,
            })
            .collect(),
        history: history.map(|rows| {
            rows.iter()
                .map(|row| HistoryV1 {
                    recorded_at: &row.recorded_at,
                    score: row.score.into(),
                })
                .collect()
        }),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)?;
    Ok(())
}

fn in_words(score: Score) -> String {
    let percent = score
        .percent()
        .map_or("no score".to_owned(), |percent| format!("{percent}%"));
    format!(
        "{percent} ({} of {} controls passed: {} failed, {} unknown; left out: {} without data, {} disabled)",
        score.passed,
        score.denominator(),
        score.failed,
        score.unknown,
        score.no_data,
        score.disabled
    )
}

fn line(title: &str, score: Score) -> String {
    format!("{title}: {}", in_words(score))
}

fn table(
    standard: &StandardStatus,
    has_controls: bool,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let score = standard.score();
    writeln!(out, "{}", line(&standard.standard.title, score))?;
    let findings = standard.findings();
    if let Some(percent) = standard.findings_percent() {
        writeln!(
            out,
            "  {percent}% of findings passed ({} of {})",
            findings.passed,
            findings.total()
        )?;
    }
    let missing = standard.not_implemented();
    if !missing.is_empty() {
        writeln!(
            out,
            "  partial: {} of {} controls are not checked by Posture and nobody else's findings say anything of them",
            missing.len(),
            standard.controls.len()
        )?;
    }
    if !has_controls {
        return Ok(());
    }
    let mut rows: Vec<&ControlRow> = standard.controls.iter().collect();
    rows.sort_by_key(|row| row.status);
    for row in rows {
        let why = match (&row.disabled, row.is_implemented) {
            (Some(off), _) => format!("  {} ({})", plain(&off.reason), plain(&off.disabled_by)),
            (None, false) => "  not checked by Posture".to_owned(),
            (None, true) => String::new(),
        };
        writeln!(
            out,
            "  {:<8} {:<24} {:<8} {:>6} failed {:>6} unknown {:>6} passed {:>6} suppressed{why}",
            row.status.as_str(),
            row.control.id,
            row.control.severity,
            row.counts.failed,
            row.counts.unknown,
            row.counts.passed,
            row.counts.suppressed,
        )?;
    }
    Ok(())
}

fn incident_line(incident: &Incident) -> String {
    let of = |text: &str, all: &str| {
        if text.is_empty() {
            all.to_owned()
        } else {
            plain(text)
        }
    };
    format!(
        "{} open since {}: {}, {}",
        incident.level,
        incident.opened_at,
        of(&incident.standard, "all controls"),
        of(&incident.account_id, "all accounts")
    )
}
