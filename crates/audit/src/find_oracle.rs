//! Counts and newest records of `evidence find`.
//!
//! Oracle: every record, listed without a filter, and filtered and counted here.

#[path = "../../store/tests/support/postgres.rs"]
mod postgres;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::Arc;

use jiff::Timestamp;
use posture_model::tree::Bump;
use posture_store::{EvaluatedRule, Location, Observation, Scope, Store, Verdict};

use crate::find::{FoundRecord, Sought, find};
use crate::find_groups::{GroupBy, find_groups};

const ACCOUNTS: [&str; 2] = ["111111111111", "222222222222"];
const TYPES: [&str; 2] = ["AWS::KMS::Key", "AWS::S3::Bucket"];
const RULES: [&str; 3] = ["one", "two", "three"];
const WORDS: [&str; 4] = [
    "COMPLIANT",
    "NON_COMPLIANT",
    "NOT_APPLICABLE",
    "INSUFFICIENT_DATA",
];
/// Around the ends of days and of 32 days: 20,000 days after 1970 are 625 times 32.
const HOURS: [i64; 9] = [
    0,
    5,
    23,
    24,
    30,
    24 * 31 + 3,
    24 * 32,
    24 * 33 + 12,
    24 * 70,
];

fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(20_000 * 86_400 + hours * 3_600).unwrap()
}

/// As a quotient of a hash, so that each combination comes by.
fn dice(seed: usize, sides: usize) -> usize {
    (seed.wrapping_mul(2_654_435_761) >> 7) % sides
}

async fn stores(folder: &std::path::Path) -> Vec<Store> {
    let mut locations = vec![Location::File(folder.join("state.db"))];
    match postgres::server() {
        Ok(server) => locations.push(Location::read(&server.new_database()).unwrap()),
        Err(why) => {
            let mut stderr = std::io::stderr();
            writeln!(stderr, "SKIPPED on PostgreSQL: {why}").unwrap();
        }
    }
    let mut stores = Vec::new();
    for location in locations {
        let clock = Arc::new(|| at(24 * 100));
        let store = Store::open(&location, clock).await.unwrap();
        crate::migrate(&store).await.unwrap();
        fill(&store).await;
        stores.push(store);
    }
    stores
}

async fn fill(store: &Store) {
    let recording = store.begin_run("record").await.unwrap();
    let mut observer = recording.observe();
    let places = || {
        let both = |account| TYPES.map(|kind| (account, kind));
        ACCOUNTS.into_iter().flat_map(both)
    };
    for (account, kind) in places() {
        for id in 0..12 {
            let item = format!(
                r#"{{"accountId":"{account}","awsRegion":"eu-west-1","resourceType":"{kind}",
                "resourceId":"r-{id:02}","configurationItemStatus":"OK",
                "configurationItemCaptureTime":"{}","configuration":{{}}}}"#,
                at(-1)
            );
            let seen = Observation::from_json(item.as_bytes(), &Bump::new()).unwrap();
            observer.take(seen).await.unwrap();
        }
    }
    observer.finish().await.unwrap();
    let rules = RULES.map(|name| EvaluatedRule {
        rule_name: name.to_owned(),
        source_identifier: name.to_ascii_uppercase(),
        parameters: BTreeMap::new(),
    });
    for (round, hours) in HOURS.into_iter().enumerate() {
        let mut verdicts = Vec::new();
        for (place, (account, kind)) in places().enumerate() {
            for (id, rule) in (0..12).flat_map(|id| [(id, 0), (id, 1), (id, 2)]) {
                let seed = ((round * 4 + place) * 12 + id) * 3 + rule;
                let word = if rule == 2 && round < 8 {
                    // One of a kind, so that the newest are sought and not stumbled on.
                    0
                } else {
                    dice(seed, WORDS.len())
                };
                verdicts.push(Verdict {
                    scope: Scope::new(account, "eu-west-1", kind),
                    resource_id: format!("r-{id:02}"),
                    rule,
                    compliance_type: WORDS[word],
                });
            }
        }
        let changes = store.verdict_changes(&rules, verdicts.into_iter()).await;
        let recording = store.begin_run("evaluate").await.unwrap();
        let changes = changes.unwrap();
        recording.write_verdicts(at(hours), &changes).await.unwrap();
    }
}

fn all_sought() -> Vec<Sought> {
    let mut all = vec![Sought::default()];
    let mut with = |change: &dyn Fn(&mut Sought)| {
        let changed: Vec<Sought> = all
            .iter()
            .cloned()
            .map(|mut sought| {
                change(&mut sought);
                sought
            })
            .collect();
        all.extend(changed);
    };
    with(&|sought| sought.identifiers = Some(["ONE".to_owned(), "THREE".to_owned()].into()));
    with(&|sought| sought.accounts = vec![ACCOUNTS[1].to_owned()]);
    with(&|sought| sought.types = vec![TYPES[0].to_owned()]);
    with(&|sought| sought.verdicts = vec![WORDS[3].to_owned(), WORDS[1].to_owned()]);
    with(&|sought| sought.from = Some(at(4)));
    with(&|sought| sought.until = Some(at(24 * 33 + 12)));
    with(&|sought| sought.resource = Some("r-07".to_owned()));
    all
}

