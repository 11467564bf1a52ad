//! Resources by their tags.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;

use crate::blob;
use crate::db::args;
use crate::{Store, StoreError};

/// Versions of one page.
const PAGE: i64 = 1024;

/// What of an item is read.
#[derive(Deserialize)]
struct Tagged {
    #[serde(default)]
    tags: BTreeMap<String, String>,
}

impl Store {
    /// The numbers of resources that had every one of these tags at once, at some time from `from` on
    /// and before `until`. A tag without a value may have any.
    ///
    /// # Errors
    /// Where the database fails or is damaged.
    pub async fn resources_tagged(
        &self,
        tags: &[(&str, Option<&str>)],
        from: Timestamp,
        until: Timestamp,
    ) -> Result<BTreeSet<i64>, StoreError> {
        // What stood when the time began is a version of before.
        let sql = format!(
            "SELECT v.version, v.resource, b.size, b.content FROM versions v \
             JOIN blobs b ON b.blob = v.blob WHERE v.version > $1 AND v.valid_from < $2 \
             AND (v.valid_from >= $3 OR v.version = (SELECT w.version FROM versions w \
             WHERE w.resource = v.resource AND w.valid_from <= $3 \
             ORDER BY w.valid_from DESC, w.recorded_at DESC, w.version DESC LIMIT 1)) \
             ORDER BY v.version LIMIT {PAGE}"
        );
        let mut found = BTreeSet::new();
        let mut after = i64::MIN;
        loop {
            let values = args![after, until.as_microsecond(), from.as_microsecond()];
            let rows = self.database().rows(&sql, values).await?;
            let Some(last) = rows.last() else {
                return Ok(found);
            };
            after = last.int(0)?;
            for row in &rows {
                let (version, resource) = (row.int(0)?, row.int(1)?);
                if found.contains(&resource) {
                    continue;
                }
                let text = blob::text(version, &row.bytes(3)?, row.int(2)?)?;
                let item: Tagged =
                    serde_json::from_slice(&text).map_err(|cause| damaged(version, cause))?;
                let has = |(key, value): &(&str, Option<&str>)| {
                    let known = item.tags.get(*key);
                    known.is_some_and(|known| value.is_none_or(|value| value == known))
                };
                if tags.iter().all(has) {
                    found.insert(resource);
                }
            }
        }
    }
}

fn damaged(version: i64, cause: serde_json::Error) -> StoreError {
    let cause = std::io::Error::new(std::io::ErrorKind::InvalidData, cause);
    StoreError::Damaged { version, cause }
}
