//! An aggregator of AWS Config: what it has of all its accounts and Regions, with no call to the services themselves.
//!
//! A query lists the resources of a type with their tags and relationships; `BatchGetAggregateResourceConfig` gives
//! their configuration and supplementary configuration, and no tags and relationships. Sources: AWS Config API
//! reference, `SelectAggregateResourceConfig`, `BatchGetAggregateResourceConfig` ("The API does not return tags and
//! relationships") and `DescribeConfigurationAggregatorSourcesStatus`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use posture_aws::Client;
use posture_model::{CoverageState, ResourceType, region_of};
use serde_json::{Value, json};

use crate::coverage::{Coverage, Outcome};
use crate::error::RecordError;
use crate::needs::Needs;
use crate::run::{Clock, Report};
use crate::sink::{Listing as _, Place, Sink};
use crate::text::{plain, value, values};

/// What says how fresh the aggregator is.
const SOURCES: &str = "DescribeConfigurationAggregatorSourcesStatus";
/// What lists resources.
const SELECT: &str = "SelectAggregateResourceConfig";
/// What gives their configurations.
const BATCH_GET: &str = "BatchGetAggregateResourceConfig";
/// All that an aggregator is asked.
pub(crate) const OPERATIONS: [&str; 3] = [BATCH_GET, SOURCES, SELECT];

/// Identifiers in one call, at most (`ResourceIdentifiers`).
const BATCH: usize = 100;
/// What of a resource a query gives beside what the batch does.
const QUERY: &str = "SELECT accountId, awsRegion, resourceId, resourceName, tags, relationships";

/// What the batch gives.
const CONFIGURED: [&str; 2] = ["configuration", "supplementaryConfiguration"];

/// Account and Region.
type Spot = (String, String);

/// Listings of one type on their way to the sink, and why something of a configuration is not there.
type Open<L> = BTreeMap<Spot, (L, Option<Outcome>)>;

/// An aggregator, in the Region of its client.
#[derive(Clone)]
pub struct Aggregator {
    client: Client,
    name: String,
    clock: Clock,
}

/// What a recording goes by.
struct Run<'r, S: Sink> {
    aggregator: &'r Aggregator,
    sink: Arc<S>,
    listed_at: Timestamp,
    /// Sources whose last update failed, or is old.
    stale: BTreeMap<Spot, Outcome>,
    coverage: Vec<Coverage>,
}

impl Aggregator {
    /// The aggregator of this name.
    pub fn new(client: Client, name: &str, clock: Clock) -> Aggregator {
        Aggregator {
            client,
            name: name.to_owned(),
            clock,
        }
    }

    /// Records the types that are needed. `known` are the places that have been recorded: of those,
    /// what the aggregator has no more is gone. A place that has nothing and never had is not covered: nobody says
    /// whether AWS Config records the type there.
    ///
    /// # Errors
    /// Where the aggregator can't be asked for its sources, or the sink fails. What else is not answered is coverage.
    pub async fn record<S: Sink>(
        &self,
        needs: &Needs,
        known: &[Place],
        sink: Arc<S>,
    ) -> Result<Report, RecordError> {
        let (fresh, stale) = self.sources().await?;
        let mut run = Run {
            aggregator: self,
            sink,
            listed_at: (self.clock)(),
            coverage: stale
                .iter()
                .map(|((account_id, region), outcome)| outcome.row((account_id, region), None, ""))
                .collect(),
            stale,
        };
        for resource_type in needs.types() {
            // What is said of an account itself is no resource of AWS Config.
            if resource_type == ResourceType::Account {
                continue;
            }
            let of_type = known.iter().filter(|place| {
                place.resource_type == resource_type && is_fresh(place, &fresh, &run.stale)
            });
            let of_type = of_type.cloned().collect();
            run.of_type(resource_type, of_type).await?;
        }
        let mut report = Report {
            accounts: Vec::new(),
            coverage: run.coverage,
        };
        report.sort();
        Ok(report)
    }

