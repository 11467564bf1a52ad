//! Measures `evidence find` on a state of so many records, by each filter and grouping:
//! `cargo run --profile dist -p posture-audit --example find_bench -- sqlite|postgres FOLDER RECORDS`.
//! The folder has to be empty. 20 accounts with 4 Regions, 300 rules, 100 records a resource. Half of
//! the records are of one first run, the others of a year's daily runs; 10 % are NON_COMPLIANT, and
//! one of a million INSUFFICIENT_DATA.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool of the benchmarks"
)]

#[path = "../../store/tests/support/postgres.rs"]
mod postgres;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use posture_audit::{GroupBy, Sought, find, find_groups};
use posture_content::frameworks::{Framework, embedded};
use posture_rules::catalogue;
use posture_store::{Location, Store, sql::Value};

/// 2025-01-01, in seconds.
const FIRST_DAY: i64 = 1_735_689_600;
const SCOPES: i64 = 80;
const RULES: i64 = 300;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let database = arguments.next().unwrap();
    let folder = PathBuf::from(arguments.next().unwrap());
    let records: i64 = arguments.next().unwrap().parse().unwrap();
    let is_sqlite = database == "sqlite";
    let location = if is_sqlite {
        Location::File(folder.join("state.db"))
    } else {
        let server = postgres::server().unwrap();
        Location::read(&server.new_database()).unwrap()
    };
    let clock = Arc::new(|| Timestamp::UNIX_EPOCH);
    let store = Store::open(&location, clock).await.unwrap();
    let start = Instant::now();
    fill(&store, records, is_sqlite).await;
    println!("{records} records made in {:.1?}", start.elapsed());
    let start = Instant::now();
    posture_audit::migrate(&store).await.unwrap();
    println!("indexes made in {:.1?}", start.elapsed());
    if !is_sqlite {
        // As its autovacuum does within a minute of such a load.
        execute(&store, "ANALYZE").await;
    }
    let all = embedded().unwrap();
    let framework = all.iter().find(|one| one.name == "soc2").unwrap();
    let mut slowest = 0.0_f64;
    for (name, sought) in questions(framework) {
        let start = Instant::now();
        let (found, _) = find(&store, &sought, 1000).await.unwrap();
        let listed = start.elapsed().as_secs_f64();
        print!("{name}: {} listed in {listed:.3} s", found.len());
        slowest = slowest.max(listed);
        for (word, by) in [
            ("control", GroupBy::Control),
            ("account", GroupBy::Account),
            ("rule", GroupBy::Rule),
            ("day", GroupBy::Day),
        ] {
            let start = Instant::now();
            let groups = find_groups(&store, &sought, by, Some(framework)).await;
            let grouped = start.elapsed().as_secs_f64();
            print!("; {} by {word} in {grouped:.3} s", groups.unwrap().len());
            slowest = slowest.max(grouped);
        }
        println!();
    }
    println!("slowest: {slowest:.3} s");
    store.close().await;
}

fn questions(framework: &Framework) -> Vec<(&'static str, Sought)> {
    let day = |day: i64| Timestamp::from_second(FIRST_DAY + day * 86_400).unwrap();
    let noon = |at: Timestamp| Timestamp::from_second(at.as_second() + 43_200).unwrap();
    let text = |text: &str| vec![text.to_owned()];
    let rule = catalogue::entries()[0].rule.identifier();
    let all = Sought::default;
    vec![
        ("everything", all()),
        (
            "a framework",
            Sought {
                identifiers: Some(posture_audit::deciding(framework.controls.iter())),
                ..all()
            },
        ),
        (
            "a control",
            Sought {
                identifiers: Some(posture_audit::deciding(framework.controls.iter().take(1))),
                ..all()
            },
        ),
        (
            "a rule's failures",
            Sought {
                identifiers: Some([rule].into()),
                verdicts: text("NON_COMPLIANT"),
                ..all()
            },
        ),
        (
            "a resource",
            Sought {
                resource: Some("resource-77".to_owned()),
                ..all()
            },
        ),
        (
            "an account",
            Sought {
                accounts: text("000000000003"),
                ..all()
            },
        ),
        (
            "a type",
            Sought {
                types: text("AWS::S3::Bucket"),
                ..all()
            },
        ),
        (
            "a verdict that is rare",
            Sought {
                verdicts: text("INSUFFICIENT_DATA"),
                ..all()
            },
        ),
        (
            "a verdict that nothing has",
            Sought {
                verdicts: text("NOT_APPLICABLE"),
                ..all()
            },
        ),
        (
            "half a year",
            Sought {
                from: Some(day(90)),
                until: Some(day(270)),
                ..all()
            },
        ),
        (
            "an account's failures of 200 days and two halves",
            Sought {
                accounts: text("000000000003"),
                verdicts: text("NON_COMPLIANT"),
                from: Some(noon(day(100))),
                until: Some(noon(day(301))),
                ..all()
            },
        ),
    ]
}

