//! Bringing back what was there.

use std::collections::BTreeSet;

use posture_aws::Authorisation;

use super::execute::DONE;
use super::facets::{self, Image, UndoCall};
use super::judge::Verdict;
use super::live::{LiveHost, PastRun};
use super::state::{PlanState, Record};
use super::writer::{STOP, Writer, stopped};
use super::{Remediation, Report, Run, Time, refused};
use crate::api::Api;
use crate::error::RemediationError;
use crate::journal::{Entry, Journal, RunOutcome};
use crate::run::{Halt, Host as _};
use crate::safety::Reversible;

/// How undo calls ended.
enum Undo {
    Done,
    Failed(String),
    Stopped,
}

impl<A: Api, J: Journal, T: Time> Remediation<A, J, T> {
    /// Undoes a run: brings back its pre-image, where the resource still is as the run left it.
    ///
    /// # Errors
    /// Where it may not be undone, or what happens can't be kept.
    pub async fn undo(&self, plan: &str, by: &str) -> Result<Report, RemediationError> {
        self.show(plan).await?;
        self.check_person(plan, by)?;
        let hold = self.journal.hold(plan).await?;
        let undone = self.undo_held(plan, by, &hold).await;
        self.journal.release(hold).await?;
        undone
    }

    async fn undo_held(
        &self,
        plan: &str,
        by: &str,
        hold: &J::Hold,
    ) -> Result<Report, RemediationError> {
        let record = self.show(plan).await?;
        self.check_place(&record.plan)?;
        if let Some((by, reason)) = stopped(&self.journal.entries(STOP).await?) {
            let reason = format!("all remediation was stopped by {by}: {reason}");
            return Err(refused(plan, reason));
        }
        let remedy = self.planned_remedy(&record.plan)?;
        if remedy.safety.reversible == Reversible::No {
            let note = remedy.safety.note.clone().unwrap_or_default();
            return Err(refused(plan, format!("it can't be undone: {note}")));
        }
        let is_undone_here = matches!(
            record.state,
            PlanState::Undoing
                | PlanState::Ended(
                    RunOutcome::Succeeded | RunOutcome::NonCompliant | RunOutcome::Unknown
                )
        );
        if !is_undone_here || record.pre_image().is_none() {
            return Err(RemediationError::State {
                plan: plan.to_owned(),
                state: record.state.as_str(),
                what: "there is nothing to undo",
            });
        }
        let started_at = record.started_at().unwrap_or_else(|| self.time.now());
        let globals = self.globals(plan, started_at);
        let run = Run {
            record: &record,
            remedy,
            globals: &globals,
            arguments: &record.plan.parameters,
            past: &record.entries,
            hold,
            done: DONE,
        };
        if let PlanState::Ended(RunOutcome::Succeeded | RunOutcome::NonCompliant) = record.state {
            self.check_unchanged(&run, &record).await?;
        }
        let mut writer = Writer::new(&self.journal, record.plan.key(), hold, record.entries.len());
        if record.state != PlanState::Undoing {
            let entry = Entry::UndoStarted {
                by: Some(by.to_owned()),
            };
            writer.append(self.time.now(), &entry).await?;
        }
        self.bring_back(&run, &mut writer, None).await
    }

    /// Somebody's later change is not undone with ours.
    async fn check_unchanged(
        &self,
        run: &Run<'_, J::Hold>,
        record: &Record,
    ) -> Result<(), RemediationError> {
        let unread = |what| RemediationError::Unread {
            resource: record.plan.resource_id.clone(),
            what,
            denied: None,
        };
        let now = self.image(run).await.map_err(unread)?;
        let Some(then) = record.post_image() else {
            return Ok(());
        };
        for (name, value) in then {
            if now.get(name) != Some(value) {
                return Err(RemediationError::Stale {
                    plan: record.plan.plan_id.clone(),
                    resource: record.plan.resource_id.clone(),
                    facet: name.clone(),
                });
            }
        }
        Ok(())
    }

    /// Undoes a run that failed.
    pub(super) async fn roll_back(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
        why: &str,
    ) -> Result<Report, RemediationError> {
        let entries = self.journal.entries(&run.record.plan.plan_id).await?;
        let Some(record) = Record::of(entries) else {
            return Err(RemediationError::NoPlan {
                plan: run.record.plan.plan_id.clone(),
            });
        };
        if !record.is_touched() {
            return self
                .finish(writer, RunOutcome::Untouched, why.to_owned())
                .await;
        }
        if run.remedy.safety.reversible == Reversible::No {
            let reason = format!("{why}; it can't be undone: look at the resource");
            return self.finish(writer, RunOutcome::Unknown, reason).await;
        }
        if record.state != PlanState::Undoing {
            let entry = Entry::UndoStarted { by: None };
            writer.append(self.time.now(), &entry).await?;
        }
        let run = Run {
            record: &record,
            past: &record.entries,
            remedy: run.remedy,
            globals: run.globals,
            arguments: run.arguments,
            hold: run.hold,
            done: run.done,
        };
        self.bring_back(&run, writer, Some(why)).await
    }

