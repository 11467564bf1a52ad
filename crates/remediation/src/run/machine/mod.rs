//! The interpreter of automation documents.

mod calls;
mod nested;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::host::{Answers, Halt, Host, ResolvedCall, StepRecord, StepState, is_unknown, unknown};
use crate::document::{
    Action, Call, Condition, Document, OnFailure, Step, Unresolved, resolve, select,
};

/// System variables, the same for a whole run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Globals {
    pub(crate) account_id: String,
    pub(crate) partition: String,
    pub(crate) region: String,
    pub(crate) execution_id: String,
    pub(crate) started_at: Timestamp,
}

/// The documents that can be executed by others.
pub(crate) trait Library: Sync {
    fn document(&self, name: &str) -> Option<&Document>;
}

/// How a run of steps ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum End {
    Success,
    Failed { step: String, message: String },
}

/// A run of one document.
pub(crate) struct Machine<'m, H: Host, L: Library> {
    host: &'m mut H,
    library: &'m L,
    globals: &'m Globals,
    arguments: BTreeMap<String, Value>,
    variables: BTreeMap<String, Value>,
    outputs: BTreeMap<String, Answers>,
    depth: usize,
}

/// Where the next step is.
enum Next {
    Following,
    Step(String),
    End,
}

/// What one attempt of a step came to: what it told, and where it goes.
type Attempt = Result<(Answers, Next), String>;

impl<'m, H: Host, L: Library> Machine<'m, H, L> {
    pub(crate) fn new(
        host: &'m mut H,
        library: &'m L,
        globals: &'m Globals,
        document: &Document,
        arguments: BTreeMap<String, Value>,
    ) -> Self {
        Self {
            host,
            library,
            globals,
            arguments,
            variables: document.variables.clone(),
            outputs: BTreeMap::new(),
            depth: 0,
        }
    }

    /// Does the steps, from the first on. `prefix` is put before their names.
    pub(crate) async fn run(&mut self, steps: &[Step], prefix: &str) -> Result<End, Halt> {
        let mut index = 0;
        let mut failed = None;
        let mut is_cancelled = false;
        while let Some(step) = steps.get(index) {
            let path = format!("{prefix}{}", step.name);
            let (record, next) = self.step(step, &path).await?;
            self.outputs.insert(step.name.clone(), record.outputs);
            let is_failure = record.state == StepState::Failed;
            let mut next = next;
            if is_failure {
                let message = record.message.unwrap_or_default();
                if step.is_critical || step.on_failure == OnFailure::Abort {
                    failed.get_or_insert((path.clone(), message));
                }
                next = match &step.on_failure {
                    OnFailure::Abort => Next::End,
                    OnFailure::Continue => Next::Following,
                    OnFailure::Step(name) => Next::Step(name.clone()),
                };
            }
            if step.is_end {
                next = Next::End;
            }
            if !is_cancelled && self.host.is_stopped().await? {
                is_cancelled = true;
                match &step.on_cancel {
                    OnFailure::Abort => return Err(Halt::Stopped),
                    OnFailure::Continue => {}
                    OnFailure::Step(name) => next = Next::Step(name.clone()),
                }
            }
            index = match next {
                Next::Following => index + 1,
                Next::End => steps.len(),
                // The parser has seen that the step is there.
                Next::Step(name) => {
                    let found = steps.iter().position(|step| step.name == name);
                    found.unwrap_or(steps.len())
                }
            };
        }
        Ok(match failed {
            None => End::Success,
            Some((step, message)) => End::Failed { step, message },
        })
    }

    /// Does one step, with its attempts; one that ended before is not done again.
    async fn step(&mut self, step: &Step, path: &str) -> Result<(StepRecord, Next), Halt> {
        // A loop is gone through again, its steps are not: what they told is needed after it.
        let is_loop = matches!(step.action, Action::Loop { .. });
        if let Some(record) = self.host.recall(path).filter(|_| !is_loop) {
            let next = self.way(step, &record)?;
            return Ok((record, next));
        }
        let mut last = String::new();
        for attempt in 1..=step.max_attempts {
            let path = match attempt {
                1 => path.to_owned(),
                later => format!("{path}@{later}"),
            };
            match self.attempt(step, &path).await? {
                Ok((outputs, next)) => {
                    let record = StepRecord {
                        state: StepState::Success,
                        outputs,
                        message: None,
                    };
                    self.host.record(path_of(&path), &record).await?;
                    return Ok((record, next));
                }
                Err(message) => last = message,
            }
        }
        let record = StepRecord {
            state: StepState::Failed,
            outputs: Answers::new(),
            message: Some(last),
        };
        self.host.record(path, &record).await?;
        Ok((record, Next::Following))
    }

    /// Where a step that ended before went.
    fn way(&mut self, step: &Step, record: &StepRecord) -> Result<Next, Halt> {
        if record.state == StepState::Failed {
            return Ok(Next::Following);
        }
        match &step.action {
            Action::Branch { choices, default } => {
                let branched = self.branch(&step.name, choices, default.as_deref())?;
                Ok(branched.unwrap_or(Next::Following))
            }
            Action::UpdateVariable(_) => {
                self.variables.extend(record.outputs.clone());
                Ok(following(step))
            }
            _ => Ok(following(step)),
        }
    }

