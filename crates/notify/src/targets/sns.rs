//! SNS: a message to a topic.
//!
//! Source: API_Publish.html. A FIFO topic keeps the order of a group and drops what comes twice within
//! five minutes.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::SendError;
use crate::grants::{Call, Grant};
use crate::outlet::{Message, Outlet, is_fifo, region_of};

/// An SNS topic.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sns {
    /// Its ARN.
    topic: String,
}

/// A subject is ASCII, of fewer than 100 characters, and begins with a letter, digit or mark.
const SUBJECT: usize = 99;

/// What it calls.
const CALL: Call = ("sns", "Publish");

impl Sns {
    pub(crate) fn grants(&self) -> Vec<Grant> {
        vec![Grant::of(CALL, [self.topic.clone()])]
    }

    pub(crate) async fn send(&self, outlet: &Outlet, message: &Message) -> Result<(), SendError> {
        let is_fit = |c: &char| c.is_ascii_graphic() || *c == ' ';
        let subject: String = message.title(SUBJECT).chars().filter(is_fit).collect();
        let mut input = json!({
            "TopicArn": self.topic,
            "Message": message.body(),
        });
        if let Value::Object(members) = &mut input {
            if !subject.trim().is_empty() {
                members.insert("Subject".to_owned(), json!(subject.trim()));
            }
            if is_fifo(&self.topic) {
                members.insert("MessageGroupId".to_owned(), json!(message.group()));
                members.insert("MessageDeduplicationId".to_owned(), json!(message.id));
            }
        }
        let region = region_of(&self.topic);
        outlet.call(region, CALL.0, CALL.1, &input).await?;
        Ok(())
    }
}
