//! Everything as it was at a time, as fast as it can be read.

use std::collections::VecDeque;
use std::num::NonZero;
use std::thread::available_parallelism;

use jiff::Timestamp;
use tokio::task::{JoinHandle, spawn};

use super::as_of::{Items, VERSION_AS_OF};
use super::filter::ItemFilter;
use super::item_record::Kept;
use crate::db::args;
use crate::{Store, StoreError};

/// Numbers of resources of one page.
const PAGE: i64 = 512;

/// Pages that are read at once, at most: each holds a connection.
const PAGES: usize = 4;

/// Bytes of a part of what is sorted, about.
const PART: usize = 256 << 10;

/// Items that existed at a time, as they are kept: records, each behind four bytes that say how long it is (little-endian),
/// of which [`unpack_item`](crate::unpack_item) makes items; in parts that end with a record.
///
/// What is held is a few parts. Versions are only ever added, so what is read while others write is what would have been
/// read at once.
#[derive(Debug)]
pub struct Snapshot(Reading);

#[derive(Debug)]
enum Reading {
    /// A few types: what is looked for has an index.
    Sorted(Box<Items>),
    /// Everything: in the order in which it was recorded first, which is the order of the disk.
    Pages(Pages),
}

#[derive(Debug)]
struct Pages {
    wanted: Wanted,
    next: i64,
    last: i64,
    at_once: usize,
    begun: VecDeque<JoinHandle<Result<Vec<u8>, StoreError>>>,
}

#[derive(Debug, Clone)]
struct Wanted {
    store: Store,
    filter: ItemFilter,
    as_of: i64,
    known_at: i64,
}

impl Store {
    /// The items that existed at `as_of`, as far as was recorded by `known_at`, each as [`Store::items_as_of`] gives it,
    /// in an order that the same state always has.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn snapshot(
        &self,
        filter: &ItemFilter,
        as_of: Timestamp,
        known_at: Timestamp,
    ) -> Result<Snapshot, StoreError> {
        if !filter.regions.is_empty() || !filter.types.is_empty() {
            let items = self.items_as_of(filter, as_of, known_at).await?;
            return Ok(Snapshot(Reading::Sorted(Box::new(items))));
        }
        let bounds = "SELECT COALESCE(MIN(resource), 1), COALESCE(MAX(resource), 0) FROM resources";
        let rows = self.database().rows(bounds, args![]).await?;
        let (next, last) = match rows.first() {
            Some(row) => (row.int(0)?, row.int(1)?),
            None => (1, 0),
        };
        let wanted = Wanted {
            store: self.clone(),
            filter: filter.clone(),
            as_of: as_of.as_microsecond(),
            known_at: known_at.as_microsecond(),
        };
        Ok(Snapshot(Reading::Pages(Pages {
            wanted,
            next,
            last,
            // One is read while another is written, on each processor.
            at_once: (available_parallelism().map_or(1, NonZero::get) * 2).min(PAGES),
            begun: VecDeque::new(),
        })))
    }
}

impl Snapshot {
    /// The next part; none at the end.
    ///
    /// # Errors
    /// Where the database fails or is damaged.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        match &mut self.0 {
            Reading::Sorted(items) => sorted(items).await,
            Reading::Pages(pages) => pages.next().await,
        }
    }
}

async fn sorted(items: &mut Items) -> Result<Option<Vec<u8>>, StoreError> {
    let mut part = Vec::new();
    while part.len() < PART
        && let Some((_, _, kept)) = items.kept().await?
    {
        kept.write(&mut part);
    }
    Ok((!part.is_empty()).then_some(part))
}

impl Pages {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        while self.begun.len() < self.at_once && self.next <= self.last {
            self.begun
                .push_back(spawn(self.wanted.clone().page(self.next)));
            self.next = self.next.saturating_add(PAGE);
        }
        match self.begun.pop_front() {
            Some(page) => joined(page).await.map(Some),
            None => Ok(None),
        }
    }
}

impl Wanted {
    /// The records of the resources whose numbers begin at `from`.
    async fn page(self, from: i64) -> Result<Vec<u8>, StoreError> {
        let mut values = args![from, self.as_of, self.known_at, from.saturating_add(PAGE)];
        let (condition, scopes) = self.filter.condition(values.len() + 1);
        values.extend(scopes);
        // A `CROSS JOIN` is how SQLite is told in which order to read; to PostgreSQL it is any join.
        let sql = format!(
            "SELECT v.version, v.valid_from, b.split, b.size, b.content FROM resources r \
             CROSS JOIN scopes s CROSS JOIN versions v CROSS JOIN blobs b \
             WHERE r.resource >= $1 AND r.resource < $4 AND s.scope = r.scope AND {condition} \
             AND v.version = {VERSION_AS_OF} AND b.blob = v.blob ORDER BY r.resource"
        );
        let mut records = Vec::new();
        for row in self.store.database().rows(&sql, values).await? {
            Kept::of(&row)?.write(&mut records);
        }
        Ok(records)
    }
}

/// What a task made of it; its panic is this one's.
async fn joined<T>(task: JoinHandle<Result<T, StoreError>>) -> Result<T, StoreError> {
    let ended = task.await;
    ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}
