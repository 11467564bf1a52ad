//! SSM's execution of a plan: started once, waited for, and what came of it.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use posture_aws::Authorisation;
use serde_json::{Map, Value, json};

use super::super::state::PlanState;
use super::super::writer::Writer;
use super::super::{Remediation, Report, Run, Time};
use super::document::Handed;
use crate::api::{Api, ApiError};
use crate::error::RemediationError;
use crate::journal::{Entry, Journal, Past, RunOutcome};
use crate::run::{StepRecord, StepState};

/// Where the journal keeps the start, as of any call.
const START: &str = "ssm";

/// How often it is looked for what became of the execution, in seconds: soon, then seldom.
const LOOK_SECONDS: [u32; 4] = [1, 2, 4, 5];

/// For how long SSM is asked again with the same token. How long it remembers one is not said; nobody knows any more
/// after that.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(1);

/// How an execution, or a step, can end (`AutomationExecutionStatus`).
const WELL: [&str; 3] = ["Success", "CompletedWithSuccess", "Approved"];
const BADLY: [&str; 7] = [
    "TimedOut",
    "Cancelled",
    "Failed",
    "Rejected",
    "ChangeCalendarOverrideRejected",
    "CompletedWithFailure",
    "Exited",
];

/// What of an execution SSM tells.
struct Execution {
    status: String,
    message: Option<String>,
    steps: Vec<Value>,
    is_truncated: bool,
}

/// Where the start stands, by the journal.
enum Started {
    Not,
    /// SSM was asked and is not known to have answered.
    Asked(jiff::Timestamp),
    As(String),
}

impl<A: Api, J: Journal, T: Time> Remediation<A, J, T> {
    /// Has SSM run what is handed over, and waits for it.
    pub(in super::super) async fn run_in_ssm(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
        handed: &Handed,
    ) -> Result<Report, RemediationError> {
        let started = started(run.past);
        let execution_id = match started {
            Started::As(execution_id) => execution_id,
            Started::Asked(at) if self.time.now() > at + REMEMBERED => {
                let why = "the worker died, or got no answer, when it asked SSM to start";
                return self.doubt(run, writer, START, why).await;
            }
            Started::Not if writer.is_stopped().await? => return Ok(is_stopped()),
            asked => {
                let asked = matches!(asked, Started::Asked(_));
                match self.start(run, writer, handed, asked).await? {
                    Ok(execution_id) => execution_id,
                    Err(report) => return Ok(report),
                }
            }
        };
        self.wait(run, writer, handed, &execution_id).await
    }

    /// Asks SSM to start it: its id, or how the run ends or stands without one.
    async fn start(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
        handed: &Handed,
        was_asked: bool,
    ) -> Result<Result<String, Report>, RemediationError> {
        let is_handed = |past: &Past| matches!(past.entry, Entry::HandedOver { .. });
        if !run.past.iter().any(is_handed) {
            writer.append(self.time.now(), &handed.entry()).await?;
        }
        if !was_asked {
            let entry = Entry::CallStarted {
                path: START.to_owned(),
                service: "ssm".to_owned(),
                api: "StartAutomationExecution".to_owned(),
            };
            writer.append(self.time.now(), &entry).await?;
        }
        let input = json!({
            "DocumentName": handed.document_name,
            "DocumentVersion": handed.document_version,
            "Parameters": handed.parameters,
            "ClientToken": handed.client_token,
        });
        let answer = self.mutate(run, "StartAutomationExecution", &input).await;
        let error = match answer {
            Ok(answer) => {
                let id = answer.get("AutomationExecutionId").and_then(Value::as_str);
                let execution_id = id.unwrap_or_default().to_owned();
                let entry = Entry::ExecutionStarted {
                    execution_id: execution_id.clone(),
                };
                writer.append(self.time.now(), &entry).await?;
                return Ok(Ok(execution_id));
            }
            Err(error) => error,
        };
        let entry = Entry::CallFailed {
            path: START.to_owned(),
            message: error.message.clone(),
            doubt: error.may_have_happened || was_asked,
        };
        writer.append(self.time.now(), &entry).await?;
        Ok(Err(if error.may_have_happened {
            Report {
                state: PlanState::Running,
                reason: format!(
                    "whether SSM started it is not known ({}): run it again within the hour, and it is started once",
                    error.message
                ),
            }
        } else if was_asked {
            self.doubt(run, writer, START, &error.message).await?
        } else {
            let reason = format!("SSM did not start it: {}", error.message);
            self.finish(writer, RunOutcome::Untouched, reason).await?
        }))
    }

    /// Looks until SSM has ended it, for long enough.
    async fn wait(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
        handed: &Handed,
        execution_id: &str,
    ) -> Result<Report, RemediationError> {
        let end = self.time.now() + SignedDuration::from_secs(i64::from(handed.wait_seconds));
        let mut told: BTreeSet<String> = run.past.iter().filter_map(step_of).collect();
        let mut is_cancelled = false;
        let mut looks = LOOK_SECONDS.into_iter();
        let mut pause = 1;
        loop {
            let now = match self.execution(execution_id).await {
                Ok(execution) => {
                    self.tell(writer, &execution, &mut told).await?;
                    if is_end(&execution.status) {
                        return self.ended(run, writer, execution_id, execution).await;
                    }
                    format!("is {}", execution.status)
                }
                Err(error) => format!("could not be looked at ({})", error.message),
            };
            if !is_cancelled && writer.is_stopped().await? {
                let input = json!({ "AutomationExecutionId": execution_id, "Type": "Cancel" });
                // Where it fails, the next look tells; it is tried again then.
                let stopped = self.mutate(run, "StopAutomationExecution", &input).await;
                is_cancelled = stopped.is_ok();
            }
            if self.time.now() >= end {
                return Ok(Report {
                    state: PlanState::Running,
                    reason: format!(
                        "SSM's execution {execution_id} {now}; it goes on there: run it again to go on waiting"
                    ),
                });
            }
            pause = looks.next().unwrap_or(pause);
            self.time.sleep(pause).await;
            writer.renew().await?;
        }
    }

