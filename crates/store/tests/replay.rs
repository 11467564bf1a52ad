//! Laws of history, on both databases: whatever the order of what is seen, versions replayed give
//! the last snapshot, and every moment gives what a plain list of what was seen would give.
//!
//! Oracle: a list of everything observed, searched by hand, with none of the store's code.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use std::collections::BTreeMap;

use posture_model::tree::Bump;
use posture_store::{ItemFilter, Observation, Store};
use support::{TestClock, at, items_of, open, places};

/// A xorshift generator: the same numbers in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Something seen: what a resource was (0 is gone) from a second on.
#[derive(Clone, Copy)]
struct Seen {
    resource: u64,
    second: i64,
    value: u64,
    recorded: i64,
}

fn observation(seen: Seen) -> Observation {
    let status = if seen.value == 0 {
        "ResourceDeleted"
    } else {
        "OK"
    };
    let item = format!(
        r#"{{"accountId":"123456789012","awsRegion":"r{}","resourceType":"AWS::T::T",
        "resourceId":"i{}","configurationItemStatus":"{status}",
        "configurationItemCaptureTime":"{}","configuration":{{"value":{}}}}}"#,
        seen.resource % 3,
        seen.resource,
        at(seen.second),
        seen.value
    );
    Observation::from_json(item.as_bytes(), &Bump::new()).unwrap()
}

async fn state(store: &Store, as_of: i64, known_at: i64) -> BTreeMap<String, u64> {
    let filter = ItemFilter::default();
    let mut items = store
        .items_as_of(&filter, at(as_of), at(known_at))
        .await
        .unwrap();
    let mut state = BTreeMap::new();
    let mut lines = Vec::new();
    while let Some(item) = items.next().await.unwrap() {
        lines.push(String::from_utf8(item.json.clone()).unwrap());
        let json: serde_json::Value = serde_json::from_slice(&item.json).unwrap();
        state.insert(
            item.resource_id,
            json["configuration"]["value"].as_u64().unwrap(),
        );
    }
    let mut snapshot = store
        .snapshot(&filter, at(as_of), at(known_at))
        .await
        .unwrap();
    let mut of_snapshot = Vec::new();
    while let Some(part) = snapshot.next().await.unwrap() {
        of_snapshot.extend(items_of(&part));
    }
    lines.sort();
    of_snapshot.sort_unstable();
    assert_eq!(of_snapshot, lines);
    state
}

/// What was, by the list: the latest thing seen of each resource.
fn expected(all: &[Seen], as_of: i64, known_at: i64) -> BTreeMap<String, u64> {
    let mut latest: BTreeMap<u64, Seen> = BTreeMap::new();
    for seen in all
        .iter()
        .filter(|s| s.second <= as_of && s.recorded <= known_at)
    {
        let known = latest
            .get(&seen.resource)
            .map_or(i64::MIN, |known| known.second);
        if seen.second > known {
            latest.insert(seen.resource, *seen);
        }
    }
    latest
        .into_values()
        .filter(|seen| seen.value != 0)
        .map(|seen| (format!("i{}", seen.resource), seen.value))
        .collect()
}

/// Times are unique a resource, and successive values differ, as AWS Config's items do.
fn everything(numbers: &mut Numbers) -> Vec<Seen> {
    let mut all = Vec::new();
    for resource in 0..40 {
        let mut before = 0;
        for version in 0..=numbers.below(8) {
            let value = (before + 1 + numbers.below(3)) % 4;
            before = value;
            all.push(Seen {
                resource,
                second: i64::try_from(version * 10 + numbers.below(9)).unwrap(),
                value,
                recorded: 0,
            });
        }
    }
    all
}

#[tokio::test]
async fn versions_replayed_in_any_order_give_every_moment_and_the_last_snapshot() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let mut all = everything(&mut numbers);
        // In order within a resource as far as two deliveries go, which then come one by one.
        let recording = store.begin_run("record").await.unwrap();
        for delivery in 0..4 {
            clock.set(1000 + delivery);
            let mut observer = recording.observe();
            for seen in &mut all {
                if seen.recorded == 0 && numbers.below(4) <= u64::try_from(delivery).unwrap() {
                    seen.recorded = 1000 + delivery;
                    observer.take(observation(*seen)).await.unwrap();
                }
            }
            observer.finish().await.unwrap();
        }
        for seen in &all {
            assert_ne!(seen.recorded, 0);
        }
        for as_of in [-1, 0, 5, 13, 27, 38, 44, 59, 66, 79, 500] {
            for known_at in [999, 1000, 1001, 1002, 1003, 5000] {
                assert_eq!(
                    state(&store, as_of, known_at).await,
                    expected(&all, as_of, known_at),
                    "as of {as_of}, known at {known_at}"
                );
            }
        }
        // Everything again, in another order: nothing is new.
        let mut observer = recording.observe();
        for seen in all.iter().rev() {
            observer.take(observation(*seen)).await.unwrap();
        }
        assert_eq!(observer.finish().await.unwrap().versions, 0);
    }
}
