//! The auditor's requests and user activity, as their user works with them.
//!
//! Oracles: `posture-verify`, which shares no code with what writes the package; events in the form of
//! CloudTrail's own, counted here.

#![expect(clippy::unwrap_used, reason = "a test")]

mod assessed;
#[path = "assessed/both.rs"]
mod both;
mod shared;

use std::collections::BTreeSet;

use assessed::{Scene, bucket, now, of, today};
use both::{on_postgresql, on_sqlite};
use serde_json::{Value, json};

fn request<'a>(list: &'a Value, id: &str) -> &'a Value {
    of(&list["requests"], "id", id)[0]
}

#[test]
fn requests_say_what_is_there_and_what_to_do() {
    on_sqlite(requests_say_what_is_there_and_what_to_do_on);
}

#[test]
fn requests_say_what_is_there_and_what_to_do_on_postgresql() {
    on_postgresql(requests_say_what_is_there_and_what_to_do_on);
}

fn requests_say_what_is_there_and_what_to_do_on(scene: &Scene) {
    scene.record(&bucket("2026-01-01T00:00:00Z", false));
    scene.scan();
    scene.assess("day", "soc2", &today(), &[]);
    let list = scene.json(0, &["assess", "requests", "day"]);
    assert_eq!(list["requests"].as_array().unwrap().len(), 43);
    let counts = list["counts"].as_object().unwrap();
    let sum: u64 = counts.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(sum, 43);
    // Our own records are there; AWS was never asked, CloudTrail's files were never taken in.
    assert_eq!(request(&list, "exceptions")["state"], "ready");
    assert_eq!(request(&list, "incidents")["state"], "manual-needed");
    for id in ["aws-accounts", "network-changes", "iam-users"] {
        assert_eq!(request(&list, id)["state"], "missing", "{id}");
        assert!(!request(&list, id)["toDo"].as_array().unwrap().is_empty());
    }
    let buckets = of(
        &request(&list, "s3-public-access")["sources"],
        "name",
        "AWS::S3::Bucket",
    );
    assert_eq!(buckets[0]["state"], "ready");
    assert!(
        request(&list, "network-changes")["flags"][0]
            .as_str()
            .unwrap()
            .starts_with("drawn before")
    );
    let missing = scene.json(0, &["assess", "requests", "day", "--in", "missing"]);
    let missing = missing["requests"].as_array().unwrap();
    assert!(missing.iter().all(|one| one["state"] == "missing") && !missing.is_empty());

    people_answer(scene);
    a_period_without_anything_is_missing(scene);
    let package = scene.export("day", "a.zip");
    assert_eq!(package, scene.export("day", "b.zip"));
    let text = String::from_utf8_lossy(&package);
    assert!(text.contains("requests.csv") && text.contains("&lt;Bo&gt;"));
}

/// Files, owners and an auditor's own list.
fn people_answer(scene: &Scene) {
    std::fs::write(scene.folder.join("incidents.txt"), "none").unwrap();
    let upload = ["assess", "upload", "day", "incidents.txt", "--by", "Ann"];
    scene.done(&[upload.as_slice(), &["--request", "incidents"]].concat());
    let said = scene.refused(&[upload.as_slice(), &["--request", "nothing"]].concat());
    assert!(said.contains("has no request"), "{said}");
    let list = "id,text,controls,due,owner\r\nA-1,\"Say it, please\",CC1.1,2020-01-01,<Bo>\r\n\
                iam-users,,,2026-01-02,Cleo\r\n";
    std::fs::write(scene.folder.join("list.csv"), list).unwrap();
    scene.done(&[
        "assess", "requests", "import", "day", "list.csv", "--by", "Ann",
    ]);
    let assign = [
        "assess",
        "requests",
        "assign",
        "day",
        "--request",
        "secrets",
    ];
    scene.done(&[assign.as_slice(), &["--owner", "Dora", "--by", "Ann"]].concat());
    std::fs::write(scene.folder.join("bad.csv"), "id,text\na b,x\nX,\n").unwrap();
    let said = scene.refused(&[
        "assess", "requests", "import", "day", "bad.csv", "--by", "Ann",
    ]);
    assert!(said.contains("line 2") && said.contains("line 3"), "{said}");

    let list = scene.json(0, &["assess", "requests", "day"]);
    assert_eq!(request(&list, "incidents")["state"], "ready");
    assert_eq!(request(&list, "secrets")["owner"], "Dora");
    assert_eq!(request(&list, "iam-users")["owner"], "Cleo");
    let own = request(&list, "A-1");
    assert_eq!(
        (&own["state"], &own["isOverdue"]),
        (&json!("manual-needed"), &json!(true))
    );
    assert_eq!(
        (&own["owner"], &own["isBuiltin"]),
        (&json!("<Bo>"), &json!(false))
    );

    // What is written out says the same when it is taken in.
    scene.done(&[
        "assess", "requests", "day", "--format", "csv", "--output", "out.csv",
    ]);
    scene.done(&[
        "assess", "requests", "import", "day", "out.csv", "--by", "Ann",
    ]);
    let again = scene.json(0, &["assess", "requests", "day"]);
    assert_eq!(request(&again, "A-1"), own);
}

