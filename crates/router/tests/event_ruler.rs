//! Oracle: aws/event-ruler, the matcher behind EventBridge.
//!
//! `data/event-ruler.jsonl` holds cases that `tests/oracles/router/cases.py` made and hand-written
//! ones, with the answers of event-ruler at commit 337e8d9. Its own test files are read from the
//! shared folder.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

#[path = "support/scenarios.rs"]
mod scenarios;
mod support;

use posture_model::tree::{self, Bump};
use posture_router::Pattern;
use serde_json::{Value, json};

fn cases(path: &std::path::Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn recorded() -> Vec<Value> {
    let path = std::env::var_os("POSTURE_RULER_CASES").map_or_else(
        || concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/event-ruler.jsonl").into(),
        std::path::PathBuf::from,
    );
    cases(&path)
}

fn shared(name: &str) -> Option<Value> {
    let path = support::shared("event-ruler")?.join(name);
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

fn matches(pattern: &Value, event: &Value) -> bool {
    let pattern = Pattern::parse(&pattern.to_string()).unwrap();
    support::matches(&pattern, &event.to_string())
}

#[test]
fn recorded_answers_are_given() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in recorded() {
        let (pattern, event) = (
            case["pattern"].as_str().unwrap(),
            case["event"].as_str().unwrap(),
        );
        let Some(expected) = case["matches"].as_bool() else {
            continue;
        };
        count += 1;
        let given = Pattern::parse(pattern).map(|pattern| support::matches(&pattern, event));
        if given != Ok(expected) {
            wrong.push(format!("{pattern} {event}: {given:?}"));
        }
    }
    assert!(count > 900);
    assert!(
        wrong.is_empty(),
        "{}: {:#?}",
        wrong.len(),
        &wrong[..wrong.len().min(8)]
    );
}

/// The same substance, and a place at or before the one where event-ruler's reader had got to.
#[test]
fn recorded_errors_are_given_with_their_place() {
    let mut count = 0;
    for case in recorded() {
        let Some(expected) = case["error"].as_str() else {
            continue;
        };
        count += 1;
        let pattern = case["pattern"].as_str().unwrap();
        let error = Pattern::parse(pattern).unwrap_err();
        let ours_is_plainer = [
            // Says "numeric" of any operator with one key too many.
            (
                "Too many elements in numeric expression",
                "Only one key allowed",
            ),
            // Tells addresses that look like one from those that don't.
            ("Invalid IP address", "Nonstandard IP address"),
            // Falls back to `$or` as a field and complains about that.
            (
                "Unrecognized match type a",
                "prefix is Ruler reserved fieldName",
            ),
            // Of "": what is missing is JSON.
            ("Filter is not an object", "the JSON ends too early"),
            // Of `{"$or": []}`: it is no field that is empty.
            (
                "Empty arrays are not allowed",
                "There must have at least 2 Objects",
            ),
        ];
        let same = error.message == expected
            || ours_is_plainer.iter().any(|(theirs, ours)| {
                expected.starts_with(theirs) && error.message.starts_with(ours)
            });
        assert!(same, "{pattern}: {expected:?}, ours {error}");
        if let Some(column) = case["column"].as_u64() {
            assert_eq!(
                error.line as u64,
                case["line"].as_u64().unwrap(),
                "{pattern}"
            );
            assert!(
                error.column as u64 <= column,
                "{pattern}: {error}, theirs {column}"
            );
        }
    }
    assert!(count >= 40 || std::env::var_os("POSTURE_RULER_CASES").is_some());
}

#[test]
fn correctness_cases_agree_with_their_names() {
    let Some(cases) = shared("correctness-cases.json") else {
        return;
    };
    // The file has no answers: event-ruler compares its two matchers on it. These are event-ruler's.
    let expected: Value =
        serde_json::from_str(include_str!("data/event-ruler-correctness.json")).unwrap();
    let given: Value = cases
        .as_array()
        .unwrap()
        .iter()
        .map(|case| {
            (
                case["name"].as_str().unwrap(),
                matches(&case["rule"], &case["event"]),
            )
        })
        .map(|(name, matches)| (name.to_owned(), Value::Bool(matches)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    assert_eq!(given, expected);
}

#[test]
fn or_is_a_primitive_a_field_or_an_error() {
    let Some(or) = shared("orRelationshipRules.json") else {
        return;
    };
    let event = |fields: &[(&str, Value)]| -> Value {
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let metric = ("metricName", json!("ReadLatency"));
    let source = ("source", json!("aws.cloudwatch"));
    assert!(matches(&or[0], &event(std::slice::from_ref(&metric))));
    assert!(!matches(&or[1], &event(std::slice::from_ref(&metric))));
    let detail = ("detail", json!({"source": "aws.cloudwatch"}));
    assert!(matches(&or[1], &event(&[metric.clone(), detail])));
    assert!(!matches(&or[2], &event(std::slice::from_ref(&metric))));
    assert!(matches(&or[2], &event(&[metric, source.clone()])));
    let nested = [
        source.clone(),
        ("metricType", json!("MetricType")),
        ("namespace", json!("AWS/ES")),
    ];
    assert!(!matches(&or[3], &event(&nested)));
    let mut whole = nested.to_vec();
    whole.push(("spaceId", json!(1000)));
    assert!(matches(&or[3], &event(&whole)));
    for rule in shared("wrongOrRelationshipRules.json")
        .unwrap()
        .as_array()
        .unwrap()
    {
        assert!(Pattern::parse(&rule.to_string()).is_err(), "{rule}");
    }
    let fields = shared("normalRulesWithOrWording.json").unwrap();
    assert!(matches(&fields[0], &json!({"$or": "10.0.0.7"})));
    assert!(matches(
        &fields[1],
        &json!({"source": "aws.cloudwatch", "$or": {"metricType": "MetricType", "namespace": "AWS/ES"}})
    ));
    assert!(matches(
        &fields[2],
        &json!({"time": "2017-10-02T", "detail": {"$or": 3}})
    ));
    assert!(matches(&fields[3], &json!({"detail": {"$or": 11}})));
    assert!(!matches(&fields[3], &json!({"detail": {"$or": 7}})));
}

#[test]
fn the_big_event_matches_its_rule() {
    let (Some(event), Some(rule)) = (shared("bigEvent.json"), shared("bigEventRule.json")) else {
        return;
    };
    assert!(matches(&rule, &event));
    let mut other = rule.clone();
    other["source"] = json!(["aws.s3"]);
    assert!(!matches(&other, &event));
}

/// As event-ruler's `perf-scenarios.json`, of which this makes the events; a quadratic matcher would
/// take minutes.
#[test]
fn large_arrays_take_linear_time() {
    let Some(scenarios) = shared("perf-scenarios.json") else {
        return;
    };
    let mut ran = 0;
    for scenario in scenarios.as_array().unwrap() {
        let pattern = Pattern::parse(&scenario["rule"].to_string()).unwrap();
        let generator = scenario["generator"].as_str().unwrap();
        for size in scenario["sizes"].as_array().unwrap() {
            let text = scenarios::generated(generator, size.as_u64().unwrap()).to_string();
            let arena = Bump::new();
            let node = tree::parse(text.as_bytes(), &arena).unwrap();
            let expected = scenario["expectedMatches"].as_u64().unwrap() > 0;
            assert_eq!(pattern.matches(node), expected, "{}", scenario["name"]);
            assert_eq!(support::matches(&pattern, &text), expected);
            ran += 1;
        }
    }
    assert!(ran >= 50, "only {ran} scenarios");
}