    async fn attempt(&mut self, step: &Step, path: &str) -> Result<Attempt, Halt> {
        match &step.action {
            Action::Calls(primitives) => self.calls(step, primitives, path).await,
            Action::Branch { choices, default } => {
                let branched = self.branch(&step.name, choices, default.as_deref())?;
                Ok(branched.map(|next| (Answers::new(), next)))
            }
            Action::Loop {
                iteration,
                max_iterations,
                steps,
            } => {
                let all = Box::pin(self.repeat(step, iteration, *max_iterations, steps, path));
                all.await
            }
            Action::Sleep {
                duration,
                timestamp,
            } => {
                self.sleep(step, duration.as_ref(), timestamp.as_ref())
                    .await
            }
            Action::Pause => self.consent(step, path, 1),
            Action::Approve { minimum, .. } => self.consent(step, path, *minimum),
            Action::UpdateVariable(updates) => {
                let mut outputs = Answers::new();
                for (name, value) in updates {
                    match self.resolved(value) {
                        Ok(value) => {
                            self.variables.insert(name.clone(), value.clone());
                            outputs.insert(name.clone(), value);
                        }
                        Err(error) => return Ok(Err(error.to_string())),
                    }
                }
                Ok(Ok((outputs, following(step))))
            }
            Action::ExecuteAutomation {
                document,
                parameters,
            } => Box::pin(self.execute(step, document, parameters, path)).await,
            Action::ExecuteScript {
                handler,
                script,
                payload,
            } => self.script(step, handler, script, payload).await,
            Action::OnlySsm(what) => Ok(Err(format!(
                "it needs {what}, which only SSM has: hand the document over to SSM"
            ))),
        }
    }

    /// Where a branch goes, or why it can't be said.
    fn branch(
        &mut self,
        step: &str,
        choices: &[(Condition, String)],
        default: Option<&str>,
    ) -> Result<Result<Next, String>, Halt> {
        for (condition, next) in choices {
            match self.holds(step, condition)? {
                Ok(true) => return Ok(Ok(Next::Step(next.clone()))),
                Ok(false) => {}
                Err(message) => return Ok(Err(message)),
            }
        }
        Ok(Ok(default.map_or(Next::Following, |name| {
            Next::Step(name.to_owned())
        })))
    }

    fn holds(&self, step: &str, condition: &Condition) -> Result<Result<bool, String>, Halt> {
        let has_unknown = std::cell::Cell::new(false);
        let lookup = |reference: &str| {
            let value = self.value(reference)?;
            if is_unknown(&value) {
                has_unknown.set(true);
            }
            Ok(value)
        };
        let holds = condition.holds(&lookup);
        if has_unknown.get() {
            return Err(Halt::Undecidable {
                step: step.to_owned(),
            });
        }
        Ok(holds.map_err(|error| error.to_string()))
    }

    /// A call with everything put in; `this` is what the first call of the same step told.
    fn call(&self, call: &Call, this: &Answers) -> Result<ResolvedCall, Unresolved> {
        let lookup = |reference: &str| match reference.strip_prefix("this.") {
            Some(name) => this.get(name).cloned().ok_or_else(|| absent(reference)),
            None => self.value(reference),
        };
        let mut input = Map::new();
        for (name, value) in &call.input {
            let value = resolve(value, &lookup)?;
            // As AWS's APIs have it: a member that is null is not given.
            if !value.is_null() {
                input.insert(name.clone(), value);
            }
        }
        Ok(ResolvedCall {
            service: call.service.clone(),
            api: call.api.clone(),
            input: Value::Object(input),
        })
    }

    fn resolved(&self, template: &Value) -> Result<Value, Unresolved> {
        resolve(template, &|reference: &str| self.value(reference))
    }
}

impl<H: Host, L: Library> Machine<'_, H, L> {
    fn value(&self, reference: &str) -> Result<Value, Unresolved> {
        if let Some(name) = reference.strip_prefix("global:") {
            let day = self.globals.started_at.strftime("%Y-%m-%d").to_string();
            let time = self.globals.started_at.strftime("%Y-%m-%d_%H.%M.%S");
            return match name {
                "ACCOUNT_ID" => Ok(json!(self.globals.account_id)),
                "AWS_PARTITION" => Ok(json!(self.globals.partition)),
                "REGION" => Ok(json!(self.globals.region)),
                "DATE" => Ok(json!(day)),
                "DATE_TIME" => Ok(json!(time.to_string())),
                _ => Err(absent(reference)),
            };
        }
        if reference == "automation:EXECUTION_ID" {
            return Ok(json!(self.globals.execution_id));
        }
        let found = match reference.strip_prefix("variable:") {
            Some(name) => self.variables.get(name),
            None => match reference.split_once('.') {
                Some((step, output)) => self.outputs.get(step).and_then(|all| all.get(output)),
                None => self.arguments.get(reference),
            },
        };
        found.cloned().ok_or_else(|| absent(reference))
    }
}

fn absent(reference: &str) -> Unresolved {
    Unresolved {
        reference: reference.to_owned(),
        why: "has no value: its step was not done, or told nothing",
    }
}

/// `Step@2` ended as `Step`.
fn path_of(path: &str) -> &str {
    match path.rsplit_once('@') {
        Some((path, attempt)) if attempt.chars().all(|c| c.is_ascii_digit()) => path,
        _ => path,
    }
}

fn following(step: &Step) -> Next {
    match &step.next_step {
        Some(name) => Next::Step(name.clone()),
        None => Next::Following,
    }
}

/// The outputs of a step, from an answer; without one each is unknown.
fn told(step: &Step, answer: Option<&Value>) -> Answers {
    let outputs = step.outputs.iter().map(|output| {
        let value = match answer {
            Some(answer) => select(answer, &output.selector, output.kind),
            None => unknown(&step.name, &output.name),
        };
        (output.name.clone(), value)
    });
    outputs.collect()
}
