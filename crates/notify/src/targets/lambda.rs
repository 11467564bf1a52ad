//! Lambda: an asynchronous invocation with the event.
//!
//! Source: lambda API_Invoke.html.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::SendError;
use crate::grants::{Call, Grant, arn};
use crate::outlet::{Message, Outlet, region_of};

/// A Lambda function. It may be invoked twice with an event of the same `id`.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lambda {
    /// Its ARN.
    function: String,
}

/// What it calls.
const CALL: Call = ("lambda", "Invoke");

impl Lambda {
    pub(crate) fn grants(&self) -> Vec<Grant> {
        vec![Grant::of(
            CALL,
            [arn("lambda", "function:", &self.function)],
        )]
    }

    pub(crate) async fn send(&self, outlet: &Outlet, message: &Message) -> Result<(), SendError> {
        let input = json!({
            "FunctionName": self.function,
            "InvocationType": "Event",
            "Payload": STANDARD.encode(message.body()),
        });
        let region = region_of(&self.function);
        outlet.call(region, CALL.0, CALL.1, &input).await?;
        Ok(())
    }
}
