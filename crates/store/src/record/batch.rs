//! Observations into versions, many in one transaction.

use std::collections::{BTreeSet, HashMap};

use super::history::{History, Point};
use super::observation::{Content, Hash, Observation};
use crate::db::{Transaction, Value, args};
use crate::identity::Identity;
use crate::{Scope, Store, StoreError, blob};

/// Observations in one transaction: enough that its cost is none an item.
const OBSERVATIONS: usize = 1000;

/// Bytes of items in one transaction, whatever their number.
const BYTES: usize = 8 << 20;

/// How often to begin again when other workers were faster.
const ATTEMPTS: usize = 5;

/// What is known of a resource while its scope is recorded.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) resource: i64,
    pub(super) history: History,
    pub(super) is_seen: bool,
}

pub(super) type Known = HashMap<Identity, Entry>;

/// Observations that wait to be written.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The observations are moments of their own, each from AWS Config or an event, whose order is
    /// not that of their times: one that says what the one before said may end something that is
    /// delivered later. A listing's are not: that there was a listing says as much.
    has_moments: bool,
    observations: Vec<(i64, Observation)>,
    bytes: usize,
}

/// What a batch adds.
#[derive(Debug, Default)]
struct Plan {
    resources: Vec<Vec<Value>>,
    versions: Vec<(Identity, i64, Point)>,
    /// Resources that were known before and have a new newest version.
    heads: BTreeSet<Identity>,
    new: BTreeSet<Identity>,
}

impl Batch {
    /// Of observations that are moments of their own where they say when they were captured.
    pub(super) fn of_moments() -> Batch {
        Batch {
            has_moments: true,
            ..Batch::default()
        }
    }

    pub(super) fn push(&mut self, valid_from: i64, observation: Observation) {
        self.bytes += observation
            .content
            .as_ref()
            .map_or(0, |content| content.item.text.len());
        self.observations.push((valid_from, observation));
    }

    pub(super) fn is_full(&self) -> bool {
        self.observations.len() >= OBSERVATIONS || self.bytes >= BYTES
    }

    /// Writes everything, and returns how many versions that made.
    pub(super) async fn flush(
        &mut self,
        store: &Store,
        run: i64,
        known: &mut Known,
    ) -> Result<u64, StoreError> {
        let mut observations = std::mem::take(&mut self.observations);
        self.bytes = 0;
        // Older first: a resource's versions within a batch follow each other.
        observations.sort_by_key(|(valid_from, _)| *valid_from);
        for _ in 0..ATTEMPTS {
            load(store, &observations, known).await?;
            let plan = Plan::new(store, &observations, known, self.has_moments).await?;
            if plan.versions.is_empty() {
                return Ok(0);
            }
            if plan.write(store, run, &observations, known).await? {
                return Ok(plan.versions.len() as u64);
            }
            // Somebody else recorded one of these resources for the first time: look again.
            for (_, observation) in &observations {
                known.remove(&observation.identity);
            }
        }
        Err(StoreError::Contended)
    }
}

/// Makes sure that of each resource as much is known as its observations need.
async fn load(
    store: &Store,
    observations: &[(i64, Observation)],
    known: &mut Known,
) -> Result<(), StoreError> {
    let database = store.database();
    let unknown: BTreeSet<Identity> = observations
        .iter()
        .map(|(_, observation)| observation.identity)
        .filter(|identity| !known.contains_key(identity))
        .collect();
    let keys = unknown.iter().map(|identity| Value::from(*identity));
    let sql = "SELECT identity, resource, head_version, head_valid_from, head_recorded_at, \
               head_hash FROM resources WHERE identity IN";
    for row in database.rows_in(sql, keys.collect()).await? {
        let (identity, entry) = entry(&row)?;
        known.insert(identity, entry);
    }
    let mut late: HashMap<i64, Identity> = HashMap::new();
    for (valid_from, observation) in observations {
        let Some(entry) = known.get_mut(&observation.identity) else {
            continue;
        };
        entry.is_seen = true;
        if entry.history.needs_more(*valid_from, observation.hash()) {
            late.insert(entry.resource, observation.identity);
        }
    }
    let mut resources: Vec<i64> = late.keys().copied().collect();
    resources.sort_unstable();
    let sql = "SELECT resource, version, valid_from, recorded_at, hash FROM versions \
               WHERE resource IN";
    let keys = resources.iter().map(|resource| Value::from(*resource));
    let mut points: HashMap<i64, Vec<Point>> = HashMap::new();
    for row in database.rows_in(sql, keys.collect()).await? {
        points.entry(row.int(0)?).or_default().push(Point {
            version: row.int(1)?,
            valid_from: row.int(2)?,
            recorded_at: row.int(3)?,
            hash: row.array_or_null(4)?,
        });
    }
    for resource in resources {
        if let Some(identity) = late.get(&resource)
            && let Some(entry) = known.get_mut(identity)
        {
            entry.history = History::whole(points.remove(&resource).unwrap_or_default());
        }
    }
    Ok(())
}

