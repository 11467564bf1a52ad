//! What is recorded, on both databases.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use std::collections::BTreeSet;

use posture_model::CoverageState;
use posture_model::tree::Bump;
use posture_store::{
    Coverage, ItemFilter, Listing as _, Observation, Recording, Scope, Sink as _, Store,
    TimelineEvent,
};
use support::{Place, TestClock, at, items_of, open, places};

fn bucket(id: &str, status: &str) -> String {
    format!(
        r#"{{"accountId":"123456789012","awsRegion":"eu-west-1","resourceType":"AWS::S3::Bucket",
        "resourceId":"{id}","configuration":{{"name":"{id}"}},"tags":{{}},"relationships":[],
        "supplementaryConfiguration":{{"BucketVersioningConfiguration":{{"status":"{status}"}}}}}}"#
    )
}

fn buckets() -> Scope {
    Scope::new("123456789012", "eu-west-1", "AWS::S3::Bucket")
}

fn captured(item: &str, seconds: i64) -> Observation {
    let time = format!("{{\"configurationItemCaptureTime\":\"{}\",", at(seconds));
    let item = item.replacen('{', &time, 1);
    Observation::from_json(item.as_bytes(), &Bump::new()).unwrap()
}

fn deleted(id: &str, seconds: i64) -> Observation {
    let status = "{\"configurationItemStatus\":\"ResourceDeleted\",";
    captured(&bucket(id, "").replacen('{', status, 1), seconds)
}

async fn list(recording: &Recording, seconds: i64, items: &[String], coverage: Coverage) {
    let mut listing = recording
        .begin_listing(buckets(), at(seconds))
        .await
        .unwrap();
    for item in items {
        listing.item(item.as_bytes()).await.unwrap();
    }
    listing.end(coverage).await.unwrap();
}

/// `id=status` of every item at a time, as known at a time.
async fn state(store: &Store, as_of: i64, known_at: i64) -> String {
    let filter = ItemFilter::default();
    let mut items = store
        .items_as_of(&filter, at(as_of), at(known_at))
        .await
        .unwrap();
    let mut found = Vec::new();
    while let Some(item) = items.next().await.unwrap() {
        let json: serde_json::Value = serde_json::from_slice(&item.json).unwrap();
        let status = &json["supplementaryConfiguration"]["BucketVersioningConfiguration"]["status"];
        found.push(format!("{}={}", item.resource_id, status.as_str().unwrap()));
    }
    found.join(" ")
}

async fn rows(place: &Place, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    let sql = sqlx::AssertSqlSafe(sql);
    match &place.location {
        posture_store::Location::File(file) => {
            let url = format!("sqlite://{}", file.display());
            let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
            sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
        }
        posture_store::Location::Postgres(url) => {
            let pool = sqlx::PgPool::connect(url).await.unwrap();
            sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
        }
    }
}

#[tokio::test]
async fn a_sweep_without_change_writes_one_row_a_listing() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let recording = store.begin_run("sweep").await.unwrap();
        let items: Vec<String> = (0..3000).map(|n| bucket(&format!("b{n}"), "Off")).collect();
        list(&recording, 10, &items, Coverage::complete()).await;
        assert_eq!(rows(&place, "versions").await, 3000);
        list(&recording, 20, &items, Coverage::complete()).await;
        list(&recording, 30, &items, Coverage::complete()).await;
        for (table, expected) in [
            ("versions", 3000),
            ("blobs", 3000),
            ("resources", 3000),
            ("coverage", 1),
            ("listings", 3),
        ] {
            assert_eq!(rows(&place, table).await, expected, "{table}");
        }
    }
}

#[tokio::test]
async fn only_a_complete_listing_deletes() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let recording = store.begin_run("sweep").await.unwrap();
        let both = [bucket("a", "Off"), bucket("b", "Off")];
        list(&recording, 10, &both, Coverage::complete()).await;
        for (seconds, state) in (20..).zip(&CoverageState::ALL[1..]) {
            list(&recording, seconds, &[], Coverage::of(*state)).await;
        }
        // A listing that nobody ended.
        drop(recording.begin_listing(buckets(), at(30)).await.unwrap());
        assert_eq!(state(&store, 39, 0).await, "a=Off b=Off");
        list(&recording, 40, &both[..1], Coverage::complete()).await;
        assert_eq!(state(&store, 39, 0).await, "a=Off b=Off");
        assert_eq!(state(&store, 40, 0).await, "a=Off");
        list(&recording, 50, &both, Coverage::complete()).await;
        assert_eq!(state(&store, 50, 0).await, "a=Off b=Off");
        assert_eq!(rows(&place, "versions").await, 4);
    }
}

