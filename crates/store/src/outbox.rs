//! Events on their way out: written in the transaction of the change that they tell of, taken out in
//! the transaction that keeps where they go.

use jiff::Timestamp;
use serde_json::Value;

use crate::db::{Transaction, args};
use crate::{Store, StoreError, packed};

/// An event that nobody has taken out yet.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxEvent {
    /// Its number, the same at each attempt: targets know a duplicate by it.
    pub event: i64,
    /// EventBridge's `detail-type`, such as `Config Rules Compliance Change`.
    pub detail_type: String,
    /// EventBridge's `detail`.
    pub detail: Value,
    /// When the change was recorded.
    pub recorded_at: Timestamp,
}

/// The columns of a new event. The last four but one are of an earlier way to deliver, and say nothing
/// now.
pub(crate) const COLUMNS: &str = "outbox (event, detail_type, detail, recorded_at, due_at, attempts, holder, held_until, packed)";

/// Details of this many bytes are compressed: an import of findings writes one with each.
const PACKED_FROM: usize = 1024;

/// What a detail may be after decompression: more than any event holds.
const LONGEST: usize = 256 << 20;

/// A long detail, compressed; none of a short one, and where there is no memory for it.
fn small(detail: &str) -> Option<Vec<u8>> {
    let is_long = detail.len() >= PACKED_FROM;
    is_long.then(|| packed::pack(detail.as_bytes()).ok())?
}

/// The row of a new event, due at once.
pub(crate) fn row(
    event: i64,
    detail_type: &str,
    detail: &Value,
    recorded_at: i64,
) -> Vec<crate::db::Value> {
    let text = detail.to_string();
    let packed = small(&text);
    let text = if packed.is_some() {
        String::new()
    } else {
        text
    };
    args![
        event,
        detail_type,
        text,
        recorded_at,
        recorded_at,
        0,
        "",
        0,
        packed,
    ]
}

impl Transaction {
    /// Writes events to deliver, due at once: with the change that they tell of, or not at all.
    /// `first` numbers them; [`Store::take_ids`] of `event` gives it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn send(
        &mut self,
        first: i64,
        recorded_at: i64,
        events: &[(&str, Value)],
    ) -> Result<(), sqlx::Error> {
        let rows = (first..)
            .zip(events)
            .map(|(event, (detail_type, detail))| row(event, detail_type, detail, recorded_at));
        self.insert(COLUMNS, rows.collect(), "").await?;
        Ok(())
    }

    /// Takes events out, whose fate is kept in the same transaction. False where one of them is gone:
    /// somebody else took it out, and this transaction is to be dropped.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_out(&mut self, events: &[i64]) -> Result<bool, sqlx::Error> {
        let keys = events.iter().map(|event| (*event).into()).collect();
        let gone = self
            .execute_in("DELETE FROM outbox WHERE event IN", keys)
            .await?;
        Ok(gone == events.len() as u64)
    }
}

impl Store {
    /// Up to `count` events, the oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn oldest_events(&self, count: i64) -> Result<Vec<OutboxEvent>, StoreError> {
        let sql = "SELECT event, detail_type, detail, recorded_at, packed FROM outbox \
                   ORDER BY due_at, event LIMIT $1";
        let rows = self.database().rows(sql, args![count]).await?;
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            let detail = match row.bytes_or_null(4)? {
                Some(packed) => {
                    let text = packed::unpack(&packed, LONGEST)
                        .map_err(|error| sqlx::Error::Decode(error.into()))?;
                    serde_json::from_slice(&text)
                }
                None => serde_json::from_str(&row.text(2)?),
            };
            events.push(OutboxEvent {
                event: row.int(0)?,
                detail_type: row.text(1)?,
                detail: detail.map_err(|error| sqlx::Error::Decode(error.into()))?,
                recorded_at: crate::query::time(row.int(3)?),
            });
        }
        Ok(events)
    }

    /// Forgets events that are older than a time. Returns how many.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_events(&self, before: Timestamp) -> Result<u64, StoreError> {
        let sql = "DELETE FROM outbox WHERE due_at < $1";
        let mut transaction = self.database().begin().await?;
        let gone = transaction
            .execute(sql, args![before.as_microsecond()])
            .await?;
        transaction.commit().await?;
        Ok(gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_detail_is_packed_and_unpacked() {
        let long = "words ".repeat(1000);
        let packed = small(&long).unwrap();
        assert!(packed.len() < 100, "{}", packed.len());
        assert_eq!(packed::unpack(&packed, LONGEST).unwrap(), long.as_bytes());
        assert_eq!(small("words"), None);
    }
}
