//! The SQS queue that EventBridge sends events to.
//!
//! A message is deleted only once the state holds the work that it asks for. One that is no event is
//! left: the queue's own redrive policy takes it to its dead-letter queue.

use std::io::Write as _;

use jiff::Timestamp;
use posture_aws::{CallError, Client};
use posture_store::Store;
use serde_json::{Value, json};

use super::events::{Taken, take};
use crate::commands::CommandError;
use crate::output::terminal::plain;

/// Seconds that SQS waits for a message before it answers that there is none.
const WAIT: u8 = 20;
/// Messages in one answer, at most.
const MESSAGES: u8 = 10;

/// A queue, by its URL.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    client: Client,
    url: String,
}

/// What one answer held.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Received {
    pub(super) messages: usize,
    pub(super) work: usize,
    pub(super) broken: usize,
}

impl Queue {
    /// The queue, in the Region that its URL names.
    pub(super) fn new(client: &Client, url: &str) -> Queue {
        let region = url
            .split_once("://sqs.")
            .and_then(|(_, rest)| rest.split('.').next())
            .unwrap_or_else(|| client.region());
        Queue {
            client: client.in_region(region),
            url: url.to_owned(),
        }
    }

    /// Takes what is there. `waits`: for up to 20 seconds, where there is nothing.
    pub(super) async fn receive(
        &self,
        store: &Store,
        waits: bool,
        now: fn() -> Timestamp,
    ) -> Result<Received, CommandError> {
        let input = json!({
            "QueueUrl": self.url,
            "MaxNumberOfMessages": MESSAGES,
            "WaitTimeSeconds": if waits { WAIT } else { 0 },
        });
        let reply = self.client.call("sqs", "ReceiveMessage", &input).await?;
        let messages = reply.get("Messages").and_then(Value::as_array);
        let mut received = Received::default();
        for message in messages.into_iter().flatten() {
            received.messages += 1;
            let body = message
                .get("Body")
                .and_then(Value::as_str)
                .unwrap_or_default();
            match take(store, body, now()).await? {
                Taken::Work(count) => received.work += count,
                Taken::Nothing => {}
                Taken::Broken(error) => {
                    received.broken += 1;
                    let id = message.get("MessageId").and_then(Value::as_str);
                    let id = plain(id.unwrap_or("without an id"));
                    let error = plain(&error.to_string());
                    let mut stderr = std::io::stderr().lock();
                    writeln!(stderr, "message {id} is left in the queue: {error}")?;
                    continue;
                }
            }
            self.delete(message).await?;
        }
        Ok(received)
    }

    async fn delete(&self, message: &Value) -> Result<(), CallError> {
        let input = json!({
            "QueueUrl": self.url,
            "ReceiptHandle": message.get("ReceiptHandle"),
        });
        self.client.call("sqs", "DeleteMessage", &input).await?;
        Ok(())
    }
}
