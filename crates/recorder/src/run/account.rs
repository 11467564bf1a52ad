//! The item of the account itself in a Region.

use std::sync::Arc;

use posture_model::ResourceType;
use serde_json::Value;

use super::Shared;
use super::item::Draft;
use super::many::{self, Boxed};
use crate::coverage::{Coverage, Outcome};
use crate::error::RecordError;
use crate::plan::{Fact, each_place};
use crate::sink::{Listing as _, Place, Sink};

/// What is asked of the account in a Region.
pub(crate) struct Task<S: Sink> {
    pub(crate) shared: Arc<Shared<S>>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) region: String,
}

/// What a fact came to: places, and what lands there or why nothing does.
type Landed = Vec<(String, Result<Value, Outcome>)>;

impl<S: Sink> Task<S> {
    /// Asks, and hands the item over.
    pub(crate) async fn run(self) -> Result<Vec<Coverage>, RecordError> {
        let listed_at = (self.shared.clock)();
        let asker = &self.shared.asker;
        let futures = self
            .facts
            .iter()
            .map(|fact| {
                let future: Boxed<'_, Landed> = Box::pin(self.fact(fact));
                future
            })
            .collect();
        let mut draft = Draft::of_account(&asker.account, &self.region, &asker.partition);
        let mut coverage = Vec::new();
        let place = (asker.account.as_str(), self.region.as_str());
        let account = Some(ResourceType::Account);
        coverage.push(Outcome::complete().row(place, account, ""));
        let mut unread = Vec::new();
        for (fact, found) in many::all(futures, many::CALLS).await.into_iter().flatten() {
            match found {
                Ok(value) => {
                    coverage.push(Outcome::complete().row(place, account, &fact));
                    if !fact.contains('[') {
                        draft.put(&fact, value);
                    }
                }
                Err(outcome) => {
                    coverage.push(outcome.row(place, account, &fact));
                    draft.unread(&fact, &outcome);
                    unread.push((fact, outcome));
                }
            }
        }
        let begun = self.shared.sink.begin(
            Place {
                account_id: asker.account.clone(),
                aws_region: self.region.clone(),
                resource_type: ResourceType::Account,
            },
            listed_at,
        );
        let mut listing = begun.await.map_err(RecordError::sink)?;
        for (fact, outcome) in &unread {
            listing.unread(fact, outcome);
        }
        let item = draft.finish(listed_at);
        listing.item(&item).await.map_err(RecordError::sink)?;
        let complete = Outcome::complete();
        let ended = listing.end(&complete);
        ended.await.map_err(RecordError::sink)?;
        Ok(coverage)
    }

    async fn fact(&self, fact: &Fact) -> Landed {
        let asker = &self.shared.asker;
        let about = asker.about(&Value::Null, &Value::Null, &self.region);
        let input = asker.input(&fact.declared.call, &about).unwrap_or_default();
        let place = fact.declared.place();
        let answer = asker
            .ask_once(&self.region, fact.service, &fact.declared.call, &input)
            .await;
        let reply = match answer {
            Ok(Some(reply)) => reply,
            Ok(None) => return vec![(place, Ok(Value::Null))],
            Err(outcome) => return vec![(place, Err(outcome))],
        };
        let mut reply = Value::clone(&reply);
        let mut landed = Landed::new();
        for each in &fact.each {
            let things = reply.get_mut(each.entries).and_then(Value::as_array_mut);
            let place = each_place(fact.declared, each);
            let mut failed = None;
            for thing in things.into_iter().flatten() {
                let about = asker.about(thing, &Value::Null, &self.region);
                let Some(input) = asker.input(&each.call, &about) else {
                    continue;
                };
                let region = about.text(each.region).filter(|_| !each.region.is_empty());
                let region = region.as_deref().unwrap_or(&self.region);
                let answer = asker.ask_once(region, fact.service, &each.call, &input);
                match answer.await {
                    Ok(found) => {
                        let found = found.map(|found| Value::clone(&found)).unwrap_or_default();
                        if let Some(thing) = thing.as_object_mut() {
                            thing.insert(each.call.operation.to_owned(), found);
                        }
                    }
                    Err(outcome) => failed = Some(outcome),
                }
            }
            landed.push((place, failed.map_or(Ok(Value::Null), Err)));
        }
        landed.insert(0, (place, Ok(reply)));
        landed
    }
}
