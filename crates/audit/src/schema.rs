//! The tables of this crate.

use posture_store::{Store, StoreError, sql};

const AUDIT: sql::Component = sql::Component {
    table: "audit_migrations",
    migrations: &[
        include_str!("0001_audit.sql"),
        include_str!("0002_find.sql"),
        include_str!("0003_activity.sql"),
        include_str!("0004_find_order.sql"),
    ],
};

/// Makes this crate's tables in a state that has none, or brings them to this version.
///
/// # Errors
/// Where the database fails, or is one of a later Posture.
pub async fn migrate(store: &Store) -> Result<(), StoreError> {
    store.migrate(AUDIT).await?;
    store.migrate(crate::audit_manager::COMPONENT).await
}

/// The arguments of a statement, each made a value.
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        vec![$(posture_store::sql::Value::from($value)),*]
    };
}
pub(crate) use args;

/// A statement with its arguments, for a transaction that somebody else has.
pub type Statement = (String, Vec<sql::Value>);

/// A stored time. What is stored was a time before.
pub(crate) fn time(microseconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(microseconds).unwrap_or(if microseconds < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    })
}
