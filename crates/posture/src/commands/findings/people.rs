//! Where findings stand with people: owner, due, escalation.

use std::path::PathBuf;

use posture_hub::{Hub, People, Shown, Standing};
use serde::Serialize;

use super::super::CommandError;
use crate::config::Config;
use crate::output::terminal::plain;

/// Where people are named.
#[derive(Debug, clap::Args)]
pub(crate) struct PeopleArgument {
    /// The configuration that names owners and deadlines. Default: posture.yaml, where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl PeopleArgument {
    pub(crate) fn people(&self) -> Result<People, CommandError> {
        let config = Config::load(self.config.as_deref())?;
        Ok(config.people.people()?)
    }
}

/// A finding's standing with people, for outputs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StandingV1 {
    pub(crate) owner: Option<String>,
    pub(crate) began_at: Option<String>,
    pub(crate) opened_at: Option<String>,
    pub(crate) acknowledged_at: Option<String>,
    pub(crate) closed_at: Option<String>,
    pub(crate) closed_as: Option<&'static str>,
    pub(crate) due_at: Option<String>,
    pub(crate) is_overdue: bool,
    pub(crate) escalation: usize,
    pub(crate) escalated_to: Option<String>,
}

impl StandingV1 {
    pub(crate) fn of(hub: &Hub, people: &People, finding: &Shown) -> StandingV1 {
        let Standing {
            owner,
            due_at,
            is_overdue,
            is_late: _,
            escalation,
            escalated_to,
        } = hub.standing(people, finding);
        let clock = &finding.clock;
        let text = |time: Option<jiff::Timestamp>| time.map(|time| time.to_string());
        StandingV1 {
            owner,
            began_at: text(clock.began_at),
            opened_at: text(clock.opened_at),
            acknowledged_at: text(clock.acknowledged_at),
            closed_at: text(clock.closed_at),
            closed_as: clock.closed_as.map(posture_hub::ClosedAs::as_str),
            due_at: text(due_at),
            is_overdue,
            escalation,
            escalated_to,
        }
    }

    /// In one line, for a terminal; empty where there is nothing to do.
    pub(crate) fn line(&self) -> String {
        let mut words = Vec::new();
        if let Some(owner) = &self.owner {
            words.push(format!("owner {}", plain(owner)));
        }
        if let Some(due) = self.due_at.as_ref().filter(|_| self.closed_at.is_none()) {
            let word = if self.is_overdue {
                "overdue since"
            } else {
                "due"
            };
            words.push(format!("{word} {due}"));
        }
        if let Some(to) = &self.escalated_to {
            words.push(format!("escalated to {}", plain(to)));
        }
        words.join(", ")
    }
}
