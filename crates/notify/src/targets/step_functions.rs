//! Step Functions: an execution with the event as its input.
//!
//! Source: step-functions API_StartExecution.html. The execution is named after the event, so that it is
//! started once: the same name and input again is the same execution.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::SendError;
use crate::grants::{Call, Grant};
use crate::outlet::{Message, Outlet, region_of};

/// A Step Functions state machine.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StepFunctions {
    /// Its ARN.
    state_machine: String,
}

/// What it calls.
const CALL: Call = ("stepfunctions", "StartExecution");

impl StepFunctions {
    pub(crate) fn grants(&self) -> Vec<Grant> {
        vec![Grant::of(CALL, [self.state_machine.clone()])]
    }

    pub(crate) async fn send(&self, outlet: &Outlet, message: &Message) -> Result<(), SendError> {
        let input = json!({
            "stateMachineArn": self.state_machine,
            "name": message.id,
            "input": message.body(),
        });
        let region = region_of(&self.state_machine);
        let started = outlet.call(region, CALL.0, CALL.1, &input);
        match started.await {
            Err(posture_aws::CallError::Service { error, .. })
                if error.code == "ExecutionAlreadyExists" =>
            {
                Ok(())
            }
            Err(error) => Err(error.into()),
            Ok(_) => Ok(()),
        }
    }
}
