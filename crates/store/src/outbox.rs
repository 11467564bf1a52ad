//! Events on their way out: written in the transaction of the change that they tell of, taken out in
//! the transaction that keeps where they go.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::db::{Transaction, args};
use crate::packed::{self, Dictionary};
use crate::{Store, StoreError};

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

/// EventBridge's `detail` of an event that is to go out.
#[derive(Debug, Clone, PartialEq)]
pub enum Detail {
    /// All of it.
    Whole(Value),
    /// One object in a list: of a finding that was packed to be kept, the event takes over the bytes.
    Listed {
        /// The only member of the detail, whose value is the list.
        name: String,
        /// The object's JSON text, by [`packed::pack`].
        packed: Vec<u8>,
        /// What is set in the object when the event is read.
        members: Map<String, Value>,
    },
}

impl From<Value> for Detail {
    fn from(detail: Value) -> Detail {
        Detail::Whole(detail)
    }
}

/// What the column `detail` says of a packed object; of a detail that is packed as a whole it is empty.
#[derive(Deserialize)]
struct Listing {
    name: String,
    members: Map<String, Value>,
}

/// The columns of a new event.
pub(crate) const COLUMNS: &str = "outbox (event, detail_type, detail, recorded_at, due_at, packed)";

/// Details of this many bytes are compressed: an import of findings writes one with each.
const PACKED_FROM: usize = 1024;

/// What a detail may be after decompression: more than any event holds.
const LONGEST: usize = 256 << 20;

/// A long detail, compressed; none of a short one, and where there is no memory for it.
fn small(detail: &str) -> Option<Vec<u8>> {
    let is_long = detail.len() >= PACKED_FROM;
    is_long.then(|| packed::pack(detail.as_bytes(), Dictionary::Findings).ok())?
}

/// The row of a new event, due at once.
pub(crate) fn row(
    event: i64,
    detail_type: &str,
    detail: impl Into<Detail>,
    recorded_at: i64,
) -> Vec<crate::db::Value> {
    let (text, packed) = match detail.into() {
        Detail::Whole(detail) => {
            let text = detail.to_string();
            match small(&text) {
                Some(packed) => (String::new(), Some(packed)),
                None => (text, None),
            }
        }
        Detail::Listed {
            name,
            packed,
            members,
        } => {
            let members = Value::Object(members);
            let text = json!({"name": name, "members": members}).to_string();
            (text, Some(packed))
        }
    };
    args![event, detail_type, text, recorded_at, recorded_at, packed,]
}

/// A detail as it is stored.
fn stored(text: &str, packed: Option<&[u8]>) -> Result<Value, sqlx::Error> {
    let unpacked = |packed| packed::unpack(packed, LONGEST).map_err(undecodable);
    let Some(packed) = packed else {
        return serde_json::from_str(text).map_err(undecodable);
    };
    if text.is_empty() {
        return serde_json::from_slice(&unpacked(packed)?).map_err(undecodable);
    }
    let Listing { name, members } = serde_json::from_str(text).map_err(undecodable)?;
    let mut object: Map<String, Value> =
        serde_json::from_slice(&unpacked(packed)?).map_err(undecodable)?;
    object.extend(members);
    Ok(json!({name: [object]}))
}

fn undecodable(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}

impl Transaction {
    /// Writes events to deliver, due at once: with the change that they tell of, or not at all.
    /// `first` numbers them; [`Store::take_ids`] of `event` gives it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn send<'e>(
        &mut self,
        first: i64,
        recorded_at: i64,
        events: impl IntoIterator<Item = (&'e str, impl Into<Detail>)>,
    ) -> Result<(), sqlx::Error> {
        let rows = (first..)
            .zip(events)
            .map(|(event, (detail_type, detail))| row(event, detail_type, detail, recorded_at));
        self.insert(COLUMNS, rows.collect::<Vec<_>>(), "").await?;
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
            let detail = stored(&row.text(2)?, row.bytes_or_null(4)?.as_deref())?;
            events.push(OutboxEvent {
                event: row.int(0)?,
                detail_type: row.text(1)?,
                detail,
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
    fn an_object_of_a_list_is_read_with_what_is_set_in_it() {
        let object = json!({"Id": "a", "Severity": {"Label": "LOW"}});
        let members = json!({"Severity": {"Label": "HIGH"}, "Workflow": {"Status": "NEW"}});
        let detail = Detail::Listed {
            name: "findings".to_owned(),
            packed: packed::pack(object.to_string().as_bytes(), Dictionary::Findings).unwrap(),
            members: members.as_object().unwrap().clone(),
        };
        let row = row(1, "told", detail, 0);
        let (crate::db::Value::Text(Some(text)), crate::db::Value::Bytes(packed)) =
            (&row[2], &row[5])
        else {
            panic!("{row:?}");
        };
        let expected =
            r#"{"findings":[{"Id":"a","Severity":{"Label":"HIGH"},"Workflow":{"Status":"NEW"}}]}"#;
        assert_eq!(
            stored(text, packed.as_deref()).unwrap().to_string(),
            expected
        );
    }

    #[test]
    fn a_long_detail_is_packed_and_unpacked() {
        let long = "words ".repeat(1000);
        let packed = small(&long).unwrap();
        assert!(packed.len() < 100, "{}", packed.len());
        assert_eq!(packed::unpack(&packed, LONGEST).unwrap(), long.as_bytes());
        assert_eq!(small("words"), None);
    }
}
