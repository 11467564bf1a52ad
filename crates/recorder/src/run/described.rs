//! Listings of ids: what the ids of a page stand for.

use std::sync::Arc;

use posture_aws::Service as Model;
use serde_json::{Value, json};

use super::listing::Task;
use super::many::{self, Boxed};
use crate::coverage::Outcome;
use crate::declare::{Call, Collector, Describe, Service};
use crate::plan::{Collected, model_of};
use crate::sink::Sink;
use crate::text::{taken, values};

impl<S: Sink> Task<S> {
    /// What the ids of a page stand for.
    pub(super) async fn described(
        &self,
        collected: &Collected,
        describe: &Describe,
        page: &Value,
        parent: &Arc<Value>,
    ) -> (Vec<(Value, Value)>, Outcome) {
        let asker = &self.shared.asker;
        let listed = values(collected.collector.entries, page);
        let (listed, ids): (Vec<&Value>, Vec<String>) = listed
            .into_iter()
            .filter_map(|entry| {
                let about = asker.about(entry, parent, &self.region);
                Some((entry, about.text(describe.id)?))
            })
            .unzip();
        let size = describe.size.max(1);
        let futures = ids
            .chunks(size)
            .zip(listed.chunks(size))
            .map(|(chunk, listed)| {
                // What is asked of one may say more of it than the id.
                let entry = match (describe.size, listed) {
                    (0, [entry]) => *entry,
                    _ => &Value::Null,
                };
                let about = asker.about(entry, parent, &self.region);
                let input = asker.input(&describe.call, &about);
                let mut input = input.unwrap_or_else(|| json!({}));
                let asked = match (describe.size, chunk) {
                    (0, [id]) => json!(id),
                    _ => json!(chunk),
                };
                crate::text::put(&mut input, describe.member, asked);
                let future: Boxed<'_, super::ask::Answer> = Box::pin(async move {
                    asker
                        .ask(&self.region, self.service(), &describe.call, &input)
                        .await
                });
                future
            })
            .collect();
        let mut found = Vec::new();
        let mut whole = Outcome::complete();
        let answers = many::all(futures, many::CALLS).await;
        for (chunk, answer) in ids.chunks(size).zip(answers) {
            match answer {
                Ok(Some(reply)) => {
                    let mut more = entries(
                        self.service(),
                        collected.collector,
                        &describe.call,
                        describe.entries,
                        Arc::unwrap_or_clone(reply),
                    );
                    if let (0, [id]) = (describe.size, chunk) {
                        for (raw, _) in &mut more {
                            say_which(raw, describe.member, id);
                        }
                    }
                    found.extend(more);
                }
                // It went between the listing and now.
                Ok(None) => {}
                Err(outcome) => whole = outcome,
            }
        }
        if !whole.is_complete() && !found.is_empty() {
            whole = whole.partly();
        }
        (found, whole)
    }
}

/// The entries of a reply, each as the API gave it and with AWS Config's names.
pub(crate) fn entries(
    service: &Service,
    collector: &Collector,
    call: &Call,
    path: &str,
    reply: Value,
) -> Vec<(Value, Value)> {
    let casing = collector.casing;
    let model = Model::named(model_of(service, call));
    let renamed = model.ok().and_then(|model| {
        let operation = model.operation(call.operation).ok()?;
        Some(model.renamed(operation, &reply, &|name| casing.of(name)))
    });
    let Some(renamed) = renamed else {
        return Vec::new();
    };
    let cased = taken(&casing.path(path), renamed);
    taken(path, reply).into_iter().zip(cased).collect()
}

/// Puts in which resource an entry is, where it doesn't say so.
pub(super) fn say_which(entry: &mut Value, member: &str, id: &str) {
    if let Some(entry) = entry.as_object_mut() {
        let known = entry.entry(member).or_insert(Value::Null);
        if known.is_null() {
            *known = json!(id);
        }
    }
}