    async fn execution(&self, execution_id: &str) -> Result<Execution, ApiError> {
        let input = json!({ "AutomationExecutionId": execution_id });
        let answer = self
            .api
            .read("ssm", "GetAutomationExecution", &input)
            .await?;
        let mut execution = Execution::of(&answer);
        if execution.is_truncated {
            let all = self
                .api
                .read("ssm", "DescribeAutomationStepExecutions", &input);
            execution.steps = steps(&all.await?);
        }
        Ok(execution)
    }

    /// Keeps what steps came to, each once.
    async fn tell(
        &self,
        writer: &mut Writer<'_, J>,
        execution: &Execution,
        told: &mut BTreeSet<String>,
    ) -> Result<(), RemediationError> {
        for step in &execution.steps {
            let Some((path, record)) = step_record(step) else {
                continue;
            };
            if told.insert(path.clone()) {
                let entry = Entry::StepFinished { path, record };
                writer.append(self.time.now(), &entry).await?;
            }
        }
        Ok(())
    }

    /// What follows from how SSM ended it. A run that failed there is brought back as one that failed here.
    async fn ended(
        &self,
        run: &Run<'_, J::Hold>,
        writer: &mut Writer<'_, J>,
        execution_id: &str,
        execution: Execution,
    ) -> Result<Report, RemediationError> {
        let Execution {
            status, message, ..
        } = execution;
        let entry = Entry::ExecutionEnded {
            execution_id: execution_id.to_owned(),
            status: status.clone(),
            message: message.clone(),
        };
        writer.append(self.time.now(), &entry).await?;
        if WELL.contains(&status.as_str()) {
            return self.verify(run, writer).await;
        }
        let why = message.map_or(String::new(), |message| format!(": {message}"));
        let why = format!("SSM's execution {execution_id} ended as {status}{why}");
        let before = self.show(&run.record.plan.plan_id).await?;
        if let (Ok(image), Some(before)) = (self.image(run).await, before.pre_image())
            && image == *before
        {
            return self.finish(writer, RunOutcome::Untouched, why).await;
        }
        self.roll_back(run, writer, &why).await
    }

    /// A call of SSM that changes something.
    async fn mutate(
        &self,
        run: &Run<'_, J::Hold>,
        api: &str,
        input: &Value,
    ) -> Result<Value, ApiError> {
        let actions = [format!("ssm:{api}")].into();
        let authorisation = Authorisation::new(&run.record.plan.plan_id, actions);
        self.api.mutate(&authorisation, "ssm", api, input).await
    }
}

impl Execution {
    fn of(answer: &Value) -> Execution {
        let null = Value::Null;
        let execution = answer.get("AutomationExecution").unwrap_or(&null);
        let text = |name| {
            let value = execution.get(name).and_then(Value::as_str);
            value.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let truncated = execution.get("StepExecutionsTruncated");
        Execution {
            status: text("AutomationExecutionStatus").unwrap_or_default(),
            message: text("FailureMessage"),
            steps: steps(execution),
            is_truncated: truncated.and_then(Value::as_bool) == Some(true),
        }
    }
}

fn is_stopped() -> Report {
    Report {
        state: PlanState::Running,
        reason: "all remediation was stopped; it goes on when it is run after that".to_owned(),
    }
}

fn is_end(status: &str) -> bool {
    WELL.contains(&status) && status != "Approved" || BADLY.contains(&status)
}

fn steps(answer: &Value) -> Vec<Value> {
    let steps = answer.get("StepExecutions").and_then(Value::as_array);
    steps.cloned().unwrap_or_default()
}

/// A step that ended, under its name and SSM's id of it: a loop has a step several times.
fn step_record(step: &Value) -> Option<(String, StepRecord)> {
    let text = |name| step.get(name).and_then(Value::as_str);
    let status = text("StepStatus")?;
    let state = if WELL.contains(&status) {
        StepState::Success
    } else if BADLY.contains(&status) {
        StepState::Failed
    } else {
        return None;
    };
    let path = format!(
        "{START}/{}/{}",
        text("StepName")?,
        text("StepExecutionId").unwrap_or_default()
    );
    let outputs = step.get("Outputs").and_then(Value::as_object);
    let message = text("FailureMessage").map(|message| format!("{status}: {message}"));
    Some((
        path,
        StepRecord {
            state,
            outputs: outputs
                .into_iter()
                .flat_map(Map::iter)
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            message: message.or_else(|| (state == StepState::Failed).then(|| status.to_owned())),
        },
    ))
}

fn step_of(past: &Past) -> Option<String> {
    match &past.entry {
        Entry::StepFinished { path, .. } => Some(path.clone()),
        _ => None,
    }
}

fn started(past: &[Past]) -> Started {
    let mut started = Started::Not;
    for past in past {
        match &past.entry {
            Entry::CallStarted { path, .. } if path == START => {
                started = Started::Asked(past.at);
            }
            Entry::ExecutionStarted { execution_id } => {
                return Started::As(execution_id.clone());
            }
            _ => {}
        }
    }
    started
}