    /// The accounts and Regions whose last update succeeded, and what is wrong with the others.
    async fn sources(&self) -> Result<(BTreeSet<Spot>, BTreeMap<Spot, Outcome>), RecordError> {
        let operation = SOURCES;
        let input = json!({ "ConfigurationAggregatorName": self.name });
        let failed = |error| RecordError::Aggregator(Box::new(error));
        let pages = self.client.pages("config", operation, &input);
        let mut pages = pages.map_err(failed)?;
        let (mut fresh, mut stale) = (BTreeSet::new(), BTreeMap::new());
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed)?;
            for source in values("AggregatedSourceStatusList[]", &page) {
                let text = |name| value(name, source).and_then(plain).unwrap_or_default();
                let spot = (text("SourceId"), text("AwsRegion"));
                let status = text("LastUpdateStatus");
                if text("SourceType") != "ACCOUNT" {
                    continue;
                }
                if status == "SUCCEEDED" {
                    fresh.insert(spot);
                } else {
                    let code = match text("LastErrorCode") {
                        code if code.is_empty() => status,
                        code => code,
                    };
                    let action = format!("config:{operation}");
                    let outcome = Outcome::failed(CoverageState::Unreachable, &action, &code);
                    stale.insert(spot, outcome);
                }
            }
        }
        Ok((fresh, stale))
    }
}

impl<S: Sink> Run<'_, S> {
    async fn of_type(
        &mut self,
        resource_type: ResourceType,
        mut unseen: BTreeSet<Place>,
    ) -> Result<(), RecordError> {
        let mut open = Open::new();
        let outcome = self.pages(resource_type, &mut open, &mut unseen).await?;
        if outcome.is_complete() {
            for place in unseen {
                let spot = (place.account_id.clone(), place.aws_region.clone());
                let listing = self.sink.begin(place, self.listed_at).await;
                open.insert(spot, (listing.map_err(RecordError::sink)?, None));
            }
        } else {
            let row = outcome.row(("", ""), Some(resource_type), "");
            self.coverage.push(row);
        }
        for (spot, (mut listing, unread)) in open {
            for fact in CONFIGURED {
                if let Some(unread) = &unread {
                    listing.unread(fact, unread);
                    let row = unread.row((&spot.0, &spot.1), Some(resource_type), fact);
                    self.coverage.push(row);
                }
            }
            let stale = stale_of(&spot, &self.stale).next().cloned();
            let outcome = match stale {
                Some(stale) if outcome.is_complete() => stale.partly(),
                _ => outcome.clone(),
            };
            listing.end(&outcome).await.map_err(RecordError::sink)?;
            let row = outcome.row((&spot.0, &spot.1), Some(resource_type), "");
            self.coverage.push(row);
        }
        Ok(())
    }

    async fn pages(
        &self,
        resource_type: ResourceType,
        open: &mut Open<S::Listing>,
        unseen: &mut BTreeSet<Place>,
    ) -> Result<Outcome, RecordError> {
        let operation = SELECT;
        let name = resource_type.as_str();
        let input = json!({
            "ConfigurationAggregatorName": self.aggregator.name,
            "Expression": format!("{QUERY} WHERE resourceType = '{name}'"),
            "MaxResults": BATCH,
        });
        let failed = |error: &_| Outcome::of_error(error, format!("config:{operation}"), &[]);
        let pages = self.aggregator.client.pages("config", operation, &input);
        let mut pages = match pages {
            Ok(pages) => pages,
            Err(error) => return Ok(failed(&error)),
        };
        let mut outcome_of_all = Outcome::complete();
        while let Some(page) = pages.next().await {
            let page = match page {
                Ok(page) => page,
                Err(error) => return Ok(failed(&error)),
            };
            let results = values("Results[]", &page);
            let rows: Vec<Value> = results.iter().filter_map(|row| readable(row)).collect();
            // Whose row it is nobody knows: nothing of the type may be taken for gone.
            if rows.len() < results.len() {
                let action = format!("config:{operation}");
                outcome_of_all =
                    Outcome::failed(CoverageState::Partial, &action, "UnreadableReply");
            }
            for rows in rows.chunks(BATCH) {
                let (configured, outcome) = self.configured(name, rows).await;
                for row in rows {
                    let asked = (text(row, "accountId"), text(row, "awsRegion"));
                    let region = region_of(name, &asked.1).to_owned();
                    let spot = (asked.0.clone(), region);
                    let place = Place {
                        account_id: spot.0.clone(),
                        aws_region: spot.1.clone(),
                        resource_type,
                    };
                    unseen.remove(&place);
                    if !open.contains_key(&spot) {
                        let listing = self.sink.begin(place, self.listed_at).await;
                        let listing = listing.map_err(RecordError::sink)?;
                        open.insert(spot.clone(), (listing, None));
                    }
                    let Some((listing, unread)) = open.get_mut(&spot) else {
                        continue;
                    };
                    let key = (asked, text(row, "resourceId"));
                    let configured = configured.get(&key);
                    if configured.is_none() {
                        *unread = Some(outcome.clone());
                    }
                    let item = item(row, name, configured, &outcome);
                    let taken = listing.item(item.to_string().as_bytes()).await;
                    taken.map_err(RecordError::sink)?;
                }
            }
        }
        Ok(outcome_of_all)
    }

    /// Configurations of resources, and what became of asking for them.
    async fn configured(
        &self,
        resource_type: &str,
        rows: &[Value],
    ) -> (BTreeMap<(Spot, String), Value>, Outcome) {
        let operation = BATCH_GET;
        let identifiers: Vec<Value> = rows
            .iter()
            .map(|row| {
                json!({
                    "SourceAccountId": row.get("accountId"),
                    "SourceRegion": row.get("awsRegion"),
                    "ResourceId": row.get("resourceId"),
                    "ResourceType": resource_type,
                })
            })
            .collect();
        let input = json!({
            "ConfigurationAggregatorName": self.aggregator.name,
            "ResourceIdentifiers": identifiers,
        });
        let reply = self.aggregator.client.call("config", operation, &input);
        let action = format!("config:{operation}");
        let reply = match reply.await {
            Ok(reply) => reply,
            Err(error) => return (BTreeMap::new(), Outcome::of_error(&error, action, &[])),
        };
        let mut configured = BTreeMap::new();
        for item in values("BaseConfigurationItems[]", &reply) {
            let spot = (text(item, "accountId"), text(item, "awsRegion"));
            configured.insert((spot, text(item, "resourceId")), item.clone());
        }
        let left_out = Outcome::failed(CoverageState::Partial, &action, "Unprocessed");
        (configured, left_out)
    }
}

