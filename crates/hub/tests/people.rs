//! The clock on people, on both databases.
//!
//! Oracle: the times that the test itself lets pass.

#![expect(clippy::unwrap_used, reason = "a test")]

mod common;
#[path = "../../store/tests/support/mod.rs"]
mod support;

use common::{asff, hub, import, one};
use jiff::SignedDuration;
use posture_hub::{
    By, CustomerUpdate, Escalation, Hub, ListOptions, OwnerRule, Owners, People, PeopleFilter,
    Selected, WorkflowStatus,
};
use posture_store::Store;
use serde_json::{Value, json};
use support::{TestClock, at, open, places};

const NOTHING: Value = Value::Null;
const DAY: i64 = 86_400;

fn people() -> People {
    People {
        owners: Owners {
            rules: vec![OwnerRule {
                owner: "Ann".to_owned(),
                controls: vec!["S3.1".to_owned()],
                ..OwnerRule::default()
            }],
            default: None,
        },
        ..People::default()
    }
}

#[tokio::test]
async fn each_time_that_a_finding_is_open_has_its_own_clock() {
    for place in places().await {
        let clock = TestClock::default();
        let hub = hub(&place, &clock).await;
        clock.set(100);
        let observed = json!({"FirstObservedAt": at(40).to_string()});
        import(&hub, vec![asff("a", 50, "FAILED", &observed)]).await;
        let first = one(&hub, "a").await.clock;
        assert_eq!(
            (first.began_at, first.opened_at),
            (Some(at(40)), Some(at(100)))
        );
        assert_eq!(first.acknowledged_at, None);

        clock.set(160);
        let number = one(&hub, "a").await.number;
        let notified = CustomerUpdate {
            workflow: Some(WorkflowStatus::Notified),
            ..CustomerUpdate::default()
        };
        hub.update(&Selected::Numbers(vec![number]), &notified)
            .await
            .unwrap();
        assert_eq!(one(&hub, "a").await.clock.acknowledged_at, Some(at(160)));

        clock.set(300);
        import(&hub, vec![asff("a", 290, "PASSED", &NOTHING)]).await;
        let fixed = one(&hub, "a").await.clock;
        assert_eq!(
            (fixed.closed_at, fixed.acknowledged_at),
            (Some(at(300)), Some(at(160)))
        );

        clock.set(1000);
        import(&hub, vec![asff("a", 990, "FAILED", &NOTHING)]).await;
        let again = one(&hub, "a").await.clock;
        assert_eq!(
            (again.began_at, again.opened_at),
            (Some(at(990)), Some(at(1000)))
        );
        assert_eq!((again.acknowledged_at, again.closed_at), (None, None));

        let rows = hub.sla(&people(), By::Owner, None).await.unwrap();
        let row = &rows[0];
        assert_eq!((rows.len(), row.group.as_str()), (1, "Ann"));
        assert_eq!((row.opened, row.open, row.fixed), (2, 1, 1));
        assert_eq!(
            (row.detect.count, row.detect.median, row.detect.p90),
            (2, Some(10), Some(60))
        );
        assert_eq!(
            (row.acknowledge.count, row.acknowledge.median),
            (1, Some(60))
        );
        assert_eq!((row.fix.count, row.fix.median), (1, Some(200)));
        let later = hub
            .sla(&people(), By::Severity, Some(at(500)))
            .await
            .unwrap();
        assert_eq!((later[0].opened, later[0].fixed), (1, 0));
    }
}

#[tokio::test]
async fn overdue_findings_are_listed_by_owner() {
    for place in places().await {
        let clock = TestClock::default();
        let hub = hub(&place, &clock).await;
        let high = json!({"Severity": {"Label": "HIGH"}});
        let other = json!({"Severity": {"Label": "HIGH"}, "GeneratorId": "other"});
        let findings = vec![
            asff("medium", 1, "FAILED", &NOTHING),
            asff("high", 1, "FAILED", &high),
            asff("nobody", 1, "FAILED", &other),
            asff("good", 1, "PASSED", &high),
        ];
        import(&hub, findings).await;
        let listed = async |owner: Option<&str>, is_overdue| {
            let options = ListOptions {
                limit: 100,
                people: Some(PeopleFilter {
                    people: people(),
                    owner: owner.map(str::to_owned),
                    is_overdue,
                }),
                ..ListOptions::default()
            };
            let found = hub.list(&options).await.unwrap().findings;
            let ids = found.iter().map(|one| one.text(&["Id"]).to_owned());
            ids.collect::<Vec<String>>()
        };
        clock.set(7 * DAY);
        assert_eq!(listed(None, true).await, [""; 0]);
        clock.set(8 * DAY);
        assert_eq!(listed(None, true).await, ["nobody", "high"]);
        assert_eq!(listed(Some("Ann"), true).await, ["high"]);
        assert_eq!(listed(Some(""), true).await, ["nobody"]);
        assert_eq!(listed(Some("Ann"), false).await, ["good", "high", "medium"]);

        let rows = hub.sla(&people(), By::Severity, None).await.unwrap();
        let groups: Vec<(&str, usize, usize)> = rows
            .iter()
            .map(|row| (row.group.as_str(), row.open, row.overdue))
            .collect();
        assert_eq!(groups, [("HIGH", 2, 2), ("MEDIUM", 1, 0)]);
    }
}

