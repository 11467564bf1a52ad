//! The interpreter of automation documents.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use posture_aws::{Effect, Service};
use serde_json::{Map, Value, json};

use super::host::{Answers, Halt, Host, ResolvedCall, StepRecord, StepState, is_unknown, unknown};
use crate::document::{
    Action, Call, Condition, Document, Iteration, Kind, OnFailure, Primitive, Step, Unresolved,
    resolve, select,
};

/// `aws:waitForAwsResourceProperty` waits for an hour where nothing else is said.
const WAIT_SECONDS: u32 = 3600;
/// How long between two looks.
const BETWEEN_LOOKS: u32 = 5;
/// How long a script may run where nothing else is said (`aws:executeScript`: ten minutes).
const SCRIPT_SECONDS: u32 = 600;
/// Documents that execute documents, at most.
const DEPTH: usize = 8;

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

    async fn calls(
        &mut self,
        step: &Step,
        primitives: &[Primitive],
        path: &str,
    ) -> Result<Attempt, Halt> {
        let mut outputs = Answers::new();
        for (index, primitive) in primitives.iter().enumerate() {
            let call = match self.call(primitive.call(), &outputs) {
                Ok(call) => call,
                Err(error) => return Ok(Err(error.to_string())),
            };
            let done = match primitive {
                Primitive::Call(_) if reads(&call) => self.host.read(&call).await?.map(|answer| {
                    outputs.extend(told(step, answer.as_ref()));
                }),
                Primitive::Call(_) => {
                    let path = match index {
                        0 => path.to_owned(),
                        later => format!("{path}#{later}"),
                    };
                    let wanted: &[_] = if index == 0 { &step.outputs } else { &[] };
                    let done = self.host.mutate(&path, &step.name, &call, wanted).await?;
                    done.map(|answers| outputs.extend(answers))
                }
                Primitive::Assert {
                    selector, desired, ..
                } => match self.assert(&call, selector, desired).await? {
                    Ok(answer) => {
                        outputs.extend(told(step, answer.as_ref()));
                        Ok(())
                    }
                    Err(message) => return Ok(Err(message)),
                },
                Primitive::Wait {
                    selector,
                    desired,
                    hopeless,
                    ..
                } => {
                    let limit = step.timeout_seconds.unwrap_or(WAIT_SECONDS);
                    let wait = self.wait(&call, selector, desired, hopeless, limit);
                    if let Err(message) = wait.await? {
                        return Ok(Err(message));
                    }
                    Ok(())
                }
            };
            if let Err(error) = done {
                return Ok(Err(error.to_string()));
            }
        }
        Ok(Ok((outputs, following(step))))
    }

    async fn assert(
        &mut self,
        call: &ResolvedCall,
        selector: &str,
        desired: &Value,
    ) -> Result<Result<Option<Value>, String>, Halt> {
        let answer = match self.host.read(call).await? {
            Ok(Some(answer)) => answer,
            Ok(None) => return Ok(Ok(None)),
            Err(error) => return Ok(Err(error.to_string())),
        };
        let found = select(&answer, selector, Kind::String);
        let desired = match self.resolved(desired) {
            Ok(desired) => desired,
            Err(error) => return Ok(Err(error.to_string())),
        };
        if is_one_of(&found, &desired) {
            return Ok(Ok(Some(answer)));
        }
        Ok(Err(format!(
            "{}: {selector} is {found}, expected one of {desired}",
            call.name()
        )))
    }

    async fn wait(
        &mut self,
        call: &ResolvedCall,
        selector: &str,
        desired: &Value,
        hopeless: &[&str],
        limit: u32,
    ) -> Result<Result<(), String>, Halt> {
        let desired = match self.resolved(desired) {
            Ok(desired) => desired,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let selector = match self.resolved(&json!(selector)) {
            Ok(Value::String(selector)) => selector,
            _ => selector.to_owned(),
        };
        let end = self.host.now() + SignedDuration::from_secs(i64::from(limit));
        loop {
            let found = match self.host.read(call).await? {
                Ok(Some(answer)) => select(&answer, &selector, Kind::StringList),
                Ok(None) => return Ok(Ok(())),
                Err(error) => return Ok(Err(error.to_string())),
            };
            let seen = found.as_array().map_or(&[][..], Vec::as_slice);
            let is_empty_wanted = desired.as_array().is_some_and(Vec::is_empty);
            let all = seen.iter().all(|one| is_one_of(one, &desired));
            if all && seen.is_empty() == is_empty_wanted {
                return Ok(Ok(()));
            }
            let is_hopeless =
                |one: &Value| one.as_str().is_some_and(|text| hopeless.contains(&text));
            let is_late = self.host.now() >= end;
            if is_late || seen.iter().any(is_hopeless) {
                let why = if is_late { "timed out" } else { "failed" };
                return Ok(Err(format!(
                    "{}: {selector} is {found}, expected {desired}: {why}",
                    call.name()
                )));
            }
            self.host.sleep(BETWEEN_LOOKS).await?;
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

    async fn repeat(
        &mut self,
        step: &Step,
        iteration: &Iteration,
        most: u32,
        steps: &[Step],
        path: &str,
    ) -> Result<Attempt, Halt> {
        let elements = match iteration {
            Iteration::While(_) => None,
            Iteration::ForEach(elements) => match self.resolved(elements) {
                Ok(elements) if is_unknown(&elements) => {
                    return Err(Halt::Undecidable {
                        step: step.name.clone(),
                    });
                }
                Ok(Value::Array(elements)) => Some(elements),
                Ok(other) => return Ok(Err(format!("Iterators is {other}, expected a list"))),
                Err(error) => return Ok(Err(error.to_string())),
            },
        };
        let most = most as usize;
        if let Some(elements) = &elements
            && elements.len() > most
        {
            let count = elements.len();
            return Ok(Err(format!("{count} elements, and {most} are allowed")));
        }
        let mut count = 0;
        while elements.as_ref().map_or(most, Vec::len) > count {
            let element = elements.as_ref().and_then(|all| all.get(count));
            let element = element.cloned().unwrap_or_default();
            count += 1;
            let current = Answers::from([
                ("CurrentIteration".to_owned(), json!(count)),
                ("CurrentIterationValue".to_owned(), element.clone()),
                ("CurrentIteratorValue".to_owned(), element),
            ]);
            self.outputs.insert(step.name.clone(), current);
            match Box::pin(self.run(steps, &format!("{path}[{count}]/"))).await? {
                End::Success => {}
                End::Failed { step, message } => return Ok(Err(format!("{step}: {message}"))),
            }
            if let Iteration::While(condition) = iteration {
                match self.holds(&step.name, condition)? {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(message) => return Ok(Err(message)),
                }
            }
        }
        Ok(Ok((Answers::new(), following(step))))
    }

    async fn sleep(
        &mut self,
        step: &Step,
        duration: Option<&Value>,
        timestamp: Option<&Value>,
    ) -> Result<Attempt, Halt> {
        let given = duration.or(timestamp).cloned().unwrap_or_default();
        let given = match self.resolved(&given) {
            Ok(given) => given,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let text = given.as_str().unwrap_or_default();
        let now = self.host.now();
        let end = if duration.is_some() {
            text.parse::<Span>()
                .and_then(|span| TimeZone::UTC.to_datetime(now).checked_add(span))
                .and_then(|time| TimeZone::UTC.to_timestamp(time))
        } else {
            text.parse::<Timestamp>()
        };
        let end = match end {
            Ok(end) => end,
            Err(error) => return Ok(Err(format!("{given} is no time: {error}"))),
        };
        let seconds = end.duration_since(now).as_secs().max(0);
        self.host
            .sleep(u32::try_from(seconds).unwrap_or(u32::MAX))
            .await?;
        Ok(Ok((Answers::new(), following(step))))
    }

    fn consent(&mut self, step: &Step, path: &str, minimum: u32) -> Result<Attempt, Halt> {
        match self.host.consent(path, minimum) {
            Some(true) => Ok(Ok((
                Answers::from([("ApprovalStatus".to_owned(), json!("Approved"))]),
                following(step),
            ))),
            Some(false) => Ok(Err("it was rejected".to_owned())),
            None => Err(Halt::Waiting {
                step: path.to_owned(),
            }),
        }
    }

    async fn execute(
        &mut self,
        step: &Step,
        name: &str,
        parameters: &Value,
        path: &str,
    ) -> Result<Attempt, Halt> {
        let library = self.library;
        let Some(document) = library.document(name) else {
            return Ok(Err(format!("there is no document {name}")));
        };
        if self.depth >= DEPTH {
            return Ok(Err("documents execute each other in a circle".to_owned()));
        }
        let given = match self.resolved(parameters) {
            Ok(Value::Object(given)) => given,
            Ok(other) => return Ok(Err(format!("RuntimeParameters is {other}"))),
            Err(error) => return Ok(Err(error.to_string())),
        };
        let given = given.into_iter().map(|(name, value)| {
            // SSM's API takes lists of texts for all types.
            let is_list = document
                .parameters
                .get(&name)
                .is_some_and(|parameter| parameter.kind.is_list());
            match value {
                Value::Array(elements) if !is_list && elements.len() == 1 => {
                    (name, elements.into_iter().next().unwrap_or_default())
                }
                value => (name, value),
            }
        });
        let arguments = match document.arguments(&given.collect()) {
            Ok(arguments) => arguments,
            Err(problems) => return Ok(Err(problems.join("; "))),
        };
        let mut inner = Machine {
            host: &mut *self.host,
            library,
            globals: self.globals,
            arguments,
            variables: document.variables.clone(),
            outputs: BTreeMap::new(),
            depth: self.depth + 1,
        };
        match Box::pin(inner.run(&document.steps, &format!("{path}/"))).await? {
            End::Success => {}
            End::Failed { step, message } => return Ok(Err(format!("{step}: {message}"))),
        }
        let mut output = Vec::new();
        for name in &document.outputs {
            output.push(inner.value(name).unwrap_or_default());
        }
        Ok(Ok((
            Answers::from([
                ("Output".to_owned(), Value::Array(output)),
                ("Status".to_owned(), json!("Success")),
            ]),
            following(step),
        )))
    }

    async fn script(
        &mut self,
        step: &Step,
        handler: &str,
        script: &str,
        payload: &Value,
    ) -> Result<Attempt, Halt> {
        let payload = match self.resolved(payload) {
            Ok(payload) => payload,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let limit = step.timeout_seconds.unwrap_or(SCRIPT_SECONDS);
        let ran = self.host.script(script, handler, &payload, limit).await?;
        Ok(match ran {
            Ok(answer) => {
                let answer = answer.map(|payload| json!({ "Payload": payload }));
                let mut outputs = told(step, answer.as_ref());
                let payload = match &answer {
                    Some(answer) => answer.get("Payload").cloned().unwrap_or_default(),
                    None => unknown(&step.name, "Payload"),
                };
                outputs.entry("Payload".to_owned()).or_insert(payload);
                Ok((outputs, following(step)))
            }
            Err(message) => Err(message),
        })
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

/// Whether a call only reads.
fn reads(call: &ResolvedCall) -> bool {
    let effect = Service::named(&call.service).and_then(|service| {
        service
            .operation(&call.api)
            .map(|operation| operation.effect(service.name))
    });
    matches!(effect, Ok(Effect::Read))
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

/// Desired values are written as texts also for numbers and truths.
fn is_one_of(found: &Value, desired: &Value) -> bool {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let same = |one: &Value| {
        one == found
            || text(one).eq_ignore_ascii_case(&text(found)) && !found.is_string()
            || text(one) == text(found)
    };
    match desired {
        Value::Array(all) => all.iter().any(same),
        one => same(one),
    }
}
