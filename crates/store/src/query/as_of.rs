//! Items as they were at a time, as far as was known at a time.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::filter::ItemFilter;
use super::item_record::Kept;
use crate::db::args;
use crate::{Scope, Store, StoreError};

/// Items of one page.
const PAGE: i64 = 512;

/// An item out of history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredItem {
    /// Its account, Region and type, as the store files it.
    pub scope: Scope,
    /// The id.
    pub resource_id: String,
    /// Since when it was so.
    pub valid_from: Timestamp,
    /// The whole item, canonical JSON (RFC 8785), with `configurationItemCaptureTime` and
    /// `configurationItemStatus` as AWS Config spells them.
    pub json: Vec<u8>,
}

/// Streams items, sorted by account, Region, type and id, whose order is that of their bytes.
///
/// What is held is a page. Versions are only ever added, so a stream that is read while others
/// write gives what it would have given at once.
#[derive(Debug)]
pub struct Items {
    store: Store,
    as_of: i64,
    known_at: i64,
    scopes: VecDeque<(i64, Scope)>,
    /// The id after which the next page of the first scope begins.
    after: Option<String>,
    page: VecDeque<(Scope, String, Kept<Vec<u8>>)>,
}

impl Store {
    /// The items that existed at `as_of`, as far as was recorded by `known_at`.
    ///
    /// # Errors
    /// Where the scopes can't be read.
    pub async fn items_as_of(
        &self,
        filter: &ItemFilter,
        as_of: Timestamp,
        known_at: Timestamp,
    ) -> Result<Items, StoreError> {
        let (condition, values) = filter.condition(1);
        let sql = format!(
            "SELECT s.scope, s.account_id, s.aws_region, s.resource_type FROM scopes s \
             WHERE {condition} ORDER BY s.account_id, s.aws_region, s.resource_type"
        );
        let mut scopes = VecDeque::new();
        for row in self.database().rows(&sql, values).await? {
            let scope = Scope {
                account_id: row.text(1)?,
                aws_region: row.text(2)?,
                resource_type: row.text(3)?,
            };
            scopes.push_back((row.int(0)?, scope));
        }
        Ok(Items {
            store: self.clone(),
            as_of: as_of.as_microsecond(),
            known_at: known_at.as_microsecond(),
            scopes,
            after: None,
            page: VecDeque::new(),
        })
    }
}

/// The version that counts, for a resource whose newest one may be too new.
pub(crate) const VERSION_AS_OF: &str = "CASE WHEN r.head_valid_from <= $2 AND r.head_recorded_at <= $3 \
     THEN r.head_version ELSE (SELECT w.version FROM versions w WHERE w.resource = r.resource \
     AND w.valid_from <= $2 AND w.recorded_at <= $3 \
     ORDER BY w.valid_from DESC, w.recorded_at DESC, w.version DESC LIMIT 1) END";

impl Items {
    /// The next item; none at the end.
    ///
    /// # Errors
    /// Where the database fails or is damaged.
    pub async fn next(&mut self) -> Result<Option<StoredItem>, StoreError> {
        let Some((scope, resource_id, kept)) = self.kept().await? else {
            return Ok(None);
        };
        let mut json = Vec::new();
        kept.whole(&mut json)?;
        Ok(Some(StoredItem {
            scope,
            resource_id,
            valid_from: kept.valid_from(),
            json,
        }))
    }

    /// The same as it is kept.
    pub(super) async fn kept(
        &mut self,
    ) -> Result<Option<(Scope, String, Kept<Vec<u8>>)>, StoreError> {
        loop {
            if let Some(item) = self.page.pop_front() {
                return Ok(Some(item));
            }
            if self.scopes.is_empty() {
                return Ok(None);
            }
            self.fetch().await?;
        }
    }

    /// The next page of the first scope. Deleted resources have no blob and are left out, so that
    /// the last id of a page is not where the page ends: that is asked for on its own.
    async fn fetch(&mut self) -> Result<(), StoreError> {
        let Some((scope_id, scope)) = self.scopes.front() else {
            return Ok(());
        };
        let sql = format!(
            "SELECT v.version, v.valid_from, b.split, b.size, b.content, r.resource_id \
             FROM (SELECT resource, resource_id, head_version, head_valid_from, \
             head_recorded_at FROM resources WHERE scope = $1 AND resource_id > $4 \
             ORDER BY resource_id LIMIT {PAGE}) r \
             JOIN versions v ON v.version = {VERSION_AS_OF} \
             JOIN blobs b ON b.blob = v.blob ORDER BY r.resource_id"
        );
        let after = self.after.take().unwrap_or_default();
        let last = last_of_page(&self.store, *scope_id, &after).await?;
        let values = args![*scope_id, self.as_of, self.known_at, after];
        for row in self.store.database().rows(&sql, values).await? {
            let item = (scope.clone(), row.text(5)?, Kept::of(&row)?.to_owned());
            self.page.push_back(item);
        }
        match last {
            Some(last) => self.after = Some(last),
            None => {
                self.scopes.pop_front();
            }
        }
        Ok(())
    }
}

/// The last id of a full page; none where the page is the last one.
async fn last_of_page(
    store: &Store,
    scope: i64,
    after: &str,
) -> Result<Option<String>, StoreError> {
    let sql = format!(
        "SELECT resource_id FROM resources WHERE scope = $1 AND resource_id > $2 \
         ORDER BY resource_id LIMIT 1 OFFSET {}",
        PAGE - 1
    );
    let rows = store.database().rows(&sql, args![scope, after]).await?;
    match rows.first() {
        Some(row) => Ok(Some(row.text(0)?)),
        None => Ok(None),
    }
}

/// A stored time. What is stored was a time before.
pub(crate) fn time(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(if microseconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}