#[tokio::test]
async fn what_a_person_suppressed_was_noticed_and_is_no_fix() {
    for place in places().await {
        let clock = TestClock::default();
        let hub = hub(&place, &clock).await;
        clock.set(10);
        import(&hub, vec![asff("a", 5, "FAILED", &NOTHING)]).await;
        clock.set(25);
        let suppress = CustomerUpdate {
            workflow: Some(WorkflowStatus::Suppressed),
            note: Some(("a test".to_owned(), "ana".to_owned())),
            ..CustomerUpdate::default()
        };
        let number = one(&hub, "a").await.number;
        hub.update(&Selected::Numbers(vec![number]), &suppress)
            .await
            .unwrap();
        let rows = hub.sla(&people(), By::Control, None).await.unwrap();
        let row = &rows[0];
        assert_eq!(
            (row.group.as_str(), row.suppressed, row.fixed, row.fix.count),
            ("S3.1", 1, 0, 0)
        );
        assert_eq!(row.acknowledge.median, Some(15));
        let explained = &hub.explain("a").await.unwrap()[0];
        assert!(
            explained.because.contains("a person said so"),
            "{}",
            explained.because
        );
        assert_eq!(explained.changes[0].value["Text"], "a test");
    }
}

/// What was told since: stage, to whom, of which finding.
async fn told(hub: &Hub, people: &People, place: &Store) -> Vec<String> {
    let count = hub.remind(people).await.unwrap();
    let events = place.oldest_events(1000).await.unwrap();
    let late = events
        .iter()
        .filter(|event| event.detail_type == "Posture Finding Overdue");
    let mut told: Vec<String> = late
        .map(|event| {
            let word = |name: &str| event.detail[name].as_str().unwrap_or("-").to_owned();
            format!("{} {} {}", word("stage"), word("to"), word("findingId"))
        })
        .collect();
    let since = told.len() - count;
    told.drain(..since);
    told
}

#[tokio::test]
async fn each_stage_of_a_late_finding_is_told_once() {
    for place in places().await {
        let clock = TestClock::default();
        let store = open(&place, &clock).await;
        let hub = Hub::open(&store).await.unwrap();
        let people = People {
            escalation: vec![
                Escalation {
                    after: SignedDuration::from_hours(0),
                    to: "Dan".to_owned(),
                },
                Escalation {
                    after: SignedDuration::from_hours(7 * 24),
                    to: "Eve".to_owned(),
                },
            ],
            ..people()
        };
        clock.set(0);
        let high = json!({"Severity": {"Label": "HIGH"}});
        import(&hub, vec![asff("a", 1, "FAILED", &high)]).await;
        // Of seven days a quarter is left after five and a quarter.
        for (day, expected) in [
            (5, &[][..]),
            (6, &["DUE_SOON Ann a"]),
            (7, &[]),
            (8, &["OVERDUE Ann a", "ESCALATED Dan a"]),
            (9, &[]),
            (15, &["ESCALATED Eve a"]),
            (16, &[]),
        ] {
            clock.set(day * DAY);
            assert_eq!(told(&hub, &people, &store).await, expected, "day {day}");
        }
        // What is fixed is late no more; what opens again has a new clock.
        clock.set(17 * DAY);
        import(&hub, vec![asff("a", 17 * DAY, "PASSED", &high)]).await;
        clock.set(40 * DAY);
        assert_eq!(told(&hub, &people, &store).await, [""; 0]);
        import(&hub, vec![asff("a", 40 * DAY, "FAILED", &high)]).await;
        assert_eq!(told(&hub, &people, &store).await, [""; 0]);
        clock.set(46 * DAY);
        assert_eq!(told(&hub, &people, &store).await, ["DUE_SOON Ann a"]);
    }
}
