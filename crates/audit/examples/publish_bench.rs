//! Measures how fast queued records become published, durability on:
//! `cargo run --profile dist -p posture-audit --example publish_bench -- sqlite|postgres FOLDER RECORDS`.
//! The folder has to be empty.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool of the benchmarks"
)]
#![expect(clippy::cast_precision_loss, reason = "a rate is printed")]

#[path = "../../store/tests/support/postgres.rs"]
mod postgres;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use posture_audit::{Published, publish, queue};
use posture_ledger::{Directory, KeyFile, Log, Record, RecordType};
use posture_store::{Location, Store};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let database = arguments.next().unwrap();
    let folder = PathBuf::from(arguments.next().unwrap());
    let records: usize = arguments.next().unwrap().parse().unwrap();
    let location = if database == "sqlite" {
        Location::File(folder.join("state.db"))
    } else {
        let server = postgres::server().unwrap();
        Location::read(&server.new_database()).unwrap()
    };
    let now = Timestamp::UNIX_EPOCH;
    let store = Store::open(&location, Arc::new(|| Timestamp::UNIX_EPOCH));
    let store = store.await.unwrap();
    posture_audit::migrate(&store).await.unwrap();
    let key = KeyFile::new(folder.join("key"))
        .create("posture.example/bench")
        .unwrap();
    let storage = Box::new(Directory::new(folder.join("log")));
    let log = Log::create(storage, key, now).unwrap();

    let entries = store.take_ids("audit-entry", records).await.unwrap();
    let mut transaction = store.database().begin().await.unwrap();
    for entry in entries {
        let subject = format!("arn:aws:s3:::bucket-{entry:08}");
        let mut record = Record::new(RecordType::Decision, subject);
        let detail = [
            ("control", "CC6.1"),
            ("decision", "accepted"),
            ("run", "run-1"),
        ];
        record
            .detail
            .extend(detail.map(|(name, word)| (name.to_owned(), word.into())));
        let (sql, values) = queue(entry, 0, record).unwrap();
        transaction.execute(&sql, values).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let start = Instant::now();
    let published = publish(&store, &log, now).await.unwrap();
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(published, Published::All(records as u64));
    println!(
        "{database}: {records} queued records published in {seconds:.2} s, {:.0} records/s",
        records as f64 / seconds
    );
    store.close().await;
}
