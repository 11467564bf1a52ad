//! The contract of every action: plan, guard, read again, keep the pre-image, apply, verify, record.

mod authorise;
mod automatic;
mod dry;
mod execute;
mod facets;
mod guard;
mod judge;
mod library;
mod live;
mod plan;
mod planning;
mod policy;
mod ssm;
mod state;
mod time;
mod undo;
mod writer;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

pub use authorise::Authorised;
pub use automatic::{ParameterValue, RemediationConfiguration, RemediationException, Taken};
pub use guard::Authority;
pub use judge::{Judge, Judging, Verdict};
pub use library::{Content, Remedy};
pub use plan::{Change, Plan, PlannedCall, RuleFailure};
pub use policy::{Policy, Window};
pub use ssm::{HandOver, SSM_ACTIONS, SSM_CREATE_DOCUMENT};
pub use state::{PlanState, Record};
pub use time::Time;

use crate::api::Api;
use crate::error::RemediationError;
use crate::journal::{Entry, Journal, Past, PlanKey, RunOutcome};
use crate::run::Globals;
use writer::STOP;

/// Where calls go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The account.
    pub account_id: String,
    /// The partition, such as `aws`.
    pub aws_partition: String,
    /// The Region.
    pub aws_region: String,
}

/// How a run stands when it returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Where the plan stands.
    pub state: PlanState,
    /// Why, in words.
    pub reason: String,
}

impl Report {
    fn ended(outcome: RunOutcome, reason: String) -> Report {
        Report {
            state: PlanState::Ended(outcome),
            reason,
        }
    }
}

/// Remediation in one account and Region.
#[derive(Debug)]
pub struct Remediation<A, J, T> {
    /// Who makes calls.
    pub api: A,
    /// Where it is kept what happens.
    pub journal: J,
    /// What time it is.
    pub time: T,
    /// The documents.
    pub content: Content,
    /// What is allowed.
    pub policy: Policy,
    /// Where calls go.
    pub place: Place,
    /// Who asks the rule again after a run; with nobody, the document's own check is all.
    pub judge: Option<Arc<dyn Judge>>,
    /// Held from the guards' yes until the run is known to have begun: caps count what began, and nothing begins
    /// meanwhile.
    pub starts: Starts,
}

/// Whose turn it is to begin a run, of those that are made at the same time.
#[derive(Debug, Default)]
pub struct Starts(tokio::sync::Mutex<()>);

impl<A: Api, J: Journal, T: Time> Remediation<A, J, T> {
    /// A plan and what happened to it.
    ///
    /// # Errors
    /// Where there is none, or it can't be read.
    pub async fn show(&self, plan: &str) -> Result<Record, RemediationError> {
        let entries = self.journal.entries(plan).await?;
        Record::of(entries).ok_or_else(|| RemediationError::NoPlan {
            plan: plan.to_owned(),
        })
    }

    /// All plans, the oldest first.
    ///
    /// # Errors
    /// Where they can't be read.
    pub async fn list(&self) -> Result<Vec<Record>, RemediationError> {
        let mut records = Vec::new();
        for past in self.journal.of_kind("Planned", Timestamp::MIN).await? {
            records.push(self.show(&past.key.plan_id).await?);
        }
        Ok(records)
    }

    /// Agrees to a plan.
    ///
    /// # Errors
    /// Where the plan is not there to be approved, or not by them: nobody approves what they asked for.
    pub async fn approve(&self, plan: &str, by: &str) -> Result<Record, RemediationError> {
        let record = self.open_for(plan, by, "it can't be approved").await?;
        if record.plan.requested_by == by {
            let reason = format!("{by} asked for it, and somebody else has to approve it");
            return Err(refused(plan, reason));
        }
        if record.approved_by.contains(by) {
            return Ok(record);
        }
        self.add(&record, &Entry::Approved { by: by.to_owned() })
            .await?;
        self.show(plan).await
    }

    /// Refuses a plan, for good.
    ///
    /// # Errors
    /// Where the plan is not there to be refused, or not by them.
    pub async fn deny(
        &self,
        plan: &str,
        by: &str,
        reason: &str,
    ) -> Result<Record, RemediationError> {
        let record = self.open_for(plan, by, "it can't be denied").await?;
        let entry = Entry::Denied {
            by: by.to_owned(),
            reason: reason.to_owned(),
        };
        self.add(&record, &entry).await?;
        self.show(plan).await
    }

