//! Reading what a run changes, comparing it, and bringing it back.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::plan::PlannedCall;
use crate::api::{Api, ApiError};
use crate::code::ForEach;
use crate::document::{Kind, Lookup, Unresolved, resolve, select};
use crate::run::{Globals, ResolvedCall};
use crate::safety::{Facet, Safety, SafetyCall};

/// The values of a resource's facets, by name; null is absent.
pub(super) type Image = BTreeMap<String, Value>;

/// What templates of a safety file may refer to.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) safety: &'s Safety,
    pub(super) arguments: &'s BTreeMap<String, Value>,
    pub(super) globals: &'s Globals,
    pub(super) before: &'s Image,
    pub(super) each: Option<&'s Value>,
}

impl Lookup for Scope<'_> {
    fn value(&self, reference: &str) -> Result<Value, Unresolved> {
        let absent = || Unresolved {
            reference: reference.to_owned(),
            why: "is no parameter, no global:NAME, no resource.NAME, no before.NAME, no oldest.NAME and no each",
        };
        if let Some(rest) = reference.strip_prefix("before.") {
            let (name, path) = rest.split_once('.').unwrap_or((rest, ""));
            let value = self.before.get(name).ok_or_else(absent)?;
            return Ok(inside(value, path));
        }
        if let Some(name) = reference.strip_prefix("resource.") {
            let part = self.safety.resource.part(name, self.arguments);
            return part.map(Value::from).ok_or_else(absent);
        }
        if let Some(name) = reference.strip_prefix("oldest.") {
            return self.oldest(name).map(Value::from).ok_or_else(absent);
        }
        if let Some(each) = self.each
            && let Some(path) = reference.strip_prefix("each")
        {
            return Ok(inside(each, path.trim_start_matches('.')));
        }
        match reference {
            "global:ACCOUNT_ID" => Ok(json!(self.globals.account_id)),
            "global:AWS_PARTITION" => Ok(json!(self.globals.partition)),
            "global:REGION" => Ok(json!(self.globals.region)),
            name => self.arguments.get(name).cloned().ok_or_else(absent),
        }
    }
}

impl ForEach for Scope<'_> {
    fn of(&self, each: &Value, template: &Value) -> Result<Value, Unresolved> {
        let each = Scope {
            each: Some(each),
            ..*self
        };
        resolve(template, &each)
    }
}

impl Scope<'_> {
    /// The moment of which, and of all before it, rules say that it is more than so many days ago, where a parameter
    /// has the number: they count whole days. It is written as answers have times, which sort as texts.
    fn oldest(&self, parameter: &str) -> Option<String> {
        let days = match self.arguments.get(parameter)? {
            Value::String(text) => text.parse().ok()?,
            other => other.as_i64()?,
        };
        let hours = days.checked_add(1)?.checked_mul(24)?;
        let age = SignedDuration::from_hours(i64::from(i32::try_from(hours).ok()?));
        let moment = self.globals.started_at.checked_sub(age).ok()?;
        Some(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    }
}

/// The value at `a.0.b`; null where there is none.
fn inside(value: &Value, path: &str) -> Value {
    let mut found = value;
    for segment in path.split('.').filter(|segment| !segment.is_empty()) {
        let next = match found {
            Value::Array(elements) => segment.parse().ok().and_then(|at: usize| elements.get(at)),
            other => other.get(segment),
        };
        match next {
            Some(next) => found = next,
            None => return Value::Null,
        }
    }
    found.clone()
}

/// Why a facet could not be read.
#[derive(Debug)]
pub(super) enum ReadError {
    Template(Unresolved),
    Api(ApiError),
}

