//! Systems Manager Automation, as its API reference says it: one execution a client token.

use std::collections::BTreeMap;

use posture_remediation::ApiError;
use serde_json::{Value, json};

/// How the next execution goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Course {
    /// It sets the retention, and succeeds.
    #[default]
    Well,
    /// It fails before it sets it.
    FailsBefore,
    /// It sets it to another value, and fails.
    FailsAfter,
    /// It goes on until it is stopped.
    Endless,
}

/// Documents and executions.
#[derive(Debug, Default)]
pub(crate) struct Ssm {
    /// By name: owner and content.
    pub(crate) documents: BTreeMap<String, (String, String)>,
    pub(crate) course: Course,
    /// What was asked for, in order: by client token, parameters.
    pub(crate) executions: Vec<(String, Value)>,
    looks: u32,
    is_cancelled: bool,
}

fn error(code: &str) -> ApiError {
    ApiError {
        code: Some(code.to_owned()),
        message: format!("ssm: {code}"),
        denied: None,
        may_have_happened: false,
    }
}

impl Ssm {
    pub(crate) fn read(
        &mut self,
        operation: &str,
        input: &Value,
        retention: &mut BTreeMap<String, i64>,
    ) -> Result<Value, ApiError> {
        let document = || {
            let name = input["Name"].as_str().unwrap();
            self.documents
                .get(name)
                .ok_or_else(|| error("InvalidDocument"))
        };
        match operation {
            "DescribeDocument" => {
                let (owner, _) = document()?;
                Ok(json!({ "Document": {
                    "Name": input["Name"], "Owner": owner, "DocumentVersion": "1", "Status": "Active",
                    "Parameters": [{ "Name": "Group" }, { "Name": "Days" }],
                }}))
            }
            "GetDocument" => {
                let (_, content) = document()?;
                Ok(json!({ "Content": content, "DocumentFormat": "YAML" }))
            }
            "GetAutomationExecution" => Ok(self.look(retention)),
            other => unreachable!("{other}"),
        }
    }

    /// Three looks are an execution: it runs at the second.
    fn look(&mut self, retention: &mut BTreeMap<String, i64>) -> Value {
        self.looks += 1;
        let (_, parameters) = self.executions.last().unwrap().clone();
        let group = parameters["Group"][0].as_str().unwrap().to_owned();
        let days: i64 = parameters["Days"][0].as_str().unwrap().parse().unwrap();
        let (status, step) = match (self.looks, self.course) {
            _ if self.is_cancelled => ("Cancelled", "Cancelled"),
            (1, _) => ("InProgress", "Pending"),
            (_, Course::Endless) => ("InProgress", "InProgress"),
            (_, Course::FailsBefore) => ("Failed", "Failed"),
            (_, Course::FailsAfter) => {
                retention.insert(group, days + 1);
                ("Failed", "Failed")
            }
            (_, Course::Well) => {
                retention.insert(group, days);
                ("Success", "Success")
            }
        };
        json!({ "AutomationExecution": {
            "AutomationExecutionStatus": status,
            "StepExecutions": [{ "StepName": "Put", "StepExecutionId": "s-1", "StepStatus": step,
                                 "Outputs": { "OutputPayload": ["{}"] } }],
        }})
    }

    pub(crate) fn mutate(&mut self, operation: &str, input: &Value) -> Result<Value, ApiError> {
        let text = |name: &str| input[name].as_str().unwrap().to_owned();
        match operation {
            "CreateDocument" => {
                let made = ("123456789012".to_owned(), text("Content"));
                self.documents.insert(text("Name"), made);
                Ok(json!({}))
            }
            "StartAutomationExecution" => {
                let token = text("ClientToken");
                assert_eq!(token.len(), 36, "{token}");
                assert_eq!(input["DocumentVersion"], "1");
                if !self.documents.contains_key(&text("DocumentName")) {
                    return Err(error("AutomationDefinitionNotFoundException"));
                }
                let parameters = input["Parameters"].clone();
                match self.executions.iter().position(|one| one.0 == token) {
                    Some(place) if self.executions[place].1 != parameters => {
                        return Err(error("IdempotentParameterMismatch"));
                    }
                    Some(_) => {}
                    None => self.executions.push((token, parameters)),
                }
                Ok(json!({ "AutomationExecutionId": format!("e-{}", self.executions.len()) }))
            }
            "StopAutomationExecution" => {
                assert_eq!(input["Type"], "Cancel");
                self.is_cancelled = true;
                Ok(json!({}))
            }
            other => unreachable!("{other}"),
        }
    }
}
