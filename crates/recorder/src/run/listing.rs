//! One listing: its pages, the items of each, and how it ended.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use posture_model::CoverageState;
use serde_json::{Value, json};

use super::Shared;
use super::described::entries;
use super::details::{self, Entry};
use super::identities::Identities;
use super::item::Draft;
use super::tally::{Tally, land};
use crate::coverage::{Coverage, Outcome};
use crate::declare::{Call, How, Scope, Service, Tags};
use crate::error::RecordError;
use crate::plan::{Collected, Listed, action_for, model_of};
use crate::sink::{Listing as _, Place, Sink};
use crate::text::{put, taken, value, values};

/// A listing that is to be made.
pub(crate) struct Task<S: Sink> {
    pub(crate) shared: Arc<Shared<S>>,
    pub(crate) listed: Listed,
    /// Where it is asked.
    pub(crate) region: String,
    /// All resources are read, whichever an event names.
    pub(crate) is_whole: bool,
}

/// The items of one type, on their way to the sink.
struct Open<S: Sink> {
    listing: S::Listing,
    tallies: BTreeMap<&'static str, Tally>,
    /// Resources that an event may be about.
    touched: usize,
    identities: Identities,
}

/// Entries of a page that are taken at a time: how large a page is, is for the service to say.
const PART: usize = 100;

/// A page in parts, each with so many of the entries and nothing else.
fn parts(entries: &'static str, mut page: Value) -> impl Iterator<Item = Value> + Send {
    let list = entries.split_once("[]").map_or("", |(list, _)| list);
    let all = value(list, &page).and_then(Value::as_array);
    let is_long = all.is_some_and(|all| !list.is_empty() && all.len() > PART);
    let all = if is_long {
        taken(list, page.take()).pop()
    } else {
        None
    };
    let mut all = match all {
        Some(Value::Array(all)) => all.into_iter(),
        _ => Vec::new().into_iter(),
    };
    let chunks = std::iter::from_fn(move || {
        let chunk: Vec<Value> = all.by_ref().take(PART).collect();
        (!chunk.is_empty()).then(|| {
            let mut part = json!({});
            put(&mut part, list, Value::Array(chunk));
            part
        })
    });
    (!is_long).then_some(page).into_iter().chain(chunks)
}

impl<S: Sink> Task<S> {
    /// Lists, and says how far it came.
    pub(crate) async fn run(mut self) -> Result<Vec<Coverage>, RecordError> {
        let listed_at = (self.shared.clock)();
        let mut open = Vec::with_capacity(self.listed.collectors.len());
        for collected in &self.listed.collectors {
            let place = Place {
                account_id: self.shared.asker.account.clone(),
                aws_region: self.aws_region().to_owned(),
                resource_type: collected.collector.resource_type,
            };
            let listing = self.shared.sink.begin(place, listed_at).await;
            open.push(Open {
                listing: listing.map_err(RecordError::sink)?,
                tallies: BTreeMap::new(),
                touched: 0,
                identities: Identities::default(),
            });
        }
        let mut outcome = self.everything(&mut open, listed_at).await?;
        if outcome.is_complete() && !self.is_whole && open.iter().all(|open| open.touched == 0) {
            // The names that the event gave are none that this type has: it may be any of them.
            self.is_whole = true;
            for open in &mut open {
                open.identities.clear();
            }
            outcome = self.everything(&mut open, listed_at).await?;
        }
        let mut coverage = Vec::new();
        for (collected, open) in self.listed.collectors.iter().zip(open) {
            self.end(collected, open, &outcome, &mut coverage).await?;
        }
        Ok(coverage)
    }