/// Reads every facet, now.
pub(super) async fn read(
    api: &impl Api,
    safety: &Safety,
    arguments: &BTreeMap<String, Value>,
    globals: &Globals,
) -> Result<Image, ReadError> {
    let mut image = Image::new();
    // Several facets of one answer are of one moment.
    let mut answers: Vec<(ResolvedCall, Value)> = Vec::new();
    for facet in &safety.state {
        let scope = Scope {
            safety,
            arguments,
            globals,
            before: &image,
            each: None,
        };
        if let Some(when) = &facet.when
            && resolve(&json!(when), &scope)
                .map_err(ReadError::Template)?
                .is_null()
        {
            image.insert(facet.name.clone(), Value::Null);
            continue;
        }
        let call = resolved(&facet.read, &scope).map_err(ReadError::Template)?;
        let name = call.name();
        let selector = resolve(&json!(facet.select), &scope).map_err(ReadError::Template)?;
        let known = answers.iter().position(|(made, _)| *made == call);
        let answer = if let Some(at) = known {
            Ok(at)
        } else {
            let answer = api.read(&call.service, &call.api, &call.input).await;
            answer.map(|answer| {
                answers.push((call, answer));
                answers.len() - 1
            })
        };
        let value = match answer {
            Ok(at) => {
                let kind = if facet.all && !facet.json {
                    Kind::StringList
                } else {
                    Kind::String
                };
                let selector = selector.as_str().unwrap_or_default();
                let mut value = select(&answers[at].1, selector, kind);
                if facet.json {
                    value = parsed(facet, &value)?;
                }
                forget(&mut value, &facet.ignore);
                // AWS tells some things that aren't there as an empty text, some not at all.
                if value == "" { Value::Null } else { value }
            }
            Err(error) if is_absence(facet, &error) => Value::Null,
            Err(error) => return Err(ReadError::Api(error)),
        };
        if facet.needed && value.is_null() {
            return Err(ReadError::Api(ApiError {
                code: None,
                message: format!("{name} finds none"),
                denied: None,
                may_have_happened: false,
            }));
        }
        image.insert(facet.name.clone(), value);
    }
    Ok(image)
}

/// The JSON in a text, such as a policy; nothing in nothing.
fn parsed(facet: &Facet, value: &Value) -> Result<Value, ReadError> {
    let Some(text) = value.as_str() else {
        return Ok(Value::Null);
    };
    let json: Value = serde_json::from_str(text).map_err(|error| {
        ReadError::Api(ApiError {
            code: None,
            message: format!("{} is no JSON: {error}", facet.name),
            denied: None,
            may_have_happened: false,
        })
    })?;
    Ok(match &facet.within {
        Some(within) if facet.all => select(&json, within, Kind::StringList),
        Some(within) => select(&json, within, Kind::String),
        None => json,
    })
}

fn is_absence(facet: &Facet, error: &ApiError) -> bool {
    let code = error.code.as_deref();
    facet
        .absent_on
        .iter()
        .any(|known| match known.split_once(": ") {
            Some((known, part)) => code == Some(known) && error.message.contains(part),
            None => code == Some(known),
        })
}

/// Takes members away that are different each time.
fn forget(value: &mut Value, names: &[String]) {
    match value {
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|element| forget(element, names)),
        Value::Object(members) => {
            members.retain(|name, _| !names.contains(name));
            members
                .values_mut()
                .for_each(|member| forget(member, names));
        }
        _ => {}
    }
}

/// What the facets have to be.
pub(super) fn wanted(safety: &Safety, scope: &Scope<'_>) -> Result<Image, Unresolved> {
    let mut image = Image::new();
    for facet in &safety.state {
        if let Some(after) = &facet.after {
            image.insert(facet.name.clone(), resolve(after, scope)?);
        }
    }
    Ok(image)
}

/// Whether there is nothing (left) to do.
pub(super) fn is_compliant(
    safety: &Safety,
    seen: &Image,
    arguments: &BTreeMap<String, Value>,
    globals: &Globals,
) -> Result<bool, Unresolved> {
    let scope = Scope {
        safety,
        arguments,
        globals,
        before: seen,
        each: None,
    };
    if let Some(condition) = &safety.compliant_when {
        return condition.holds(&scope);
    }
    let wanted = wanted(safety, &scope)?;
    Ok(wanted
        .iter()
        .all(|(name, wanted)| fits(wanted, seen.get(name).unwrap_or(&Value::Null))))
}