/// Why a place may lack what it has: its own source, or any of the account where it has no Region, as
/// any of them may be the one that records it.
fn stale_of<'s>(
    spot: &'s Spot,
    stale: &'s BTreeMap<Spot, Outcome>,
) -> impl Iterator<Item = &'s Outcome> {
    let is_its = move |(account_id, region): &Spot| {
        *account_id == spot.0 && (*region == spot.1 || spot.1 == "global")
    };
    let sources = stale.iter().filter(move |(source, _)| is_its(source));
    sources.map(|(_, outcome)| outcome)
}

/// Whether all sources that would have a place's resources were updated.
fn is_fresh(place: &Place, fresh: &BTreeSet<Spot>, stale: &BTreeMap<Spot, Outcome>) -> bool {
    let spot = (place.account_id.clone(), place.aws_region.clone());
    let is_known = fresh.iter().any(|(account_id, region)| {
        *account_id == spot.0 && (*region == spot.1 || spot.1 == "global")
    });
    is_known && stale_of(&spot, stale).next().is_none()
}

/// A row of a query, where it says whose it is.
fn readable(row: &Value) -> Option<Value> {
    let row: Value = serde_json::from_str(row.as_str()?).ok()?;
    let is_named = ["accountId", "awsRegion", "resourceId"]
        .iter()
        .all(|name| !text(&row, name).is_empty());
    is_named.then_some(row)
}

/// A configuration item of the two answers. Where there is no second one, its configuration was not read.
fn item(row: &Value, resource_type: &str, configured: Option<&Value>, outcome: &Outcome) -> Value {
    let mut item = configured.cloned().unwrap_or_else(|| json!({}));
    let Some(members) = item.as_object_mut() else {
        return item;
    };
    members.insert("resourceType".to_owned(), json!(resource_type));
    for name in [
        "accountId",
        "awsRegion",
        "resourceId",
        "resourceName",
        "tags",
        "relationships",
    ] {
        if let Some(value) = row.get(name) {
            members.insert(name.to_owned(), value.clone());
        }
    }
    if configured.is_none() {
        let unread = CONFIGURED.map(|path| {
            json!({
                "path": path,
                "state": outcome.unread_state(),
                "action": outcome.action,
                "code": outcome.code,
            })
        });
        members.insert("unread".to_owned(), json!(unread));
    }
    item
}

fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

impl std::fmt::Debug for Aggregator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Aggregator")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
