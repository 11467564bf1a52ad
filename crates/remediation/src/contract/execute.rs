//! Running a plan.

use std::collections::BTreeMap;

use posture_aws::Authorisation;
use serde_json::Value;
use tokio::sync::MutexGuard;

use super::authorise::Authorised;
use super::facets::{self, Image, ReadError};
use super::guard::{self, Authority};
use super::judge::Verdict;
use super::live::{LiveHost, PastRun};
use super::plan::Plan;
use super::ssm::{HandOver, Handed};
use super::state::{PlanState, Record};
use super::writer::{STOP, Writer, stopped};
use super::{Remediation, Report, Run, Time, refused};
use crate::api::Api;
use crate::error::RemediationError;
use crate::journal::{Entry, Journal, RunOutcome};
use crate::run::{End, Halt, Machine};

pub(super) const DONE: &str = "done, and read again";
const ALREADY: &str = "it is as it should be already";

impl<A: Api, J: Journal, T: Time> Remediation<A, J, T> {
    /// Runs a plan, or goes on with one whose worker died. `population` is how many resources of its type are
    /// recorded, where that is known.
    ///
    /// # Errors
    /// Where it may not run, or what happens can't be kept. What then was done is in the journal, and is not done
    /// again.
    pub async fn run(
        &self,
        plan: &str,
        by: &str,
        population: Option<u64>,
    ) -> Result<Report, RemediationError> {
        self.run_as(plan, by, population, None).await
    }

    /// The same, where `via` says so in SSM. What was handed over goes on there, whatever it says.
    pub(super) async fn run_as(
        &self,
        plan: &str,
        by: &str,
        population: Option<u64>,
        via: Option<HandOver>,
    ) -> Result<Report, RemediationError> {
        self.show(plan).await?;
        let hold = self.journal.hold(plan).await?;
        let ran = self.run_held(plan, by, population, (via, &hold)).await;
        self.journal.release(hold).await?;
        ran
    }

    async fn run_held(
        &self,
        plan: &str,
        by: &str,
        population: Option<u64>,
        (via, hold): (Option<HandOver>, &J::Hold),
    ) -> Result<Report, RemediationError> {
        let record = self.show(plan).await?;
        self.check_place(&record.plan)?;
        let turn = self.starts.0.lock().await;
        let authority = match record.state {
            PlanState::Proposed | PlanState::Denied => {
                self.check_time(&record)?;
                let now = self.time.now();
                let judged =
                    guard::judge(&record, &self.policy, &self.journal, population, now).await?;
                judged.map_err(|reasons| RemediationError::Refused {
                    plan: plan.to_owned(),
                    reasons,
                })?
            }
            PlanState::Running | PlanState::Waiting => self.authority_of(&record).await?,
            PlanState::Undoing if is_rollback(&record) => self.authority_of(&record).await?,
            PlanState::Undoing => {
                return Err(RemediationError::State {
                    plan: plan.to_owned(),
                    state: record.state.as_str(),
                    what: "go on with `posture remediate undo`",
                });
            }
            PlanState::Ended(outcome) => {
                return Err(RemediationError::State {
                    plan: plan.to_owned(),
                    state: outcome.as_str(),
                    what: "a plan runs once: plan again",
                });
            }
        };
        let authorised = Authorised::new(record.plan.clone(), authority);
        self.execute(&authorised, &record, (by, turn), (via, hold))
            .await
    }

    /// What was authorised when the run began holds until it ends; but not while everything is stopped.
    async fn authority_of(&self, record: &Record) -> Result<Authority, RemediationError> {
        if let Some((by, reason)) = stopped(&self.journal.entries(STOP).await?) {
            let reason = format!("all remediation was stopped by {by}: {reason}");
            return Err(refused(&record.plan.plan_id, reason));
        }
        let approvers: Vec<String> = record.approved_by.iter().cloned().collect();
        Ok(if approvers.is_empty() {
            Authority::Configuration
        } else {
            Authority::Approvers(approvers)
        })
    }

