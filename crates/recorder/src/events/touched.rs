//! Which types an event's name tells of, derived from the declarations of the services.
//!
//! A call is named for what it changes, and the calls that read it back are named for the same
//! thing: `PutBucketVersioning` is read by `GetBucketVersioning`, which S3's declaration makes for
//! buckets. So a type is touched where the noun of its name, or of a call that it is read by, is in
//! the event's name. Where no type's is, every type of the service may be.

use std::collections::BTreeSet;

use posture_aws::Service as Model;
use posture_model::ResourceType;

use crate::declare::{AccountFact, Collector, How, Service, Tags};

const VERBS: [&str; 5] = ["BatchGet", "Describe", "List", "Get", "Lookup"];

/// The types that an event of this service, by its name in CloudTrail or EventBridge, may touch.
pub(super) fn types(service: &str, event: &str) -> BTreeSet<ResourceType> {
    let event = event.to_ascii_lowercase();
    let mut named = BTreeSet::new();
    let mut all = BTreeSet::new();
    for declared in crate::services::all().filter(|declared| is_called(declared, service)) {
        for collector in declared.collectors {
            all.insert(collector.resource_type);
            if nouns(collector).any(|noun| event.contains(&noun)) {
                named.insert(collector.resource_type);
            }
        }
        if !declared.account.is_empty() {
            all.insert(ResourceType::Account);
        }
        if declared
            .account
            .iter()
            .flat_map(calls)
            .any(|name| event.contains(&noun(name)))
        {
            named.insert(ResourceType::Account);
        }
    }
    if named.is_empty() { all } else { named }
}

/// Whether this is what a service calls itself in events: what it is signed for, or its own name.
fn is_called(declared: &Service, service: &str) -> bool {
    let signing = Model::named(declared.model).map(|model| model.signing);
    declared.model == service || signing.is_ok_and(|signing| signing == service)
}

fn nouns(collector: &'static Collector) -> impl Iterator<Item = String> {
    let own = collector
        .resource_type
        .as_str()
        .rsplit("::")
        .next()
        .unwrap_or_default();
    let mut names = vec![collector.list.operation];
    names.extend(
        collector
            .describe
            .as_ref()
            .map(|describe| describe.call.operation),
    );
    for detail in collector.details {
        if !matches!(detail.how, How::Entry) {
            names.push(detail.call.operation);
        }
    }
    if let Tags::Asked(call, _) = &collector.tags {
        names.push(call.operation);
    }
    let read = names.into_iter().map(noun);
    std::iter::once(own.to_ascii_lowercase())
        .chain(read)
        .filter(|noun| !noun.is_empty())
}

fn calls(fact: &'static AccountFact) -> impl Iterator<Item = &'static str> {
    let each = fact.each.iter().map(|each| each.call.operation);
    std::iter::once(fact.call.operation).chain(each)
}

/// What a reading call is about, as one thing, in small letters: `DescribeFlowLogs` is about `flowlog`.
fn noun(operation: &str) -> String {
    let noun = VERBS.iter().find_map(|verb| operation.strip_prefix(verb));
    let noun = noun.unwrap_or(operation).to_ascii_lowercase();
    match noun.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => noun.strip_suffix('s').unwrap_or(&noun).to_owned(),
    }
}
