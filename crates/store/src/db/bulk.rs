//! Statements with as many rows as there are.

use super::{Database, Dialect, Row, Transaction, Value};

/// Rows of one statement. SQLite takes 32,766 arguments, PostgreSQL 65,535; the widest table has
/// 21 columns.
const ROWS: usize = 256;

/// Lengths of the parts of a list of this length: powers of two, so that the statements are few
/// and stay prepared.
fn parts(mut length: usize) -> impl Iterator<Item = usize> {
    let mut part = ROWS;
    std::iter::from_fn(move || {
        while part > 0 && part > length {
            part /= 2;
        }
        length -= part;
        (part > 0).then_some(part)
    })
}

/// The places of this many arguments, the first of them numbered `first`.
fn places(dialect: Dialect, first: usize, count: usize) -> String {
    let mut text = String::with_capacity(count * 5);
    for number in first..first + count {
        if number > first {
            text.push(',');
        }
        dialect.place(number, &mut text);
    }
    text
}

fn insert_statement(
    dialect: Dialect,
    into: &str,
    rows: usize,
    columns: usize,
    after: &str,
) -> String {
    let mut sql = format!("INSERT INTO {into} VALUES ");
    for row in 0..rows {
        if row > 0 {
            sql.push(',');
        }
        sql.push('(');
        sql.push_str(&places(dialect, row * columns + 1, columns));
        sql.push(')');
    }
    sql.push(' ');
    sql.push_str(after);
    sql
}

impl Transaction {
    /// Inserts rows of equal length. `into` is the table with its columns, `after` what follows the
    /// values. Returns what `RETURNING` in it answers, or how many rows were inserted.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert(
        &mut self,
        into: &str,
        rows: Vec<Vec<Value>>,
        after: &str,
    ) -> Result<(Vec<Row>, u64), sqlx::Error> {
        let columns = rows.first().map_or(0, Vec::len);
        let (mut answers, mut inserted) = (Vec::new(), 0);
        let count = rows.len();
        let mut rows = rows.into_iter();
        for part in parts(count) {
            let sql = insert_statement(self.dialect(), into, part, columns, after);
            let values = rows.by_ref().take(part).flatten().collect();
            if after.contains("RETURNING") {
                answers.extend(self.rows(&sql, values).await?);
            } else {
                inserted += self.execute(&sql, values).await?;
            }
        }
        inserted += answers.len() as u64;
        Ok((answers, inserted))
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
        let count = keys.len();
        let mut keys = keys.into_iter();
        for part in parts(count) {
            let sql = format!("{select} ({})", places(self.dialect(), 1, part));
            answers.extend(self.rows(&sql, keys.by_ref().take(part).collect()).await?);
        }
        Ok(answers)
    }
}

impl Database {
    /// As [`Transaction::rows_in`], outside of any transaction.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rows_in(&self, select: &str, keys: Vec<Value>) -> Result<Vec<Row>, sqlx::Error> {
        let mut answers = Vec::new();
        let count = keys.len();
        let mut keys = keys.into_iter();
        for part in parts(count) {
            let sql = format!("{select} ({})", places(self.dialect(), 1, part));
            answers.extend(self.rows(&sql, keys.by_ref().take(part).collect()).await?);
        }
        Ok(answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_and_are_few_lengths() {
        for length in [0, 1, 255, 256, 257, 1000] {
            assert_eq!(parts(length).sum::<usize>(), length);
            assert!(parts(length).all(|part| part.is_power_of_two() && part <= ROWS));
        }
    }

    #[test]
    fn arguments_are_numbered_through() {
        assert_eq!(
            insert_statement(Dialect::Postgres, "t (a, b)", 2, 2, "RETURNING a"),
            "INSERT INTO t (a, b) VALUES ($1,$2),($3,$4) RETURNING a"
        );
        assert_eq!(
            insert_statement(Dialect::Sqlite, "t (a)", 2, 1, ""),
            "INSERT INTO t (a) VALUES (?),(?) "
        );
    }
}
