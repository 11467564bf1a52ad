//! Measures `evidence find` on a state of so many verdicts, each of another one:
//! `cargo run --release -p posture-audit --example find_bench -- FOLDER RECORDS`.
//! The folder has to be empty. 20 accounts, 300 rules, 100 verdicts a resource, 365 daily runs.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool of the benchmarks"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use posture_audit::{GroupBy, Sought, find, find_groups};
use posture_store::{Location, Store};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap());
    let records: i64 = arguments.next().unwrap().parse().unwrap();
    let location = Location::File(folder.join("state.db"));
    let store = Store::open(&location, Arc::new(|| Timestamp::UNIX_EPOCH))
        .await
        .unwrap();
    let start = Instant::now();
    fill(&store, records).await;
    println!("{records} records made in {:.1?}", start.elapsed());
    let start = Instant::now();
    posture_audit::migrate(&store).await.unwrap();
    println!("index made in {:.1?}", start.elapsed());

    let day = Timestamp::from_second(1_735_689_600 + 200 * 86_400).unwrap();
    let rule = |name: &str| Some([name.to_owned()].into());
    let questions = [
        ("newest", Sought::default()),
        (
            "one rule's failures",
            Sought {
                identifiers: rule("RULE_7"),
                verdicts: vec!["NON_COMPLIANT".to_owned()],
                ..Sought::default()
            },
        ),
        (
            "one resource",
            Sought {
                resource: Some("resource-77".to_owned()),
                ..Sought::default()
            },
        ),
        (
            "one account before a day",
            Sought {
                accounts: vec!["000000000003".to_owned()],
                until: Some(day),
                ..Sought::default()
            },
        ),
        (
            "what nobody has",
            Sought {
                verdicts: vec!["INSUFFICIENT_DATA".to_owned()],
                ..Sought::default()
            },
        ),
    ];
    for (name, sought) in questions {
        let start = Instant::now();
        let (found, _) = find(&store, &sought, 1000).await.unwrap();
        println!("{name}: {} in {:.1?}", found.len(), start.elapsed());
    }
    for (name, by) in [
        ("by account", GroupBy::Account),
        ("by rule", GroupBy::Rule),
        ("by day", GroupBy::Day),
    ] {
        let start = Instant::now();
        let found = find_groups(&store, &Sought::default(), by, None)
            .await
            .unwrap();
        println!("{name}: {} groups in {:.1?}", found.len(), start.elapsed());
    }
    store.close().await;
}

async fn fill(store: &Store, records: i64) {
    let count = |name: &str, to: i64| {
        format!(
            "WITH RECURSIVE {name}(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM {name} WHERE n + 1 < {to})"
        )
    };
    let resources = (records / 100).max(1);
    let statements = [
        // Made again after the rows: row by row it takes hours.
        "DROP INDEX verdicts_by_resource".to_owned(),
        format!(
            "INSERT INTO scopes {} SELECT n, 'aws', printf('%012d', n), 'eu-west-1', 'AWS::S3::Bucket' FROM c",
            count("c", 20)
        ),
        format!(
            "INSERT INTO rules {} SELECT n, CAST(n AS BLOB), printf('rule-%d', n), printf('RULE_%d', n), '{{}}' FROM c",
            count("c", 300)
        ),
        format!(
            "INSERT INTO resources {} SELECT n, CAST(n AS BLOB), n % 20, printf('resource-%d', n), NULL, \
                 printf('arn:aws:s3:::resource-%d', n), 0, 0, 0, NULL FROM c",
            count("c", resources)
        ),
        // In the order of time, as runs write them.
        format!(
            "INSERT INTO verdicts {} SELECT n, (n * 7919) % {resources}, (n * 104729) % 300, \
                 (1735689600 + (n * 365 / {records}) * 86400) * 1000000, 0, 9223372036854775807, \
                 CASE WHEN n % 10 = 0 THEN 'NON_COMPLIANT' ELSE 'COMPLIANT' END, \
                 'configuration.versioningConfiguration.status is Suspended, expected Enabled', 1 FROM c",
            count("c", records)
        ),
    ];
    for statement in statements {
        let mut transaction = store.database().begin().await.unwrap();
        transaction.execute(&statement, Vec::new()).await.unwrap();
        transaction.commit().await.unwrap();
    }
}
