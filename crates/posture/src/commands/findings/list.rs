//! `posture findings list`.

use std::io::Write;

use posture_hub::{Found, Hub, ListOptions, Shown};
use serde::Serialize;

use super::super::state::StateArgument;
use super::super::{CommandError, ListFormat};
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
    /// How many at most.
    #[arg(long, default_value = "100")]
    limit: usize,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
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
}

impl<'f> FindingV1<'f> {
    pub(super) fn new(shown: &'f Shown) -> FindingV1<'f> {
        FindingV1 {
            number: shown.number,
            security_control_id: &shown.control,
            of_same_fact: shown.of_same_fact,
            automation_rules: &shown.rule_names,
            exception: shown.exception.as_deref(),
            finding: &shown.asff,
        }
    }
}

impl List {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let options = ListOptions {
            filters: self.selection.filters(!self.all)?,
            limit: self.limit,
            is_joined: !self.each,
        };
        let found = self.state.existing()?.with(|store| async move {
            let hub = Hub::open(&store).await?;
            Ok(hub.list(&options).await?)
        })?;
        let mut out = Sink::new(None)?;
        match self.format {
            ListFormat::Json => {
                let document = ListV1 {
                    schema: SCHEMA,
                    findings: found.findings.iter().map(FindingV1::new).collect(),
                    has_more: found.has_more,
                };
                serde_json::to_writer_pretty(&mut out, &document)?;
                writeln!(out)?;
            }
            ListFormat::Table => table(&found, &mut out)?,
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

fn table(found: &Found, out: &mut impl Write) -> std::io::Result<()> {
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
    }
    let more = if found.has_more {
        ", and there are more"
    } else {
        ""
    };
    writeln!(out, "{} findings{more}", found.findings.len())
}
