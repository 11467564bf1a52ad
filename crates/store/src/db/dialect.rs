//! Everything in which the two databases differ.

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// A migration in this database's types. Texts are ordered by their bytes on both. An `INTEGER` key is the number of
    /// the row itself in SQLite; any other is one more index (lang_createtable.html, "ROWIDs and the INTEGER PRIMARY KEY").
    pub(crate) fn schema(self, sql: &str) -> String {
        match self {
            Dialect::Sqlite => sql.replace(
                " BIGINT NOT NULL PRIMARY KEY",
                " INTEGER NOT NULL PRIMARY KEY",
            ),
            Dialect::Postgres => sql
                .lines()
                .filter(|line| !line.starts_with("--"))
                .map(|line| {
                    line.replace(" TEXT", " TEXT COLLATE \"C\"")
                        .replace(" BLOB", " BYTEA")
                        .replace(" WITHOUT ROWID", "")
                })
                .collect::<Vec<_>>()
                .join("\n"),
        }
    }

    /// How a writing transaction begins. SQLite has one writer: it waits for its turn here and not
    /// at its first write, where waiting could not help a reader that became a writer.
    pub(crate) fn begin(self) -> &'static str {
        match self {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
        }
    }

    /// What follows a selection of rows to take, so that two workers never wait for each other.
    pub(crate) fn skip_locked(self) -> &'static str {
        match self {
            // The transaction is the only one that writes.
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }
}
