//! `posture remediate`.

mod auto;
mod code;
mod context;
mod draft;
mod judge;
mod plan;
mod records;
mod runner;
mod show;
mod target;

use std::collections::BTreeMap;
use std::path::PathBuf;

use posture_remediation::{PlanState, Report, RunOutcome};
use serde_json::Value;

use super::state::StateArgument;
use super::{CommandError, ListFormat};
use crate::exit::Outcome;
pub(crate) use auto::Tells;
use code::CodeArguments;
use context::Caller;
pub(crate) use context::{SystemTime, content};
use plan::Wish;
pub(crate) use records::Records;
use runner::Runner;

/// Fixes resources: a plan first, then somebody's approval, then the run, read again; and undone where that is wanted.
#[derive(Debug, clap::Args)]
pub(crate) struct Remediate {
    #[command(subcommand)]
    verb: Verb,
}

/// Where commands find things.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Where {
    #[command(flatten)]
    state: StateArgument,
    /// The Region. Default: as AWS's tools find it (`AWS_REGION`, the profile); of a plan that is there, its own.
    #[arg(long)]
    region: Option<String>,
    /// The profile of `~/.aws/config`. Default: `AWS_PROFILE`, or `default`.
    #[arg(long)]
    profile: Option<String>,
    /// The configuration. Default: posture.yaml here, where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Lists the documents that there are.
    Documents {
        /// The configuration. Default: posture.yaml here, where there is one.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Form of the list.
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
    },
    /// Says what a run would change, and by which calls. Changes nothing.
    Plan {
        /// The document, by AWS's name.
        #[arg(long, value_name = "NAME", required_unless_present_any = ["rule", "finding"])]
        document: Option<String>,
        /// A managed rule: the document that fixes what it finds. The run is done when the rule is content.
        #[arg(long, value_name = "RULE", conflicts_with = "document")]
        rule: Option<String>,
        /// A finding, by the number that `findings list` shows: the document that fixes it, on its resource.
        #[arg(long, value_name = "NUMBER", conflicts_with_all = ["rule", "resource"])]
        finding: Option<String>,
        /// The resource, as the document names it.
        #[arg(long, value_name = "ID")]
        resource: Option<String>,
        /// A parameter of the document; repeatable. Lists and mappings are JSON.
        #[arg(long = "param", value_name = "NAME=VALUE")]
        params: Vec<String>,
        /// Who asks for it. Default: the ARN of the caller.
        #[arg(long = "as", value_name = "WHO")]
        by: Option<String>,
        /// Form of the plan.
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
        #[command(flatten)]
        code: CodeArguments,
        #[command(flatten)]
        place: Where,
    },
    /// Agrees to a plan, or to a step of it that waits for an answer.
    Approve {
        /// The plan's id.
        plan: String,
        /// Who agrees. Where posture.yaml names approvers, one of them; it is kept as said, and not verified.
        #[arg(long = "as", value_name = "WHO")]
        by: String,
        #[command(flatten)]
        place: Where,
    },
    /// Refuses a plan, or a step of it that waits for an answer.
    Deny {
        /// The plan's id.
        plan: String,
        /// Who refuses.
        #[arg(long = "as", value_name = "WHO")]
        by: String,
        /// Why.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        place: Where,
    },
    /// Runs a plan that was approved, or goes on with one whose worker died.
    Run {
        /// The plan's id.
        plan: String,
        /// Who runs it. Default: the ARN of the caller.
        #[arg(long = "as", value_name = "WHO")]
        by: Option<String>,
        #[command(flatten)]
        runner: Runner,
        #[command(flatten)]
        place: Where,
    },
    /// Brings back what was there before a run.
    Undo {
        /// The plan's id.
        plan: String,
        /// Who wants it back. Default: the ARN of the caller.
        #[arg(long = "as", value_name = "WHO")]
        by: Option<String>,
        #[command(flatten)]
        place: Where,
    },
    /// Plans the fix of every open finding that a remediation configuration is about, and runs what may run by
    /// itself; the rest waits for approval. `posture watch` does so after each evaluation.
    Auto {
        #[command(flatten)]
        place: Where,
    },
    /// Resources on which too many attempts failed, so that nothing is done there by itself.
    #[command(subcommand)]
    Exceptions(Exceptions),
    /// Lists the plans, the oldest first.
    List {
        /// Form of the list.
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
        #[command(flatten)]
        place: Where,
    },
    /// Shows a plan and everything that happened to it.
    Show {
        /// The plan's id.
        plan: String,
        /// Form of the record.
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
        #[command(flatten)]
        place: Where,
    },
    /// Stops all remediation: what runs stops before its next step, and nothing starts.
    Stop {
        /// Who stops it.
        #[arg(long = "as", value_name = "WHO")]
        by: String,
        /// Why.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        place: Where,
    },
    /// Lets remediation go on after `stop`.
    Resume {
        /// Who lets it.
        #[arg(long = "as", value_name = "WHO")]
        by: String,
        #[command(flatten)]
        place: Where,
    },
}

