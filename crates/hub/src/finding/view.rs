//! A finding as it is shown: its provider's words under the layers of those who work on it.

use serde_json::{Value, json};

use super::layers::{Layers, SHARED};
use super::{Object, Origin, SeverityLabel, at};
use crate::people::{Clock, Subject};

/// A finding as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its number here.
    pub number: i64,
    /// All of it, in ASFF.
    pub asff: Object,
    /// The security control that it is of; empty where it is none's.
    pub control: String,
    /// The automation rules that changed it, in their order.
    pub rule_names: Vec<String>,
    /// The exception that suppresses it.
    pub exception: Option<String>,
    /// How many findings tell of the same fact, this one counted; 0 where that was not asked.
    pub of_same_fact: i64,
    /// Since when it is open, and what became of that.
    pub clock: Clock,
}

impl Shown {
    /// A text of it, empty where there is none.
    pub fn text(&self, path: &[&str]) -> &str {
        super::text(&self.asff, path).unwrap_or_default()
    }

    /// What it is about, as rules of ownership see it.
    pub fn subject(&self) -> Subject {
        let tags = self
            .asff
            .get("Resources")
            .and_then(|list| list.get(0)?.get("Tags"));
        let tags = tags.and_then(Value::as_object).into_iter().flatten();
        Subject {
            account_id: self.text(&["AwsAccountId"]).to_owned(),
            control: self.control.clone(),
            resource_type: self.resource("Type").to_owned(),
            tags: tags
                .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
                .collect(),
        }
    }

    /// A text of its first resource.
    pub fn resource(&self, name: &str) -> &str {
        let first = self.asff.get("Resources").and_then(|list| list.get(0));
        let value = first.and_then(|resource| resource.get(name));
        value.and_then(Value::as_str).unwrap_or_default()
    }
}

/// A provider's finding with the layers over it.
pub(crate) fn shown(mut asff: Object, layers: &Layers) -> Object {
    let members = over(asff.get("Severity"), layers);
    asff.extend(members);
    asff
}

/// The members that layers set over a provider's finding of this `Severity`.
pub(crate) fn over(severity: Option<&Value>, layers: &Layers) -> Object {
    let mut members = Object::new();
    for (name, value) in layers.members() {
        let value = match name.as_str() {
            "Severity" => severity_over(members.get(name).or(severity), value),
            _ => value.clone(),
        };
        members.insert(name.clone(), value);
    }
    let status = layers.effective_workflow().as_str();
    members.insert("Workflow".to_owned(), json!({"Status": status}));
    members
}

/// A change of severity keeps what the provider called it.
fn severity_over(before: Option<&Value>, set: &Value) -> Value {
    let mut severity = set.as_object().cloned().unwrap_or_default();
    complete_severity(&mut severity);
    if let Some(original) = before.and_then(|before| before.get("Original")) {
        severity.insert("Original".to_owned(), original.clone());
    }
    Value::Object(severity)
}

/// A finding in one form, whoever sent it: severity with label and number, the provider's fields both
/// in `FindingProviderFields` and at the top, a record state.
pub(crate) fn normalised(mut asff: Object, origin: Origin) -> Object {
    let mut provided = match asff.remove("FindingProviderFields") {
        Some(Value::Object(fields)) => fields,
        _ => Object::new(),
    };
    for name in SHARED {
        let top = asff.get(name).filter(|value| !value.is_null()).cloned();
        let given = provided.get(name).filter(|value| !value.is_null()).cloned();
        if let Some(value) = given.clone().or_else(|| top.clone()) {
            provided.insert(name.to_owned(), value);
        }
        // Of a provider, its own fields count; Security Hub tells both as they are.
        let at_top = match origin {
            Origin::SecurityHub => top.or(given),
            Origin::Provider | Origin::Scan => given.or(top),
        };
        if let Some(value) = at_top {
            asff.insert(name.to_owned(), value);
        }
    }
    if let Some(Value::Object(severity)) = asff.get_mut("Severity") {
        complete_severity(severity);
    }
    if let Some(Value::Object(severity)) = provided.get_mut("Severity") {
        complete_severity(severity);
        // ASFF's FindingProviderSeverity has these two only.
        severity.retain(|name, _| matches!(name.as_str(), "Label" | "Original"));
    }
    if !provided.is_empty() {
        asff.insert("FindingProviderFields".to_owned(), Value::Object(provided));
    }
    if asff.get("RecordState").is_none_or(Value::is_null) {
        asff.insert("RecordState".to_owned(), json!("ACTIVE"));
    }
    asff
}

/// Label from number, number from label, the number from a product's own last.
fn complete_severity(severity: &mut Object) {
    let label = super::text(severity, &["Label"]).and_then(SeverityLabel::from_word);
    let number = ["Normalized", "Product"]
        .iter()
        .find_map(|name| at(severity, &[name])?.as_f64());
    if label.is_none()
        && let Some(number) = number
    {
        let label = SeverityLabel::from_normalized(number).as_str();
        severity.insert("Label".to_owned(), json!(label));
    }
    if severity.get("Normalized").is_none_or(Value::is_null)
        && let Some(label) = label
    {
        severity.insert("Normalized".to_owned(), json!(label.normalized()));
    }
}
