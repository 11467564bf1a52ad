//! Every declaration against the service models.
//!
//! Oracle: botocore's models: the operations, what they take, what they give, what they read.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::SdkConfig;
use aws_types::region::Region;
use posture_aws::{Client, Effect, Options, Service as Model};
use posture_recorder::declare::{Asked, Call, Detail, How, Param, Scope, Service, Tags};
use posture_recorder::{Needs, Plan, services};
use serde_json::{Map, Value, json};

fn client() -> Client {
    let keys = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret", None, None, "test");
    let sdk = SdkConfig::builder()
        .region(Region::new("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build();
    Client::new(sdk, Options::default())
}

/// An input of the call, with a text for what comes from items.
fn input(call: &Call, more: &[(&str, Value)]) -> Value {
    let mut input = Map::new();
    for (name, param) in call.params {
        let value = match param {
            Param::Json(text) => serde_json::from_str(text).unwrap(),
            Param::Item(_) | Param::Parent(_) => json!("some-thing"),
            Param::Items(_) => json!(["some-thing"]),
            Param::Account => json!("123456789012"),
            Param::Region => json!("eu-west-1"),
        };
        input.insert((*name).to_owned(), value);
    }
    for (name, value) in more {
        input.insert((*name).to_owned(), value.clone());
    }
    Value::Object(input)
}

fn check(client: &Client, service: &Service, call: &Call, more: &[(&str, Value)]) {
    let name = call.model.unwrap_or(service.model);
    let model = Model::named(name).unwrap();
    let operation = model.operation(call.operation).unwrap();
    assert_eq!(
        operation.effect(name),
        Effect::Read,
        "{name} {}",
        call.operation
    );
    if let Some(prepare) = call.prepare {
        let operation = model.operation(prepare.operation).unwrap();
        assert_eq!(operation.effect(name), Effect::Read);
    }
    let fits = client.endpoint(name, call.operation, &input(call, more));
    assert!(fits.is_ok(), "{name}: {}", fits.unwrap_err());
}

fn check_detail(client: &Client, service: &Service, detail: &Detail) {
    match &detail.how {
        How::Batch(batch) => {
            let ids = json!(["some-thing"]);
            check(client, service, &detail.call, &[(batch.member, ids)]);
        }
        How::Listed(listed) => {
            let ids = json!(["some-thing"]);
            check(client, service, &listed.list, &[]);
            check(client, service, &detail.call, &[(listed.member, ids)]);
        }
        _ => check(client, service, &detail.call, &[]),
    }
    if let Asked::WhereAny(list, _) = &detail.asked {
        check(client, service, list, &[]);
    }
    let is_place = detail.into == "tags"
        || detail.into == "relationships"
        || detail.into.starts_with("configuration.")
        || detail.into.starts_with("supplementaryConfiguration.");
    assert!(is_place, "{}", detail.into);
}

#[test]
fn every_call_is_an_operation_that_reads_and_its_input_fits() {
    let client = client();
    let mut calls = 0;
    for service in services() {
        assert!(service.calls_per_second > 0.0);
        for collector in service.collectors {
            check(&client, service, &collector.list, &[]);
            calls += 1;
            if let Some(within) = &collector.within {
                check(&client, service, &within.list, &[]);
            }
            if let Some(describe) = &collector.describe {
                let id = match describe.size {
                    0 => json!("some-thing"),
                    _ => json!(["some-thing"]),
                };
                check(&client, service, &describe.call, &[(describe.member, id)]);
            }
            for detail in collector.details {
                check_detail(&client, service, detail);
                calls += 1;
            }
            if let Tags::Asked(call, _) = &collector.tags {
                check(&client, service, call, &[]);
            }
            if let Tags::Bulk(_) = &collector.tags {
                assert!(collector.arn.is_some(), "tags are found by ARN");
            }
        }
        for fact in service.account {
            check(&client, service, &fact.call, &[]);
            for each in fact.each {
                check(&client, service, &each.call, &[]);
            }
            calls += 1;
        }
    }
    assert!(calls > 40, "{calls}");
}

#[test]
fn a_type_is_collected_once_and_a_place_is_filled_once() {
    let mut types: BTreeMap<(&str, bool), &str> = BTreeMap::new();
    let mut facts: BTreeMap<&str, &str> = BTreeMap::new();
    for service in services() {
        for collector in service.collectors {
            // Of WAF's, CloudFront's are listed apart, and are items of another Region.
            let is_global = collector.scope.unwrap_or(service.scope) == Scope::Global;
            let place = (collector.resource_type.as_str(), is_global);
            let known = types.insert(place, service.model);
            assert_eq!(known, None, "{}", collector.resource_type.as_str());
            let mut places: Vec<&str> = collector.details.iter().map(|d| d.into).collect();
            places.sort_unstable();
            let count = places.len();
            places.dedup();
            assert_eq!(places.len(), count, "{}", collector.resource_type.as_str());
        }
        for fact in service.account {
            let known = facts.insert(fact.call.operation, service.model);
            assert_eq!(known, None, "{}", fact.call.operation);
        }
    }
}

#[test]
fn only_what_is_needed_is_planned() {
    let rule = posture_rules::catalogue::find("s3-bucket-versioning-enabled").unwrap();
    let plan = Plan::new(&Needs::of([rule.rule]));
    let calls: Vec<String> = plan
        .calls()
        .iter()
        .map(|call| format!("{} {}", call.service, call.operation))
        .collect();
    assert_eq!(
        calls,
        [
            "resourcegroupstaggingapi GetResources",
            "s3 GetBucketVersioning",
            "s3 ListBuckets",
        ]
    );
    assert!(Plan::new(&Needs::everything()).calls().len() > 40);
    assert!(Plan::new(&Needs::default()).calls().is_empty());
}
