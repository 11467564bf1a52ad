//! EventBridge's event envelope.
//!
//! Source: AWS's "Event structure reference" (eb-events-structure.html); what TestEventPattern calls
//! mandatory (API_TestEventPattern.html).

use std::fmt;

use jiff::Timestamp;
use posture_model::tree::Node;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An event as EventBridge delivers it.
///
/// Ids and times are its maker's: nothing here invents them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Event {
    /// The envelope's version, `0`.
    pub version: String,
    /// Unique; delivering an event again keeps it.
    pub id: String,
    /// What kind of `detail` this is, within `source`.
    pub detail_type: String,
    /// Who sent it: `aws.` and a service for AWS's own.
    pub source: String,
    /// The twelve digits of the AWS account.
    pub account: String,
    /// When it happened.
    pub time: Timestamp,
    /// The Region that it happened in.
    pub region: String,
    /// ARNs of what it is about; may be empty.
    pub resources: Vec<String>,
    /// The event itself.
    pub detail: Map<String, Value>,
}

/// What an envelope lacks: a field and what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeProblem {
    /// The field's name; empty for the whole.
    pub field: &'static str,
    /// What was expected and what was found.
    pub message: String,
}

impl fmt::Display for EnvelopeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: {}", self.field, self.message)
    }
}

impl Event {
    /// Reads an envelope.
    ///
    /// # Errors
    /// All that [`Event::problems`] finds.
    pub fn read(node: Node<'_>) -> Result<Event, Vec<EnvelopeProblem>> {
        let problems = Event::problems(node);
        if !problems.is_empty() {
            return Err(problems);
        }
        let unreadable = |error: serde_json::Error| {
            vec![EnvelopeProblem {
                field: "",
                message: error.to_string(),
            }]
        };
        let value = serde_json::to_value(node).map_err(unreadable)?;
        serde_json::from_value(value).map_err(unreadable)
    }

    /// What keeps an event from being an envelope, in the envelope's order.
    pub fn problems(node: Node<'_>) -> Vec<EnvelopeProblem> {
        let Node::Object(_) = node else {
            return vec![EnvelopeProblem {
                field: "",
                message: format!("an event is a JSON object, not {}", node.kind()),
            }];
        };
        CHECKS
            .iter()
            .filter_map(|(field, check)| {
                let found = node.get(field);
                let message = match found {
                    None => Some("missing".to_owned()),
                    Some(value) => check(value).map(|expected| {
                        let found = value
                            .as_text()
                            .map_or_else(|| value.kind().to_owned(), |text| format!("{text:?}"));
                        format!("expected {expected}, found {found}")
                    }),
                };
                message.map(|message| EnvelopeProblem { field, message })
            })
            .collect()
    }
}

/// What a field should be, where it is not.
type Check = fn(Node<'_>) -> Option<&'static str>;

const CHECKS: &[(&str, Check)] = &[
    ("version", |value| {
        (value.as_text() != Some("0")).then_some("\"0\"")
    }),
    ("id", text),
    ("detail-type", text),
    ("source", text),
    ("account", |value| {
        let digits =
            |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        (!value.as_text().is_some_and(digits)).then_some("twelve digits")
    }),
    ("time", |value| {
        let is_time = |text: &str| text.parse::<Timestamp>().is_ok();
        (!value.as_text().is_some_and(is_time)).then_some("a time such as 2026-03-03T12:00:00Z")
    }),
    ("region", text),
    ("resources", |value| {
        let all_text = |elements: &[Node<'_>]| elements.iter().all(|one| one.as_text().is_some());
        let fits = matches!(value, Node::Array(elements) if all_text(elements));
        (!fits).then_some("an array of strings")
    }),
    ("detail", |value| {
        (!matches!(value, Node::Object(_))).then_some("an object")
    }),
];

fn text(value: Node<'_>) -> Option<&'static str> {
    value
        .as_text()
        .is_none_or(str::is_empty)
        .then_some("a string that is not empty")
}