fn a_period_without_anything_is_missing(scene: &Scene) {
    scene.assess("past", "soc2", "2020-Q1", &[]);
    let list = scene.json(0, &["assess", "requests", "past"]);
    let ready = of(&list["requests"], "state", "ready");
    assert!(ready.is_empty(), "{ready:?}");
    // Nothing can be filled in.
    let to_do = request(&list, "root-user")["toDo"].as_array().unwrap();
    assert_eq!(to_do.len(), 1);
    assert!(to_do[0].as_str().unwrap().starts_with("the period is over"));
}

fn event(id: &str, name: &str, at: &str, more: &Value) -> Value {
    let mut event = json!({
        "eventVersion": "1.11", "eventID": id, "eventName": name, "eventTime": at,
        "eventSource": "ec2.amazonaws.com", "awsRegion": "eu-west-1", "recipientAccountId": "123456789012",
        "readOnly": false, "requestParameters": {"groupId": "sg-1"},
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::123456789012:assumed-role/Admin/jo@example.com"},
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    event
}

#[test]
fn user_activity_is_filed_by_control_and_day_and_names_nobody_in_a_leaf() {
    on_sqlite(user_activity_is_filed_by_control_and_day_and_names_nobody_in_a_leaf_on);
}

#[test]
fn user_activity_is_filed_by_control_and_day_and_names_nobody_in_a_leaf_on_postgresql() {
    on_postgresql(user_activity_is_filed_by_control_and_day_and_names_nobody_in_a_leaf_on);
}

fn user_activity_is_filed_by_control_and_day_and_names_nobody_in_a_leaf_on(scene: &Scene) {
    scene.record(&bucket("2026-01-01T00:00:00Z", false));
    scene.scan();
    let (today, at) = (today(), now().to_string());
    let events = json!({"Records": [
        event("e1", "AuthorizeSecurityGroupIngress", &at, &json!({})),
        event("e2", "RevokeSecurityGroupIngress", &at, &json!({"awsRegion": "us-east-1"})),
        event("e3", "AuthorizeSecurityGroupIngress", &at, &json!({"errorCode": "AccessDenied"})),
        event("e4", "RunInstances", &at, &json!({})),
        event("e5", "CreateUser", &at, &json!({"awsRegion": "us-east-1", "eventSource": "iam.amazonaws.com"})),
        event("e6", "AuthorizeSecurityGroupIngress", "2020-01-01T00:00:00Z", &json!({})),
    ]});
    std::fs::write(scene.folder.join("events.json"), events.to_string()).unwrap();
    scene.done(&["events", "ingest", "events.json"]);
    scene.done(&["events", "ingest", "events.json"]);
    scene.assess("day", "soc2", &today, &[]);
    scene.assess("ireland", "soc2", &today, &["--region", "eu-west-1"]);
    let calls = |name: &str, control: &str| {
        let shown = scene.json(0, &["assess", "show", name, "--control", control]);
        let calls = shown["userActivity"]["calls"].as_array().unwrap().clone();
        let folders = shown["folders"].as_array().unwrap();
        assert_eq!(folders.len(), 1);
        assert_eq!(folders[0]["userActivity"], calls.len());
        let ids = calls
            .iter()
            .map(|one| one["eventId"].as_str().unwrap().to_owned());
        ids.collect::<Vec<String>>()
    };
    // What failed changed nothing, and is not kept.
    assert_eq!(calls("day", "CC6.6"), ["e1", "e2"]);
    assert_eq!(calls("ireland", "CC6.6"), ["e1"]);
    // What belongs to no Region is in every Region.
    assert_eq!(calls("ireland", "CC6.2"), ["e5"]);
    let list = scene.json(0, &["assess", "requests", "day"]);
    assert_eq!(request(&list, "network-changes")["state"], "ready");

    found(scene);
    let leaves = scene.leaves();
    let filed: Vec<&Value> = leaves
        .iter()
        .filter(|leaf| leaf["type"] == "user-activity")
        .collect();
    assert_eq!(filed.len(), 4, "two records for each account and day");
    let subject = format!("activity-123456789012-{today}");
    assert!(
        filed
            .iter()
            .any(|leaf| leaf["subject"] == subject && leaf["detail"]["calls"] == 4)
    );
    assert!(!Value::from(leaves).to_string().contains("jo@example.com"));
    let package = scene.export("day", "a.zip");
    let text = String::from_utf8_lossy(&package);
    assert!(text.contains("activity/CC6.6.csv") && text.contains("jo@example.com"));
}

fn found(scene: &Scene) {
    let find = |more: &[&str]| {
        let find = ["evidence", "find", "--kind", "user-activity"];
        let found = scene.json(0, &[find.as_slice(), more].concat());
        let records = found["records"].as_array().unwrap();
        let ids = records
            .iter()
            .map(|one| one["eventId"].as_str().unwrap().to_owned());
        let mut ids: Vec<String> = ids.collect();
        ids.sort();
        ids
    };
    assert_eq!(find(&[]), ["e1", "e2", "e4", "e5", "e6"]);
    assert_eq!(
        find(&["--framework", "soc2", "--control", "CC6.6"]),
        ["e1", "e2", "e6"]
    );
    assert_eq!(find(&["--to", "2021-01-01"]), ["e6"]);
    assert_eq!(find(&["--account", "999999999999"]), [""; 0]);
    let who = "arn:aws:sts::123456789012:assumed-role/Admin/jo@example.com";
    assert_eq!(find(&["--principal", who]).len(), 5);
    let refused = [
        "evidence",
        "find",
        "--kind",
        "api-calls",
        "--rule",
        "restricted-ssh",
    ];
    assert!(
        scene
            .refused(&refused)
            .contains("--rule narrows verdicts only")
    );
}

/// Oracle: the files of an attack that somebody else recorded, read here by other means.
#[test]
fn a_recorded_attack_is_a_control_s_user_activity() {
    let Some(logs) = shared::folder("samples/cloudtrail/invictus") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    scene.done(&["events", "ingest", &logs.display().to_string()]);
    scene.assess("attack", "soc2", "2023-07", &[]);
    let shown = scene.json(0, &["assess", "show", "attack", "--control", "CC6.2"]);
    let activity = &shown["userActivity"];
    let named = activity["events"].as_array().unwrap();
    let mut expected = BTreeSet::new();
    for file in std::fs::read_dir(&logs).unwrap() {
        let text = std::fs::read(file.unwrap().path()).unwrap();
        let document: Value = serde_json::from_slice(&text).unwrap();
        for record in document["Records"].as_array().unwrap() {
            let is_kept = named.contains(&record["eventName"])
                && record["readOnly"] == false
                && record.get("errorCode").is_none();
            if is_kept {
                expected.insert(record["eventID"].as_str().unwrap().to_owned());
            }
        }
    }
    let calls = activity["calls"].as_array().unwrap().iter();
    let found: Vec<String> = calls
        .map(|one| one["eventId"].as_str().unwrap().to_owned())
        .collect();
    assert!(expected.len() > 3, "{}", expected.len());
    assert_eq!(found.len(), expected.len());
    assert_eq!(found.into_iter().collect::<BTreeSet<String>>(), expected);
    let folders = shown["folders"].as_array().unwrap().iter();
    let filed: u64 = folders
        .map(|one| one["userActivity"].as_u64().unwrap())
        .sum();
    assert_eq!(filed, expected.len() as u64);
}