#[derive(Debug, clap::Subcommand)]
enum Exceptions {
    /// Lists them.
    List {
        /// Form of the list.
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
        #[command(flatten)]
        place: Where,
    },
    /// Ends one: its resource is taken on again, its attempts counted anew.
    Clear {
        /// Its id.
        id: String,
        /// Who ends it.
        #[arg(long = "as", value_name = "WHO")]
        by: String,
        #[command(flatten)]
        place: Where,
    },
}

impl Exceptions {
    fn run(self) -> Result<Outcome, CommandError> {
        match self {
            Exceptions::List { format, place } => place
                .with(Caller::Nobody, |contract, _| async move {
                    show::exceptions(&contract.exceptions().await?, format)
                }),
            Exceptions::Clear { id, by, place } => {
                place.with(Caller::Nobody, |contract, _| async move {
                    contract.clear_exception(&id, &by).await?;
                    Ok(Outcome::Clean)
                })
            }
        }
    }
}

impl Where {
    /// A place of state, with the configuration and the profile that another command has.
    pub(crate) fn of_watch(
        state: StateArgument,
        profile: Option<String>,
        config: Option<PathBuf>,
    ) -> Where {
        Where {
            state,
            region: None,
            profile,
            config,
        }
    }

    /// The same, where calls go to this Region.
    fn in_region(&self, region: &str) -> Where {
        let region = Some(region.to_owned());
        Where {
            region,
            ..self.clone()
        }
    }
}

impl Remediate {
    #[expect(clippy::too_many_lines, reason = "one arm a verb")]
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.verb {
            Verb::Documents { config, format } => {
                show::documents(&content(config.as_deref())?, format)
            }
            Verb::Plan {
                document,
                rule,
                finding,
                resource,
                params,
                by,
                format,
                code,
                place,
            } => {
                let wish = Wish {
                    document,
                    rule,
                    finding,
                    resource,
                    given: parameters(&params)?,
                    code,
                };
                wish.plan(&place, by, format)
            }
            Verb::Approve { plan, by, place } => {
                place.with(Caller::Nobody, |contract, _| async move {
                    let record = match contract.show(&plan).await?.state {
                        PlanState::Waiting => contract.answer(&plan, &by, true).await?,
                        _ => contract.approve(&plan, &by).await?,
                    };
                    show::state(&record)
                })
            }
            Verb::Deny {
                plan,
                by,
                reason,
                place,
            } => place.with(Caller::Nobody, |contract, _| async move {
                let record = match contract.show(&plan).await?.state {
                    PlanState::Waiting => contract.answer(&plan, &by, false).await?,
                    _ => contract.deny(&plan, &by, &reason).await?,
                };
                show::state(&record)
            }),
            Verb::Run {
                plan,
                by,
                runner,
                place,
            } => place.with(Caller::Of(plan.clone()), |contract, who| async move {
                let population = context::population(&contract, &plan).await?;
                let by = by.unwrap_or(who);
                let report = match runner.hand_over() {
                    Some(via) => contract.run_via_ssm(&plan, &by, population, via).await?,
                    None => contract.run(&plan, &by, population).await?,
                };
                ended(&plan, &report)
            }),
            Verb::Undo { plan, by, place } => {
                place.with(Caller::Of(plan.clone()), |contract, who| async move {
                    let by = by.unwrap_or(who);
                    ended(&plan, &contract.undo(&plan, &by).await?)
                })
            }
            Verb::Auto { place } => place.pass("posture remediate auto", Tells::Everything),
            Verb::Exceptions(verb) => verb.run(),
            Verb::List { format, place } => place.with(Caller::Nobody, |contract, _| async move {
                show::list(&contract.list().await?, format)
            }),
            Verb::Show {
                plan,
                format,
                place,
            } => place.with(Caller::Nobody, |contract, _| async move {
                show::record(&contract.show(&plan).await?, format)
            }),
            Verb::Stop { by, reason, place } => {
                place.with(Caller::Nobody, |contract, _| async move {
                    contract.stop(&by, &reason).await?;
                    Ok(Outcome::Clean)
                })
            }
            Verb::Resume { by, place } => place.with(Caller::Nobody, |contract, _| async move {
                contract.resume(&by).await?;
                Ok(Outcome::Clean)
            }),
        }
    }
}

fn parameters(params: &[String]) -> Result<BTreeMap<String, Value>, CommandError> {
    let mut given = BTreeMap::new();
    for text in params {
        let pair = text.split_once('=');
        let (name, value) = pair.ok_or_else(|| CommandError::Param { text: text.clone() })?;
        given.insert(name.to_owned(), Value::String(value.to_owned()));
    }
    Ok(given)
}

/// What a run came to, in a line, and as an exit code: 0 as wanted, 1 not as wanted, 3 nobody knows.
fn ended(plan: &str, report: &Report) -> Result<Outcome, CommandError> {
    show::ended(plan, report)?;
    Ok(match report.state {
        PlanState::Ended(
            RunOutcome::Succeeded
            | RunOutcome::AlreadyCompliant
            | RunOutcome::Undone
            | RunOutcome::UndonePartly,
        ) => Outcome::Clean,
        PlanState::Ended(RunOutcome::Unknown) => Outcome::Incomplete,
        _ => Outcome::Findings,
    })
}
