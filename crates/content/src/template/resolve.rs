//! CloudFormation's intrinsic functions, as far as conformance packs use them
//! (CloudFormation user guide, "Intrinsic function reference" and "Pseudo parameters reference").

use std::collections::BTreeMap;

use crate::yaml::{Kind, Problem, Value};

/// What a value comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Resolved {
    /// `AWS::NoValue`, or nothing: the member is as if it weren't there.
    NoValue,
    Text(String),
    List(Vec<Resolved>),
}

/// The parameters and conditions of a template.
#[derive(Debug)]
pub(super) struct Scope<'t> {
    /// Every parameter, with its value; none where it has none.
    pub(super) parameters: BTreeMap<String, Option<String>>,
    pub(super) conditions: BTreeMap<&'t str, &'t Value>,
}

/// Conditions may name conditions; deeper than this they name themselves.
const DEPTH: usize = 32;

const PSEUDO_PARAMETERS: [(&str, &str); 7] = [
    ("AWS::AccountId", "${AWS::AccountId}"),
    ("AWS::Partition", "aws"),
    ("AWS::Region", "${AWS::Region}"),
    ("AWS::StackId", "${AWS::StackId}"),
    ("AWS::StackName", "${AWS::StackName}"),
    ("AWS::URLSuffix", "amazonaws.com"),
    ("AWS::NotificationARNs", ""),
];

const FUNCTIONS: [&str; 9] = [
    "Ref",
    "Fn::If",
    "Fn::Sub",
    "Fn::Join",
    "Fn::Equals",
    "Fn::Not",
    "Fn::And",
    "Fn::Or",
    "Condition",
];

