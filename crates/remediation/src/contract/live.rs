//! The host that changes things: each call is in the plan, is kept before and after, and is made once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use posture_aws::Authorisation;
use serde_json::Value;

use super::dry::NO_SCRIPTS;
use super::plan::PlannedCall;
use super::time::Time;
use super::writer::Writer;
use crate::api::{Api, ApiError};
use crate::document::{Output, select};
use crate::journal::{Entry, Journal, Past};
use crate::run::{Answers, Halt, Host, ResolvedCall, StepRecord, run_script};

/// What is known of a call.
#[derive(Debug, Clone, PartialEq)]
enum Known {
    Started,
    Finished(Answers),
    Failed { message: String, doubt: bool },
}

pub(super) struct LiveHost<'a, 'w, A: Api, J: Journal, T: Time> {
    pub(super) api: &'a A,
    pub(super) time: &'a T,
    pub(super) writer: &'a mut Writer<'w, J>,
    pub(super) authorisation: &'a Authorisation,
    pub(super) planned: &'a [PlannedCall],
    pub(super) repeatable: &'a BTreeSet<String>,
    pub(super) may_run_scripts: bool,
    pub(super) past: PastRun,
}

/// What an earlier worker did of the same run.
pub(super) struct PastRun {
    calls: BTreeMap<String, Known>,
    steps: BTreeMap<String, StepRecord>,
    answers: BTreeMap<String, BTreeMap<String, bool>>,
}

impl PastRun {
    pub(super) fn of(past: &[Past]) -> PastRun {
        let mut run = PastRun {
            calls: BTreeMap::new(),
            steps: BTreeMap::new(),
            answers: BTreeMap::new(),
        };
        for past in past {
            match past.entry.clone() {
                Entry::CallStarted { path, .. } => {
                    run.calls.insert(path, Known::Started);
                }
                Entry::CallFinished { path, outputs } => {
                    run.calls.insert(path, Known::Finished(outputs));
                }
                Entry::CallFailed {
                    path,
                    message,
                    doubt,
                } => {
                    run.calls.insert(path, Known::Failed { message, doubt });
                }
                Entry::StepFinished { path, record } => {
                    run.steps.insert(path, record);
                }
                Entry::Answered { step, by, agreed } => {
                    run.answers.entry(step).or_default().insert(by, agreed);
                }
                _ => {}
            }
        }
        run
    }
}

impl<A: Api, J: Journal, T: Time> LiveHost<'_, '_, A, J, T> {
    async fn keep(&mut self, entry: &Entry) -> Result<(), Halt> {
        let at = self.time.now();
        self.writer.append(at, entry).await.map_err(Halt::Journal)
    }
}

impl<A: Api, J: Journal, T: Time> Host for LiveHost<'_, '_, A, J, T> {
    fn recall(&self, path: &str) -> Option<StepRecord> {
        self.past.steps.get(path).cloned()
    }

    async fn record(&mut self, path: &str, record: &StepRecord) -> Result<(), Halt> {
        let entry = Entry::StepFinished {
            path: path.to_owned(),
            record: record.clone(),
        };
        self.keep(&entry).await
    }

    async fn read(&mut self, call: &ResolvedCall) -> Result<Result<Option<Value>, ApiError>, Halt> {
        let answer = self.api.read(&call.service, &call.api, &call.input).await;
        Ok(answer.map(Some))
    }

    async fn mutate(
        &mut self,
        path: &str,
        step: &str,
        call: &ResolvedCall,
        outputs: &[Output],
    ) -> Result<Result<Answers, ApiError>, Halt> {
        let is_repeatable = self.repeatable.contains(step);
        let doubt = |why: &str| Halt::Doubt {
            path: path.to_owned(),
            why: why.to_owned(),
        };
        match self.past.calls.get(path) {
            Some(Known::Finished(outputs)) => return Ok(Ok(outputs.clone())),
            Some(Known::Started) if !is_repeatable => {
                return Err(doubt("the worker died while it was made"));
            }
            Some(Known::Failed {
                message,
                doubt: true,
            }) if !is_repeatable => {
                return Err(doubt(message));
            }
            Some(Known::Failed { message, doubt }) => {
                return Ok(Err(ApiError {
                    code: None,
                    message: message.clone(),
                    denied: None,
                    may_have_happened: *doubt,
                }));
            }
            // Making it again sets the same once more.
            Some(Known::Started) | None => {}
        }
        if !self.planned.iter().any(|planned| planned.covers(call)) {
            return Err(Halt::NotPlanned { call: call.name() });
        }
        self.keep(&Entry::CallStarted {
            path: path.to_owned(),
            service: call.service.clone(),
            api: call.api.clone(),
        })
        .await?;
        let answer = self
            .api
            .mutate(self.authorisation, &call.service, &call.api, &call.input);
        match answer.await {
            Ok(answer) => {
                let told: Answers = outputs
                    .iter()
                    .map(|output| {
                        let value = select(&answer, &output.selector, output.kind);
                        (output.name.clone(), value)
                    })
                    .collect();
                self.keep(&Entry::CallFinished {
                    path: path.to_owned(),
                    outputs: told.clone(),
                })
                .await?;
                Ok(Ok(told))
            }
            Err(error) => {
                self.keep(&Entry::CallFailed {
                    path: path.to_owned(),
                    message: error.message.clone(),
                    doubt: error.may_have_happened,
                })
                .await?;
                if error.may_have_happened && !is_repeatable {
                    return Err(doubt(&error.message));
                }
                Ok(Err(error))
            }
        }
    }

    async fn script(
        &mut self,
        script: &str,
        handler: &str,
        payload: &Value,
        timeout_seconds: u32,
    ) -> Result<Result<Option<Value>, String>, Halt> {
        if !self.may_run_scripts {
            return Ok(Err(NO_SCRIPTS.to_owned()));
        }
        let ran = run_script(script, handler, payload, timeout_seconds).await;
        Ok(ran.map(Some))
    }

    fn consent(&self, path: &str, minimum: u32) -> Option<bool> {
        let answers = self.past.answers.get(path)?;
        if answers.values().any(|agreed| !agreed) {
            return Some(false);
        }
        (answers.len() >= minimum as usize).then_some(true)
    }

    async fn sleep(&mut self, seconds: u32) -> Result<(), Halt> {
        self.time.sleep(seconds).await;
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.time.now()
    }

    async fn is_stopped(&mut self) -> Result<bool, Halt> {
        self.writer.is_stopped().await.map_err(Halt::Journal)
    }
}
