//! One SQL text for SQLite and PostgreSQL, through sqlx.

mod bulk;
mod column;
mod dialect;
mod migrate;
mod open;
mod value;

use sqlx::{AssertSqlSafe, PgPool, Postgres, Sqlite, SqlitePool};

pub(crate) use dialect::Dialect;
pub use migrate::Component;
pub(crate) use migrate::{STORE, migrate};
pub(crate) use open::open;
use value::Answered;
pub use value::{Row, Value};

/// Connections to one database, for the crates that keep their own tables in it. What they write is
/// one SQL text for both databases: `$1`-style arguments, `BIGINT`, `TEXT` and `BLOB` columns,
/// `ON CONFLICT`.
#[derive(Debug, Clone)]
pub struct Database(pub(crate) Pools);

#[derive(Debug, Clone)]
pub(crate) enum Pools {
    /// One connection writes; others read what was committed when they began (WAL).
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

/// A transaction. Dropped without [`Transaction::commit`], it never happened.
pub struct Transaction(Begun);

enum Begun {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// The arguments of a statement, each made a [`Value`].
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        vec![$(crate::db::Value::from($value)),*]
    };
}
pub(crate) use args;

impl Database {
    pub(crate) fn dialect(&self) -> Dialect {
        match &self.0 {
            Pools::Sqlite { .. } => Dialect::Sqlite,
            Pools::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Begins a transaction that writes.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn begin(&self) -> Result<Transaction, sqlx::Error> {
        let begin = self.dialect().begin();
        Ok(match &self.0 {
            Pools::Sqlite { writer, .. } => {
                Transaction(Begun::Sqlite(writer.begin_with(begin).await?))
            }
            Pools::Postgres(pool) => Transaction(Begun::Postgres(pool.begin_with(begin).await?)),
        })
    }

    /// The rows of one query outside of any transaction.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rows(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, sqlx::Error> {
        let sql = AssertSqlSafe(sql);
        match &self.0 {
            Pools::Sqlite { readers, .. } => {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = value.bind_sqlite(query);
                }
                let rows = query.fetch_all(readers).await?;
                Ok(rows
                    .into_iter()
                    .map(|row| Row(Answered::Sqlite(row)))
                    .collect())
            }
            Pools::Postgres(pool) => {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = value.bind_postgres(query);
                }
                let rows = query.fetch_all(pool).await?;
                Ok(rows
                    .into_iter()
                    .map(|row| Row(Answered::Postgres(row)))
                    .collect())
            }
        }
    }

    /// Ends all connections. What was committed is in the file.
    pub(crate) async fn close(&self) {
        match &self.0 {
            Pools::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

impl Transaction {
    pub(crate) fn dialect(&self) -> Dialect {
        match &self.0 {
            Begun::Sqlite(_) => Dialect::Sqlite,
            Begun::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Executes a statement and returns how many rows it touched.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn execute(&mut self, sql: &str, values: Vec<Value>) -> Result<u64, sqlx::Error> {
        let sql = AssertSqlSafe(sql);
        match &mut self.0 {
            Begun::Sqlite(transaction) => {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = value.bind_sqlite(query);
                }
                Ok(query.execute(&mut **transaction).await?.rows_affected())
            }
            Begun::Postgres(transaction) => {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = value.bind_postgres(query);
                }
                Ok(query.execute(&mut **transaction).await?.rows_affected())
            }
        }
    }

    /// The rows that a statement answers.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rows(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, sqlx::Error> {
        let sql = AssertSqlSafe(sql);
        match &mut self.0 {
            Begun::Sqlite(transaction) => {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = value.bind_sqlite(query);
                }
                let rows = query.fetch_all(&mut **transaction).await?;
                Ok(rows
                    .into_iter()
                    .map(|row| Row(Answered::Sqlite(row)))
                    .collect())
            }
            Begun::Postgres(transaction) => {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = value.bind_postgres(query);
                }
                let rows = query.fetch_all(&mut **transaction).await?;
                Ok(rows
                    .into_iter()
                    .map(|row| Row(Answered::Postgres(row)))
                    .collect())
            }
        }
    }

    /// Executes several statements without arguments.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql);
        match &mut self.0 {
            Begun::Sqlite(transaction) => {
                sqlx::raw_sql(sql).execute(&mut **transaction).await?;
            }
            Begun::Postgres(transaction) => {
                sqlx::raw_sql(sql).execute(&mut **transaction).await?;
            }
        }
        Ok(())
    }

    /// Makes it so.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        match self.0 {
            Begun::Sqlite(transaction) => transaction.commit().await,
            Begun::Postgres(transaction) => transaction.commit().await,
        }
    }
}