/// A row of `identity, resource, head_version, head_valid_from, head_recorded_at, head_hash`.
pub(super) fn entry(row: &crate::db::Row) -> Result<(Identity, Entry), StoreError> {
    let head = Point {
        version: row.int(2)?,
        valid_from: row.int(3)?,
        recorded_at: row.int(4)?,
        hash: row.array_or_null(5)?,
    };
    let entry = Entry {
        resource: row.int(1)?,
        history: History::of_head(head),
        is_seen: false,
    };
    Ok((row.array(0)?, entry))
}

impl Plan {
    async fn new(
        store: &Store,
        observations: &[(i64, Observation)],
        known: &mut Known,
        has_moments: bool,
    ) -> Result<Plan, StoreError> {
        let mut plan = Plan::default();
        let is_news = |history: &History, valid_from: i64, observation: &Observation| {
            let is_moment = has_moments && observation.captured_at.is_some();
            history.is_news(valid_from, observation.hash(), is_moment)
        };
        let is_any_news = observations.iter().any(|(valid_from, observation)| {
            known
                .get(&observation.identity)
                .is_none_or(|entry| is_news(&entry.history, *valid_from, observation))
        });
        if !is_any_news {
            return Ok(plan);
        }
        let count = observations.len();
        let scopes = scopes(store, observations).await?;
        let mut resources = store.take_ids("resource", count).await?;
        // At most two an observation: itself, and what a later listing saw again.
        let mut versions = store.take_ids("version", count * 2).await?;
        let recorded_at = store.now();
        for (valid_from, observation) in observations {
            let (scope, last_listed_at) =
                scopes.get(&observation.scope).copied().unwrap_or_default();
            let is_new = !known.contains_key(&observation.identity);
            let entry = known.entry(observation.identity).or_insert_with(|| Entry {
                resource: 0,
                history: History::new(),
                is_seen: true,
            });
            let hash = observation.hash();
            if !is_new && !is_news(&entry.history, *valid_from, observation) {
                continue;
            }
            if is_new {
                entry.resource = resources.next().unwrap_or_default();
                plan.new.insert(observation.identity);
                plan.resources.push(args![
                    entry.resource,
                    observation.identity,
                    scope,
                    observation.resource_id.as_str(),
                    observation.resource_name.clone(),
                    observation.arn.clone(),
                ]);
            } else if !plan.new.contains(&observation.identity) {
                plan.heads.insert(observation.identity);
            }
            let was = entry.history.at(*valid_from).and_then(|point| point.hash);
            let again = if *valid_from < last_listed_at && was != hash {
                listed_after(store, scope, *valid_from, &entry.history).await?
            } else {
                None
            };
            let after = again.map(|listed_at| (listed_at, was));
            for (valid_from, hash) in std::iter::once((*valid_from, hash)).chain(after) {
                let point = Point {
                    valid_from,
                    recorded_at,
                    version: versions.next().unwrap_or_default(),
                    hash,
                };
                entry.history.add(point);
                plan.versions
                    .push((observation.identity, entry.resource, point));
            }
        }
        Ok(plan)
    }

