//! Opening a database.

use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Database, Pools};
use crate::{Location, StoreError};

/// How long a process waits for another one that writes to the same file.
const BUSY: Duration = Duration::from_secs(30);

/// How long to wait for a connection before saying that the database is not there.
const CONNECT: Duration = Duration::from_secs(30);

/// Connections of one process to PostgreSQL.
const CONNECTIONS: u32 = 8;

/// KiB of the file that the writing connection keeps, negative as SQLite has it: the indexes of a
/// million findings, most pages of which a large transaction changes.
const WRITER_CACHE: &str = "-131072";

/// Pages of 4 KiB in the log before they are put in their places in the file. A page of an index that many transactions
/// change is put there once.
const CHECKPOINT: &str = "32768";

/// The same for each connection that reads: what is read is read once.
const READER_CACHE: &str = "-8192";

/// Rows that a connection reads ahead of whom they are for.
const ROWS_AHEAD: usize = 512;

/// Connections of one process that read one file.
const READERS: u32 = 4;

pub(crate) async fn open(location: &Location) -> Result<Database, StoreError> {
    let opened = match location {
        Location::File(file) => sqlite(file).await,
        Location::Postgres(url) => postgres(url).await,
    };
    opened.map_err(|cause| StoreError::Open {
        location: location.to_string(),
        cause,
    })
}

async fn sqlite(file: &Path) -> Result<Database, sqlx::Error> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // With WAL, `NORMAL` loses nothing when the process is killed; when the machine loses power,
    // the last transactions may be missing, whole, and the file is intact (SQLite, pragma.html).
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(BUSY)
        .row_buffer_size(ROWS_AHEAD)
        .pragma("cache_size", WRITER_CACHE)
        .pragma("wal_autocheckpoint", CHECKPOINT)
        .pragma("temp_store", "MEMORY");
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(CONNECT * 20)
        .connect_with(options.clone())
        .await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(CONNECT * 20)
        .connect_lazy_with(
            options
                .pragma("query_only", "ON")
                .pragma("cache_size", READER_CACHE),
        );
    Ok(Database(Pools::Sqlite { readers, writer }))
}

async fn postgres(url: &str) -> Result<Database, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?.application_name("posture");
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(CONNECT)
        .connect_with(options)
        .await?;
    Ok(Database(Pools::Postgres(pool)))
}
