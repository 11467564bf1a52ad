//! Oracle: AWS's pages API_StringFilter.html, API_MapFilter.html, API_DateFilter.html.

#![expect(clippy::unwrap_used, reason = "a test")]

use posture_hub::filter::Filters;
use serde_json::{Value, json};

fn accepts(filters: &Value, finding: &Value) -> bool {
    let now = "2026-03-10T00:00:00Z".parse().unwrap();
    let filters = Filters::from_json(filters).unwrap();
    filters.accept(finding.as_object().unwrap(), now)
}

fn text(field: &str, filters: &[(&str, &str)]) -> Value {
    let list: Vec<Value> = filters
        .iter()
        .map(|(how, value)| json!({"Comparison": how, "Value": value}))
        .collect();
    json!({ field: list })
}

/// The example of the page: types that start with AwsIam or AwsEc2, but not these two.
#[test]
fn prefixes_are_joined_by_or_and_then_what_is_excluded() {
    let filters = text(
        "ResourceType",
        &[
            ("PREFIX", "AwsIam"),
            ("PREFIX", "AwsEc2"),
            ("NOT_EQUALS", "AwsIamPolicy"),
            ("NOT_EQUALS", "AwsEc2NetworkInterface"),
        ],
    );
    for (kind, expected) in [
        ("AwsIamUser", true),
        ("AwsEc2Instance", true),
        ("AwsIamPolicy", false),
        ("AwsEc2NetworkInterface", false),
        ("AwsS3Bucket", false),
    ] {
        let finding = json!({"Resources": [{"Type": kind}]});
        assert_eq!(accepts(&filters, &finding), expected, "{kind}");
    }
}

#[test]
fn every_comparison() {
    let finding = json!({
        "Title": "CloudFront is open", "Severity": {"Label": "HIGH", "Normalized": 70},
        "Confidence": 95, "UpdatedAt": "2026-03-08T00:00:00Z", "Sample": true,
        "Resources": [{"Id": "a", "Tags": {"Team": "web"}}, {"Id": "b"}],
        "Network": {"SourceIpV4": "10.1.2.3"},
    });
    for (filters, expected) in [
        (text("Title", &[("CONTAINS", "CloudFront")]), true),
        (
            text("Title", &[("CONTAINS", "x"), ("CONTAINS", "open")]),
            true,
        ),
        (
            text("Title", &[("NOT_CONTAINS", "x"), ("NOT_CONTAINS", "open")]),
            false,
        ),
        (text("Title", &[("EQUALS", "cloudfront is open")]), false),
        (text("Title", &[("PREFIX_NOT_EQUALS", "Cloud")]), false),
        (text("ResourceId", &[("EQUALS", "b")]), true),
        (text("ResourceId", &[("NOT_EQUALS", "b")]), false),
        (text("NoteText", &[("NOT_EQUALS", "b")]), true),
        (text("NoteText", &[("EQUALS", "b")]), false),
        (json!({"Confidence": [{"Gte": 90, "Lte": 95}]}), true),
        (json!({"Confidence": [{"Gt": 95}, {"Eq": 1}]}), false),
        (
            json!({"UpdatedAt": [{"DateRange": {"Value": 2, "Unit": "DAYS"}}]}),
            true,
        ),
        (
            json!({"UpdatedAt": [{"DateRange": {"Value": 1, "Unit": "DAYS"}}]}),
            false,
        ),
        (
            json!({"UpdatedAt": [{"DateRange": {"Value": 1, "Unit": "DAYS", "Comparison": "OLDER_THAN"}}]}),
            true,
        ),
        (
            json!({"UpdatedAt": [{"Start": "2026-03-08T00:00:00Z", "End": "2026-03-09T00:00:00Z"}]}),
            true,
        ),
        (
            json!({"ResourceTags": [{"Key": "Team", "Value": "web", "Comparison": "EQUALS"}]}),
            true,
        ),
        (
            json!({"ResourceTags": [{"Key": "Team", "Value": "web", "Comparison": "NOT_EQUALS"}]}),
            false,
        ),
        (
            json!({"ResourceTags": [{"Key": "Other", "Value": "web", "Comparison": "NOT_EQUALS"}]}),
            true,
        ),
        (
            json!({"NetworkSourceIpV4": [{"Cidr": "10.1.0.0/16"}]}),
            true,
        ),
        (
            json!({"NetworkSourceIpV4": [{"Cidr": "10.2.0.0/16"}]}),
            false,
        ),
        (json!({"Keyword": [{"Value": "cloudfront"}]}), true),
        (json!({"Sample": [{"Value": false}]}), false),
        // Fields by AND.
        (
            json!({"Sample": [{"Value": true}], "Confidence": [{"Eq": 1}]}),
            false,
        ),
    ] {
        assert_eq!(accepts(&filters, &finding), expected, "{filters}");
    }
}

#[test]
fn what_security_hub_refuses_is_refused() {
    for (filters, words) in [
        (
            text("Title", &[("CONTAINS", "a"), ("NOT_CONTAINS", "b")]),
            "own kind",
        ),
        (
            text("Title", &[("CONTAINS", "a"), ("EQUALS", "b")]),
            "own kind",
        ),
        (
            text("Title", &[("EQUALS", "a"), ("NOT_EQUALS", "b")]),
            "on one field",
        ),
        (text("Title", &[("LIKE", "a")]), "LIKE"),
        (json!({"Titel": []}), "no filter \"Titel\""),
        (json!({"Title": []}), "a list of filters"),
        (json!({"Severity": [{}]}), "there is SeverityProduct"),
        (json!({"UpdatedAt": [{"Start": "yesterday"}]}), "yesterday"),
    ] {
        let refused = Filters::from_json(&filters).unwrap_err().to_string();
        assert!(refused.contains(words), "{refused}");
    }
}

#[test]
fn conditions_in_words_are_the_same_filters() {
    let words = [
        "SeverityLabel EQUALS HIGH",
        "Title CONTAINS is open",
        "Confidence Gte 90",
        "UpdatedAt WITHIN 3",
    ];
    let filters = Filters::from_conditions(&words.map(str::to_owned)).unwrap();
    let now = "2026-03-10T00:00:00Z".parse().unwrap();
    let finding = json!({
        "Title": "it is open", "Severity": {"Label": "HIGH"}, "Confidence": 90, "UpdatedAt": "2026-03-08T00:00:00Z",
    });
    assert!(filters.accept(finding.as_object().unwrap(), now));
    for words in ["Title", "Title EQUALS", "Confidence Gte many"] {
        assert!(
            Filters::from_conditions(&[words.to_owned()]).is_err(),
            "{words}"
        );
    }
}
