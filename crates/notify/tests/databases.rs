//! The queue's SQL, on SQLite and PostgreSQL. Oracle: what the fake API got is the same.

#[path = "../../store/tests/support/mod.rs"]
mod databases;
mod support;

use databases::places;
use serde_json::json;
use support::{Fake, Office, everything, finding};

#[tokio::test]
async fn routes_orders_groups_gives_up_and_replays_on_both() {
    for place in places().await {
        let fake = Fake::start().await;
        let target = json!({
            "name": "t", "type": "github", "repository": "o/r", "token": {"env": "SECRET"},
            "api": fake.url, "groupOver": 3,
        });
        let config = everything(&[target]);
        let office = Office::at(&place.location, &config, "http://127.0.0.1:9").await;
        fake.answers("POST /repos/o/r/issues", 201, json!({"number": 5}));
        // One after the other, of one resource.
        let events = vec![
            finding("f", "arn:f", "FAILED"),
            finding("f", "arn:f", "PASSED"),
        ];
        office.tell(events).await;
        let (one, two) = (office.worker("one"), office.worker("two"));
        let routed = tokio::join!(one.route(), two.route());
        assert_eq!(routed.0.unwrap() + routed.1.unwrap(), 2);
        fake.next(422, 1);
        assert_eq!(one.deliver().await.unwrap().dead, 1);
        office.clock.forward(2);
        assert_eq!(one.deliver().await.unwrap().sent, 1);
        let letters = office.queue.dead_letters().await.unwrap();
        assert_eq!((letters.len(), letters[0].attempts), (1, 1));
        let replayed = office.queue.replay(&[], Some("t")).await.unwrap();
        assert_eq!(replayed.len(), 1);
        office.clock.forward(2);
        assert_eq!(one.deliver().await.unwrap().sent, 1);
        assert_eq!(fake.taken().len(), 2, "what passed had no issue to close");
        fake.answers("POST /repos/o/r/issues", 201, json!({"number": 6}));
        // Five at once are one issue, closed with the last.
        let of = |status: &'static str| {
            let of_one = move |number: i32| {
                let id = format!("g{number}");
                finding(&id, &format!("arn:{id}"), status)
            };
            (0..5).map(of_one).collect::<Vec<_>>()
        };
        for status in ["FAILED", "PASSED"] {
            office.tell(of(status)).await;
            office.round().await;
            office.clock.forward(6);
            assert_eq!(office.round().await.events, 5);
        }
        let requests = fake.taken();
        assert_eq!(requests.len(), 3, "opened, told, closed");
        assert_eq!(requests[2].json()["state"], "closed");
        assert!(office.queue.waiting_by_target().await.unwrap().is_empty());
        assert_eq!(one.next_at().await.unwrap(), None);
    }
}