fn is_it(sought: &Sought, record: &FoundRecord) -> bool {
    let is_in = |list: &[String], word: &str| list.is_empty() || list.iter().any(|it| it == word);
    let identifier = record.rule_name.to_ascii_uppercase();
    let rules = sought.identifiers.as_ref();
    rules.is_none_or(|rules: &BTreeSet<String>| rules.contains(&identifier))
        && is_in(&sought.accounts, &record.account_id)
        && is_in(&sought.types, &record.resource_type)
        && is_in(&sought.verdicts, &record.compliance_type)
        && sought.from.is_none_or(|from| from <= record.at)
        && sought.until.is_none_or(|until| record.at < until)
        && (sought.resource.as_ref()).is_none_or(|resource| *resource == record.resource_id)
}

#[tokio::test]
async fn what_is_found_is_what_is_there_whatever_is_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    for store in stores(folder.path()).await {
        let (all, has_more) = find(&store, &Sought::default(), 100_000).await.unwrap();
        assert!(!has_more && all.len() > 500, "{}", all.len());
        for sought in all_sought() {
            let expected: Vec<&FoundRecord> =
                all.iter().filter(|record| is_it(&sought, record)).collect();
            for limit in [1, 7, 100_000] {
                let (found, has_more) = find(&store, &sought, limit).await.unwrap();
                let shown: Vec<&FoundRecord> = expected.iter().take(limit).copied().collect();
                assert_eq!(found.iter().collect::<Vec<_>>(), shown, "{sought:?}");
                assert_eq!(has_more, expected.len() > limit, "{sought:?}");
            }
            check_groups(&store, &sought, &expected).await;
        }
        store.close().await;
    }
}

async fn check_groups(store: &Store, sought: &Sought, expected: &[&FoundRecord]) {
    type Name = fn(&FoundRecord) -> String;
    let names: [(GroupBy, Name); 3] = [
        (GroupBy::Account, |record| record.account_id.clone()),
        (GroupBy::Rule, |record| record.rule_name.clone()),
        (GroupBy::Day, |record| record.at.strftime("%F").to_string()),
    ];
    for (by, name) in names {
        let mut counted: BTreeMap<String, [u64; 4]> = BTreeMap::new();
        for record in expected {
            let place = WORDS
                .iter()
                .position(|word| *word == record.compliance_type);
            counted.entry(name(record)).or_default()[place.unwrap()] += 1;
        }
        let found = find_groups(store, sought, by, None).await.unwrap();
        let found: BTreeMap<String, [u64; 4]> = found
            .into_iter()
            .map(|group| {
                let counts = [
                    group.compliant,
                    group.non_compliant,
                    group.not_applicable,
                    group.insufficient_data,
                ];
                assert_eq!(group.records, counts.iter().sum::<u64>());
                (group.group, counts)
            })
            .collect();
        assert_eq!(found, counted, "{by:?} {sought:?}");
    }
}

/// A state of an earlier version gets its counts from the migration.
#[tokio::test]
async fn counts_of_what_is_there_are_those_of_what_was_written() {
    let migration = include_str!("../../store/src/db/0007_verdict_counts.sql");
    let lines = migration.lines().filter(|line| !line.starts_with("--"));
    let migration = lines.collect::<Vec<_>>().join("\n");
    let folder = tempfile::tempdir().unwrap();
    for store in stores(folder.path()).await {
        let written = counts(&store).await;
        assert!(written.len() > 100, "{}", written.len());
        let mut transaction = store.database().begin().await.unwrap();
        let delete = "DELETE FROM verdict_counts";
        transaction.execute(delete, Vec::new()).await.unwrap();
        // The first statement makes the table.
        for statement in migration.split(';').skip(1) {
            if !statement.trim().is_empty() {
                transaction.execute(statement, Vec::new()).await.unwrap();
            }
        }
        transaction.commit().await.unwrap();
        assert_eq!(counts(&store).await, written);
        store.close().await;
    }
}

async fn counts(store: &Store) -> Vec<[i64; 8]> {
    let sql = "SELECT days, first_day, scope, rule, compliant, non_compliant, not_applicable, \
               insufficient_data FROM verdict_counts ORDER BY days, first_day, scope, rule";
    let rows = store.database().rows(sql, Vec::new()).await.unwrap();
    let row = |row: &posture_store::sql::Row| std::array::from_fn(|place| row.int(place).unwrap());
    rows.iter().map(row).collect()
}
