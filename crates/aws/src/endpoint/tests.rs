//! Oracle: botocore's tests of the rules' language, and AWS's endpoint tests of every service
//! (`tests/fixtures/botocore/README.md`).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::rule::RuleSet;
use crate::model::Service;
use crate::testing::fixture;

/// What a case expects and what the rules say, both as one value.
fn outcomes(rules: &RuleSet, case: &Value) -> (Value, Value) {
    let parameters: BTreeMap<Box<str>, Value> = case["params"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str().into(), value.clone()))
        .collect();
    let found = match rules.decide(parameters) {
        Ok(decision) => json!({
            "url": decision.url,
            "properties": if decision.properties.is_null() { json!({}) } else { decision.properties },
            "headers": decision.headers.into_iter().map(|(name, values)| (name.to_string(), values.into())).collect::<serde_json::Map<_, Value>>(),
        }),
        Err(error) => json!({ "error": error }),
    };
    let expect = &case["expect"];
    let expected = match expect.get("endpoint") {
        Some(endpoint) => json!({
            "url": endpoint["url"],
            "properties": endpoint.get("properties").cloned().unwrap_or_else(|| json!({})),
            "headers": endpoint.get("headers").cloned().unwrap_or_else(|| json!({})),
        }),
        None => json!({ "error": expect["error"] }),
    };
    (expected, found)
}

#[test]
fn the_language_is_botocores() {
    let files = fixture("endpoint-language.json.gz");
    let mut passed = 0;
    for (path, cases) in files.as_object().unwrap() {
        let Some(name) = path.strip_prefix("test-cases/") else {
            continue;
        };
        let rules = &files[format!("valid-rules/{name}")];
        let rules: RuleSet = serde_json::from_value(rules.clone()).unwrap();
        for case in cases["testCases"].as_array().unwrap() {
            let (expected, found) = outcomes(&rules, case);
            assert_eq!(expected, found, "{name}: {}", case["params"]);
            passed += 1;
        }
    }
    assert!(passed > 80, "{passed}");
}

#[test]
fn every_service_resolves_as_aws_expects() {
    let services = fixture("endpoint-tests.json.gz");
    let mut passed = 0;
    let mut wrong = Vec::new();
    for (name, cases) in services.as_object().unwrap() {
        let Ok(service) = Service::named(name) else {
            continue;
        };
        let rules = service.endpoints.as_ref().unwrap();
        for case in cases.as_array().unwrap() {
            let (expected, found) = outcomes(rules, case);
            if expected == found {
                passed += 1;
            } else {
                wrong.push(format!("{name} {}: {expected} is {found}", case["params"]));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong, {passed} right: {:#?}",
        wrong.len(),
        wrong.iter().take(20).collect::<Vec<_>>()
    );
    assert!(passed > 10_000, "{passed}");
}
