//! What a target gets of an event: all, a part, or a text made of parts.
//!
//! Source: AWS's "Amazon EventBridge input transformation" (eb-transform-target-input.html),
//! API_InputTransformer.html, and what AWS was seen to send, as LocalStack recorded it
//! (test_events_inputs.snapshot.json). One deliberate difference: a text that is put between quotes
//! is escaped. EventBridge puts it there as it is, so that a finding's title can close the quotes and
//! write JSON of its own.

mod json_path;
mod template;

use std::collections::BTreeMap;

use posture_model::tree::Node;
use serde_json::{Map, Value};

pub use json_path::JsonPath;
use template::Template;

/// Why a transformer was refused, or could not be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransformError {
    /// A path that is none.
    #[error("the path {path:?} is no JSON path: {reason}")]
    Path {
        /// The path as written.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A variable of `InputPathsMap` whose name AWS does not take.
    #[error("InputPathsMap has the variable {name:?}: {reason}")]
    Variable {
        /// The variable's name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// More variables than AWS takes.
    #[error("InputPathsMap has {count} variables, expected at most 100")]
    TooManyVariables {
        /// How many there are.
        count: usize,
    },
    /// A template whose length AWS does not take.
    #[error("InputTemplate has {length} characters, expected 1 to 8192")]
    TemplateLength {
        /// Characters.
        length: usize,
    },
    /// A placeholder that no variable fills.
    #[error("InputTemplate contains invalid placeholder {name}")]
    Placeholder {
        /// The name between the brackets.
        name: String,
    },
    /// A placeholder where a field's name is.
    #[error("InputTemplate has the placeholder {name} in the name of a field")]
    PlaceholderInName {
        /// The name between the brackets.
        name: String,
    },
    /// A template that is neither JSON nor quoted lines, or becomes so when it is filled.
    #[error("InputTemplate is neither JSON nor quoted text: {reason}")]
    NotJson {
        /// What is wrong.
        reason: String,
    },
}

/// The rule that an event matched, for the reserved variables.
#[derive(Debug, Clone, Copy)]
pub struct RuleContext<'c> {
    /// `aws.events.rule-arn`.
    pub rule_arn: &'c str,
    /// `aws.events.rule-name`.
    pub rule_name: &'c str,
    /// `aws.events.event.ingestion-time`: when the event was received.
    pub ingestion_time: jiff::Timestamp,
}

/// The names that no variable may have.
const RESERVED: &[&str] = &[
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event.ingestion-time",
    "aws.events.event",
    "aws.events.event.json",
];

const MAXIMUM_VARIABLES: usize = 100;
const MAXIMUM_TEMPLATE: usize = 8_192;
const MAXIMUM_NAME: usize = 256;

/// `InputPathsMap` and `InputTemplate`.
#[derive(Debug, Clone)]
pub struct InputTransformer {
    paths: BTreeMap<String, JsonPath>,
    template: Template,
}

impl InputTransformer {
    /// Reads a transformer, with the checks of AWS's PutTargets.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn new<'p>(
        paths: impl IntoIterator<Item = (&'p str, &'p str)>,
        template: &str,
    ) -> Result<InputTransformer, TransformError> {
        let paths: BTreeMap<String, JsonPath> = paths
            .into_iter()
            .map(|(name, path)| {
                checked(name)?;
                Ok((name.to_owned(), JsonPath::parse(path)?))
            })
            .collect::<Result<_, _>>()?;
        if paths.len() > MAXIMUM_VARIABLES {
            return Err(TransformError::TooManyVariables { count: paths.len() });
        }
        let length = template.chars().count();
        if !(1..=MAXIMUM_TEMPLATE).contains(&length) {
            return Err(TransformError::TemplateLength { length });
        }
        let template = Template::parse(template, |name| {
            paths.contains_key(name) || RESERVED.contains(&name)
        })?;
        Ok(InputTransformer { paths, template })
    }

    /// What the target gets: minified JSON, or the lines of quoted text.
    ///
    /// A variable whose path is not in the event is empty: nothing between quotes, `""` elsewhere.
    ///
    /// # Errors
    /// [`TransformError::NotJson`] where an object or array was put between the quotes of a JSON
    /// template. AWS sends nothing then.
    pub fn apply(
        &self,
        event: Node<'_>,
        context: RuleContext<'_>,
    ) -> Result<String, TransformError> {
        self.template.fill(|name| match name {
            "aws.events.rule-arn" => Some(context.rule_arn.into()),
            "aws.events.rule-name" => Some(context.rule_name.into()),
            "aws.events.event.ingestion-time" => Some(context.ingestion_time.to_string().into()),
            "aws.events.event" => serde_json::to_value(event).ok().map(without_detail),
            "aws.events.event.json" => serde_json::to_value(event).ok(),
            _ => self.paths.get(name).and_then(|path| path.find(event)),
        })
    }
}

/// The envelope as `aws.events.event` has it: no `detail`, and `detail-type` spelled `detailType`.
fn without_detail(event: Value) -> Value {
    let Value::Object(members) = event else {
        return event;
    };
    let kept: Map<String, Value> = members
        .into_iter()
        .filter(|(name, _)| name != "detail")
        .map(|(name, value)| match name.as_str() {
            "detail-type" => ("detailType".to_owned(), value),
            _ => (name, value),
        })
        .collect();
    Value::Object(kept)
}

fn checked(name: &str) -> Result<(), TransformError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    let reason = if name.is_empty() || name.len() > MAXIMUM_NAME {
        "a name has 1 to 256 characters"
    } else if RESERVED.contains(&name) {
        "the name is reserved"
    } else if name
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("aws."))
    {
        "names cannot start with AWS."
    } else if !name.bytes().all(allowed) {
        "a name has letters, digits, _ and - only"
    } else {
        return Ok(());
    };
    Err(TransformError::Variable {
        name: name.to_owned(),
        reason,
    })
}
