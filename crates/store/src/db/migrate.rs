//! Bringing a database to the version that this code knows.

use super::{Database, args};
use crate::StoreError;

/// Tables that another crate keeps in the same database.
#[derive(Debug, Clone, Copy)]
pub struct Component {
    /// Where its version is kept: a table's name, in small letters.
    pub table: &'static str,
    /// Its migrations, oldest first; a released one never changes.
    pub migrations: &'static [&'static str],
}

/// The store's own.
pub(crate) const STORE: Component = Component {
    table: "migrations",
    migrations: MIGRATIONS,
};

/// The migrations, oldest first; a released one never changes.
const MIGRATIONS: &[&str] = &[
    include_str!("0001_state.sql"),
    include_str!("0002_remediation.sql"),
    include_str!("0003_leases.sql"),
    include_str!("0004_calls.sql"),
    include_str!("0005_imports.sql"),
    include_str!("0006_subjects.sql"),
    include_str!("0007_verdict_counts.sql"),
    include_str!("0008_packed_events.sql"),
    include_str!("0009_listed_details.sql"),
    include_str!("0010_items_dictionary.sql"),
];

/// Applies what is missing, each migration in a transaction. Any number of processes may do this at
/// once: who inserts a migration's row first applies it, and the others wait for that row.
///
/// # Errors
/// Where the database is of a later version than this code, or a migration fails.
pub(crate) async fn migrate(database: &Database, component: Component) -> Result<(), StoreError> {
    let table = component.table;
    let dialect = database.dialect();
    let mut transaction = database.begin().await?;
    let created = transaction
        .script(&dialect.schema(&format!(
            "CREATE TABLE IF NOT EXISTS {table} (version BIGINT NOT NULL PRIMARY KEY)"
        )))
        .await;
    match created {
        Ok(()) => transaction.commit().await?,
        // PostgreSQL's IF NOT EXISTS is not atomic: another process made the table meanwhile.
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => drop(transaction),
        Err(error) => return Err(error.into()),
    }
    let rows = database
        .rows(&format!("SELECT MAX(version) FROM {table}"), args![])
        .await?;
    let found = match rows.first() {
        Some(row) => row.int_or_null(0)?.unwrap_or(0),
        None => 0,
    };
    let known = i64::try_from(component.migrations.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (version, sql) in (1..).zip(component.migrations) {
        if version <= found {
            continue;
        }
        let mut transaction = database.begin().await?;
        let insert = format!("INSERT INTO {table} (version) VALUES ($1) ON CONFLICT DO NOTHING");
        if transaction.execute(&insert, args![version]).await? == 1 {
            transaction.script(&dialect.schema(sql)).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}
