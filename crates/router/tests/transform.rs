//! Oracle: what AWS sent for these templates, as LocalStack recorded it in its validated tests
//! (tests/aws/services/events/test_events_inputs.snapshot.json), and the examples of AWS's page.

#![expect(clippy::unwrap_used, reason = "a test")]

use posture_model::tree::{self, Bump};
use posture_router::{InputTransformer, JsonPath, RuleContext, TransformError};
use serde_json::{Value, json};

const PATHS: &[(&str, &str)] = &[
    ("userId", "$.detail.payload.acc_id"),
    ("payload", "$.detail.payload"),
    ("systemstring", "$.detail.awsAccountId"),
    ("listsingle", "$.detail.listsingle"),
    ("listmulti", "$.detail.listmulti"),
    ("valid", "$.detail.valid"),
    ("detail-type", "$.detail-type"),
];

fn event() -> Value {
    json!({
        "version": "0", "id": "1", "detail-type": "core.update-account-command",
        "source": "core.update-account-command", "account": "111111111111",
        "time": "2026-03-03T12:00:00Z", "region": "us-east-1", "resources": [],
        "detail": {
            "command": "update-account",
            "payload": {"acc_id": "0a787ecb-4015", "sf_id": "baz"},
            "listsingle": ["HIGH"],
            "listmulti": ["ACTIVE", "INACTIVE"],
            "valid": true,
        },
    })
}

fn applied(
    paths: &[(&str, &str)],
    template: &str,
    event: &Value,
) -> Result<String, TransformError> {
    let text = event.to_string();
    let arena = Bump::new();
    let context = RuleContext {
        rule_arn: "arn:aws:events:us-east-1:111111111111:rule/bus/rule",
        rule_name: "rule",
        ingestion_time: "2026-03-03T12:00:01Z".parse().unwrap(),
    };
    InputTransformer::new(paths.iter().copied(), template)?
        .apply(tree::parse(text.as_bytes(), &arena).unwrap(), context)
}

