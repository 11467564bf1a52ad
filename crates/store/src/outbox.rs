//! Events on their way out: written in the transaction of the change that they tell of, delivered
//! at least once.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::db::{Transaction, args};
use crate::leases::until;
use crate::{Store, StoreError};

/// An event that this worker is to deliver.
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
    /// How often it was taken, this time counted.
    pub attempts: i64,
}

/// The columns of a new event.
pub(crate) const COLUMNS: &str =
    "outbox (event, detail_type, detail, recorded_at, due_at, attempts, holder, held_until)";

/// The row of a new event, due at once.
pub(crate) fn row(
    event: i64,
    detail_type: &str,
    detail: &Value,
    recorded_at: i64,
) -> Vec<crate::db::Value> {
    args![
        event,
        detail_type,
        detail.to_string(),
        recorded_at,
        recorded_at,
        0,
        "",
        0,
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
}

impl Store {
    /// Takes up to `count` events to deliver, the oldest first. Those that are neither delivered
    /// nor put off within `duration` are taken again by whoever asks.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_events(
        &self,
        holder: &str,
        count: i64,
        duration: SignedDuration,
    ) -> Result<Vec<OutboxEvent>, StoreError> {
        let sql = format!(
            "WITH picked AS MATERIALIZED (SELECT event FROM outbox WHERE due_at <= $3 \
             AND held_until <= $3 ORDER BY due_at, event LIMIT $4{}) \
             UPDATE outbox SET holder = $1, held_until = $2, attempts = attempts + 1 \
             WHERE event IN (SELECT event FROM picked) \
             RETURNING event, detail_type, detail, recorded_at, attempts",
            self.database().dialect().skip_locked()
        );
        let now = self.now();
        let mut transaction = self.database().begin().await?;
        let values = args![holder, until(now, duration), now, count];
        let rows = transaction.rows(&sql, values).await?;
        transaction.commit().await?;
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            events.push(OutboxEvent {
                event: row.int(0)?,
                detail_type: row.text(1)?,
                detail: serde_json::from_str(&row.text(2)?).unwrap_or_default(),
                recorded_at: crate::query::time(row.int(3)?),
                attempts: row.int(4)?,
            });
        }
        events.sort_by_key(|event| event.event);
        Ok(events)
    }

    /// Notes that an event was delivered. False where somebody else has noted that already.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn event_delivered(&self, event: &OutboxEvent) -> Result<bool, StoreError> {
        let sql = "DELETE FROM outbox WHERE event = $1";
        self.touch(sql, args![event.event]).await
    }

    /// Puts an event off until a time, its delivery having failed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_event_off(
        &self,
        event: &OutboxEvent,
        due_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE outbox SET holder = '', held_until = 0, due_at = $3 \
                   WHERE event = $1 AND attempts = $2";
        let values = args![event.event, event.attempts, due_at.as_microsecond()];
        self.touch(sql, values).await
    }
}
