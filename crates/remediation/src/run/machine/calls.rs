//! Calls, assertions and waiting.

use jiff::SignedDuration;
use posture_aws::{Effect, Service};
use serde_json::{Value, json};

use super::{Attempt, Library, Machine, following, told};
use crate::document::{Kind, Primitive, Step, select};
use crate::run::host::{Answers, Halt, Host, ResolvedCall};

/// `aws:waitForAwsResourceProperty` waits for an hour where nothing else is said.
const WAIT_SECONDS: u32 = 3600;
/// How long between two looks.
const BETWEEN_LOOKS: u32 = 5;

impl<H: Host, L: Library> Machine<'_, H, L> {
    pub(super) async fn calls(
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