#[test]
fn templates_give_what_aws_sent() {
    let cases = [
        (
            r#"{"method": "PUT", "path": "users-service/users/<userId>", "bod": <payload>}"#,
            r#"{"method":"PUT","path":"users-service/users/0a787ecb-4015","bod":{"acc_id":"0a787ecb-4015","sf_id":"baz"}}"#,
        ),
        (
            r#""Payload of <payload> with path users-service/users/<userId> and <userId>""#,
            r#""Payload of {acc_id:0a787ecb-4015,sf_id:baz} with path users-service/users/0a787ecb-4015 and 0a787ecb-4015""#,
        ),
        (
            r#"{"method": "PUT", "bod": [<userId>, "hardcoded"]}"#,
            r#"{"method":"PUT","bod":["0a787ecb-4015","hardcoded"]}"#,
        ),
        (r#"{"id" : <userId>}"#, r#"{"id":"0a787ecb-4015"}"#),
        (r#"{"id" : "<userId>"}"#, r#"{"id":"0a787ecb-4015"}"#),
        (
            r#"{"multi_replacement": "users/<userId>/second/<userId>"}"#,
            r#"{"multi_replacement":"users/0a787ecb-4015/second/0a787ecb-4015"}"#,
        ),
        (
            r#"{"singlelistitem": <listsingle>}"#,
            r#"{"singlelistitem":["HIGH"]}"#,
        ),
        (
            "\"<listsingle> single list item\"\n\"<listmulti> multiple list items\"\n\"<systemstring> system account id\"",
            "\"[HIGH] single list item\"\n\"[ACTIVE,INACTIVE] multiple list items\"\n\" system account id\"",
        ),
        (r#""Command is <valid>!""#, r#""Command is true!""#),
        (r#"{"command": <systemstring>}"#, r#"{"command":""}"#),
        (
            r#""{[/Check with special starting characters for event of <detail-type> type""#,
            r#""{[/Check with special starting characters for event of core.update-account-command type""#,
        ),
        (
            r#""<aws.events.rule-arn> <aws.events.rule-name> <aws.events.event.ingestion-time>""#,
            r#""arn:aws:events:us-east-1:111111111111:rule/bus/rule rule 2026-03-03T12:00:01Z""#,
        ),
        (
            r#""instance \"<userId>\" is in <detail-type>""#,
            r#""instance \"0a787ecb-4015\" is in core.update-account-command""#,
        ),
    ];
    for (template, expected) in cases {
        assert_eq!(
            applied(PATHS, template, &event()).unwrap(),
            expected,
            "{template}"
        );
    }
}

#[test]
fn the_reserved_event_is_without_detail_and_its_json_is_whole() {
    let template =
        r#"{"originalEvent": <aws.events.event>, "originalEventJson": <aws.events.event.json>}"#;
    let given: Value = serde_json::from_str(&applied(&[], template, &event()).unwrap()).unwrap();
    assert_eq!(given["originalEventJson"], event());
    let original = given["originalEvent"].as_object().unwrap();
    assert_eq!(original["detailType"], "core.update-account-command");
    assert_eq!(original.len(), 8);
    assert!(!original.contains_key("detail") && !original.contains_key("detail-type"));
}

/// AWS sends nothing for these; here it is an error that says why.
#[test]
fn what_breaks_the_json_is_an_error() {
    for template in [
        r#"{"not_valid": "users-service/users/<payload>", "bod": <payload>}"#,
        r#"{"payload": "<payload>"}"#,
        r#"{"singlelistitem": "<listsingle>"}"#,
    ] {
        let error = applied(PATHS, template, &event()).unwrap_err();
        assert!(
            matches!(error, TransformError::NotJson { .. }),
            "{template}: {error}"
        );
    }
}

#[test]
fn a_hostile_title_stays_a_text() {
    let mut event = event();
    let title = "x\", \"approved\": true, \"y\": \"\n\\";
    event["detail"]["command"] = json!(title);
    let paths = [("title", "$.detail.command")];
    let json = applied(&paths, r#"{"title": "found: <title>"}"#, &event).unwrap();
    let read: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read, json!({"title": format!("found: {title}")}));
    let line = applied(&paths, "\"<title>\"", &event).unwrap();
    assert_eq!(serde_json::from_str::<String>(&line).unwrap(), title);
}

#[test]
fn what_put_targets_refuses_is_refused() {
    let refused = |paths: &[(&str, &str)], template: &str| {
        InputTransformer::new(paths.iter().copied(), template)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused(PATHS, "\"of <detail-type>, <notdefinedkey>\""),
        "InputTemplate contains invalid placeholder notdefinedkey"
    );
    assert!(refused(PATHS, r#"{"a<userId>": 1}"#).contains("in the name of a field"));
    assert!(refused(PATHS, r"{<userId>: 1}").contains("in the name of a field"));
    assert!(refused(PATHS, "<userId> is here").contains("neither JSON nor quoted text"));
    assert!(refused(&[("aws.events.event", "$")], "\"x\"").contains("reserved"));
    assert!(refused(&[("AWS.x", "$")], "\"x\"").contains("cannot start with AWS."));
    assert!(refused(&[("a b", "$")], "\"x\"").contains("letters, digits"));
    assert!(refused(&[("", "$")], "\"x\"").contains("1 to 256"));
    assert!(refused(&[("a", "detail")], "\"x\"").contains("begin with $"));
    assert!(refused(&[("a", "$.detail['x']")], "\"x\"").contains("names follow a dot"));
    assert!(refused(&[], "").contains("0 characters"));
    assert!(refused(&[], &format!("\"{}\"", "x".repeat(8_191))).contains("8193 characters"));
    let many: Vec<(String, &str)> = (0..101).map(|i| (format!("v{i}"), "$")).collect();
    let many: Vec<(&str, &str)> = many
        .iter()
        .map(|(name, path)| (name.as_str(), *path))
        .collect();
    assert!(refused(&many, "\"x\"").contains("101 variables"));
}

#[test]
fn paths_reach_parts() {
    let text = json!({"detail": {"a-b": [{"c": 1}, {"c": [2, 3]}], "x/y": null}}).to_string();
    let arena = Bump::new();
    let node = tree::parse(text.as_bytes(), &arena).unwrap();
    let found = |path: &str| JsonPath::parse(path).unwrap().find(node);
    assert_eq!(found("$.detail.a-b[1].c[0]"), Some(json!(2)));
    assert_eq!(found("$.detail.a-b[*].c"), Some(json!([1, [2, 3]])));
    assert_eq!(found("$.detail.a-b[1].c.*"), Some(json!([2, 3])));
    assert_eq!(found("$.detail.x/y"), Some(json!(null)));
    assert_eq!(found("$.detail.a-b[7]"), None);
    assert_eq!(found("$.detail.missing[*]"), Some(json!([])));
    assert_eq!(found("$"), Some(serde_json::from_str(&text).unwrap()));
    for bad in ["", "$detail", "$.", "$..a", "$.a[", "$.a[x]", "$.a]"] {
        assert!(JsonPath::parse(bad).is_err(), "{bad}");
    }
}
