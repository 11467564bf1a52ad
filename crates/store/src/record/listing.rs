//! One listing, streamed.

use std::collections::BTreeMap;

use posture_model::CoverageState;
use posture_model::tree::Bump;

use super::batch::{Batch, Known, entry};
use super::coverage::{self, Coverage};
use super::observation::Observation;
use super::sink::Listing;
use crate::db::args;
use crate::{Scope, Store, StoreError};

/// Takes the items of one listing into the store.
///
/// Kept of each resource of the scope are its identity and its newest version, about 150 bytes;
/// an item that says nothing new is forgotten at once.
#[derive(Debug)]
pub struct StoreListing {
    store: Store,
    run: i64,
    scope: Scope,
    scope_id: i64,
    listed_at: i64,
    known: Known,
    batch: Batch,
    items: i64,
    /// Not every item was asked for: of facts nothing is known anew.
    has_skipped: bool,
    unread: BTreeMap<String, Coverage>,
    arena: Bump,
}

impl StoreListing {
    pub(super) async fn begin(
        store: &Store,
        run: i64,
        scope: Scope,
        listed_at: i64,
    ) -> Result<StoreListing, StoreError> {
        let scope_id = store.scope(&scope, scope.partition(None)).await?;
        let sql = "SELECT identity, resource, head_version, head_valid_from, head_recorded_at, \
                   head_hash FROM resources WHERE scope = $1";
        let mut known = Known::new();
        for row in store.database().rows(sql, args![scope_id]).await? {
            let (identity, entry) = entry(&row)?;
            known.insert(identity, entry);
        }
        Ok(StoreListing {
            store: store.clone(),
            run,
            scope,
            scope_id,
            listed_at,
            known,
            batch: Batch::default(),
            items: 0,
            has_skipped: false,
            unread: BTreeMap::new(),
            arena: Bump::new(),
        })
    }

    async fn take(&mut self, observation: Observation) -> Result<(), StoreError> {
        if self.scope != observation.scope {
            return Err(StoreError::Unusable {
                resource: format!(
                    "{} {}",
                    observation.scope.resource_type, observation.resource_id
                ),
                problem: "the item is of another account, Region or type than its listing",
            });
        }
        self.items += 1;
        let valid_from = observation.captured_at.unwrap_or(self.listed_at);
        if let Some(entry) = self.known.get_mut(&observation.identity) {
            entry.is_seen = true;
            let is_same = entry.history.head().is_some_and(|head| {
                head.valid_from <= valid_from && head.hash == observation.hash()
            });
            if is_same {
                return Ok(());
            }
        }
        self.batch.push(valid_from, observation);
        if self.batch.is_full() {
            self.flush().await?;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        self.batch
            .flush(&self.store, self.run, &mut self.known)
            .await?;
        Ok(())
    }

    /// Takes a resource for what it was when it was last recorded. False where nothing of it is: then
    /// its item has to be given.
    pub fn skip(&mut self, resource_id: &str) -> bool {
        let identity = self.scope.identity(resource_id);
        let Some(entry) = self.known.get_mut(&identity) else {
            return false;
        };
        let is_there = entry.history.head().is_some_and(|head| head.hash.is_some());
        if is_there {
            entry.is_seen = true;
            self.items += 1;
            self.has_skipped = true;
        }
        is_there
    }

    /// What the listing would have shown and didn't.
    async fn delete_unseen(&mut self) -> Result<(), StoreError> {
        let listed_at = self.listed_at;
        let gone =
            |head: &super::history::Point| head.hash.is_some() && head.valid_from <= listed_at;
        let mut resources: Vec<i64> = self
            .known
            .values()
            .filter(|entry| !entry.is_seen && entry.history.head().is_some_and(gone))
            .map(|entry| entry.resource)
            .collect();
        resources.sort_unstable();
        let recorded_at = self.store.now();
        for chunk in resources.chunks(1000) {
            let ids = self.store.take_ids("version", chunk.len()).await?;
            let mut transaction = self.store.database().begin().await?;
            let pairs: Vec<(i64, i64)> = ids.zip(chunk.iter().copied()).collect();
            let rows = pairs
                .iter()
                .map(|(version, resource)| {
                    args![
                        *version,
                        *resource,
                        listed_at,
                        recorded_at,
                        None::<[u8; 32]>,
                        None::<i64>,
                        self.run,
                    ]
                })
                .collect::<Vec<_>>();
            let into = "versions (version, resource, valid_from, recorded_at, hash, blob, run)";
            transaction.insert(into, rows, "").await?;
            let sql = "UPDATE resources SET head_version = $2, head_valid_from = $3, \
                       head_recorded_at = $4, head_hash = NULL \
                       WHERE resource = $1 AND head_valid_from <= $3";
            for (version, resource) in pairs {
                let values = args![resource, version, listed_at, recorded_at];
                transaction.execute(sql, values).await?;
            }
            transaction.commit().await?;
        }
        Ok(())
    }

    /// The row of the listing, and what changed of its coverage.
    async fn write_end(&mut self, state: CoverageState) -> Result<(), StoreError> {
        let listing = self.store.take_ids("listing", 1).await?.start;
        let mut ids = self
            .store
            .take_ids("coverage", self.unread.len() + COVERAGE_IDS)
            .await?;
        let recorded_at = self.store.now();
        let mut transaction = self.store.database().begin().await?;
        let sql = "INSERT INTO listings (listing, run, scope, listed_at, recorded_at, state, items) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = args![
            listing,
            self.run,
            self.scope_id,
            self.listed_at,
            recorded_at,
            state.as_str(),
            self.items,
        ];
        transaction.execute(sql, values).await?;
        let known = coverage::current(&mut transaction, self.scope_id).await?;
        let seen = std::mem::take(&mut self.unread);
        let changes = coverage::changes(&known, seen, self.has_skipped);
        let times = (self.listed_at, recorded_at);
        let rows = changes
            .into_iter()
            .zip(ids.by_ref())
            .map(|(coverage, id)| coverage::row(id, self.scope_id, coverage, times, self.run))
            .collect::<Vec<_>>();
        let into = "coverage (coverage, scope, fact, valid_from, recorded_at, state, \
                    denied_action, run)";
        transaction.insert(into, rows, "").await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Facts of a scope that may become complete again: more than any type has.
const COVERAGE_IDS: usize = 256;

impl Listing for StoreListing {
    type Error = StoreError;

    async fn item(&mut self, item: &[u8]) -> Result<(), StoreError> {
        let mut arena = std::mem::take(&mut self.arena);
        let observation = Observation::from_json(item, &arena);
        arena.reset();
        self.arena = arena;
        self.take(observation?).await
    }

    fn unread(&mut self, fact: Coverage) {
        self.unread.insert(fact.fact.clone(), fact);
    }

    async fn end(mut self, coverage: Coverage) -> Result<(), StoreError> {
        self.flush().await?;
        let state = coverage.state;
        self.unread.insert(
            String::new(),
            Coverage {
                fact: String::new(),
                ..coverage
            },
        );
        if state == CoverageState::Complete {
            self.delete_unseen().await?;
        }
        self.write_end(state).await
    }
}
