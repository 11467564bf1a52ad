//! What is to be delivered, in the state's database.

use std::collections::BTreeSet;

use jiff::Timestamp;
use posture_router::Event;
use posture_store::sql::{Component, Row, Value};
use posture_store::{OutboxEvent, Store};

use crate::error::NotifyError;
use crate::event::Outgoing;
use crate::routes::Way;

/// This crate's tables.
pub(crate) const COMPONENT: Component = Component {
    table: "notify_migrations",
    migrations: &[include_str!("0001_notify.sql")],
};

/// Arguments of a statement, each made a [`Value`].
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        vec![$(posture_store::sql::Value::from($value)),*]
    };
}
pub(crate) use args;

/// A delivery that waits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Delivery {
    pub(crate) number: i64,
    pub(crate) rule: String,
    pub(crate) subject: String,
    pub(crate) thing: String,
    pub(crate) event: Event,
    /// What the rule's transformer made of it; empty without one.
    pub(crate) input: String,
    pub(crate) recorded_at: i64,
    pub(crate) attempts: i64,
    /// When it was first tried; 0 before.
    pub(crate) tried_at: i64,
}

/// How an attempt ended that did not deliver.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) delivery: i64,
    pub(crate) due_at: i64,
    pub(crate) is_dead: bool,
    pub(crate) problem: String,
}

/// What waits for a target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) count: i64,
    pub(crate) oldest: i64,
    pub(crate) newest: i64,
}

/// A message that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its number.
    pub delivery: i64,
    /// The target.
    pub target: String,
    /// The rule that sent it there.
    pub rule: String,
    /// The event's `detail-type`.
    pub detail_type: String,
    /// What it is about.
    pub subject: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was given up.
    pub dead_at: Timestamp,
    /// Why.
    pub problem: String,
}

/// The queue. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Queue {
    pub(crate) store: Store,
}

/// Problems are cut to this many characters.
const PROBLEM: usize = 1000;
/// Whether a delivery `d` is the first of its subject that waits for the target `$1`.
const FIRST: &str = "d.target = $1 AND d.dead_at = 0 AND NOT EXISTS (SELECT 1 FROM deliveries e \
    WHERE e.target = d.target AND e.dead_at = 0 AND e.subject = d.subject \
    AND (e.recorded_at < d.recorded_at OR (e.recorded_at = d.recorded_at \
    AND (e.event < d.event OR (e.event = d.event AND e.delivery < d.delivery)))))";
const COLUMNS: &str =
    "delivery, rule, subject, thing, body, input, recorded_at, attempts, tried_at";

impl Queue {
    /// The queue of a state; its tables are made where there are none.
    ///
    /// # Errors
    /// Where the database fails, or is of a later version.
    pub async fn open(store: &Store) -> Result<Queue, NotifyError> {
        store.migrate(COMPONENT).await?;
        Ok(Queue {
            store: store.clone(),
        })
    }

    /// The oldest events of the outbox.
    pub(crate) async fn outbox(&self, count: i64) -> Result<Vec<OutboxEvent>, NotifyError> {
        Ok(self.store.oldest_events(count).await?)
    }

