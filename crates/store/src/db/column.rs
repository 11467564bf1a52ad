//! Values of one type as PostgreSQL's array.

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Postgres};

use super::value::Answered;
use super::{Begun, Database, Pools, Row, Transaction, Value};

/// Values of one type.
pub(super) enum Column {
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Column {
    /// # Errors
    /// Where the values are of several types.
    pub(super) fn new(values: Vec<Value>) -> Result<Column, sqlx::Error> {
        let mut column = match values.first() {
            Some(Value::Text(_)) => Column::Texts(Vec::with_capacity(values.len())),
            Some(Value::Bytes(_)) => Column::Bytes(Vec::with_capacity(values.len())),
            _ => Column::Ints(Vec::with_capacity(values.len())),
        };
        for value in values {
            match (&mut column, value) {
                (Column::Ints(column), Value::Int(value)) => column.push(value),
                (Column::Texts(column), Value::Text(value)) => column.push(value),
                (Column::Bytes(column), Value::Bytes(value)) => column.push(value),
                (_, value) => {
                    let problem = format!("{value:?} in a column of another type");
                    return Err(sqlx::Error::Encode(problem.into()));
                }
            }
        }
        Ok(column)
    }

    /// The type, as PostgreSQL has it.
    pub(super) fn of_type(&self) -> &'static str {
        match self {
            Column::Ints(_) => "BIGINT",
            Column::Texts(_) => "TEXT",
            Column::Bytes(_) => "BYTEA",
        }
    }

    fn bind(self, query: Query<'_, Postgres, PgArguments>) -> Query<'_, Postgres, PgArguments> {
        match self {
            Column::Ints(values) => query.bind(values),
            Column::Texts(values) => query.bind(values),
            Column::Bytes(values) => query.bind(values),
        }
    }
}

/// Rows of equal length as columns.
pub(super) fn turned(
    rows: impl Iterator<Item = Vec<Value>>,
    columns: usize,
) -> Result<Vec<Column>, sqlx::Error> {
    let mut turned: Vec<Vec<Value>> = (0..columns).map(|_| Vec::new()).collect();
    for row in rows {
        for (column, value) in turned.iter_mut().zip(row) {
            column.push(value);
        }
    }
    turned.into_iter().map(Column::new).collect()
}

fn query(sql: &str, columns: Vec<Column>) -> Query<'_, Postgres, PgArguments> {
    let query = sqlx::query(AssertSqlSafe(sql));
    columns
        .into_iter()
        .fold(query, |query, column| column.bind(query))
}

/// Columns are for PostgreSQL only; nothing in this crate makes them for SQLite.
fn not_here() -> sqlx::Error {
    sqlx::Error::InvalidArgument("SQLite has no arrays".to_owned())
}

fn answered(rows: Vec<sqlx::postgres::PgRow>) -> Vec<Row> {
    rows.into_iter()
        .map(|row| Row(Answered::Postgres(row)))
        .collect()
}

impl Transaction {
    pub(super) async fn execute_columns(
        &mut self,
        sql: &str,
        columns: Vec<Column>,
    ) -> Result<u64, sqlx::Error> {
        let Begun::Postgres(transaction) = &mut self.0 else {
            return Err(not_here());
        };
        let done = query(sql, columns).execute(&mut **transaction).await?;
        Ok(done.rows_affected())
    }

    pub(super) async fn rows_of_columns(
        &mut self,
        sql: &str,
        columns: Vec<Column>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let Begun::Postgres(transaction) = &mut self.0 else {
            return Err(not_here());
        };
        let rows = query(sql, columns).fetch_all(&mut **transaction).await?;
        Ok(answered(rows))
    }
}

impl Database {
    pub(super) async fn rows_of_columns(
        &self,
        sql: &str,
        columns: Vec<Column>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let Pools::Postgres(pool) = &self.0 else {
            return Err(not_here());
        };
        Ok(answered(query(sql, columns).fetch_all(pool).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_of_one_type() {
        let mixed = vec![Value::from(1), Value::from("x")];
        assert!(matches!(Column::new(mixed), Err(sqlx::Error::Encode(_))));
        let with_null = vec![Value::from(1), Value::Int(None)];
        assert!(
            matches!(Column::new(with_null), Ok(Column::Ints(ints)) if ints == [Some(1), None])
        );
    }
}
