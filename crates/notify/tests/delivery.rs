//! At least once, in order, at a pace. Oracle: issue 5's words on the outbox; what the fake API got.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use serde_json::{Value, json};
use support::{Fake, Office, everything, finding};

fn webhook(fake: &Fake) -> Value {
    json!({"name": "hook", "type": "webhook", "url": format!("{}/hook", fake.url), "secret": {"env": "WHSEC"}})
}

fn slack(fake: &Fake) -> Value {
    let url = format!("URL {}/services/T/B/x", fake.url);
    json!({"name": "chat", "type": "slack", "webhook": {"env": url}})
}

async fn office(folder: &tempfile::TempDir, targets: &[Value]) -> Office {
    Office::new(folder.path(), &everything(targets)).await
}

/// The status of the finding that each request tells of, by its id.
fn told(fake: &Fake) -> Vec<String> {
    let text = |request: &support::Request| {
        let finding = &request.json()["detail"]["findings"][0];
        let part = |value: &Value| value.as_str().unwrap().to_owned();
        let status = part(&finding["Compliance"]["Status"]);
        format!("{} {status}", part(&finding["Id"]))
    };
    fake.requests().iter().map(text).collect()
}

#[tokio::test]
async fn an_event_that_no_rule_matches_goes_nowhere_and_does_not_stay() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let mut config = everything(&[webhook(&fake)]);
    config["rules"][0]["pattern"] =
        json!({"detail": {"findings": {"Severity": {"Label": ["CRITICAL"]}}}});
    let office = Office::new(folder.path(), &config).await;
    office.tell(vec![finding("f1", "arn:b", "FAILED")]).await;
    assert_eq!(office.worker("one").route().await.unwrap(), 1);
    assert_eq!(office.round().await.sent, 0);
    assert!(office.store.oldest_events(10).await.unwrap().is_empty());
    assert!(office.queue.waiting_by_target().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_target_that_is_down_for_an_hour_gets_everything_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let office = office(&folder, &[webhook(&fake)]).await;
    fake.answers("POST /", 503, json!({}));
    let all = ["FAILED", "PASSED", "FAILED"];
    let (mut tries, mut seconds) = (0, 0);
    while seconds < 3600 {
        if let Some(status) = all.get(usize::try_from(seconds / 10).unwrap()) {
            let of = |id| finding(id, &format!("arn:{id}"), status);
            office.tell(vec![of("f1"), of("f2")]).await;
        }
        let round = office.round().await;
        assert_eq!((round.sent, round.dead), (0, 0));
        tries += round.put_off;
        office.clock.forward(10);
        seconds += 10;
    }
    // Back-off: it is asked about twice in five minutes, not each ten seconds.
    assert!((20..100).contains(&tries), "{tries}");
    fake.taken();
    fake.answers("POST /", 204, json!({}));
    for _ in 0..40 {
        office.round().await;
        office.clock.forward(10);
    }
    let told = told(&fake);
    assert_eq!(told.len(), 6);
    for id in ["f1", "f2"] {
        let of_one: Vec<&String> = told.iter().filter(|one| one.starts_with(id)).collect();
        let expected: Vec<String> = all.iter().map(|status| format!("{id} {status}")).collect();
        assert_eq!(of_one, expected.iter().collect::<Vec<_>>());
    }
    assert!(office.queue.dead_letters().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_message_that_fails_holds_up_its_own_resource_only() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let office = office(&folder, &[webhook(&fake)]).await;
    let first = vec![
        finding("f1", "arn:a", "FAILED"),
        finding("f1", "arn:a", "PASSED"),
    ];
    office.tell(first).await;
    fake.next(500, 1);
    assert_eq!(office.round().await.put_off, 1);
    office.tell(vec![finding("f2", "arn:b", "FAILED")]).await;
    assert_eq!(office.round().await.sent, 1);
    assert_eq!(told(&fake), ["f1 FAILED", "f2 FAILED"]);
    office.clock.forward(1);
    assert_eq!(office.round().await.sent, 1);
    assert_eq!(office.round().await.sent, 1);
    let expected = ["f1 FAILED", "f2 FAILED", "f1 FAILED", "f1 PASSED"];
    assert_eq!(told(&fake), expected);
}

#[tokio::test]
async fn who_dies_after_sending_is_followed_by_the_same_id() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let office = office(&folder, &[webhook(&fake)]).await;
    office.tell(vec![finding("f1", "arn:a", "FAILED")]).await;
    // The request arrives; its sender is killed before the answer.
    fake.next(0, 1);
    let dying = office.worker("dying");
    dying.route().await.unwrap();
    let killed = tokio::spawn(async move { dying.deliver().await });
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    killed.abort();
    assert!(killed.await.unwrap_err().is_cancelled());
    // While its lease runs nobody takes its place.
    let heir = office.worker("heir");
    assert_eq!(heir.deliver().await.unwrap().sent, 0);
    office.clock.forward(91);
    assert_eq!(heir.deliver().await.unwrap().sent, 1);
    let requests = fake.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        requests[0].headers["webhook-id"],
        requests[1].headers["webhook-id"]
    );
    assert_eq!(heir.deliver().await.unwrap().sent, 0);
}