    /// Moves events from the outbox to where they go, all or none. False where somebody else has
    /// moved one of them already.
    pub(crate) async fn route(&self, events: &[(Outgoing, Vec<Way>)]) -> Result<bool, NotifyError> {
        let ways = events.iter().map(|(_, ways)| ways.len()).sum();
        let mut ids = self.store.take_ids("delivery", ways).await?;
        let now = self.store.now();
        let mut rows = Vec::with_capacity(ways);
        for (outgoing, ways) in events {
            let body = serde_json::to_string(&outgoing.event).unwrap_or_default();
            for way in ways {
                let (input, dead_at, problem) = match &way.input {
                    Ok(input) => (input.as_str(), 0, ""),
                    Err(problem) => ("", now, problem.as_str()),
                };
                rows.push(args![
                    ids.next().unwrap_or_default(),
                    way.target.as_str(),
                    way.rule.as_str(),
                    outgoing.subject.as_str(),
                    outgoing.thing.as_str(),
                    outgoing.number,
                    body.as_str(),
                    input,
                    outgoing.event.time.as_microsecond(),
                    0,
                    0,
                    0,
                    dead_at,
                    problem,
                ]);
            }
        }
        let mut transaction = self.store.database().begin().await?;
        let numbers: Vec<i64> = events.iter().map(|(one, _)| one.number).collect();
        if !transaction.take_out(&numbers).await? {
            return Ok(false);
        }
        let into = "deliveries (delivery, target, rule, subject, thing, event, body, input, \
                    recorded_at, due_at, attempts, tried_at, dead_at, problem)";
        transaction.insert(into, rows, "").await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// What waits for a target.
    pub(crate) async fn waiting(&self, target: &str) -> Result<Waiting, NotifyError> {
        let sql = "SELECT COUNT(*), MIN(recorded_at), MAX(recorded_at) FROM deliveries \
                   WHERE target = $1 AND dead_at = 0";
        let rows = self.store.database().rows(sql, args![target]).await?;
        let Some(row) = rows.first() else {
            return Ok(Waiting::default());
        };
        Ok(Waiting {
            count: row.int(0)?,
            oldest: row.int_or_null(1)?.unwrap_or_default(),
            newest: row.int_or_null(2)?.unwrap_or_default(),
        })
    }

    /// When the next of a target's messages is due.
    pub(crate) async fn next_due(&self, target: &str) -> Result<i64, NotifyError> {
        let sql = format!("SELECT MIN(d.due_at) FROM deliveries d WHERE {FIRST}");
        let rows = self.store.database().rows(&sql, args![target]).await?;
        Ok(match rows.first() {
            Some(row) => row.int_or_null(0)?.unwrap_or_default(),
            None => 0,
        })
    }

    /// How many messages wait for each target.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn waiting_by_target(&self) -> Result<Vec<(String, i64)>, NotifyError> {
        let sql = "SELECT target, COUNT(*) FROM deliveries WHERE dead_at = 0 \
                   GROUP BY target ORDER BY target";
        let rows = self.store.database().rows(sql, args![]).await?;
        let read = |row: &Row| Ok((row.text(0)?, row.int(1)?));
        rows.iter().map(read).collect()
    }