    /// Makes the undo calls, and looks whether the pre-image is back. `failure` is why a run is rolled back.
    async fn bring_back(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
        failure: Option<&str>,
    ) -> Result<Report, RemediationError> {
        let nothing = Image::new();
        let before = run.record.pre_image().unwrap_or(&nothing);
        let safety = &run.remedy.safety;
        let calls = facets::undo(safety, before, run.arguments, run.globals);
        let calls = calls.map_err(|error| RemediationError::Template {
            document: run.remedy.name.clone(),
            what: error.to_string(),
        })?;
        let undone = match self.image(run).await {
            Ok(now) => self.undo_calls(run, writer, &calls, before, &now).await?,
            Err(why) => Undo::Failed(why),
        };
        let why = failure.unwrap_or("undone on request");
        match undone {
            Undo::Stopped => Ok(Report {
                state: PlanState::Undoing,
                reason: "all remediation was stopped".to_owned(),
            }),
            Undo::Failed(message) => {
                let reason = format!("{why}; the undo failed ({message}): look at the resource");
                self.finish(writer, RunOutcome::Unknown, reason).await
            }
            Undo::Done => {
                let (outcome, reason) = self.seen_back(run, before, failure).await;
                let verdict = match failure {
                    None => self.rule_after_undo(run, writer).await?,
                    Some(_) => String::new(),
                };
                let reason = format!("{why}{reason}{verdict}");
                self.finish(writer, outcome, reason).await
            }
        }
    }

    /// What the rule that asked says of what is back: that it fails, or that it never did.
    async fn rule_after_undo(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
    ) -> Result<String, RemediationError> {
        let plan = &run.record.plan;
        let verify = run.remedy.safety.verify;
        let asked = self
            .judged(plan, verify, writer, Verdict::is_failure)
            .await?;
        let words = asked.zip(plan.failure.as_ref());
        Ok(words.map_or(String::new(), |(verdict, failure)| {
            format!("; {}", verdict.in_words(&failure.rule_name))
        }))
    }

    async fn undo_calls(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
        calls: &[UndoCall],
        before: &Image,
        now: &Image,
    ) -> Result<Undo, RemediationError> {
        let plan = &run.record.plan;
        let authorisation = Authorisation::new(&plan.plan_id, plan.actions.clone());
        let repeatable = BTreeSet::new();
        let mut host = LiveHost {
            api: &self.api,
            time: &self.time,
            writer,
            authorisation: &authorisation,
            planned: &plan.undo,
            repeatable: &repeatable,
            may_run_scripts: false,
            past: PastRun::of(run.past),
        };
        for (index, undo) in calls.iter().enumerate() {
            let call = &undo.call;
            if undo.is_needless(before, now) {
                continue;
            }
            if host.is_stopped().await.map_err(journal)? {
                return Ok(Undo::Stopped);
            }
            match host
                .mutate(&format!("undo/{index}"), "undo", call, &[])
                .await
            {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return Ok(Undo::Failed(error.message)),
                Err(Halt::Doubt { why, .. }) => return Ok(Undo::Failed(why)),
                Err(Halt::NotPlanned { call }) => {
                    return Ok(Undo::Failed(format!("{call} is not in the plan")));
                }
                Err(halt) => return Err(journal(halt)),
            }
        }
        Ok(Undo::Done)
    }

    /// Reads until the pre-image is back, or for long enough.
    async fn seen_back(
        &self,
        run: &Run<'_, J::Hold>,
        before: &Image,
        failure: Option<&str>,
    ) -> (RunOutcome, String) {
        let verify = run.remedy.safety.verify;
        let mut different = Vec::new();
        for attempt in 0..verify.attempts.max(1) {
            if attempt > 0 {
                self.time.sleep(verify.seconds).await;
            }
            different = match self.image(run).await {
                Ok(image) if image == *before => {
                    let outcome = match failure {
                        Some(_) => RunOutcome::RolledBack,
                        None => RunOutcome::Undone,
                    };
                    return (outcome, "; it is as it was before".to_owned());
                }
                Ok(image) => before
                    .iter()
                    .filter(|(name, value)| image.get(*name) != Some(value))
                    .map(|(name, _)| name.clone())
                    .collect(),
                Err(why) => vec![why],
            };
            if run.remedy.safety.reversible == Reversible::Partly {
                break;
            }
        }
        let different = different.join(", ");
        if run.remedy.safety.reversible == Reversible::Partly && failure.is_none() {
            let note = run.remedy.safety.note.clone().unwrap_or_default();
            return (
                RunOutcome::UndonePartly,
                format!("; not as before: {different}: {note}"),
            );
        }
        (
            RunOutcome::Unknown,
            format!("; not as before after the undo: {different}: look at the resource"),
        )
    }
}

fn journal(halt: Halt) -> RemediationError {
    match halt {
        Halt::Journal(error) => error.into(),
        other => RemediationError::Template {
            document: "undo".to_owned(),
            what: format!("{other:?}"),
        },
    }
}
