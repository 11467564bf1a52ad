//! One SQL text for SQLite and PostgreSQL, through sqlx.

mod bulk;
mod dialect;
mod migrate;
mod open;
mod value;

use sqlx::{AssertSqlSafe, PgPool, Postgres, Sqlite, SqlitePool};

pub(crate) use dialect::Dialect;
pub(crate) use migrate::migrate;
pub(crate) use open::open;
pub(crate) use value::{Row, Value};

/// Connections to one database.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    /// One connection writes; others read what was committed when they began (WAL).
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

/// A transaction. Dropped without [`Transaction::commit`], it never happened.
pub(crate) enum Transaction {
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
        match self {
            Database::Sqlite { .. } => Dialect::Sqlite,
            Database::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self) -> Result<Transaction, sqlx::Error> {
        let begin = self.dialect().begin();
        Ok(match self {
            Database::Sqlite { writer, .. } => Transaction::Sqlite(writer.begin_with(begin).await?),
            Database::Postgres(pool) => Transaction::Postgres(pool.begin_with(begin).await?),
        })
    }

    /// The rows of one query outside of any transaction.
    pub(crate) async fn rows(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let sql = AssertSqlSafe(sql);
        match self {
            Database::Sqlite { readers, .. } => {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = value.bind_sqlite(query);
                }
                let rows = query.fetch_all(readers).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Database::Postgres(pool) => {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = value.bind_postgres(query);
                }
                let rows = query.fetch_all(pool).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// Ends all connections. What was committed is in the file.
    pub(crate) async fn close(&self) {
        match self {
            Database::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Database::Postgres(pool) => pool.close().await,
        }
    }
}

impl Transaction {
    /// Executes a statement and returns how many rows it touched.
    pub(crate) async fn execute(
        &mut self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<u64, sqlx::Error> {
        let sql = AssertSqlSafe(sql);
        match self {
            Transaction::Sqlite(transaction) => {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = value.bind_sqlite(query);
                }
                Ok(query.execute(&mut **transaction).await?.rows_affected())
            }
            Transaction::Postgres(transaction) => {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = value.bind_postgres(query);
                }
                Ok(query.execute(&mut **transaction).await?.rows_affected())
            }
        }
    }

    /// The rows that a statement answers.
    pub(crate) async fn rows(
        &mut self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let sql = AssertSqlSafe(sql);
        match self {
            Transaction::Sqlite(transaction) => {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = value.bind_sqlite(query);
                }
                let rows = query.fetch_all(&mut **transaction).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Transaction::Postgres(transaction) => {
                let mut query = sqlx::query(sql);
                for value in values {
                    query = value.bind_postgres(query);
                }
                let rows = query.fetch_all(&mut **transaction).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// Executes several statements without arguments.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql);
        match self {
            Transaction::Sqlite(transaction) => {
                sqlx::raw_sql(sql).execute(&mut **transaction).await?;
            }
            Transaction::Postgres(transaction) => {
                sqlx::raw_sql(sql).execute(&mut **transaction).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Transaction::Sqlite(transaction) => transaction.commit().await,
            Transaction::Postgres(transaction) => transaction.commit().await,
        }
    }
}
