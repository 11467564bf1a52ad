//! Oracle: LocalStack's event patterns, each validated against AWS's TestEventPattern.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use std::path::Path;

use posture_router::Pattern;
use serde_json::Value;

#[derive(Debug, PartialEq)]
enum Answer {
    Matches,
    DoesNot,
    Invalid,
}

fn answer(pattern: &str, event: &str) -> Answer {
    match Pattern::parse(pattern) {
        Err(_) => Answer::Invalid,
        Ok(pattern) if support::matches(&pattern, event) => Answer::Matches,
        Ok(_) => Answer::DoesNot,
    }
}

fn expected(stem: &str) -> Answer {
    if stem.ends_with("_NEG") {
        return Answer::DoesNot;
    }
    if stem.ends_with("_EXC") {
        return Answer::Invalid;
    }
    Answer::Matches
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn every_case_gives_aws_answer() {
    let Some(folder) = support::shared("localstack") else {
        return;
    };
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json5"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 95, "only {} cases", paths.len());
    let mut wrong = Vec::new();
    for path in &paths {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let case: Value = json5::from_str(&read(path)).unwrap();
        let given = answer(
            &case["EventPattern"].to_string(),
            &case["Event"].to_string(),
        );
        if given != expected(stem) {
            wrong.push(format!("{stem}: {given:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_field_named_twice_asks_what_it_asks_last() {
    let Some(folder) = support::shared("localstack") else {
        return;
    };
    let pattern = read(&folder.join("complex_multi_key_event_pattern.json"));
    let event = read(&folder.join("complex_multi_key_event.json"));
    assert_eq!(answer(&pattern, &event), Answer::Matches);
}

#[test]
fn escaped_characters_are_themselves() {
    let event = r#"{"detail": {"escape_star": "*", "escape_backslash": "\\"}}"#;
    let pattern = r#"{"detail": {"escape_star": ["*"], "escape_backslash": ["\\"]}}"#;
    assert_eq!(answer(pattern, event), Answer::Matches);
}

#[test]
fn what_is_no_json_object_is_no_pattern() {
    for pattern in [
        "this is valid json but not a dict",
        "{'bad': 'quotation'}",
        r#"{"not": closed mark""#,
        r#"["not", "a", "dict", "but valid json"]"#,
    ] {
        assert_eq!(answer(pattern, "{}"), Answer::Invalid, "{pattern}");
    }
}
