//! `posture findings rules`.

use std::io::Write as _;

use posture_hub::{AutomationRule, Hub};

use super::super::state::StateArgument;
use super::super::{CommandError, template};
use crate::exit::Outcome;
use crate::sink::Sink;

/// Automation rules, as Security Hub has them: what is set on findings that match.
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Prints the automation rules, as `set` takes them.
    List {
        #[command(flatten)]
        state: StateArgument,
    },
    /// Sets the automation rules, all of them, and applies them to all findings at once.
    Set {
        /// A list of rules as Security Hub's CreateAutomationRule takes them, YAML or JSON.
        file: String,
        #[command(flatten)]
        state: StateArgument,
    },
}

impl Rules {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let mut out = Sink::new(None)?;
        match self.verb {
            Verb::List { state } => {
                let rules = state.existing()?.with(|store| async move {
                    Ok(Hub::open(&store).await?.automation_rules().await?)
                })?;
                serde_json::to_writer_pretty(&mut out, &rules)?;
                writeln!(out)?;
            }
            Verb::Set { file, state } => {
                let rules = read(&file)?;
                let (count, changed) = state.place()?.with(|store| async move {
                    let hub = Hub::open(&store).await?;
                    let changed = hub.set_automation_rules(&rules).await?;
                    hub.refresh_scores().await?;
                    Ok((rules.len(), changed))
                })?;
                writeln!(
                    out,
                    "{count} automation rules set, {changed} findings changed"
                )?;
            }
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

fn read(file: &str) -> Result<Vec<AutomationRule>, CommandError> {
    let text = template(file)?;
    serde_saphyr::from_str(&text).map_err(|error| {
        let place = error.location().map_or(String::new(), |location| {
            format!("{}:{}: ", location.line(), location.column())
        });
        let message = error.without_snippet().to_string();
        CommandError::AutomationRules {
            path: file.to_owned(),
            place,
            message: message.lines().next().unwrap_or_default().to_owned(),
        }
    })
}