#[tokio::test]
async fn what_a_listing_skips_stays_what_it_was() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let recording = store.begin_run("sweep").await.unwrap();
        let denied = Coverage {
            fact: "supplementaryConfiguration.BucketPolicy".to_owned(),
            state: CoverageState::Denied,
            denied_action: Some("s3:GetBucketPolicy".to_owned()),
        };
        let mut listing = recording.begin_listing(buckets(), at(10)).await.unwrap();
        for id in ["a", "b", "c"] {
            listing.item(bucket(id, "Off").as_bytes()).await.unwrap();
        }
        listing.unread(denied.clone());
        listing.end(Coverage::complete()).await.unwrap();

        let mut listing = recording.begin_listing(buckets(), at(20)).await.unwrap();
        assert!(listing.skip("a"));
        assert!(!listing.skip("d"));
        listing
            .item(bucket("b", "Enabled").as_bytes())
            .await
            .unwrap();
        listing.item(bucket("d", "Off").as_bytes()).await.unwrap();
        listing.end(Coverage::complete()).await.unwrap();
        assert_eq!(state(&store, 20, 0).await, "a=Off b=Enabled d=Off");
        // Nobody asked a for its policy: that it may not be read is still so.
        let rows = store.coverage(at(20), at(20)).await.unwrap();
        assert!(rows.iter().any(|row| row.coverage == denied), "{rows:?}");
        // What is gone can't be skipped.
        let mut listing = recording.begin_listing(buckets(), at(30)).await.unwrap();
        assert!(!listing.skip("c"));
    }
}

#[tokio::test]
async fn coverage_is_written_when_it_changes() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let recording = store.begin_run("sweep").await.unwrap();
        let denied = Coverage {
            fact: "supplementaryConfiguration.BucketPolicy".to_owned(),
            state: CoverageState::Denied,
            denied_action: Some("s3:GetBucketPolicy".to_owned()),
        };
        for (seconds, facts) in [(10, 1), (20, 1), (30, 0), (40, 0), (50, 1)] {
            let mut listing = recording
                .begin_listing(buckets(), at(seconds))
                .await
                .unwrap();
            for _ in 0..facts {
                listing.unread(denied.clone());
            }
            listing.end(Coverage::complete()).await.unwrap();
        }
        let found = store.coverage(at(60), at(60)).await.unwrap();
        let words: Vec<_> = found
            .iter()
            .map(|row| (row.coverage.fact.as_str(), row.coverage.state.as_str()))
            .collect();
        assert_eq!(
            words,
            [
                ("", "complete"),
                ("supplementaryConfiguration.BucketPolicy", "denied")
            ]
        );
        let then = store.coverage(at(35), at(60)).await.unwrap();
        assert_eq!(then[1].coverage.state, CoverageState::Complete);
        assert_eq!(rows(&place, "coverage").await, 4);
    }
}

#[tokio::test]
async fn the_past_is_asked_with_two_times() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let recording = store.begin_run("record").await.unwrap();
        clock.set(100);
        let mut observer = recording.observe();
        observer
            .take(captured(&bucket("a", "Off"), 10))
            .await
            .unwrap();
        observer
            .take(captured(&bucket("a", "On"), 30))
            .await
            .unwrap();
        observer.finish().await.unwrap();
        // A delivery that comes late, and tells of a time between the two.
        clock.set(200);
        let mut observer = recording.observe();
        observer
            .take(captured(&bucket("a", "Suspended"), 20))
            .await
            .unwrap();
        observer.take(deleted("a", 40)).await.unwrap();
        // Nothing new in these.
        observer
            .take(captured(&bucket("a", "Off"), 10))
            .await
            .unwrap();
        observer
            .take(captured(&bucket("a", "On"), 30))
            .await
            .unwrap();
        assert_eq!(observer.finish().await.unwrap().versions, 2);
        for (as_of, known_at, expected) in [
            (9, 500, ""),
            (10, 500, "a=Off"),
            (25, 500, "a=Suspended"),
            (25, 199, "a=Off"),
            (30, 500, "a=On"),
            (50, 500, ""),
            (50, 199, "a=On"),
            (50, 99, ""),
        ] {
            assert_eq!(
                state(&store, as_of, known_at).await,
                expected,
                "{as_of} {known_at}"
            );
        }
    }
}

