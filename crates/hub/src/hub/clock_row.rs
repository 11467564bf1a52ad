//! Clocks in rows, and episodes that ended.

use jiff::Timestamp;
use posture_store::sql::{Row, Transaction, Value};

use super::args;
use crate::HubError;
use crate::people::{Clock, ClosedAs};

/// The columns of a clock, in the order of [`read`] and [`values`].
pub(crate) const COLUMNS: &str = "began_at, opened_at, acknowledged_at, closed_at, closed_as";

/// A time as it is stored, in microseconds.
pub(crate) fn time(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A clock from the columns that begin at this place.
pub(crate) fn read(row: &Row, first: usize) -> Result<Clock, HubError> {
    let at = |place: usize| -> Result<Option<Timestamp>, HubError> {
        Ok(row.int_or_null(first + place)?.map(time))
    };
    let closed_as = row.text_or_null(first + 4)?;
    Ok(Clock {
        began_at: at(0)?,
        opened_at: at(1)?,
        acknowledged_at: at(2)?,
        closed_at: at(3)?,
        closed_as: closed_as.as_deref().and_then(ClosedAs::from_word),
    })
}

/// The values of its columns.
pub(crate) fn values(clock: &Clock) -> Vec<Value> {
    let at = |time: Option<Timestamp>| Value::from(time.map(Timestamp::as_microsecond));
    vec![
        at(clock.began_at),
        at(clock.opened_at),
        at(clock.acknowledged_at),
        at(clock.closed_at),
        Value::from(clock.closed_as.map(|word| word.as_str().to_owned())),
    ]
}

/// Keeps what ended because its finding opened again.
pub(crate) async fn keep(
    transaction: &mut Transaction,
    finding: i64,
    ended: &Clock,
) -> Result<(), HubError> {
    let sql = format!(
        "INSERT INTO finding_episodes (finding, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT DO NOTHING"
    );
    let mut all = args![finding];
    all.extend(values(ended));
    transaction.execute(&sql, all).await?;
    Ok(())
}
