//! `posture events dead-letters`.

use std::io::Write as _;

use posture_notify::{DeadLetter, Queue};
use serde::Serialize;

use super::super::state::StateArgument;
use super::super::{CommandError, ListFormat};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Messages that no target took: refused, or tried in vain for as long as the target says.
#[derive(Debug, clap::Args)]
pub(crate) struct DeadLetters {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Lists them, the oldest first. Exits with 1 where there are any.
    List {
        #[command(flatten)]
        state: StateArgument,
        /// Form of the list.
        #[arg(long, value_enum, default_value_t = ListFormat::Table)]
        format: ListFormat,
    },
    /// Lets them be sent once more, by `posture watch` or `posture events deliver`.
    Replay {
        /// Their numbers.
        #[arg(required_unless_present_any = ["all", "target"])]
        numbers: Vec<i64>,
        /// All of them.
        #[arg(long, conflicts_with_all = ["numbers", "target"])]
        all: bool,
        /// All of one target.
        #[arg(long, value_name = "NAME")]
        target: Option<String>,
        #[command(flatten)]
        state: StateArgument,
    },
}

const SCHEMA: &str = "posture.dead-letters/v1";

/// The dead letters, as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeadLettersV1<'l> {
    schema: &'static str,
    dead_letters: Vec<DeadLetterV1<'l>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeadLetterV1<'l> {
    number: i64,
    target: &'l str,
    rule: &'l str,
    detail_type: &'l str,
    subject: &'l str,
    attempts: i64,
    dead_at: String,
    problem: &'l str,
}

impl DeadLetters {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.verb {
            Verb::List { state, format } => {
                let letters = state.place()?.with(|store| async move {
                    Ok(Queue::open(&store).await?.dead_letters().await?)
                })?;
                list(&letters, format)
            }
            Verb::Replay {
                numbers,
                target,
                state,
                ..
            } => {
                let replayed = state.place()?.with(|store| async move {
                    let queue = Queue::open(&store).await?;
                    let replayed = queue.replay(&numbers, target.as_deref()).await?;
                    match numbers.iter().find(|number| !replayed.contains(number)) {
                        Some(number) => Err(CommandError::NoDeadLetter { number: *number }),
                        None => Ok(replayed.len()),
                    }
                })?;
                let mut out = Sink::new(None)?;
                writeln!(out, "{replayed} messages wait to be sent again")?;
                out.finish()?;
                Ok(Outcome::Clean)
            }
        }
    }
}

fn list(letters: &[DeadLetter], format: ListFormat) -> Result<Outcome, CommandError> {
    let mut out = Sink::new(None)?;
    match format {
        ListFormat::Json => {
            let dead_letters = letters.iter().map(|letter| DeadLetterV1 {
                number: letter.delivery,
                target: &letter.target,
                rule: &letter.rule,
                detail_type: &letter.detail_type,
                subject: &letter.subject,
                attempts: letter.attempts,
                dead_at: letter.dead_at.to_string(),
                problem: &letter.problem,
            });
            let document = DeadLettersV1 {
                schema: SCHEMA,
                dead_letters: dead_letters.collect(),
            };
            serde_json::to_writer_pretty(&mut out, &document)?;
            writeln!(out)?;
        }
        ListFormat::Table => {
            for letter in letters {
                writeln!(
                    out,
                    "{}  {}  {}  {}  {} attempts  {}\n  {}",
                    letter.delivery,
                    letter.dead_at,
                    letter.target,
                    plain(&letter.detail_type),
                    letter.attempts,
                    plain(&letter.subject),
                    plain(&letter.problem)
                )?;
            }
        }
    }
    out.finish()?;
    Ok(if letters.is_empty() {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}