    /// Answers a step that waits (`aws:approve`, `aws:pause`). The run goes on when it is run again.
    ///
    /// # Errors
    /// Where no step waits, or not for them.
    pub async fn answer(
        &self,
        plan: &str,
        by: &str,
        agreed: bool,
    ) -> Result<Record, RemediationError> {
        let record = self.show(plan).await?;
        self.check_person(plan, by)?;
        let waiting = record
            .entries
            .iter()
            .rev()
            .find_map(|past| match &past.entry {
                Entry::Waiting { step } => Some(step.clone()),
                _ => None,
            });
        let Some(step) = waiting.filter(|_| record.state == PlanState::Waiting) else {
            return Err(RemediationError::State {
                plan: plan.to_owned(),
                state: record.state.as_str(),
                what: "none of its steps waits for an answer",
            });
        };
        let entry = Entry::Answered {
            step,
            by: by.to_owned(),
            agreed,
        };
        self.add(&record, &entry).await?;
        self.show(plan).await
    }

    /// Stops all remediation, in every process: what runs stops before its next step, and nothing starts.
    ///
    /// # Errors
    /// Where it can't be kept.
    pub async fn stop(&self, by: &str, reason: &str) -> Result<(), RemediationError> {
        let entry = Entry::Stopped {
            by: by.to_owned(),
            reason: reason.to_owned(),
        };
        self.switch(&entry).await
    }

    /// Lets it go on.
    ///
    /// # Errors
    /// Where it can't be kept.
    pub async fn resume(&self, by: &str) -> Result<(), RemediationError> {
        self.check_person(STOP, by)?;
        self.switch(&Entry::Resumed { by: by.to_owned() }).await
    }

    async fn switch(&self, entry: &Entry) -> Result<(), RemediationError> {
        let entries = self.journal.entries(STOP).await?;
        let key = PlanKey {
            plan_id: STOP.to_owned(),
            account_id: self.place.account_id.clone(),
            document: String::new(),
            resource_id: String::new(),
        };
        let now = self.time.now();
        Ok(self
            .journal
            .append(&key, entries.len(), now, entry, None)
            .await?)
    }

    /// A plan that nobody ran or refused yet, and whose time is not over.
    async fn open_for(
        &self,
        plan: &str,
        by: &str,
        what: &'static str,
    ) -> Result<Record, RemediationError> {
        let record = self.show(plan).await?;
        self.check_person(plan, by)?;
        if record.state != PlanState::Proposed {
            return Err(RemediationError::State {
                plan: plan.to_owned(),
                state: record.state.as_str(),
                what,
            });
        }
        self.check_time(&record)?;
        Ok(record)
    }

    fn check_person(&self, plan: &str, by: &str) -> Result<(), RemediationError> {
        if self.policy.approvers.is_empty() || self.policy.approvers.contains(by) {
            return Ok(());
        }
        let known: Vec<&str> = self.policy.approvers.iter().map(String::as_str).collect();
        let reason = format!("{by:?} is no approver; those are {}", known.join(", "));
        Err(refused(plan, reason))
    }

    fn check_time(&self, record: &Record) -> Result<(), RemediationError> {
        let at = record.plan.expires_at;
        if self.time.now() < at {
            return Ok(());
        }
        Err(RemediationError::Expired {
            plan: record.plan.plan_id.clone(),
            at,
        })
    }

    fn check_place(&self, plan: &Plan) -> Result<(), RemediationError> {
        let wanted = (&plan.account_id, &plan.aws_region);
        let found = (&self.place.account_id, &self.place.aws_region);
        if wanted == found {
            return Ok(());
        }
        Err(RemediationError::Elsewhere {
            plan: plan.plan_id.clone(),
            wanted: format!("{} {}", wanted.0, wanted.1),
            found: format!("{} {}", found.0, found.1),
        })
    }

    async fn add(&self, record: &Record, entry: &Entry) -> Result<(), RemediationError> {
        let (key, place) = (record.plan.key(), record.entries.len());
        let now = self.time.now();
        Ok(self.journal.append(&key, place, now, entry, None).await?)
    }

    fn globals(&self, execution_id: &str, started_at: Timestamp) -> Globals {
        Globals {
            account_id: self.place.account_id.clone(),
            partition: self.place.aws_partition.clone(),
            region: self.place.aws_region.clone(),
            execution_id: execution_id.to_owned(),
            started_at,
        }
    }

    /// The document of a plan, which has to be the one that was planned.
    fn planned_remedy(&self, plan: &Plan) -> Result<&Remedy, RemediationError> {
        let remedy = self.content.remedy(&plan.document)?;
        self.content.check_actions(remedy)?;
        if remedy.hash == plan.document_hash {
            return Ok(remedy);
        }
        let reason = format!(
            "{} is another text than was planned: plan again",
            remedy.name
        );
        Err(refused(&plan.plan_id, reason))
    }
}

fn refused(plan: &str, reason: String) -> RemediationError {
    RemediationError::Refused {
        plan: plan.to_owned(),
        reasons: vec![reason],
    }
}

/// Everything that the run of a plan needs at hand.
struct Run<'r, H> {
    record: &'r Record,
    remedy: &'r Remedy,
    globals: &'r Globals,
    arguments: &'r BTreeMap<String, Value>,
    past: &'r [Past],
    hold: &'r H,
    /// What is said of a run that succeeds.
    done: &'r str,
}