    /// The first of each subject that waits for a target and is due, the oldest first.
    pub(crate) async fn due(&self, target: &str, count: i64) -> Result<Vec<Delivery>, NotifyError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM deliveries d WHERE {FIRST} AND d.due_at <= $2 \
             ORDER BY d.recorded_at, d.event, d.delivery LIMIT $3"
        );
        let values = args![target, self.store.now(), count];
        let rows = self.store.database().rows(&sql, values).await?;
        rows.iter().map(read).collect()
    }

    /// All that wait for a target, in order.
    pub(crate) async fn all(&self, target: &str, count: i64) -> Result<Vec<Delivery>, NotifyError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM deliveries WHERE target = $1 AND dead_at = 0 \
             ORDER BY recorded_at, event, delivery LIMIT $2"
        );
        let values = args![target, count];
        let rows = self.store.database().rows(&sql, values).await?;
        rows.iter().map(read).collect()
    }

    /// Notes that deliveries were made.
    pub(crate) async fn delivered(&self, numbers: &[i64]) -> Result<(), NotifyError> {
        let mut transaction = self.store.database().begin().await?;
        let sql = "DELETE FROM deliveries WHERE delivery IN";
        transaction.execute_in(sql, keys(numbers)).await?;
        Ok(transaction.commit().await?)
    }

    /// Notes that deliveries are about to be tried: whoever follows a dead worker knows that they may
    /// have arrived.
    pub(crate) async fn begun(&self, numbers: &[i64]) -> Result<(), NotifyError> {
        let now = self.store.now();
        let mut transaction = self.store.database().begin().await?;
        let sql = format!(
            "UPDATE deliveries SET attempts = attempts + 1, \
             tried_at = CASE WHEN tried_at = 0 THEN {now} ELSE tried_at END WHERE delivery IN"
        );
        transaction.execute_in(&sql, keys(numbers)).await?;
        Ok(transaction.commit().await?)
    }

    /// Notes that attempts failed.
    pub(crate) async fn failed(&self, attempts: &[Attempt]) -> Result<(), NotifyError> {
        let now = self.store.now();
        let mut transaction = self.store.database().begin().await?;
        for attempt in attempts {
            let sql = "UPDATE deliveries SET due_at = $2, dead_at = $3, problem = $4 \
                       WHERE delivery = $1";
            let values = args![
                attempt.delivery,
                attempt.due_at,
                if attempt.is_dead { now } else { 0 },
                crate::notice::cut(&attempt.problem, PROBLEM),
            ];
            transaction.execute(sql, values).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The messages that were given up, the oldest first.
    ///
    /// # Errors
    /// Where the database fails, or holds what it never wrote.
    pub async fn dead_letters(&self) -> Result<Vec<DeadLetter>, NotifyError> {
        let sql = "SELECT delivery, target, rule, body, subject, attempts, dead_at, problem \
                   FROM deliveries WHERE dead_at > 0 ORDER BY recorded_at, event, delivery";
        let rows = self.store.database().rows(sql, args![]).await?;
        let read = |row: &Row| {
            let delivery = row.int(0)?;
            let event = event_of(delivery, &row.text(3)?)?;
            Ok(DeadLetter {
                delivery,
                target: row.text(1)?,
                rule: row.text(2)?,
                detail_type: event.detail_type,
                subject: row.text(4)?,
                attempts: row.int(5)?,
                dead_at: time(row.int(6)?),
                problem: row.text(7)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Sends messages that were given up once more: these, or all, of one target or of any. Returns
    /// their numbers.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn replay(
        &self,
        numbers: &[i64],
        target: Option<&str>,
    ) -> Result<BTreeSet<i64>, NotifyError> {
        let mut transaction = self.store.database().begin().await?;
        let mut replayed = BTreeSet::new();
        let sql = "SELECT delivery, target FROM deliveries WHERE dead_at > 0";
        for row in transaction.rows(sql, args![]).await? {
            let number = row.int(0)?;
            let is_asked = numbers.is_empty() || numbers.contains(&number);
            let found = row.text(1)?;
            if is_asked && target.is_none_or(|target| target == found) {
                replayed.insert(number);
            }
        }
        let all: Vec<i64> = replayed.iter().copied().collect();
        let sql = "UPDATE deliveries SET dead_at = 0, due_at = 0, attempts = 0, tried_at = 0 \
                   WHERE delivery IN";
        transaction.execute_in(sql, keys(&all)).await?;
        transaction.commit().await?;
        Ok(replayed)
    }
}

fn keys(numbers: &[i64]) -> Vec<Value> {
    numbers.iter().map(|number| Value::from(*number)).collect()
}

fn read(row: &Row) -> Result<Delivery, NotifyError> {
    let number = row.int(0)?;
    Ok(Delivery {
        number,
        rule: row.text(1)?,
        subject: row.text(2)?,
        thing: row.text(3)?,
        event: event_of(number, &row.text(4)?)?,
        input: row.text(5)?,
        recorded_at: row.int(6)?,
        attempts: row.int(7)?,
        tried_at: row.int(8)?,
    })
}

fn event_of(delivery: i64, body: &str) -> Result<Event, NotifyError> {
    serde_json::from_str(body).map_err(|cause| NotifyError::Stored { delivery, cause })
}

pub(crate) fn time(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
