//! Statements with as many rows as there are.
//!
//! - **PostgreSQL** takes each column as one array, so that a statement is one text however many rows
//!   there are, and stays prepared.
//! - **SQLite** takes each value as an argument of its own. They have no numbers: numbers are names in SQLite, and it
//!   looks each of them up among all the others, a third of the time of a statement with thousands.

use sqlx::AssertSqlSafe;

use super::column::{Column, turned};
use super::value::{Answered, SqliteQuery};
use super::{Begun, Database, Dialect, Row, Transaction, Value};

/// Rows of one statement on SQLite. It takes 32,766 arguments; the widest table has 27 columns.
const SQLITE_ROWS: usize = 256;

/// Rows of one statement on PostgreSQL: what one message holds.
const POSTGRES_ROWS: usize = 4096;

/// Lengths of the parts of a list of this length: on SQLite powers of two, so that the statements are
/// few and stay prepared.
fn parts(dialect: Dialect, mut length: usize) -> impl Iterator<Item = usize> {
    let mut part = match dialect {
        Dialect::Sqlite => SQLITE_ROWS,
        Dialect::Postgres => POSTGRES_ROWS,
    };
    std::iter::from_fn(move || {
        while part > 0 && part > length {
            part = match dialect {
                Dialect::Sqlite => part / 2,
                Dialect::Postgres => length,
            };
        }
        length -= part;
        (part > 0).then_some(part)
    })
}

/// `?,?,…` for this many arguments.
fn places(count: usize) -> String {
    let mut text = "?,".repeat(count);
    text.pop();
    text
}

fn insert_sqlite(into: &str, rows: usize, columns: usize, after: &str) -> String {
    let row = format!("({}),", places(columns));
    // A statement that fails half-way is undone as a whole otherwise, for which SQLite copies every page before it changes
    // it (lang_conflict.html). What fails here is a transaction that is dropped.
    let or = if after.is_empty() { "OR FAIL " } else { "" };
    let mut sql = format!("INSERT {or}INTO {into} VALUES {}", row.repeat(rows));
    sql.pop();
    sql.extend([" ", after]);
    sql
}

/// A statement for SQLite with its arguments.
fn bound(sql: String, values: impl Iterator<Item = Value>) -> SqliteQuery<'static> {
    let query = sqlx::query(AssertSqlSafe(sql));
    values.fold(query, |query, value| value.bind_sqlite(query))
}

fn insert_postgres(into: &str, columns: &[Column], after: &str) -> String {
    let arrays: Vec<String> = (1..)
        .zip(columns)
        .map(|(number, column)| format!("${number}::{}[]", column.of_type()))
        .collect();
    let arrays = arrays.join(",");
    format!("INSERT INTO {into} SELECT * FROM UNNEST({arrays}) {after}")
}

/// `select … IN` with this many keys. `select` ends where the list begins.
fn in_sqlite(select: &str, keys: usize) -> String {
    format!("{select} ({})", places(keys))
}

/// The same with one array.
fn in_postgres(select: &str, keys: &Column) -> String {
    let select = select.strip_suffix(" IN").unwrap_or(select);
    format!("{select} = ANY($1::{}[])", keys.of_type())
}

impl Transaction {
    /// Inserts rows of equal length. `into` is the table with its columns, `after` what follows the
    /// values. Returns what `RETURNING` in it answers, or how many rows were inserted.
    ///
    /// # Errors
    /// Where the database fails; then some of the rows may be there, until the transaction is dropped.
    pub async fn insert(
        &mut self,
        into: &str,
        rows: impl IntoIterator<Item = Vec<Value>, IntoIter: ExactSizeIterator + Send>,
        after: &str,
    ) -> Result<(Vec<Row>, u64), sqlx::Error> {
        let mut rows = rows.into_iter().peekable();
        let columns = rows.peek().map_or(0, Vec::len);
        let (mut answers, mut inserted) = (Vec::new(), 0);
        let (dialect, count) = (self.dialect(), rows.len());
        let has_answers = after.contains("RETURNING");
        match dialect {
            Dialect::Sqlite => {
                let mut parts = parts(dialect, count);
                let mut next = || {
                    let part = parts.next()?;
                    let sql = insert_sqlite(into, part, columns, after);
                    Some(bound(sql, rows.by_ref().take(part).flatten()))
                };
                let mut bound = next();
                while let Some(query) = bound {
                    if has_answers {
                        answers.extend(self.rows_of_bound(query).await?);
                        bound = next();
                    } else {
                        // The database works in a thread of its own: while it does, the next part is made.
                        let (done, made) =
                            tokio::join!(self.execute_bound(query), async { next() });
                        inserted += done?;
                        bound = made;
                    }
                }
            }
            Dialect::Postgres => {
                for part in parts(dialect, count) {
                    let values = turned(rows.by_ref().take(part), columns)?;
                    let sql = insert_postgres(into, &values, after);
                    if has_answers {
                        answers.extend(self.rows_of_columns(&sql, values).await?);
                    } else {
                        inserted += self.execute_columns(&sql, values).await?;
                    }
                }
            }
        }
        inserted += answers.len() as u64;
        Ok((answers, inserted))
    }

