//! Loops, other documents, scripts, persons, and time.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::{Value, json};

use super::{Attempt, End, Library, Machine, following, told};
use crate::document::{Iteration, Step};
use crate::run::host::{Answers, Halt, Host, is_unknown, unknown};

/// How long a script may run where nothing else is said (`aws:executeScript`: ten minutes).
const SCRIPT_SECONDS: u32 = 600;
/// Documents that execute documents, at most.
const DEPTH: usize = 8;

impl<H: Host, L: Library> Machine<'_, H, L> {
    pub(super) async fn repeat(
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

    pub(super) async fn sleep(
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

    pub(super) fn consent(
        &mut self,
        step: &Step,
        path: &str,
        minimum: u32,
    ) -> Result<Attempt, Halt> {
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

    pub(super) async fn execute(
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

    pub(super) async fn script(
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
}
