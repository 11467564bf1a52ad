//! `posture findings show`.

use std::io::Write;

use posture_hub::{Hub, Shown};
use serde_json::Value;

use super::super::state::StateArgument;
use super::super::{CommandError, ListFormat};
use super::list::FindingV1;
use super::people::{PeopleArgument, StandingV1};
use crate::exit::Outcome;
use crate::output::terminal::{Look, plain};
use crate::sink::Sink;

/// Shows a finding: what its provider says, its control and standards, and what decided its standing.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The finding's number, or its id.
    finding: String,
    #[command(flatten)]
    people: PeopleArgument,
    #[command(flatten)]
    state: StateArgument,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

impl Show {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let people = self.people.people()?;
        let name = self.finding;
        let (hub, found) = self.state.existing()?.with(|store| async move {
            let hub = Hub::open(&store).await?;
            let found = hub.named(&name).await?;
            if found.is_empty() {
                return Err(CommandError::UnknownFinding { name });
            }
            Ok((hub, found))
        })?;
        let mut out = Sink::new(None)?;
        for finding in &found {
            let standing = StandingV1::of(&hub, &people, finding);
            match self.format {
                ListFormat::Json => {
                    serde_json::to_writer_pretty(
                        &mut out,
                        &FindingV1::new(finding, Some(standing)),
                    )?;
                    writeln!(out)?;
                }
                ListFormat::Table => table(&hub, finding, &standing, &mut out)?,
            }
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

fn table(
    hub: &Hub,
    finding: &Shown,
    standing: &StandingV1,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let text = |path: &[&str]| plain(finding.text(path));
    writeln!(out, "{}", text(&["Title"]))?;
    let look = Look::of_stdout();
    writeln!(out, "  {}", look.wrapped(&text(&["Description"]), 2))?;
    let mut line = |name: &str, value: &str| {
        if value.is_empty() {
            return Ok(());
        }
        writeln!(out, "  {name:<13} {value}")
    };
    line("number", &finding.number.to_string())?;
    line("id", &text(&["Id"]))?;
    line("product", &text(&["ProductArn"]))?;
    line("generator", &text(&["GeneratorId"]))?;
    line("severity", &text(&["Severity", "Label"]))?;
    line("compliance", &text(&["Compliance", "Status"]))?;
    line("record", &text(&["RecordState"]))?;
    line("workflow", &text(&["Workflow", "Status"]))?;
    line("control", &plain(&finding.control))?;
    let standards: Vec<String> = hub
        .standards()
        .standards_with(&finding.control)
        .map(|standard| standard.name.clone())
        .collect();
    line("standards", &standards.join(", "))?;
    for reason in list(finding, &["Compliance", "StatusReasons"]) {
        let of = |name: &str| reason.get(name).and_then(Value::as_str).unwrap_or_default();
        line(
            "because",
            &plain(&format!("{} {}", of("ReasonCode"), of("Description"))),
        )?;
    }
    line("people", &standing.line())?;
    line("account", &text(&["AwsAccountId"]))?;
    line("region", &text(&["Region"]))?;
    for resource in list(finding, &["Resources"]) {
        let of = |name: &str| {
            resource
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        line("resource", &plain(&format!("{} {}", of("Type"), of("Id"))))?;
    }
    line("created", &text(&["CreatedAt"]))?;
    line("updated", &text(&["UpdatedAt"]))?;
    line(
        "what to do",
        &text(&["Remediation", "Recommendation", "Text"]),
    )?;
    line("see", &text(&["Remediation", "Recommendation", "Url"]))?;
    let note = text(&["Note", "Text"]);
    if !note.is_empty() {
        line(
            "note",
            &format!("{note} ({})", text(&["Note", "UpdatedBy"])),
        )?;
    }
    for rule in &finding.rule_names {
        line("changed by", &format!("automation rule {}", plain(rule)))?;
    }
    if let Some(exception) = &finding.exception {
        line(
            "suppressed",
            &format!("by an exception in posture.yaml ({})", plain(exception)),
        )?;
    }
    Ok(())
}

fn list<'f>(finding: &'f Shown, path: &[&str]) -> &'f [Value] {
    let (first, rest) = path
        .split_first()
        .map_or(("", path), |(first, rest)| (*first, rest));
    let found = finding.asff.get(first);
    let found = rest.iter().fold(found, |value, name| value?.get(name));
    found.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