    pub(super) fn service(&self) -> &'static Service {
        self.listed.service
    }

    /// `awsRegion` of the resources.
    fn aws_region(&self) -> &str {
        match self.listed.scope() {
            Scope::Global => "global",
            Scope::Regional | Scope::Home => &self.region,
        }
    }

    async fn everything(
        &self,
        open: &mut [Open<S>],
        listed_at: Timestamp,
    ) -> Result<Outcome, RecordError> {
        let Some(first) = self.listed.collectors.first() else {
            return Ok(Outcome::complete());
        };
        let list = &first.collector.list;
        let Some(within) = &first.collector.within else {
            return self
                .pages(list, Arc::new(Value::Null), open, listed_at)
                .await;
        };
        let asker = &self.shared.asker;
        let about = asker.about(&Value::Null, &Value::Null, &self.region);
        let input = asker.input(&within.list, &about);
        let input = input.unwrap_or_else(|| json!({}));
        let answer = asker
            .ask_once(&self.region, self.service(), &within.list, &input)
            .await;
        let parents = match answer {
            Ok(reply) => reply,
            Err(outcome) => return Ok(outcome),
        };
        let parents = parents.as_deref().unwrap_or(&Value::Null);
        let mut whole = Outcome::complete();
        let mut is_something_read = false;
        for parent in values(within.entries, parents) {
            let outcome = self
                .pages(list, Arc::new(parent.clone()), open, listed_at)
                .await?;
            if outcome.is_complete() {
                is_something_read = true;
            } else {
                whole = outcome;
            }
        }
        Ok(if whole.is_complete() || !is_something_read {
            whole
        } else {
            whole.partly()
        })
    }

    async fn pages(
        &self,
        list: &Call,
        parent: Arc<Value>,
        open: &mut [Open<S>],
        listed_at: Timestamp,
    ) -> Result<Outcome, RecordError> {
        let asker = &self.shared.asker;
        let about = asker.about(&Value::Null, &parent, &self.region);
        let Some(input) = asker.input(list, &about) else {
            return Ok(Outcome::complete());
        };
        let client = asker.client.in_region(&self.region);
        let model = model_of(self.service(), list);
        let mut pages = match client.pages(model, list.operation, &input) {
            Ok(pages) => pages,
            Err(error) => return Ok(asker.failure(self.service(), list, &error)),
        };
        let mut is_something_read = false;
        let mut whole = Outcome::complete();
        while let Some(page) = pages.next().await {
            let page = match page {
                Ok(page) => page,
                Err(error) => {
                    if super::ask::is_among(list.absent_on, &error) {
                        self.otherwise(&parent, open, listed_at).await?;
                        return Ok(whole);
                    }
                    let outcome = asker.failure(self.service(), list, &error);
                    return Ok(if is_something_read {
                        outcome.partly()
                    } else {
                        outcome
                    });
                }
            };
            // The last of them takes the page: most listings have one.
            let mut page = Some(page);
            let mut left = self.listed.collectors.len();
            for (collected, open) in self.listed.collectors.iter().zip(&mut *open) {
                left -= 1;
                let page = if left == 0 { page.take() } else { page.clone() };
                for part in parts(collected.collector.entries, page.unwrap_or_default()) {
                    let outcome = self.page(collected, part, &parent, open, listed_at).await?;
                    if !outcome.is_complete() {
                        whole = outcome;
                    }
                }
            }
            is_something_read = true;
        }
        Ok(whole)
    }

    /// Where the listing says that there is none, and that says something about what there is.
    async fn otherwise(
        &self,
        parent: &Arc<Value>,
        open: &mut [Open<S>],
        listed_at: Timestamp,
    ) -> Result<(), RecordError> {
        for (collected, open) in self.listed.collectors.iter().zip(open) {
            let reply = collected.collector.otherwise;
            let reply = reply.and_then(|text| serde_json::from_str::<Value>(text).ok());
            if let Some(reply) = reply {
                self.page(collected, reply, parent, open, listed_at).await?;
            }
        }
        Ok(())
    }

    async fn page(
        &self,
        collected: &Collected,
        page: Value,
        parent: &Arc<Value>,
        open: &mut Open<S>,
        listed_at: Timestamp,
    ) -> Result<Outcome, RecordError> {
        let collector = collected.collector;
        let (found, outcome) = match &collector.describe {
            None => (
                entries(
                    self.service(),
                    collector,
                    &collector.list,
                    collector.entries,
                    page,
                ),
                Outcome::complete(),
            ),
            Some(describe) => self.described(collected, describe, &page, parent).await,
        };
        let mut kept = Vec::with_capacity(found.len());
        for (raw, cased) in found {
            if collector.keep.is_some_and(|keep| !keep(&raw)) {
                continue;
            }
            let entry = Entry {
                raw,
                cased,
                parent: Arc::clone(parent),
            };
            if !self.is_skipped(collected, &entry, open) {
                kept.push(entry);
            }
        }
        let is_whole = self.items(collected, kept, open, listed_at).await?;
        if is_whole {
            return Ok(outcome);
        }
        let call = collector
            .describe
            .map_or(collector.list, |describe| describe.call);
        let action = action_for(self.service(), &call);
        Ok(Outcome::failed(
            CoverageState::Partial,
            &action,
            "EntryWithoutId",
        ))
    }

    /// Whether the sink knows the resource, and nothing has happened to it. Where all of it is in the
    /// listing, it is taken from there.
    fn is_skipped(&self, collected: &Collected, entry: &Entry, open: &mut Open<S>) -> bool {
        let Some(touched) = self.shared.touched.as_ref().filter(|_| !self.is_whole) else {
            return false;
        };
        let collector = collected.collector;
        let is_asked_for_more = !collected.details.is_empty()
            || matches!(collector.tags, Tags::Bulk(_) | Tags::Asked(..));
        if !is_asked_for_more {
            return false;
        }
        let asker = &self.shared.asker;
        let about = asker.about(&entry.raw, &entry.parent, &self.region);
        let text = |template: Option<&'static str>| about.text(template?);
        let id = about.text(collector.id);
        let identifiers = [id.clone(), text(collector.name), text(collector.arn)];
        if touched.may_be(&identifiers) {
            open.touched += 1;
            return false;
        }
        id.is_some_and(|id| open.listing.skip(&id))
    }

    /// Asks for the details of a page's resources, and hands their items over. Whether each of them
    /// says which resource it is.
    async fn items(
        &self,
        collected: &Collected,
        entries: Vec<Entry>,
        open: &mut Open<S>,
        listed_at: Timestamp,
    ) -> Result<bool, RecordError> {
        if entries.is_empty() {
            return Ok(true);
        }
        let mut is_whole = true;
        let mut columns = self.columns(collected, &entries).await;
        for (position, entry) in entries.into_iter().enumerate() {
            let asker = &self.shared.asker;
            let about = asker.about(&entry.raw, &entry.parent, &self.region);
            let draft = Draft::new(
                collected.collector,
                self.aws_region(),
                entry.cased,
                &about,
                listed_at,
            );
            let Some(mut draft) = draft else {
                is_whole = false;
                continue;
            };
            draft.tell_apart(&mut open.identities);
            for (place, column) in &mut columns {
                let found = column.get_mut(position).and_then(Option::take);
                land(&mut draft, place, found, &mut open.tallies);
            }
            for detail in &collected.details {
                if let How::Every(things) = detail.how {
                    let things = things(draft.item());
                    let service = self.service();
                    let found = details::every(asker, service, detail, things, &self.region).await;
                    land(&mut draft, detail.into, Some(found), &mut open.tallies);
                }
            }
            let item = draft.finish(listed_at);
            open.listing.item(&item).await.map_err(RecordError::sink)?;
        }
        Ok(is_whole)
    }

    async fn end(
        &self,
        collected: &Collected,
        mut open: Open<S>,
        outcome: &Outcome,
        coverage: &mut Vec<Coverage>,
    ) -> Result<(), RecordError> {
        let resource_type = Some(collected.collector.resource_type);
        let place = (self.shared.asker.account.as_str(), self.aws_region());
        coverage.push(outcome.row(place, resource_type, ""));
        for (fact, tally) in &open.tallies {
            let came_to = tally.outcome();
            if !came_to.is_complete() {
                open.listing.unread(fact, &came_to);
            }
            coverage.push(came_to.row(place, resource_type, fact));
        }
        open.listing.end(outcome).await.map_err(RecordError::sink)
    }
}
