//! SQS: a message to a queue.
//!
//! Source: API_SendMessage.html. A FIFO queue keeps the order of a group and drops what comes twice
//! within five minutes.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::SendError;
use crate::grants::{Call, Grant};
use crate::outlet::{Message, Outlet, is_fifo};

/// An SQS queue.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sqs {
    /// Its URL.
    queue: String,
    /// Its Region, where the URL names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
}

/// What it calls.
const CALL: Call = ("sqs", "SendMessage");

impl Sqs {
    /// Of the URL, `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`, or of another that ends so.
    pub(crate) fn grants(&self) -> Vec<Grant> {
        let mut parts = self.queue.rsplit('/');
        let (name, account) = (parts.next(), parts.next());
        let region = self.region().unwrap_or("*");
        let (name, account) = (name.unwrap_or("*"), account.unwrap_or("*"));
        vec![Grant::of(
            CALL,
            [format!("arn:*:sqs:{region}:{account}:{name}")],
        )]
    }

    fn region(&self) -> Option<&str> {
        let named = self.queue.split_once("://sqs.");
        let named = named.and_then(|(_, rest)| rest.split('.').next());
        self.region.as_deref().or(named)
    }

    pub(crate) async fn send(&self, outlet: &Outlet, message: &Message) -> Result<(), SendError> {
        let mut input = json!({"QueueUrl": self.queue, "MessageBody": message.body()});
        if is_fifo(&self.queue)
            && let Value::Object(members) = &mut input
        {
            members.insert("MessageGroupId".to_owned(), json!(message.group()));
            members.insert("MessageDeduplicationId".to_owned(), json!(message.id));
        }
        outlet.call(self.region(), CALL.0, CALL.1, &input).await?;
        Ok(())
    }
}
