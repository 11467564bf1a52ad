//! SSM: an Automation document, run by AWS.
//!
//! Source: systems-manager API_StartAutomationExecution.html. The event's id is the client token, so that
//! an execution is started once.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::SendError;
use crate::grants::{Call, Grant};
use crate::outlet::{Message, Outlet};

/// An SSM Automation document, run by AWS: outside of Posture's plans and approvals. The rule's
/// transformer makes the document's parameters: a JSON object of texts or lists of texts.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ssm {
    /// The document's name or ARN.
    document: String,
    /// Parameters that are always the same.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<String, Vec<String>>,
    /// The Region. Default: that of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
}

/// What it calls.
const CALL: Call = ("ssm", "StartAutomationExecution");

impl Ssm {
    /// The document, in any version, and the role that it is given.
    pub(crate) fn grants(&self) -> Vec<Grant> {
        let name = self.document.rsplit('/').next().unwrap_or_default();
        let definition = format!("arn:*:ssm:*:*:automation-definition/{name}:*");
        let mut grants = vec![Grant::of(CALL, [definition])];
        let roles = self.parameters.get("AutomationAssumeRole");
        let roles: BTreeSet<String> = roles.into_iter().flatten().cloned().collect();
        if !roles.is_empty() {
            grants.push(Grant {
                action: "iam:PassRole".to_owned(),
                resources: roles,
                passed_to: Some("ssm.amazonaws.com"),
            });
        }
        grants
    }

    pub(crate) async fn send(&self, outlet: &Outlet, message: &Message) -> Result<(), SendError> {
        let mut parameters = self.parameters.clone();
        if let Some(made) = &message.input {
            parameters.extend(read(made).map_err(SendError::Refused)?);
        }
        let input = json!({
            "DocumentName": self.document,
            "Parameters": parameters,
            "ClientToken": message.id,
        });
        let region = self.region.as_deref().unwrap_or(&message.event.region);
        let started = outlet.call(Some(region), CALL.0, CALL.1, &input);
        match started.await {
            Err(posture_aws::CallError::Service { error, .. })
                if error.code == "IdempotentParameterMismatch" =>
            {
                Ok(())
            }
            Err(error) => Err(error.into()),
            Ok(_) => Ok(()),
        }
    }
}

/// The parameters that a transformer made.
fn read(made: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
    let wrong = || "the transformer makes no object of texts or lists of texts".to_owned();
    let Ok(Value::Object(members)) = serde_json::from_str(made) else {
        return Err(wrong());
    };
    let mut parameters = BTreeMap::new();
    for (name, value) in members {
        let values = match value {
            Value::String(text) => vec![text],
            Value::Array(elements) => elements
                .into_iter()
                .map(|element| match element {
                    Value::String(text) => Ok(text),
                    _ => Err(wrong()),
                })
                .collect::<Result<_, _>>()?,
            _ => return Err(wrong()),
        };
        parameters.insert(name, values);
    }
    Ok(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_texts_or_lists_of_texts() {
        let made = read(r#"{"BucketName": "b", "Ids": ["1", "2"]}"#).unwrap();
        assert_eq!(made["BucketName"], ["b"]);
        assert_eq!(made["Ids"], ["1", "2"]);
        for wrong in ["[]", r#"{"a": 1}"#, r#"{"a": [1]}"#, "text"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
