//! `posture findings list`.

use std::io::Write;

use posture_audit::csv_record;
use posture_hub::{Found, Hub, ListOptions, PeopleFilter, Shown};
use serde::Serialize;

use super::super::state::StateArgument;
use super::super::{CommandError, RowsFormat};
use super::people::{PeopleArgument, StandingV1};
use super::selection::Selection;
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

const SCHEMA: &str = "posture.findings/v1";

/// Lists findings, the worst first: those that are active and neither resolved nor suppressed.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    state: StateArgument,
    #[command(flatten)]
    selection: Selection,
    /// Also what is archived, resolved or suppressed.
    #[arg(long)]
    all: bool,
    /// Each finding, also where several tell of one fact.
    #[arg(long)]
    each: bool,
    /// Only what this person answers for; an empty name is nobody.
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// Only what is open and was to be fixed before now.
    #[arg(long)]
    overdue: bool,
    #[command(flatten)]
    people: PeopleArgument,
    /// How many at most.
    #[arg(long, default_value = "100")]
    limit: usize,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: RowsFormat,
}

/// Where findings are, as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListV1<'l> {
    schema: &'static str,
    findings: Vec<FindingV1<'l>>,
    has_more: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FindingV1<'f> {
    number: i64,
    security_control_id: &'f str,
    of_same_fact: i64,
    automation_rules: &'f [String],
    exception: Option<&'f str>,
    finding: &'f posture_hub::Object,
    #[serde(flatten)]
    people: Option<StandingV1>,
}

impl<'f> FindingV1<'f> {
    pub(super) fn new(shown: &'f Shown, people: Option<StandingV1>) -> FindingV1<'f> {
        FindingV1 {
            number: shown.number,
            security_control_id: &shown.control,
            of_same_fact: shown.of_same_fact,
            automation_rules: &shown.rule_names,
            exception: shown.exception.as_deref(),
            finding: &shown.asff,
            people,
        }
    }
}

impl List {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let people = self.people.people()?;
        let options = ListOptions {
            filters: self.selection.filters(!self.all)?,
            limit: self.limit,
            is_joined: !self.each,
            people: Some(PeopleFilter {
                people: people.clone(),
                owner: self.owner,
                is_overdue: self.overdue,
            }),
        };
        let (hub, found) = self.state.existing()?.with(|store| async move {
            let hub = Hub::open(&store).await?;
            let found = hub.list(&options).await?;
            Ok((hub, found))
        })?;
        let standing = |finding: &Shown| StandingV1::of(&hub, &people, finding);
        let mut out = Sink::new(None)?;
        match self.format {
            RowsFormat::Json => {
                let document = ListV1 {
                    schema: SCHEMA,
                    findings: found
                        .findings
                        .iter()
                        .map(|shown| FindingV1::new(shown, Some(standing(shown))))
                        .collect(),
                    has_more: found.has_more,
                };
                serde_json::to_writer_pretty(&mut out, &document)?;
                writeln!(out)?;
            }
            RowsFormat::Csv => {
                out.write_all(&csv_record(&COLUMNS.map(str::to_owned)))?;
                for finding in &found.findings {
                    out.write_all(&csv_record(&cells(finding, standing(finding))))?;
                }
            }
            RowsFormat::Table => table(&found, &standing, &mut out)?,
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

const COLUMNS: [&str; 16] = [
    "number",
    "severity",
    "complianceStatus",
    "workflowStatus",
    "securityControlId",
    "awsAccountId",
    "region",
    "resourceType",
    "resourceId",
    "title",
    "owner",
    "openedAt",
    "acknowledgedAt",
    "dueAt",
    "isOverdue",
    "escalatedTo",
];

fn cells(finding: &Shown, people: StandingV1) -> Vec<String> {
    let text = |path: &[&str]| finding.text(path).to_owned();
    vec![
        finding.number.to_string(),
        text(&["Severity", "Label"]),
        text(&["Compliance", "Status"]),
        text(&["Workflow", "Status"]),
        finding.control.clone(),
        text(&["AwsAccountId"]),
        text(&["Region"]),
        finding.resource("Type").to_owned(),
        finding.resource("Id").to_owned(),
        text(&["Title"]),
        people.owner.unwrap_or_default(),
        people.opened_at.unwrap_or_default(),
        people.acknowledged_at.unwrap_or_default(),
        people.due_at.unwrap_or_default(),
        people.is_overdue.to_string(),
        people.escalated_to.unwrap_or_default(),
    ]
}

fn table(
    found: &Found,
    standing: &dyn Fn(&Shown) -> StandingV1,
    out: &mut impl Write,
) -> std::io::Result<()> {
    for finding in &found.findings {
        let text = |path: &[&str]| plain(finding.text(path));
        let others = match finding.of_same_fact {
            2.. => format!("  ({} findings of this)", finding.of_same_fact),
            _ => String::new(),
        };
        writeln!(
            out,
            "{:>7}  {:<13} {:<13} {:<9} {} {}  {}",
            finding.number,
            text(&["Severity", "Label"]),
            text(&["Compliance", "Status"]),
            text(&["Workflow", "Status"]),
            text(&["AwsAccountId"]),
            text(&["Region"]),
            text(&["Title"]),
        )?;
        writeln!(out, "         {}{others}", plain(finding.resource("Id")))?;
        let people = standing(finding).line();
        if !people.is_empty() {
            writeln!(out, "         {people}")?;
        }
    }
    let more = if found.has_more {
        ", and there are more"
    } else {
        ""
    };
    writeln!(out, "{} findings{more}", found.findings.len())
}