    async fn execute(
        &self,
        authorised: &Authorised<Plan>,
        record: &Record,
        (by, turn): (&str, MutexGuard<'_, ()>),
        (via, hold): (Option<HandOver>, &J::Hold),
    ) -> Result<Report, RemediationError> {
        let plan = authorised.inner();
        let remedy = self.planned_remedy(plan)?;
        let handed = self.handed(record, remedy, via).await?;
        let started_at = record.started_at().unwrap_or_else(|| self.time.now());
        let globals = self.globals(&plan.plan_id, started_at);
        let run = Run {
            record,
            remedy,
            globals: &globals,
            arguments: &plan.parameters,
            past: &record.entries,
            hold,
            done: handed.as_ref().map_or(DONE, Handed::done),
        };
        let mut writer = Writer::new(&self.journal, plan.key(), hold, record.entries.len());
        if is_rollback(record) {
            drop(turn);
            return self.roll_back(&run, &mut writer, "the run failed").await;
        }
        let entry = Entry::RunStarted {
            by: by.to_owned(),
            authority: authorised.authority().in_words(),
        };
        writer.append(self.time.now(), &entry).await?;
        drop(turn);
        if record.pre_image().is_none()
            && let Some(report) = self.before(&run, &mut writer).await?
        {
            return Ok(report);
        }
        if let Some(handed) = &handed {
            return self.run_in_ssm(&run, &mut writer, handed).await;
        }
        let authorisation = Authorisation::new(&plan.plan_id, plan.actions.clone());
        let document = &remedy.document;
        let ended = {
            let mut host = LiveHost {
                api: &self.api,
                time: &self.time,
                writer: &mut writer,
                authorisation: &authorisation,
                planned: &plan.calls,
                repeatable: &remedy.safety.repeatable,
                may_run_scripts: remedy.is_trusted || self.policy.scripts,
                past: PastRun::of(run.past),
            };
            let mut machine = Machine::new(
                &mut host,
                &self.content,
                &globals,
                document,
                plan.parameters.clone(),
            );
            machine.run(&document.steps, "").await
        };
        self.after(&run, &mut writer, ended).await
    }

    /// Reads the resource again. A report where the run ends here.
    async fn before(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
    ) -> Result<Option<Report>, RemediationError> {
        let image = match self.image(run).await {
            Ok(image) => image,
            Err(why) => {
                let why = format!("the resource could not be read again: {why}");
                let ended = self.finish(writer, RunOutcome::Untouched, why).await?;
                return Ok(Some(ended));
            }
        };
        if is_compliant(run, &image) {
            let ended = self.ask_rule(run, writer, RunOutcome::AlreadyCompliant, ALREADY);
            return Ok(Some(ended.await?));
        }
        for (name, before) in &run.record.plan.before {
            if image.get(name) != Some(before) {
                let why = format!("{name} has changed since the plan was made: plan again");
                let ended = self.finish(writer, RunOutcome::Untouched, why).await?;
                return Ok(Some(ended));
            }
        }
        let entry = Entry::PreImage { before: image };
        writer.append(self.time.now(), &entry).await?;
        Ok(None)
    }

    /// What follows from how the steps ended.
    async fn after(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
        ended: Result<End, Halt>,
    ) -> Result<Report, RemediationError> {
        match ended {
            Ok(End::Success) => self.verify(run, writer).await,
            Ok(End::Failed { step, message }) => {
                self.roll_back(run, writer, &format!("{step}: {message}"))
                    .await
            }
            Err(Halt::Waiting { step }) => {
                let entry = Entry::Waiting { step: step.clone() };
                writer.append(self.time.now(), &entry).await?;
                Ok(Report {
                    state: PlanState::Waiting,
                    reason: format!("{step} waits for an answer"),
                })
            }
            Err(Halt::Stopped) => Ok(Report {
                state: PlanState::Running,
                reason: "all remediation was stopped; it goes on when it is run after that"
                    .to_owned(),
            }),
            Err(Halt::Doubt { path, why }) => self.doubt(run, writer, &path, &why).await,
            Err(Halt::NotPlanned { call }) => {
                let why = format!("{call} is not in the plan: the resource changed meanwhile");
                self.roll_back(run, writer, &why).await
            }
            Err(Halt::Undecidable { step }) => {
                let why = format!("{step} could not be decided");
                self.roll_back(run, writer, &why).await
            }
            Err(Halt::Journal(error)) => Err(error.into()),
        }
    }

    /// A call may have been made: the resource says whether all is well; otherwise nobody knows.
    pub(super) async fn doubt(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
        path: &str,
        why: &str,
    ) -> Result<Report, RemediationError> {
        if let Ok(image) = self.image(run).await
            && is_compliant(run, &image)
        {
            return self.verify(run, writer).await;
        }
        let reason = format!("whether {path} was done is not known ({why}): look at the resource");
        self.finish(writer, RunOutcome::Unknown, reason).await
    }

    /// Reads the resource until it is as it should be, or for long enough.
    pub(super) async fn verify(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
    ) -> Result<Report, RemediationError> {
        let verify = run.remedy.safety.verify;
        let mut last = Image::new();
        let mut problem = String::new();
        for attempt in 0..verify.attempts.max(1) {
            if attempt > 0 {
                self.time.sleep(verify.seconds).await;
            }
            match self.image(run).await {
                Ok(image) if is_compliant(run, &image) => {
                    let entry = Entry::Verified {
                        after: image,
                        compliant: true,
                    };
                    writer.append(self.time.now(), &entry).await?;
                    return self
                        .ask_rule(run, writer, RunOutcome::Succeeded, run.done)
                        .await;
                }
                Ok(image) => last = image,
                Err(why) => problem = format!(" ({why})"),
            }
        }
        let entry = Entry::Verified {
            after: last,
            compliant: false,
        };
        writer.append(self.time.now(), &entry).await?;
        let reason = format!(
            "every call succeeded, and the resource is not as it should be{problem}: look at it"
        );
        self.finish(writer, RunOutcome::Unknown, reason).await
    }

    /// Ends a run whose resource is as the document wants it: well where the rule that asked is content, too.
    async fn ask_rule(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
        outcome: RunOutcome,
        done: &str,
    ) -> Result<Report, RemediationError> {
        let plan = &run.record.plan;
        let verify = run.remedy.safety.verify;
        let asked = self
            .judged(plan, verify, writer, Verdict::is_content)
            .await?;
        let (Some(verdict), Some(failure)) = (asked, &plan.failure) else {
            return self.finish(writer, outcome, done.to_owned()).await;
        };
        let words = verdict.in_words(&failure.rule_name);
        let outcome = if verdict.is_content() {
            outcome
        } else if verdict.is_failure() {
            RunOutcome::NonCompliant
        } else {
            // A check that could not run is no pass.
            RunOutcome::Unknown
        };
        self.finish(writer, outcome, format!("{done}; {words}"))
            .await
    }

    pub(super) async fn finish(
        &self,
        writer: &mut Writer<'_, J>,
        outcome: RunOutcome,
        reason: String,
    ) -> Result<Report, RemediationError> {
        let entry = Entry::Finished {
            outcome,
            reason: reason.clone(),
        };
        writer.append(self.time.now(), &entry).await?;
        Ok(Report::ended(outcome, reason))
    }

    pub(super) async fn image(
        &self,
        run: &Run<'_, J::Hold>,
    ) -> Result<BTreeMap<String, Value>, String> {
        let safety = &run.remedy.safety;
        facets::read(&self.api, safety, run.arguments, run.globals)
            .await
            .map_err(|error| match error {
                ReadError::Api(error) => error.message,
                ReadError::Template(error) => error.to_string(),
            })
    }
}

fn is_compliant<H>(run: &Run<'_, H>, image: &Image) -> bool {
    let safety = &run.remedy.safety;
    // What can't be evaluated is no pass.
    facets::is_compliant(safety, image, run.arguments, run.globals).is_ok_and(|is| is)
}

/// Whether a run that failed was being undone when its worker died.
fn is_rollback(record: &Record) -> bool {
    record.state == PlanState::Undoing
        && record
            .entries
            .iter()
            .rev()
            .find_map(|past| match &past.entry {
                Entry::UndoStarted { by } => Some(by.is_none()),
                _ => None,
            })
            .unwrap_or(false)
}