async fn execute(store: &Store, statement: &str) {
    let mut transaction = store.database().begin().await.unwrap();
    transaction.execute(statement, Vec::new()).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn insert(store: &Store, into: &str, rows: Vec<Vec<Value>>) {
    let mut transaction = store.database().begin().await.unwrap();
    transaction.insert(into, rows, "").await.unwrap();
    transaction.commit().await.unwrap();
}

async fn fill(store: &Store, records: i64, is_sqlite: bool) {
    let resources = (records / 100).max(1);
    let types = [
        "AWS::S3::Bucket",
        "AWS::EC2::Instance",
        "AWS::KMS::Key",
        "AWS::IAM::Role",
    ];
    let scopes = (0..SCOPES).map(|scope| {
        let kind = types.get(usize::try_from(scope).unwrap() / 20);
        vec![
            scope.into(),
            "aws".into(),
            format!("{:012}", scope % 20).into(),
            "eu-west-1".into(),
            (*kind.unwrap()).into(),
        ]
    });
    let into = "scopes (scope, aws_partition, account_id, aws_region, resource_type)";
    insert(store, into, scopes.collect()).await;
    // The catalogue's own, so that frameworks decide about them.
    let rules = (0..RULES).zip(catalogue::entries()).map(|(rule, known)| {
        vec![
            rule.into(),
            Value::from(rule.to_be_bytes().to_vec()),
            known.rule.id.into(),
            known.rule.identifier().into(),
            "{}".into(),
        ]
    });
    let into = "rules (rule, identity, rule_name, source_identifier, parameters)";
    insert(store, into, rules.collect()).await;
    let into = "resources (resource, identity, scope, resource_id, arn, head_version, \
                head_valid_from, head_recorded_at)";
    let rows = (0..resources).map(|resource| {
        vec![
            resource.into(),
            Value::from(resource.to_be_bytes().to_vec()),
            (resource % SCOPES).into(),
            format!("resource-{resource}").into(),
            format!("arn:aws:s3:::resource-{resource}").into(),
            0.into(),
            0.into(),
            0.into(),
        ]
    });
    insert(store, into, rows.collect()).await;

    // Made again after the rows: row by row it takes hours.
    execute(store, "DROP INDEX verdicts_by_resource").await;
    let numbers = if is_sqlite {
        format!(
            "(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < {records}) \
             SELECT n FROM c) c"
        )
    } else {
        format!("(SELECT CAST(g AS BIGINT) AS n FROM generate_series(0, {records} - 1) g) c")
    };
    // In the order of time, as runs write them.
    let half = records / 2;
    execute(
        store,
        &format!(
            "INSERT INTO verdicts SELECT n, (n * 7919) % {resources}, (n * 104729 + n / 1000) % {RULES}, \
             ({FIRST_DAY} + (CASE WHEN n < {half} THEN 0 ELSE (n - {half}) * 365 / {half} END) * 86400) \
             * 1000000, 0, 9223372036854775807, \
             CASE WHEN n % 1000003 = 5 THEN 'INSUFFICIENT_DATA' WHEN (n / 7) % 10 = 0 THEN 'NON_COMPLIANT' \
             ELSE 'COMPLIANT' END, \
             'configuration.versioningConfiguration.status is Suspended, expected Enabled', 1 FROM {numbers}"
        ),
    )
    .await;
    execute(
        store,
        "CREATE INDEX verdicts_by_resource ON verdicts (resource, superseded_at, rule)",
    )
    .await;
    // The counts as the state's own migration makes them of what is there.
    let start = Instant::now();
    let migration: String = include_str!("../../store/src/db/0007_verdict_counts.sql")
        .lines()
        .filter(|line| !line.starts_with("--"))
        .map(|line| format!("{line}\n"))
        .collect();
    // The first one makes the table.
    for statement in migration.split(';').skip(1) {
        if !statement.trim().is_empty() {
            execute(store, statement).await;
        }
    }
    println!("counts made in {:.1?}", start.elapsed());
}
