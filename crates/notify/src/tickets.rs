//! What is opened for a thing, told of its changes, and closed when it is over.

use std::collections::BTreeMap;
use std::future::Future;

use ring::digest::{SHA256, digest};

use crate::error::SendError;
use crate::notice::Standing;
use crate::outlet::Message;
use crate::references::References;

/// A system in which something can be opened and closed.
pub(crate) trait Tickets {
    /// What was opened under a key, where an attempt before this one may have done it.
    fn find(&self, key: &str) -> impl Future<Output = Result<Option<String>, SendError>> + Send;

    /// Opens one under a key, and returns what the system calls it.
    fn open(
        &self,
        key: &str,
        message: &Message,
    ) -> impl Future<Output = Result<String, SendError>> + Send;

    /// Tells of a change.
    fn tell(
        &self,
        reference: &str,
        message: &Message,
    ) -> impl Future<Output = Result<(), SendError>> + Send;

    /// Closes it. It may be closed already.
    fn close(
        &self,
        reference: &str,
        message: &Message,
    ) -> impl Future<Output = Result<(), SendError>> + Send;
}

/// The key of a thing: 20 characters that any system takes as a label.
pub(crate) fn key(thing: &str) -> String {
    let hash = digest(&SHA256, thing.as_bytes());
    let digits = hash
        .as_ref()
        .iter()
        .take(10)
        .flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

/// Brings what is open in line with a message.
pub(crate) async fn deliver(
    tickets: &impl Tickets,
    references: &References<'_>,
    message: &Message,
) -> Result<(), SendError> {
    if let [(thing, standing)] = message.things.as_slice() {
        return one(tickets, references, message, thing, *standing).await;
    }
    // The last word on each.
    let things: BTreeMap<&str, Standing> = message
        .things
        .iter()
        .map(|(thing, standing)| (thing.as_str(), *standing))
        .collect();
    let mut fresh = Vec::new();
    for (thing, standing) in &things {
        let known = references.of(thing).await?;
        match (standing, known) {
            (Standing::Closed, Some(reference)) => {
                close(tickets, references, message, thing, &reference).await?;
            }
            (Standing::Open, None) => fresh.push(*thing),
            _ => {}
        }
    }
    if fresh.is_empty() {
        return Ok(());
    }
    let reference = opened(tickets, &key(&message.id), message).await?;
    Ok(references.keep(&fresh, &reference).await?)
}

async fn one(
    tickets: &impl Tickets,
    references: &References<'_>,
    message: &Message,
    thing: &str,
    standing: Standing,
) -> Result<(), SendError> {
    match (standing, references.of(thing).await?) {
        (Standing::Open, None) => {
            let reference = opened(tickets, &key(thing), message).await?;
            Ok(references.keep(&[thing], &reference).await?)
        }
        (Standing::Closed, Some(reference)) => {
            close(tickets, references, message, thing, &reference).await
        }
        (Standing::Open | Standing::Told, Some(reference)) => {
            tickets.tell(&reference, message).await
        }
        // Nothing is open for it.
        (Standing::Closed | Standing::Told, None) => Ok(()),
    }
}

async fn opened(tickets: &impl Tickets, key: &str, message: &Message) -> Result<String, SendError> {
    let before = if message.is_again {
        tickets.find(key).await?
    } else {
        None
    };
    match before {
        Some(reference) => Ok(reference),
        None => tickets.open(key, message).await,
    }
}

/// Closes what was opened for a thing, once nothing else of what it was opened for is left.
async fn close(
    tickets: &impl Tickets,
    references: &References<'_>,
    message: &Message,
    thing: &str,
    reference: &str,
) -> Result<(), SendError> {
    if references.count(reference).await? <= 1 {
        tickets.close(reference, message).await?;
    }
    Ok(references.forget(thing).await?)
}
