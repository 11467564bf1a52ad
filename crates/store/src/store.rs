//! The state as a whole.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::db::{self, Component, Database, args};
use crate::{Location, Scope, StoreError};

/// What time it is. Injected, so that a test and a replay say it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Identifiers taken from the database at once.
const BLOCK: i64 = 4096;

/// The state. Cheap to clone; any number of processes may open one database.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    clock: Clock,
    ids: Mutex<BTreeMap<&'static str, Range<i64>>>,
    scopes: Mutex<HashMap<Scope, i64>>,
}

impl Store {
    /// Opens the state, makes it where there is none, and brings it to this version.
    ///
    /// # Errors
    /// Where it can't be opened, is no state of Posture's, or is one of a newer Posture.
    pub async fn open(location: &Location, clock: Clock) -> Result<Store, StoreError> {
        let database = db::open(location).await?;
        db::migrate(&database, db::STORE)
            .await
            .map_err(|error| match error {
                StoreError::Database(cause) => StoreError::Open {
                    location: location.to_string(),
                    cause,
                },
                other => other,
            })?;
        Ok(Store {
            inner: Arc::new(Inner {
                database,
                clock,
                ids: Mutex::default(),
                scopes: Mutex::default(),
            }),
        })
    }

    /// Ends all connections.
    pub async fn close(self) {
        self.inner.database.close().await;
    }

    /// Makes the tables of another crate, or brings them to its version.
    ///
    /// # Errors
    /// Where the database fails, or holds tables of a later version.
    pub async fn migrate(&self, component: Component) -> Result<(), StoreError> {
        db::migrate(self.database(), component).await
    }

    /// The connections, for a crate that keeps its own tables there.
    pub fn database(&self) -> &Database {
        &self.inner.database
    }

    /// The clock, in microseconds since 1970.
    pub fn now(&self) -> i64 {
        (self.inner.clock)().as_microsecond()
    }

    /// `count` new identifiers of a kind. Not to be called inside a transaction that writes: on
    /// SQLite it would wait for itself.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_ids(
        &self,
        kind: &'static str,
        count: usize,
    ) -> Result<Range<i64>, StoreError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let mut ids = self.inner.ids.lock().await;
        let left = ids.entry(kind).or_default();
        if left.end - left.start < count {
            *left = self.reserve(kind, count.max(BLOCK)).await?;
        }
        let first = left.start;
        left.start += count;
        Ok(first..left.start)
    }

    async fn reserve(&self, kind: &str, count: i64) -> Result<Range<i64>, StoreError> {
        let mut transaction = self.database().begin().await?;
        let sql = "INSERT INTO ids (kind, next) VALUES ($1, $2) \
                   ON CONFLICT (kind) DO UPDATE SET next = ids.next + $3 RETURNING next";
        let rows = transaction.rows(sql, args![kind, 1 + count, count]).await?;
        let next = rows.first().ok_or(sqlx::Error::RowNotFound)?.int(0)?;
        transaction.commit().await?;
        Ok(next - count..next)
    }

    /// The number of a scope, given where it has none.
    pub(crate) async fn scope(&self, scope: &Scope, partition: &str) -> Result<i64, StoreError> {
        let known = self.inner.scopes.lock().await.get(scope).copied();
        if let Some(known) = known {
            return Ok(known);
        }
        let id = self.take_ids("scope", 1).await?.start;
        let mut transaction = self.database().begin().await?;
        let insert = "INSERT INTO scopes (scope, aws_partition, account_id, aws_region, resource_type) \
                      VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let Scope {
            account_id,
            aws_region,
            resource_type,
        } = scope;
        let values = args![
            id,
            partition,
            account_id.as_str(),
            aws_region.as_str(),
            resource_type.as_str(),
        ];
        transaction.execute(insert, values).await?;
        let select = "SELECT scope FROM scopes \
                      WHERE account_id = $1 AND aws_region = $2 AND resource_type = $3";
        let key = args![
            account_id.as_str(),
            aws_region.as_str(),
            resource_type.as_str()
        ];
        let rows = transaction.rows(select, key).await?;
        let id = rows.first().ok_or(sqlx::Error::RowNotFound)?.int(0)?;
        transaction.commit().await?;
        self.inner.scopes.lock().await.insert(scope.clone(), id);
        Ok(id)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}