#[tokio::test]
async fn a_late_change_does_not_hide_what_a_listing_saw_afterwards() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let recording = store.begin_run("sweep").await.unwrap();
        for seconds in [10, 20, 30] {
            let items = [bucket("a", "Off")];
            list(&recording, seconds, &items, Coverage::complete()).await;
        }
        let mut observer = recording.observe();
        observer
            .take(captured(&bucket("a", "On"), 15))
            .await
            .unwrap();
        observer
            .take(captured(&bucket("gone", "On"), 12))
            .await
            .unwrap();
        observer.finish().await.unwrap();
        for (as_of, expected) in [(14, "a=Off gone=On"), (15, "a=On gone=On"), (20, "a=Off")] {
            assert_eq!(state(&store, as_of, 0).await, expected, "{as_of}");
        }
    }
}

#[tokio::test]
async fn a_timeline_says_what_changed() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let recording = store.begin_run("record").await.unwrap();
        let mut observer = recording.observe();
        observer
            .take(captured(&bucket("a", "Off"), 10))
            .await
            .unwrap();
        observer
            .take(captured(&bucket("a", "On"), 20))
            .await
            .unwrap();
        observer.take(deleted("a", 30)).await.unwrap();
        observer.finish().await.unwrap();
        let filter = ItemFilter::default();
        let found = store.resources_named("a", &filter).await.unwrap();
        let timeline = store.timeline(&found[0]).await.unwrap();
        let times: Vec<_> = timeline
            .entries
            .iter()
            .map(|entry| entry.valid_from)
            .collect();
        assert_eq!(times, [at(10), at(20), at(30)]);
        let TimelineEvent::Changed { changes, .. } = &timeline.entries[1].event else {
            panic!("{timeline:?}");
        };
        assert_eq!(
            serde_json::to_string(changes).unwrap(),
            "[{\"path\":\"supplementaryConfiguration.BucketVersioningConfiguration.status\",\
             \"before\":\"Off\",\"after\":\"On\"}]"
        );
        assert_eq!(timeline.entries[2].event, TimelineEvent::Deleted);
    }
}

#[tokio::test]
async fn an_item_of_another_scope_or_with_an_impossible_name_is_refused() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let recording = store.begin_run("sweep").await.unwrap();
        let mut listing = recording.begin_listing(buckets(), at(1)).await.unwrap();
        let elsewhere = bucket("a", "Off").replace("eu-west-1", "eu-west-2");
        let error = listing.item(elsewhere.as_bytes()).await.unwrap_err();
        assert!(error.to_string().contains("AWS::S3::Bucket a: "), "{error}");
        let impossible = bucket("a\\u0000", "Off");
        assert!(listing.item(impossible.as_bytes()).await.is_err());
        assert!(listing.item(b"{oops").await.is_err());
        // What is hostile only to SQL is a name like any other.
        let hostile = bucket("'; DROP TABLE versions; --", "Off");
        listing.item(hostile.as_bytes()).await.unwrap();
        listing.end(Coverage::complete()).await.unwrap();
        assert_eq!(state(&store, 1, 0).await, "'; DROP TABLE versions; --=Off");
    }
}

#[tokio::test]
async fn a_snapshot_of_many_pages_has_each_item_once_and_only_the_accounts_asked_for() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let recording = store.begin_run("sweep").await.unwrap();
        let items: Vec<String> = (0..2000).map(|n| bucket(&format!("b{n}"), "Off")).collect();
        list(&recording, 10, &items, Coverage::complete()).await;
        list(&recording, 20, &items[..1500], Coverage::complete()).await;
        for (account, seconds, expected) in [
            ("123456789012", 9, 0),
            ("123456789012", 10, 2000),
            ("123456789012", 20, 1500),
            ("210987654321", 20, 0),
        ] {
            let filter = ItemFilter {
                accounts: vec![account.to_owned()],
                ..ItemFilter::default()
            };
            let mut snapshot = store.snapshot(&filter, at(seconds), at(0)).await.unwrap();
            let mut ids = Vec::new();
            while let Some(part) = snapshot.next().await.unwrap() {
                for item in items_of(&part) {
                    let item: serde_json::Value = serde_json::from_str(&item).unwrap();
                    ids.push(item["resourceId"].as_str().unwrap().to_owned());
                }
            }
            assert_eq!(ids.len(), expected, "{account} at {seconds}");
            let different: BTreeSet<String> = ids.into_iter().collect();
            assert_eq!(different.len(), expected, "{account} at {seconds}");
        }
    }
}