    /// Whether it was written: not so where another worker made one of its resources first.
    async fn write(
        &self,
        store: &Store,
        run: i64,
        observations: &[(i64, Observation)],
        known: &Known,
    ) -> Result<bool, StoreError> {
        let contents: HashMap<Hash, &Content> = observations
            .iter()
            .filter_map(|(_, observation)| observation.content.as_ref())
            .map(|content| (content.hash, content))
            .collect();
        let wanted: BTreeSet<Hash> = self
            .versions
            .iter()
            .filter_map(|(_, _, point)| point.hash)
            .collect();
        let mut ids = store.take_ids("blob", wanted.len()).await?;
        let mut rows = Vec::with_capacity(wanted.len());
        for hash in &wanted {
            if let Some(content) = contents.get(hash) {
                let id = ids.next().unwrap_or_default();
                rows.push(blob::row(id, content)?);
            }
        }
        let mut transaction = store.database().begin().await?;
        let blobs = blob::insert(&mut transaction, rows, &wanted).await?;
        if !self.write_resources(&mut transaction, known).await? {
            return Ok(false);
        }
        let rows = self
            .versions
            .iter()
            .map(|(_, resource, point)| {
                let blob = point.hash.and_then(|hash| blobs.get(&hash).copied());
                args![
                    point.version,
                    *resource,
                    point.valid_from,
                    point.recorded_at,
                    point.hash,
                    blob,
                    run,
                ]
            })
            .collect::<Vec<_>>();
        let into = "versions (version, resource, valid_from, recorded_at, hash, blob, run)";
        transaction.insert(into, rows, "").await?;
        self.write_heads(&mut transaction, observations, known)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn write_resources(
        &self,
        transaction: &mut Transaction,
        known: &Known,
    ) -> Result<bool, StoreError> {
        let mut rows = Vec::with_capacity(self.resources.len());
        for (identity, row) in self.resources.iter().filter_map(|row| {
            let Some(Value::Bytes(Some(bytes))) = row.get(1) else {
                return None;
            };
            Some((Identity::try_from(bytes.as_slice()).ok()?, row))
        }) {
            let Some(head) = known.get(&identity).and_then(|entry| entry.history.head()) else {
                continue;
            };
            let mut row = row.clone();
            row.extend(args![
                head.version,
                head.valid_from,
                head.recorded_at,
                head.hash,
            ]);
            rows.push(row);
        }
        let wanted = rows.len() as u64;
        let into = "resources (resource, identity, scope, resource_id, resource_name, arn, \
                    head_version, head_valid_from, head_recorded_at, head_hash)";
        let (_, inserted) = transaction
            .insert(into, rows, "ON CONFLICT DO NOTHING")
            .await?;
        Ok(inserted == wanted)
    }

    /// The newest version of resources that were known before. A worker that is late doesn't put
    /// an older version in a newer one's place.
    async fn write_heads(
        &self,
        transaction: &mut Transaction,
        observations: &[(i64, Observation)],
        known: &Known,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE resources SET head_version = $2, head_valid_from = $3, \
                   head_recorded_at = $4, head_hash = $5, \
                   resource_name = COALESCE($6, resource_name), arn = COALESCE($7, arn) \
                   WHERE resource = $1 AND (head_valid_from < $3 OR \
                   (head_valid_from = $3 AND head_recorded_at <= $4))";
        for identity in &self.heads {
            let newest = observations
                .iter()
                .rev()
                .map(|(_, observation)| observation)
                .find(|observation| observation.identity == *identity);
            let (Some(entry), Some(observation)) = (known.get(identity), newest) else {
                continue;
            };
            let Some(head) = entry.history.head() else {
                continue;
            };
            let values = args![
                entry.resource,
                head.version,
                head.valid_from,
                head.recorded_at,
                head.hash,
                observation.resource_name.clone(),
                observation.arn.clone(),
            ];
            transaction.execute(sql, values).await?;
        }
        Ok(())
    }
}

/// The first complete listing after a time and before the next version: it saw that the resource
/// was, by then, what it had been before that time.
async fn listed_after(
    store: &Store,
    scope: i64,
    time: i64,
    history: &History,
) -> Result<Option<i64>, StoreError> {
    let Some(listed_at) = store.first_listing_after(scope, time).await? else {
        return Ok(None);
    };
    Ok(history
        .next_after(time)
        .is_none_or(|next| listed_at < next)
        .then_some(listed_at))
}

/// The number of each scope, and when its last complete listing was made.
async fn scopes(
    store: &Store,
    observations: &[(i64, Observation)],
) -> Result<HashMap<Scope, (i64, i64)>, StoreError> {
    let mut scopes: HashMap<Scope, (i64, i64)> = HashMap::new();
    let mut by_id = HashMap::new();
    for (_, observation) in observations {
        let scope = &observation.scope;
        if !scopes.contains_key(scope) {
            let partition = scope.partition(observation.arn.as_deref());
            let id = store.scope(scope, partition).await?;
            scopes.insert(scope.clone(), (id, i64::MIN));
            by_id.insert(id, scope.clone());
        }
    }
    let mut ids: Vec<i64> = by_id.keys().copied().collect();
    ids.sort_unstable();
    let sql = "SELECT s.scope, (SELECT MAX(l.listed_at) FROM listings l \
               WHERE l.scope = s.scope AND l.state = 'complete') FROM scopes s WHERE s.scope IN";
    let keys = ids.into_iter().map(Value::from).collect();
    for row in store.database().rows_in(sql, keys).await? {
        let known = by_id
            .get(&row.int(0)?)
            .and_then(|scope| scopes.get_mut(scope));
        if let (Some(place), Some(listed_at)) = (known, row.int_or_null(1)?) {
            place.1 = listed_at;
        }
    }
    Ok(scopes)
}
