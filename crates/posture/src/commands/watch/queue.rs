//! The SQS queue that EventBridge sends events to.
//!
//! A message is deleted only once the state holds the work that it asks for, and the findings that it brings. One
//! that is no event, or brings findings of an account that is not recorded, is left: the queue's own redrive policy
//! takes it to its dead-letter queue.

use std::time::Duration;

use posture_aws::{CallError, Client, Service};
use posture_store::Announced;
use serde_json::{Value, json};
use tracing::{error, warn};

use super::events::{Taken, add, take};
use super::findings::{Brought, brought};
use super::stop::Stop;
use super::worker::{Worker, told};
use crate::commands::CommandError;
use crate::output::terminal::plain;

/// Seconds that SQS waits for a message before it answers that there is none.
const WAIT: u8 = 20;
/// Messages in one answer, at most.
const MESSAGES: u8 = 10;
/// Calls a second. SQS publishes no limit for standard queues ("Amazon SQS message quotas"); this is
/// a thousand messages a second, far more than EventBridge sends of one account's changes.
const CALLS: f64 = 200.0;
/// Who takes messages at once: SQS gives ten in an answer at most, and the next are asked for while
/// these are kept.
pub(super) const RECEIVERS: usize = 4;
/// After a queue that did not answer.
const PAUSE: Duration = Duration::from_secs(5);

/// A queue, by its URL.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    client: Client,
    url: String,
}

impl Queue {
    /// The queue, in the Region that its URL names.
    pub(super) fn new(client: &Client, url: &str) -> Queue {
        let region = url
            .split_once("://sqs.")
            .and_then(|(_, rest)| rest.split('.').next())
            .unwrap_or_else(|| client.region());
        let client = client.in_region(region);
        if let Ok(sqs) = Service::named("sqs") {
            client.set_ceiling(sqs, CALLS);
        }
        Queue {
            client,
            url: url.to_owned(),
        }
    }

    /// Takes what is there, and says how many messages that was. `waits`: for up to 20 seconds, where
    /// there is nothing.
    pub(super) async fn receive(
        &self,
        worker: &Worker,
        waits: bool,
    ) -> Result<usize, CommandError> {
        let input = json!({
            "QueueUrl": self.url,
            "MaxNumberOfMessages": MESSAGES,
            "WaitTimeSeconds": if waits { WAIT } else { 0 },
        });
        let reply = self.client.call("sqs", "ReceiveMessage", &input).await?;
        let messages = reply.get("Messages").and_then(Value::as_array);
        let messages: Vec<&Value> = messages.into_iter().flatten().collect();
        if messages.is_empty() {
            return Ok(0);
        }
        let entries = worker.entries().await?;
        let now = crate::clock::now();
        let mut work = Announced::new();
        let (mut calls, mut findings) = (Vec::new(), Vec::new());
        let hub = worker.hub().await?;
        let mut done = Vec::with_capacity(messages.len());
        for message in &messages {
            let text = |name| message.get(name).and_then(Value::as_str);
            let id = plain(text("MessageId").unwrap_or("without an id"));
            let body = text("Body").unwrap_or_default();
            match brought(body, &entries, hub) {
                Ok(Brought::Findings(brought)) => {
                    // What it is about changed before, and another event told of that.
                    findings.extend(brought);
                    done.push(*message);
                    continue;
                }
                Ok(Brought::Nothing) => {}
                Err(error) => {
                    let error = plain(&error.to_string());
                    warn!("message {id} is left in the queue: {error}");
                    continue;
                }
            }
            match take(body, now, &entries) {
                Taken::Work(asked, call) => {
                    add(&mut work, asked);
                    calls.extend(call);
                }
                Taken::Nothing => {}
                Taken::Foreign(account_id) => {
                    let account_id = plain(&account_id);
                    warn!("message {id} is dropped: the account {account_id} is not recorded");
                }
                Taken::Broken(error) => {
                    let error = plain(&error.to_string());
                    warn!("message {id} is left in the queue: {error}");
                    continue;
                }
            }
            done.push(*message);
        }
        worker.keep_findings(findings).await?;
        if !calls.is_empty() {
            worker.store.add_calls(&calls).await?;
        }
        worker.announce_rereads(&work).await?;
        self.delete(&done).await?;
        Ok(messages.len())
    }

    /// What is not deleted is received again, and changes nothing.
    async fn delete(&self, messages: &[&Value]) -> Result<(), CallError> {
        if messages.is_empty() {
            return Ok(());
        }
        let entries: Vec<Value> = messages
            .iter()
            .enumerate()
            .map(|(number, message)| {
                json!({
                    "Id": number.to_string(),
                    "ReceiptHandle": message.get("ReceiptHandle"),
                })
            })
            .collect();
        let input = json!({"QueueUrl": self.url, "Entries": entries});
        self.client
            .call("sqs", "DeleteMessageBatch", &input)
            .await?;
        Ok(())
    }
}

/// Takes messages until it is time to end.
pub(super) async fn receive(worker: Worker, queue: Queue, mut stop: Stop) {
    while !stop.is_wished() {
        let received = tokio::select! {
            // What SQS has given and nobody has deleted it gives again.
            () = stop.wished() => return,
            received = queue.receive(&worker, true) => received,
        };
        if let Err(error) = received {
            error!("the queue could not be read: {}", told(&error));
            tokio::select! {
                () = stop.wished() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }
}
