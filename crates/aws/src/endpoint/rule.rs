//! The language of endpoint rules.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::function;

/// A service's rules and the parameters that they ask about.
#[derive(Debug, Deserialize)]
pub(crate) struct RuleSet {
    pub(super) parameters: BTreeMap<Box<str>, Parameter>,
    rules: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Parameter {
    /// The setting that it stands for, as in `AWS::UseFIPS`.
    #[serde(default, rename = "builtIn")]
    pub(super) built_in: Option<Box<str>>,
    #[serde(default)]
    pub(super) default: Option<Value>,
    #[serde(default)]
    pub(super) required: bool,
}

/// A rule ends in an endpoint, in an error, or in more rules.
#[derive(Debug, Deserialize)]
struct Rule {
    #[serde(default)]
    conditions: Vec<Call>,
    #[serde(default)]
    endpoint: Option<Outcome>,
    #[serde(default)]
    error: Option<Expression>,
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
struct Outcome {
    url: Expression,
    #[serde(default)]
    properties: Value,
    #[serde(default)]
    headers: BTreeMap<Box<str>, Vec<Expression>>,
}

#[derive(Debug, Deserialize)]
struct Call {
    #[serde(rename = "fn")]
    function: function::Name,
    argv: Vec<Expression>,
    #[serde(default)]
    assign: Option<Box<str>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Expression {
    Reference {
        #[serde(rename = "ref")]
        name: Box<str>,
    },
    Call(Call),
    Text(Box<str>),
    Literal(Value),
}

/// What the rules decided, before it is understood.
#[derive(Debug, PartialEq)]
pub(super) struct Decision {
    pub(super) url: String,
    pub(super) properties: Value,
    pub(super) headers: BTreeMap<Box<str>, Vec<Value>>,
}

/// What is known while rules are run: parameters, and what conditions assigned on the way.
struct Scope {
    values: Vec<(Box<str>, Value)>,
}

impl Scope {
    fn get(&self, name: &str) -> &Value {
        self.values
            .iter()
            .rev()
            .find(|(known, _)| known.as_ref() == name)
            .map_or(&Value::Null, |(_, value)| value)
    }
}

impl RuleSet {
    /// Runs the rules over parameters that are already filled in.
    ///
    /// # Errors
    /// The words of the rule that refused, or of the parameter that is missing.
    pub(super) fn decide(&self, mut given: BTreeMap<Box<str>, Value>) -> Result<Decision, String> {
        for (name, parameter) in &self.parameters {
            if given.get(name).is_some_and(|value| !value.is_null()) {
                continue;
            }
            match &parameter.default {
                Some(default) => {
                    given.insert(name.clone(), default.clone());
                }
                None if parameter.required => {
                    return Err(format!("there is no value for {name}"));
                }
                None => {}
            }
        }
        let mut scope = Scope {
            values: given.into_iter().collect(),
        };
        first(&self.rules, &mut scope)?.ok_or_else(|| "no endpoint rule applies".to_owned())
    }
}

fn first(rules: &[Rule], scope: &mut Scope) -> Result<Option<Decision>, String> {
    for rule in rules {
        // What one rule assigns, the next does not see.
        let before = scope.values.len();
        let decision = rule.run(scope);
        scope.values.truncate(before);
        if let Some(decision) = decision? {
            return Ok(Some(decision));
        }
    }
    Ok(None)
}

impl Rule {
    fn run(&self, scope: &mut Scope) -> Result<Option<Decision>, String> {
        for condition in &self.conditions {
            let value = condition.run(scope);
            if matches!(value, Value::Null | Value::Bool(false)) {
                return Ok(None);
            }
            if let Some(name) = &condition.assign {
                scope.values.push((name.clone(), value));
            }
        }
        if let Some(error) = &self.error {
            return Err(text(&error.value(scope)));
        }
        let Some(outcome) = &self.endpoint else {
            return first(&self.rules, scope);
        };
        let headers = outcome.headers.iter().map(|(name, values)| {
            let values = values.iter().map(|value| value.value(scope)).collect();
            (name.clone(), values)
        });
        Ok(Some(Decision {
            url: text(&outcome.url.value(scope)),
            headers: headers.collect(),
            properties: filled(&outcome.properties, scope),
        }))
    }
}

impl Call {
    fn run(&self, scope: &Scope) -> Value {
        let values: Vec<Value> = self.argv.iter().map(|arg| arg.value(scope)).collect();
        function::call(self.function, &values)
    }
}

impl Expression {
    fn value(&self, scope: &Scope) -> Value {
        match self {
            Self::Reference { name } => scope.get(name).clone(),
            Self::Call(call) => call.run(scope),
            Self::Text(template) => Value::String(expand(template, scope)),
            Self::Literal(value) => value.clone(),
        }
    }
}

fn filled(value: &Value, scope: &Scope) -> Value {
    match value {
        Value::String(template) => Value::String(expand(template, scope)),
        Value::Array(list) => list.iter().map(|value| filled(value, scope)).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), filled(value, scope)))
            .collect(),
        other => other.clone(),
    }
}

/// `{Region}`, `{PartitionResult#dnsSuffix}`; `{{` and `}}` stand for braces.
fn expand(template: &str, scope: &Scope) -> String {
    if !template.contains(['{', '}']) {
        return template.to_owned();
    }
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once(['{', '}']) {
        out.push_str(before);
        let opened = rest.as_bytes().get(before.len()) == Some(&b'{');
        let brace = if opened { '{' } else { '}' };
        if let Some(after) = after.strip_prefix(brace) {
            out.push(brace);
            rest = after;
            continue;
        }
        let Some((reference, after)) = after.split_once('}') else {
            rest = after;
            continue;
        };
        let mut parts = reference.split('#');
        let mut value = scope.get(parts.next().unwrap_or_default());
        for part in parts {
            value = value.get(part).unwrap_or(&Value::Null);
        }
        out.push_str(&text(value));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
