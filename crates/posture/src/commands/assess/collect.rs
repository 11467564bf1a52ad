//! `posture assess collect`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Arc;

use posture_audit::Retrieval;
use posture_recorder::{Entries, Estate};
use serde::Serialize;

use super::super::retrievals::{Wanted, calls_named, collect};
use super::super::{CommandError, ListFormat};
use super::context::{Opened, Place, framework_of};
use crate::config::Config;
use crate::exit::Outcome;
use crate::live::AwsArguments;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Makes the API calls that the assessment's controls name, and keeps what was asked, by whom, and
/// what was answered. `posture watch` does it by itself, once a turn.
///
/// It only reads. What is denied is recorded as denied. A turn that is over cannot be filled in:
/// what is asked now is evidence of now. Exits with 3 where something was not answered.
#[derive(Debug, clap::Args)]
pub(crate) struct Collect {
    /// The assessment.
    name: String,
    /// Only this call, such as `iam_ListUsers`; repeatable.
    #[arg(long = "call", value_name = "CALL")]
    calls: Vec<String>,
    /// Also what was denied, or not there, in this turn already.
    #[arg(long)]
    again: bool,
    /// Prints the calls that would be made, with the IAM actions that they need, and makes none.
    #[arg(long, conflicts_with = "again")]
    dry_run: bool,
    /// The profile of `~/.aws/config`. Default: `AWS_PROFILE`, or `default`.
    #[arg(long)]
    profile: Option<String>,
    #[command(flatten)]
    place: Place,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CollectedV1 {
    schema: &'static str,
    name: String,
    is_in_period: bool,
    left_out: Vec<String>,
    retrievals: Vec<RowV1>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowV1 {
    retrieval: i64,
    call: String,
    account_id: String,
    aws_region: String,
    outcome: &'static str,
    code: String,
    denied_action: Option<String>,
    calls: usize,
    pages: usize,
    rows: usize,
}

impl Collect {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let opened = self.place.open()?;
        if self.dry_run {
            return self.plan(&opened);
        }
        let config = Config::load(self.place.config())?;
        let estate = config.accounts()?;
        let Some(evidence) = opened.evidence.as_ref() else {
            return Err(CommandError::NoEvidenceLog);
        };
        let log = evidence.open(opened.place.now())?;
        let arguments = AwsArguments::of_profile(self.profile.clone());
        let (document, is_whole) = opened.with(|store| {
            let (opened, log, collect_of) = (&opened, &log, &self);
            async move {
                let assessment = posture_audit::assessment(&store, &collect_of.name).await?;
                let framework = framework_of(&store, &assessment).await?;
                let calls = calls_named(&framework, &collect_of.calls)?;
                let scope = &assessment.scope;
                let clock: Arc<_> = Arc::new(crate::clock::now);
                let estate = Estate::new(arguments.client().await, clock, estate)
                    .only_accounts(scope.accounts.clone())
                    .only(scope.regions.clone());
                let entries = Arc::new(Entries::from(Box::pin(estate.resolve()).await?));
                let wanted = Wanted::of(&store, &assessment, calls, collect_of.again).await?;
                let mut rows = Vec::new();
                let say = |number, retrieval: &Retrieval| {
                    rows.push(row(number, retrieval));
                    Ok(())
                };
                let collected = Box::pin(collect(&store, log, &entries, &[wanted], say)).await?;
                opened.publish(&store).await?;
                rows.sort_by(|a, b| {
                    let key = |row: &RowV1| {
                        let place = (row.account_id.clone(), row.aws_region.clone());
                        (row.call.clone(), place, row.retrieval)
                    };
                    key(a).cmp(&key(b))
                });
                let document = CollectedV1 {
                    schema: "posture.api-calls-collected/v1",
                    name: assessment.name.clone(),
                    is_in_period: scope.period.contains(opened.place.now()),
                    left_out: collected.left_out.iter().map(left_out).collect(),
                    retrievals: rows,
                };
                Ok((document, collected.is_whole))
            }
        })?;
        document.write(self.format)?;
        Ok(if is_whole {
            Outcome::Clean
        } else {
            Outcome::Incomplete
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlanV1 {
    schema: &'static str,
    calls: Vec<PlannedV1>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlannedV1 {
    call: String,
    is_global: bool,
    actions: BTreeSet<String>,
}

impl Collect {
    fn plan(&self, opened: &Opened) -> Result<Outcome, CommandError> {
        let name = self.name.as_str();
        let framework = opened.with(|store| async move {
            let assessment = posture_audit::assessment(&store, name).await?;
            framework_of(&store, &assessment).await
        })?;
        let calls = calls_named(&framework, &self.calls)?;
        let planned = calls.iter().map(|call| PlannedV1 {
            call: call.to_string(),
            is_global: call.is_global(),
            actions: call.actions(),
        });
        let plan = PlanV1 {
            schema: "posture.api-calls-planned/v1",
            calls: planned.collect(),
        };
        let mut out = Sink::new(None)?;
        match self.format {
            ListFormat::Json => {
                serde_json::to_writer_pretty(&mut out, &plan)?;
                writeln!(out)?;
            }
            ListFormat::Table => {
                for one in &plan.calls {
                    let place = if one.is_global {
                        "the account"
                    } else {
                        "every Region"
                    };
                    let actions: Vec<&str> = one.actions.iter().map(String::as_str).collect();
                    let actions = actions.join(", ");
                    writeln!(out, "{:<52} {place:<13} {actions}", one.call)?;
                }
            }
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

fn row(number: i64, one: &Retrieval) -> RowV1 {
    RowV1 {
        retrieval: number,
        call: format!("{}_{}", one.service, one.operation),
        account_id: one.account_id.clone(),
        aws_region: one.aws_region.clone(),
        outcome: one.outcome.as_str(),
        code: one.code.clone(),
        denied_action: one.denied_action.clone(),
        calls: one.calls.len(),
        pages: one.pages(),
        rows: one.rows(),
    }
}

fn left_out(coverage: &posture_recorder::Coverage) -> String {
    let reason = coverage
        .reason
        .as_deref()
        .unwrap_or(coverage.state.as_str());
    format!("{} {}: {reason}", coverage.account_id, coverage.aws_region)
}

impl CollectedV1 {
    fn write(&self, format: ListFormat) -> Result<(), CommandError> {
        let mut out = Sink::new(None)?;
        match format {
            ListFormat::Json => {
                serde_json::to_writer_pretty(&mut out, self)?;
                writeln!(out)?;
            }
            ListFormat::Table => {
                for one in &self.retrievals {
                    let why = one.denied_action.as_deref().unwrap_or(&one.code);
                    writeln!(
                        out,
                        "{:<44} {} {:<14} {:<13} {:>6} rows in {} pages  {}",
                        one.call,
                        one.account_id,
                        one.aws_region,
                        one.outcome,
                        one.rows,
                        one.pages,
                        plain(why)
                    )?;
                }
                for one in &self.left_out {
                    writeln!(out, "not asked: {}", plain(one))?;
                }
                if self.retrievals.is_empty() {
                    writeln!(out, "nothing is due: everything was asked in this turn")?;
                }
            }
        }
        out.finish()?;
        if !self.is_in_period {
            writeln!(
                std::io::stderr().lock(),
                "now is outside the period of {}: what was asked is kept, and is evidence of none of its days",
                self.name
            )?;
        }
        Ok(())
    }
}
