//! A document's parameters, as `StartAutomationExecution` takes them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The limits of AWS's `AutomationParameterValue` and `AutomationParameterValueList`, in characters and values.
const LONGEST: usize = 512;
const MOST: usize = 50;

/// SSM's `AutomationParameterMap`: of every parameter the list of its values, each a text. An empty text is left out,
/// since SSM takes none; it is what such a parameter defaults to.
///
/// # Errors
/// Everything that SSM would not take.
pub(super) fn of_ssm(arguments: &BTreeMap<String, Value>) -> Result<Value, Vec<String>> {
    let mut map = serde_json::Map::new();
    let mut problems = Vec::new();
    for (name, value) in arguments {
        let values: Option<Vec<String>> = match value {
            Value::Array(values) => values.iter().map(text).collect(),
            value => text(value).map(|text| vec![text]),
        };
        let Some(values) = values else {
            problems.push(format!(
                "{name} is a mapping, which is not handed over to SSM"
            ));
            continue;
        };
        if values.len() > MOST {
            problems.push(format!(
                "{name} has {} values, and SSM takes {MOST}",
                values.len()
            ));
        }
        if values.iter().any(|value| value.chars().count() > LONGEST) {
            problems.push(format!(
                "a value of {name} is longer than the {LONGEST} characters that SSM takes"
            ));
        }
        let is_empty = values.iter().all(String::is_empty);
        if !is_empty {
            map.insert(name.clone(), json!(values));
        }
    }
    if problems.is_empty() {
        return Ok(Value::Object(map));
    }
    Err(problems)
}

/// A value as a text; none where it is not a single one.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: Value) -> Result<Value, Vec<String>> {
        of_ssm(&serde_json::from_value(arguments).unwrap())
    }

    #[test]
    fn every_value_is_a_list_of_texts_and_what_ssm_would_not_take_is_said() {
        let given = json!({
            "Bucket": "b", "On": true, "Days": 30, "Ports": ["22", "3389"], "Empty": "", "None": [],
        });
        let taken = json!({
            "Bucket": ["b"], "On": ["true"], "Days": ["30"], "Ports": ["22", "3389"],
        });
        assert_eq!(of(given), Ok(taken));
        let given = json!({
            "Long": "x".repeat(513), "Map": {"a": "b"}, "Many": vec!["x"; 51],
        });
        let problems = of(given).unwrap_err();
        assert_eq!(problems.len(), 3, "{problems:?}");
    }
}
