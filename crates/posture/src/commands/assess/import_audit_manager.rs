//! `posture assess import-audit-manager`.

use std::io::Write;

use indicatif::{ProgressBar, ProgressStyle};
use posture_audit::{Import, ImportReport, Reached};
use posture_aws::{CallError, Client, Options};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::{CommandError, ListFormat};
use super::context::Place;
use crate::exit::Outcome;
use crate::logs;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Calls a second at most: Audit Manager publishes no quota.
const CALLS_PER_SECOND: f64 = 10.0;

/// Problems and notes that the table shows of each.
const SHOWN: usize = 50;

/// Takes over what AWS Audit Manager has in one Region: custom frameworks, assessments as they stand,
/// evidence. It only reads there. What is here already is not read again, so it may be stopped and
/// given again.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportAuditManager {
    /// The Region. Default: as AWS's tools find it (`AWS_REGION`, the profile).
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// The profile of `~/.aws/config`. Default: `AWS_PROFILE`, or `default`.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Who imports: a person's name. Default: the caller's ARN, as STS tells it.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    place: Place,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

#[derive(Serialize)]
struct ReportV1<'a> {
    schema: &'static str,
    #[serde(flatten)]
    report: &'a ImportReport,
}

impl ImportAuditManager {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let opened = self.place.open()?;
        let report = opened.with(|store| {
            let (opened, this) = (&opened, &self);
            async move {
                let client = this.client().await;
                let by = match &this.by {
                    Some(name) => name.clone(),
                    None => caller(&client).await?,
                };
                let bar = bar();
                let progress = |reached: Reached| draw(bar.as_ref(), reached);
                let import = Import {
                    store: &store,
                    client,
                    by: &by,
                    progress: &progress,
                };
                let report = posture_audit::import(import).await;
                if let Some(bar) = &bar {
                    bar.finish_and_clear();
                }
                // What was stored before a failure is published all the same.
                opened.publish(&store).await?;
                Ok(report?)
            }
        })?;
        self.write(&report)?;
        Ok(if report.problems.is_empty() {
            Outcome::Clean
        } else {
            Outcome::Incomplete
        })
    }

    async fn client(&self) -> Client {
        let mut options = Options::default();
        options.region.clone_from(&self.region);
        options.profile.clone_from(&self.profile);
        options.calls_per_second = Some(CALLS_PER_SECOND);
        Client::load(options).await
    }

    fn write(&self, report: &ImportReport) -> Result<(), CommandError> {
        let mut out = Sink::new(None)?;
        match self.format {
            ListFormat::Json => {
                let document = ReportV1 {
                    schema: "posture.audit-manager-import/v1",
                    report,
                };
                serde_json::to_writer_pretty(&mut out, &document)?;
                writeln!(out)?;
                out.finish()?;
            }
            ListFormat::Table => {
                writeln!(
                    out,
                    "{} assessments, {} of them new or changed; {} new frameworks; {} folders, {} of them read; {} new pieces of evidence, {} new documents",
                    report.assessments,
                    report.changed_assessments,
                    report.new_frameworks,
                    report.folders,
                    report.folders_read,
                    report.new_evidence,
                    report.new_documents
                )?;
                out.finish()?;
                say(report)?;
            }
        }
        Ok(())
    }
}

/// Who AWS says that we are.
async fn caller(client: &Client) -> Result<String, CallError> {
    let answer = client.call("sts", "GetCallerIdentity", &json!({})).await?;
    let arn = answer.get("Arn").and_then(Value::as_str);
    Ok(arn.unwrap_or_default().to_owned())
}

fn bar() -> Option<ProgressBar> {
    if !logs::shows_progress() {
        return None;
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} folders, {msg}");
    let bar = ProgressBar::new(0);
    Some(match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    })
}

fn draw(bar: Option<&ProgressBar>, reached: Reached) {
    let Some(bar) = bar else { return };
    bar.set_length(reached.of_folders as u64);
    bar.set_position(reached.folders as u64);
    bar.set_message(format!(
        "{} of {} assessments done, {} new pieces of evidence",
        reached.assessments, reached.of_assessments, reached.evidence
    ));
}

/// What did not come along.
fn say(report: &ImportReport) -> Result<(), CommandError> {
    let mut stderr = std::io::stderr().lock();
    for one in report.problems.iter().take(SHOWN) {
        writeln!(
            stderr,
            "not read: {}: {}",
            plain(&one.subject),
            plain(&one.why)
        )?;
    }
    for note in report.notes.iter().take(SHOWN) {
        writeln!(stderr, "note: {}", plain(note))?;
    }
    let hidden =
        report.problems.len().saturating_sub(SHOWN) + report.notes.len().saturating_sub(SHOWN);
    if hidden > 0 {
        writeln!(stderr, "and {hidden} more; --format json names all")?;
    }
    if !report.problems.is_empty() {
        writeln!(stderr, "What could not be read is read by the next import.")?;
    }
    Ok(())
}
