//! Values into and out of either database.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Postgres, Row as _, Sqlite};

/// An argument of a statement. PostgreSQL wants a type for what is null, too.
#[derive(Debug, Clone)]
pub enum Value {
    /// `BIGINT`.
    Int(Option<i64>),
    /// `TEXT`.
    Text(Option<String>),
    /// `BLOB`.
    Bytes(Option<Vec<u8>>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(Some(value))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Value {
        Value::Int(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(Some(value.to_owned()))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(Some(value))
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Value {
        Value::Text(value)
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Value {
        Value::Bytes(Some(value))
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(value: Option<Vec<u8>>) -> Value {
        Value::Bytes(value)
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Value {
        Value::Bytes(Some(value.to_vec()))
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(value: [u8; N]) -> Value {
        Value::Bytes(Some(value.to_vec()))
    }
}

impl<const N: usize> From<Option<[u8; N]>> for Value {
    fn from(value: Option<[u8; N]>) -> Value {
        Value::Bytes(value.map(|bytes| bytes.to_vec()))
    }
}

pub(super) type SqliteQuery<'q> = Query<'q, Sqlite, SqliteArguments>;
type PostgresQuery<'q> = Query<'q, Postgres, PgArguments>;

impl Value {
    pub(super) fn bind_sqlite(self, query: SqliteQuery<'_>) -> SqliteQuery<'_> {
        match self {
            Value::Int(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Bytes(value) => query.bind(value),
        }
    }

    pub(super) fn bind_postgres(self, query: PostgresQuery<'_>) -> PostgresQuery<'_> {
        match self {
            Value::Int(value) => query.bind(value),
            Value::Text(value) => query.bind(value),
            Value::Bytes(value) => query.bind(value),
        }
    }
}

/// A row of an answer; columns are numbered from 0.
pub struct Row(pub(super) Answered);

pub(super) enum Answered {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// Reads a column, of whichever database.
macro_rules! column {
    ($name:ident, $type:ty, $what:literal) => {
        #[doc = $what]
        ///
        /// # Errors
        /// Where there is no such column, or it holds something else.
        pub fn $name(&self, column: usize) -> Result<$type, sqlx::Error> {
            match &self.0 {
                Answered::Sqlite(row) => row.try_get(column),
                Answered::Postgres(row) => row.try_get(column),
            }
        }
    };
}

impl Row {
    column!(int, i64, "A whole number.");
    column!(int_or_null, Option<i64>, "A whole number, or nothing.");
    column!(text, String, "A text.");
    column!(text_or_null, Option<String>, "A text, or nothing.");
    column!(bytes, Vec<u8>, "Bytes.");
    column!(bytes_or_null, Option<Vec<u8>>, "Bytes, or nothing.");

    /// Bytes, as the answer has them.
    ///
    /// # Errors
    /// Where there is no such column, or it holds something else.
    pub fn slice(&self, column: usize) -> Result<&[u8], sqlx::Error> {
        match &self.0 {
            Answered::Sqlite(row) => row.try_get(column),
            Answered::Postgres(row) => row.try_get(column),
        }
    }

    /// Bytes of a known length, such as a hash.
    ///
    /// # Errors
    /// Where there is no such column, or it holds something else.
    pub fn array<const N: usize>(&self, column: usize) -> Result<[u8; N], sqlx::Error> {
        exactly(self.bytes(column)?)
    }

    pub(crate) fn array_or_null<const N: usize>(
        &self,
        column: usize,
    ) -> Result<Option<[u8; N]>, sqlx::Error> {
        self.bytes_or_null(column)?.map(exactly).transpose()
    }
}

fn exactly<const N: usize>(bytes: Vec<u8>) -> Result<[u8; N], sqlx::Error> {
    let length = bytes.len();
    bytes
        .try_into()
        .map_err(|_| sqlx::Error::Decode(format!("{length} bytes where {N} were stored").into()))
}