#[tokio::test]
async fn two_workers_send_each_event_once() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let office = office(&folder, &[webhook(&fake)]).await;
    let ids: Vec<String> = (0..40).map(|number| format!("f{number}")).collect();
    let of = |id: &String| finding(id, &format!("arn:{id}"), "FAILED");
    office.tell(ids.iter().map(of).collect()).await;
    let (one, two) = (office.worker("one"), office.worker("two"));
    let routed = tokio::join!(one.route(), two.route());
    assert_eq!(routed.0.unwrap() + routed.1.unwrap(), 40);
    for _ in 0..4 {
        let sent = tokio::join!(one.deliver(), two.deliver());
        sent.0.unwrap();
        sent.1.unwrap();
    }
    let mut told = told(&fake);
    told.sort();
    let mut expected: Vec<String> = ids.iter().map(|id| format!("{id} FAILED")).collect();
    expected.sort();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn what_is_refused_is_a_dead_letter_until_it_is_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let office = office(&folder, &[webhook(&fake)]).await;
    let two = vec![
        finding("f1", "arn:a", "FAILED"),
        finding("f1", "arn:a", "PASSED"),
    ];
    office.tell(two).await;
    fake.next(422, 1);
    assert_eq!(office.round().await.dead, 1);
    // It does not hold up what follows.
    assert_eq!(office.round().await.sent, 1);
    let letters = office.queue.dead_letters().await.unwrap();
    let [letter] = letters.as_slice() else {
        panic!("{letters:?}");
    };
    assert_eq!((letter.target.as_str(), letter.attempts), ("hook", 1));
    assert!(letter.problem.contains("HTTP 422"), "{letter:?}");
    let other = office.queue.replay(&[], Some("other")).await.unwrap();
    assert!(other.is_empty());
    let replayed = office.queue.replay(&[letter.delivery], None).await.unwrap();
    assert!(replayed.contains(&letter.delivery));
    assert_eq!(office.round().await.sent, 1);
    assert_eq!(told(&fake), ["f1 FAILED", "f1 PASSED", "f1 FAILED"]);
    assert!(office.queue.dead_letters().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_message_is_given_up_after_a_day_of_trying() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let office = office(&folder, &[webhook(&fake)]).await;
    fake.answers("POST /", 503, json!({}));
    office.tell(vec![finding("f1", "arn:a", "FAILED")]).await;
    // Nobody worked for two days: that is no try.
    office.clock.forward(48 * 3600);
    assert_eq!(office.round().await.put_off, 1);
    office.clock.forward(24 * 3600 - 1);
    assert_eq!(office.round().await.put_off, 1);
    office.clock.forward(300);
    assert_eq!(office.round().await.dead, 1);
}

#[tokio::test]
async fn a_storm_of_5000_is_one_message_with_a_count_and_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let office = office(&folder, &[slack(&fake)]).await;
    for part in 0..10 {
        let of = |number: i32| {
            let id = format!("f{}", part * 500 + number);
            finding(&id, &format!("arn:{id}"), "FAILED")
        };
        office.tell((0..500).map(of).collect()).await;
    }
    // It may go on.
    assert_eq!(office.round().await.sent, 0);
    office.clock.forward(6);
    let round = office.round().await;
    assert_eq!((round.sent, round.events), (1, 5000));
    let requests = fake.taken();
    assert_eq!(requests.len(), 1);
    let text = requests[0].text();
    assert!(text.contains("5000 changes at once"), "{text}");
    assert!(text.contains("HIGH: 5000"), "{text}");
    assert!(text.contains("https://posture.example/findings"), "{text}");
    assert!(office.queue.waiting_by_target().await.unwrap().is_empty());
    // Afterwards each has its own again.
    office.tell(vec![finding("g", "arn:g", "FAILED")]).await;
    office.clock.forward(2);
    assert_eq!(office.round().await.sent, 1);
}

#[tokio::test]
async fn people_get_no_more_messages_a_minute_than_they_bear() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let mut target = slack(&fake);
    target["perMinute"] = json!(6);
    let office = office(&folder, &[target]).await;
    let of = |number: i32| finding(&format!("f{number}"), &format!("arn:{number}"), "FAILED");
    office.tell((0..15).map(of).collect()).await;
    for _ in 0..60 {
        office.round().await;
        office.clock.forward(1);
    }
    assert_eq!(fake.requests().len(), 6);
}

#[tokio::test]
async fn a_secret_that_is_not_there_loses_nothing_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let mut target = webhook(&fake);
    target["secret"] = json!({"env": "NOT_SET"});
    let office = office(&folder, &[target]).await;
    office.tell(vec![finding("f1", "arn:a", "FAILED")]).await;
    assert_eq!(office.round().await.put_off, 1);
    assert!(fake.requests().is_empty());
    let waiting = office.queue.waiting_by_target().await.unwrap();
    assert_eq!(waiting, [("hook".to_owned(), 1)]);
}