impl Scope<'_> {
    /// What a value comes to. Mappings other than functions are not values here.
    pub(super) fn resolve(&self, value: &Value) -> Result<Resolved, Problem> {
        match &value.kind {
            Kind::Null => Ok(Resolved::NoValue),
            Kind::Text(text) => Ok(Resolved::Text(text.clone())),
            Kind::Sequence(elements) => {
                let all: Result<Vec<_>, _> = elements
                    .iter()
                    .map(|element| self.resolve(element))
                    .collect();
                Ok(Resolved::List(all?))
            }
            Kind::Mapping(_) => self.function(value),
        }
    }

    /// The value that `Fn::If` around it chooses; none for `AWS::NoValue`.
    pub(super) fn chosen<'v>(&self, value: &'v Value) -> Result<Option<&'v Value>, Problem> {
        let mut value = value;
        while let Some([(key, argument)]) = value.members() {
            match (key.text.as_str(), &argument.kind) {
                ("Fn::If", Kind::Sequence(parts)) => {
                    let [condition, then, otherwise] = parts.as_slice() else {
                        return Err(Problem::new(argument.place, "Fn::If takes three values"));
                    };
                    let holds = self.condition_named(condition, 0)?;
                    value = if holds { then } else { otherwise };
                }
                ("Ref", Kind::Text(name)) if name == "AWS::NoValue" => return Ok(None),
                _ => break,
            }
        }
        Ok(Some(value))
    }

    /// The text that a value comes to; none for `AWS::NoValue`. A list is joined by commas, as
    /// AWS Config's parameters are.
    pub(super) fn text(&self, value: &Value) -> Result<Option<String>, Problem> {
        Ok(joined(&self.resolve(value)?))
    }

    /// As [`Scope::text`], but a reference to a parameter without a value stays `${Name}`: what a
    /// remediation needs is asked for when it runs.
    pub(super) fn text_or_name(&self, value: &Value) -> Result<Option<String>, Problem> {
        if let Some([(key, argument)]) = value.members()
            && key.text == "Ref"
            && let Some(name) = argument.text()
            && self.parameters.get(name) == Some(&None)
        {
            return Ok(Some(format!("${{{name}}}")));
        }
        self.text(value)
    }

    fn function(&self, value: &Value) -> Result<Resolved, Problem> {
        let Some([(key, argument)]) = value.members() else {
            return Err(Problem::new(
                value.place,
                "expected a scalar, a list or one intrinsic function",
            ));
        };
        match key.text.as_str() {
            "Ref" => {
                let name = argument.text().unwrap_or_default();
                self.reference(name, argument)
            }
            "Fn::If" => match self.arguments(argument, 3)? {
                [condition, then, otherwise] => {
                    let chosen = if self.condition_named(condition, 0)? {
                        then
                    } else {
                        otherwise
                    };
                    self.resolve(chosen)
                }
                _ => Err(Problem::new(argument.place, "Fn::If takes three values")),
            },
            "Fn::Join" => self.join(argument),
            "Fn::Sub" => self.sub(argument),
            other => Err(Problem::unknown(
                key.place,
                "no intrinsic function that gives a value is named",
                other,
                FUNCTIONS,
            )),
        }
    }

    fn reference(&self, name: &str, place: &Value) -> Result<Resolved, Problem> {
        if name == "AWS::NoValue" {
            return Ok(Resolved::NoValue);
        }
        let pseudo = PSEUDO_PARAMETERS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| Resolved::Text((*value).to_owned()));
        if let Some(value) = pseudo {
            return Ok(value);
        }
        match self.parameters.get(name) {
            Some(Some(value)) => Ok(Resolved::Text(value.clone())),
            Some(None) => Err(Problem::new(
                place.place,
                format!("parameter {name} has no default; give --param {name}=VALUE"),
            )),
            None => Err(Problem::unknown(
                place.place,
                "no parameter is named",
                name,
                self.parameters.keys().map(String::as_str),
            )),
        }
    }

    fn join(&self, argument: &Value) -> Result<Resolved, Problem> {
        let [separator, list] = self.arguments(argument, 2)? else {
            return Err(Problem::new(argument.place, "Fn::Join takes two values"));
        };
        let separator = self.text(separator)?.unwrap_or_default();
        let parts: Vec<String> = match self.resolve(list)? {
            Resolved::List(parts) => parts.iter().filter_map(joined).collect(),
            other => joined(&other).into_iter().collect(),
        };
        Ok(Resolved::Text(parts.join(&separator)))
    }

    fn sub(&self, argument: &Value) -> Result<Resolved, Problem> {
        let (text, own) = match &argument.kind {
            Kind::Sequence(parts) => match parts.as_slice() {
                [text, own] => (text, own.members()),
                [text] => (text, None),
                _ => {
                    return Err(Problem::new(
                        argument.place,
                        "Fn::Sub takes one or two values",
                    ));
                }
            },
            _ => (argument, None),
        };
        let whole = text
            .text()
            .ok_or_else(|| Problem::new(text.place, "Fn::Sub takes a text"))?;
        let mut out = String::new();
        let mut rest = whole;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| Problem::new(text.place, "Fn::Sub has ${ without }"))?;
            if let Some(literal) = name.strip_prefix('!') {
                out.push_str("${");
                out.push_str(literal);
                out.push('}');
            } else {
                let own = own.and_then(|own| own.iter().find(|(key, _)| key.text == name));
                let value = match own {
                    Some((_, value)) => self.text(value)?,
                    None => joined(&self.reference(name, text)?),
                };
                out.push_str(&value.unwrap_or_default());
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(Resolved::Text(out))
    }

    /// Whether a condition, by name or written out, holds.
    pub(super) fn condition_named(&self, value: &Value, depth: usize) -> Result<bool, Problem> {
        let Some(name) = value.text() else {
            return self.condition(value, depth);
        };
        match self.conditions.get(name) {
            Some(condition) => self.condition(condition, depth + 1),
            None => Err(Problem::unknown(
                value.place,
                "no condition is named",
                name,
                self.conditions.keys().copied(),
            )),
        }
    }

    fn condition(&self, value: &Value, depth: usize) -> Result<bool, Problem> {
        if depth > DEPTH {
            return Err(Problem::new(value.place, "a condition that names itself"));
        }
        let Some([(key, argument)]) = value.members() else {
            return Err(Problem::new(value.place, "expected a condition function"));
        };
        let all = || match &argument.kind {
            Kind::Sequence(elements) => Ok(elements.as_slice()),
            _ => Err(Problem::new(
                argument.place,
                "expected a list of conditions",
            )),
        };
        match key.text.as_str() {
            "Fn::Equals" => match self.arguments(argument, 2)? {
                [a, b] => Ok(self.text(a)? == self.text(b)?),
                _ => Err(Problem::new(argument.place, "Fn::Equals takes two values")),
            },
            "Fn::Not" => match self.arguments(argument, 1)? {
                [inner] => Ok(!self.condition_named(inner, depth + 1)?),
                _ => Err(Problem::new(argument.place, "Fn::Not takes one condition")),
            },
            "Fn::And" => {
                for inner in all()? {
                    if !self.condition_named(inner, depth + 1)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            "Fn::Or" => {
                for inner in all()? {
                    if self.condition_named(inner, depth + 1)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            "Condition" => self.condition_named(argument, depth + 1),
            other => Err(Problem::unknown(
                key.place,
                "no condition function is named",
                other,
                FUNCTIONS,
            )),
        }
    }

    #[expect(clippy::unused_self, reason = "reads as a part of resolving")]
    fn arguments<'v>(&self, value: &'v Value, count: usize) -> Result<&'v [Value], Problem> {
        match &value.kind {
            Kind::Sequence(elements) if elements.len() == count => Ok(elements),
            _ => Err(Problem::new(
                value.place,
                format!("expected a list of {count}"),
            )),
        }
    }
}

fn joined(resolved: &Resolved) -> Option<String> {
    match resolved {
        Resolved::NoValue => None,
        Resolved::Text(text) => Some(text.clone()),
        Resolved::List(parts) => {
            let parts: Vec<String> = parts.iter().filter_map(joined).collect();
            Some(parts.join(","))
        }
    }
}