    async fn execute_bound(&mut self, query: SqliteQuery<'static>) -> Result<u64, sqlx::Error> {
        match &mut self.0 {
            Begun::Sqlite(transaction) => {
                Ok(query.execute(&mut **transaction).await?.rows_affected())
            }
            Begun::Postgres(_) => Err(not_here()),
        }
    }

    async fn rows_of_bound(
        &mut self,
        query: SqliteQuery<'static>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let Begun::Sqlite(transaction) = &mut self.0 else {
            return Err(not_here());
        };
        let rows = query.fetch_all(&mut **transaction).await?;
        let rows = rows.into_iter().map(|row| Row(Answered::Sqlite(row)));
        Ok(rows.collect())
    }

    /// The rows of `select … IN (…)`: `select` ends where the list begins.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rows_in(
        &mut self,
        select: &str,
        keys: Vec<Value>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let mut answers = Vec::new();
        let (dialect, count) = (self.dialect(), keys.len());
        let mut keys = keys.into_iter();
        for part in parts(dialect, count) {
            let keys: Vec<Value> = keys.by_ref().take(part).collect();
            match dialect {
                Dialect::Sqlite => {
                    let sql = in_sqlite(select, keys.len());
                    answers.extend(self.rows(&sql, keys).await?);
                }
                Dialect::Postgres => {
                    let keys = Column::new(keys)?;
                    let sql = in_postgres(select, &keys);
                    answers.extend(self.rows_of_columns(&sql, vec![keys]).await?);
                }
            }
        }
        Ok(answers)
    }

    /// Executes `statement … IN (…)`: `statement` ends where the list begins. Returns how many rows it
    /// touched.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn execute_in(
        &mut self,
        statement: &str,
        keys: Vec<Value>,
    ) -> Result<u64, sqlx::Error> {
        let mut touched = 0;
        let (dialect, count) = (self.dialect(), keys.len());
        let mut keys = keys.into_iter();
        for part in parts(dialect, count) {
            let keys: Vec<Value> = keys.by_ref().take(part).collect();
            match dialect {
                Dialect::Sqlite => {
                    let sql = in_sqlite(statement, keys.len());
                    touched += self.execute(&sql, keys).await?;
                }
                Dialect::Postgres => {
                    let keys = Column::new(keys)?;
                    let sql = in_postgres(statement, &keys);
                    touched += self.execute_columns(&sql, vec![keys]).await?;
                }
            }
        }
        Ok(touched)
    }
}

impl Database {
    /// As [`Transaction::rows_in`], outside of any transaction.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rows_in(&self, select: &str, keys: Vec<Value>) -> Result<Vec<Row>, sqlx::Error> {
        let mut answers = Vec::new();
        let (dialect, count) = (self.dialect(), keys.len());
        let mut keys = keys.into_iter();
        for part in parts(dialect, count) {
            let keys: Vec<Value> = keys.by_ref().take(part).collect();
            match dialect {
                Dialect::Sqlite => {
                    let sql = in_sqlite(select, keys.len());
                    answers.extend(self.rows(&sql, keys).await?);
                }
                Dialect::Postgres => {
                    let keys = Column::new(keys)?;
                    let sql = in_postgres(select, &keys);
                    answers.extend(self.rows_of_columns(&sql, vec![keys]).await?);
                }
            }
        }
        Ok(answers)
    }
}

/// Statements are bound so for SQLite only; nothing in this crate makes them for PostgreSQL.
fn not_here() -> sqlx::Error {
    sqlx::Error::Encode("a statement of the other database".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_and_are_few_lengths() {
        for length in [0, 1, 255, 256, 257, 1000, 10_000] {
            for dialect in [Dialect::Sqlite, Dialect::Postgres] {
                assert_eq!(parts(dialect, length).sum::<usize>(), length);
            }
            let mut parts = parts(Dialect::Sqlite, length);
            assert!(parts.all(|part| part.is_power_of_two() && part <= SQLITE_ROWS));
        }
    }

    #[test]
    fn arguments_are_as_each_database_takes_them() {
        assert_eq!(
            insert_sqlite("t (a, b)", 2, 2, "RETURNING a"),
            "INSERT INTO t (a, b) VALUES (?,?),(?,?) RETURNING a"
        );
        let rows = [vec![Value::from(1), Value::from("x")]];
        let columns = turned(rows.into_iter(), 2).unwrap();
        assert_eq!(
            insert_postgres("t (a, b)", &columns, "RETURNING a"),
            "INSERT INTO t (a, b) SELECT * FROM UNNEST($1::BIGINT[],$2::TEXT[]) RETURNING a"
        );
        assert_eq!(
            in_sqlite("SELECT a FROM t WHERE b IN", 3),
            "SELECT a FROM t WHERE b IN (?,?,?)"
        );
        let keys = vec![Value::from([1; 16]), Value::from([2; 16])];
        assert_eq!(
            in_postgres("SELECT a FROM t WHERE b IN", &Column::new(keys).unwrap()),
            "SELECT a FROM t WHERE b = ANY($1::BYTEA[])"
        );
    }
}
