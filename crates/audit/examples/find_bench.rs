//! Measures `evidence find` on a state of so many records, by each filter and grouping:
//! `cargo run --profile dist -p posture-audit --example find_bench -- sqlite|postgres FOLDER RECORDS`.
//! The folder has to be empty. 20 accounts with 4 types, 62 rules a type, 100 records a resource. Half of
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
const TYPES: i64 = 4;
/// 20 accounts of each type.
const SCOPES: i64 = 80;
/// Each judges one of the four types.
const RULES: i64 = 248;

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
    posture_audit::migrate(&store).await.unwrap();
    // Made again after the rows: row by row it takes hours.
    for index in [
        "verdicts_by_resource",
        "audit_find_by_time",
        "audit_find_by_rule",
    ] {
        execute(&store, &format!("DROP INDEX {index}")).await;
    }
    execute(&store, "DROP INDEX audit_find_by_resource").await;
    let start = Instant::now();
    fill(&store, records, is_sqlite).await;
    println!("{records} records made in {:.1?}", start.elapsed());
    let start = Instant::now();
    let indexes = [
        include_str!("../../store/src/db/0001_state.sql"),
        include_str!("../src/0002_find.sql"),
        include_str!("../src/0004_find_order.sql"),
    ];
    for statement in indexes.iter().flat_map(|text| text.lines()) {
        if statement.contains(" ON verdicts (") {
            let name = statement.split(' ').nth(2).unwrap();
            execute(&store, &format!("DROP INDEX IF EXISTS {name}")).await;
            execute(&store, statement).await;
        }
    }
    println!("indexes made in {:.1?}", start.elapsed());
    if !is_sqlite {
        // As its autovacuum does within a minute of such a load.
        execute(&store, "ANALYZE").await;
    }
    let all = embedded().unwrap();
    let framework = all.iter().find(|one| one.name == "soc2").unwrap();
    println!(
        "wall time, and in brackets this process's CPU time, which of PostgreSQL is the client's"
    );
    let mut slowest = Slowest::default();
    for (name, sought) in questions(framework).into_iter().chain(of_times()) {
        let start = Watch::new();
        let (found, _) = find(&store, &sought, 1000).await.unwrap();
        let (listed, worked) = start.read();
        print!(
            "{name}: {} listed in {listed:.2} s ({worked:.2})",
            found.len()
        );
        slowest = slowest.max((listed, worked));
        for (word, by) in [
            ("control", GroupBy::Control),
            ("account", GroupBy::Account),
            ("rule", GroupBy::Rule),
            ("day", GroupBy::Day),
        ] {
            let start = Watch::new();
            let groups = find_groups(&store, &sought, by, Some(framework)).await;
            let (grouped, worked) = start.read();
            let count = groups.unwrap().len();
            print!("; {count} by {word} in {grouped:.2} s ({worked:.2})");
            slowest = slowest.max((grouped, worked));
        }
        println!();
    }
    println!("slowest: {:.2} s ({:.2})", slowest.0, slowest.1);
    store.close().await;
}

/// The most of each.
#[derive(Default, Clone, Copy)]
struct Slowest(f64, f64);

impl Slowest {
    fn max(self, (wall, worked): (f64, f64)) -> Slowest {
        Slowest(self.0.max(wall), self.1.max(worked))
    }
}

/// Wall time and the CPU time of all threads, in seconds.
struct Watch(Instant, f64);

impl Watch {
    fn new() -> Watch {
        Watch(Instant::now(), worked())
    }

    fn read(&self) -> (f64, f64) {
        (self.0.elapsed().as_secs_f64(), worked() - self.1)
    }
}

/// CPU seconds of this process (Linux counts hundredths); 0 elsewhere.
fn worked() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = text.rsplit(')').next().unwrap_or_default().split(' ');
    let ticks: f64 = ticks
        .skip(12)
        .take(2)
        .filter_map(|it| it.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

fn questions(framework: &Framework) -> Vec<(&'static str, Sought)> {
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
                identifiers: Some(posture_audit::deciding(
                    framework.controls.iter().filter(|it| it.id == "CC6.6"),
                )),
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
    ]
}

/// Questions of a time.
fn of_times() -> Vec<(&'static str, Sought)> {
    let at = |days: i64, hours: i64| {
        Timestamp::from_second(FIRST_DAY + days * 86_400 + hours * 3_600).unwrap()
    };
    let text = |text: &str| vec![text.to_owned()];
    let all = Sought::default;
    vec![
        (
            "half a year",
            Sought {
                from: Some(at(90, 0)),
                until: Some(at(270, 0)),
                ..all()
            },
        ),
        (
            "an account's failures of 200 days and two halves",
            Sought {
                accounts: text("000000000003"),
                verdicts: text("NON_COMPLIANT"),
                from: Some(at(100, 12)),
                until: Some(at(301, 12)),
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
    let of_type = RULES / TYPES;
    execute(
        store,
        &format!(
            "INSERT INTO verdicts SELECT n, (n * 7919) % {resources}, \
             (n * 104729 + n / 1000) % {of_type} * {TYPES} + (n * 7919) % {resources} % {SCOPES} / 20, \
             ({FIRST_DAY} + (CASE WHEN n < {half} THEN 0 ELSE (n - {half}) * 365 / {half} END) * 86400) \
             * 1000000, 0, 9223372036854775807, \
             CASE WHEN n % 1000003 = 5 THEN 'INSUFFICIENT_DATA' WHEN (n / 7) % 10 = 0 THEN 'NON_COMPLIANT' \
             ELSE 'COMPLIANT' END, \
             'configuration.versioningConfiguration.status is Suspended, expected Enabled', 1 FROM {numbers}"
        ),
    )
    .await;
    count(store).await;
}

/// Makes the counts as the state's own migration makes them of what is there.
async fn count(store: &Store) {
    let start = Instant::now();
    let migration = include_str!("../../store/src/db/0007_verdict_counts.sql");
    let lines = migration.lines().filter(|line| !line.starts_with("--"));
    let migration = lines.collect::<Vec<_>>().join("\n");
    // The first one makes the table.
    for statement in migration.split(';').skip(1) {
        if !statement.trim().is_empty() {
            execute(store, statement).await;
        }
    }
    println!("counts made in {:.1?}", start.elapsed());
}