/// Whether a value is as wanted. What a mapping doesn't name may have any value; null, an empty list and nothing are
/// the same.
pub(super) fn fits(wanted: &Value, seen: &Value) -> bool {
    let is_nothing = |value: &Value| match value {
        Value::Null => true,
        Value::Array(elements) => elements.is_empty(),
        _ => false,
    };
    match (wanted, seen) {
        (wanted, seen) if is_nothing(wanted) => is_nothing(seen),
        (Value::Object(members), Value::Object(seen)) => members
            .iter()
            .all(|(name, member)| fits(member, seen.get(name).unwrap_or(&Value::Null))),
        (Value::Array(elements), Value::Array(seen)) => {
            elements.len() == seen.len()
                && elements
                    .iter()
                    .zip(seen)
                    .all(|(one, other)| fits(one, other))
        }
        (wanted, seen) => wanted == seen,
    }
}

/// A call that brings a part of an image back.
pub(super) struct UndoCall {
    facet: String,
    /// Which element of the facet's list it brings back.
    element: Option<Value>,
    pub(super) call: ResolvedCall,
}

impl UndoCall {
    /// Whether what it brings back is there.
    pub(super) fn is_needless(&self, before: &Image, now: &Image) -> bool {
        let now = now.get(&self.facet);
        match (&self.element, now) {
            (Some(element), Some(Value::Array(elements))) => elements.contains(element),
            _ => before.get(&self.facet) == now,
        }
    }
}

/// The calls that bring an image back, in order.
pub(super) fn undo(
    safety: &Safety,
    before: &Image,
    arguments: &BTreeMap<String, Value>,
    globals: &Globals,
) -> Result<Vec<UndoCall>, Unresolved> {
    let mut calls = Vec::new();
    let scope = Scope {
        safety,
        arguments,
        globals,
        before,
        each: None,
    };
    let wanted = wanted(safety, &scope)?;
    for facet in safety.state.iter().rev() {
        let value = before.get(&facet.name).unwrap_or(&Value::Null);
        // What is to be as it was needs no undo.
        if wanted
            .get(&facet.name)
            .is_some_and(|wanted| fits(wanted, value))
        {
            continue;
        }
        let is_absent = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        let undo = if is_absent && !facet.remove.is_empty() {
            &facet.remove
        } else {
            &facet.restore
        };
        let mut add = |call: ResolvedCall, element| {
            calls.push(UndoCall {
                facet: facet.name.clone(),
                element,
                call,
            });
        };
        for call in undo {
            let Some(list) = &call.for_each else {
                add(resolved(call, &scope)?, None);
                continue;
            };
            let list = resolve(list, &scope)?;
            for element in list.as_array().into_iter().flatten() {
                let each = Scope {
                    each: Some(element),
                    ..scope
                };
                add(resolved(call, &each)?, Some(element.clone()));
            }
        }
    }
    Ok(calls)
}

fn resolved(call: &SafetyCall, scope: &Scope<'_>) -> Result<ResolvedCall, Unresolved> {
    let call = call.call();
    let mut input = resolve(&Value::Object(call.input), scope)?;
    without_null(&mut input);
    Ok(ResolvedCall {
        service: call.service,
        api: call.api,
        input,
    })
}

/// What a pre-image doesn't have is not given.
fn without_null(value: &mut Value) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(without_null),
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(without_null);
        }
        _ => {}
    }
}

/// Undo calls as they stand in a plan.
pub(super) fn planned(calls: &[UndoCall]) -> Vec<PlannedCall> {
    calls
        .iter()
        .map(|undo| PlannedCall::new(&undo.call))
        .collect()
}
