//! Two counts of a population: what was listed, and the calls that made and removed resources, as
//! CloudTrail told of them. Neither is made from the other; each difference is explained.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use posture_store::{NamedCall, Store, call_name};
use serde::Serialize;

use crate::activity::is_in;
use crate::config_counts::{ConfigCount, config_counts};
use crate::error::AuditError;
use crate::history::{History, Resource};
use crate::scope::Scope;

/// Differences that are told singly, of each kind.
const TOLD: usize = 20;

/// How long before it was listed something may have been made: listings are made at least that often.
const LISTED_WITHIN: SignedDuration = SignedDuration::from_hours(48);

/// AWS's APIs are eventually consistent: what a listing shows may be told of this much later.
const LATE: SignedDuration = SignedDuration::from_mins(5);

/// Services that events call otherwise than types do. Source: the CloudTrail user guide's page of
/// each service, and the names of its types.
const SERVICES: [(&str, &str); 6] = [
    ("elasticfilesystem", "efs"),
    ("elasticloadbalancing", "elasticloadbalancingv2"),
    ("es", "opensearch"),
    ("kafka", "msk"),
    ("monitoring", "cloudwatch"),
    ("states", "stepfunctions"),
];

const MAKING: [&str; 5] = ["Allocate", "Create", "Import", "Register", "Run"];
const REMOVING: [&str; 4] = ["Delete", "Deregister", "Release", "Terminate"];

/// The two counts of a type over a period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reconciled {
    /// The type.
    pub resource_type: String,
    /// Whether CloudTrail's events were taken in of any day of the period: else there is one count.
    pub has_events: bool,
    /// Resources that were there when the type was first listed: nobody knows who made them.
    pub at_first: usize,
    /// Resources that came in the period.
    pub came: Counted,
    /// Resources that went in it.
    pub went: Counted,
    /// What AWS Config counted last, place by place, where it was asked.
    pub config: Vec<ConfigCount>,
}

/// Resources that came, or went, by both counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counted {
    /// By the listings.
    pub listed: usize,
    /// By the calls that CloudTrail told of.
    pub called: usize,
    /// Those of the listings that a call named.
    pub both: usize,
    /// Each difference, with what explains it; the first ones of many.
    pub differences: Vec<String>,
}

impl Counted {
    /// Whether both counts are of the same resources.
    pub fn agrees(&self) -> bool {
        self.listed == self.both && self.called == self.both
    }

    fn differ(&mut self, what: String) {
        let kept = self.differences.len();
        if kept < TOLD {
            self.differences.push(what);
        } else if kept == TOLD {
            self.differences.push("and more".to_owned());
        }
    }
}

/// The counts of each type of which something came or went, or was called for.
///
/// # Errors
/// Where the state fails.
pub(crate) async fn reconcile(
    store: &Store,
    scope: &Scope,
    history: &History,
    has_events: bool,
) -> Result<BTreeMap<String, Reconciled>, AuditError> {
    let (from, until) = (scope.period.from, scope.period.until);
    let since = from.saturating_sub(LISTED_WITHIN).unwrap_or(from);
    let first = first_listings(store).await?;
    let mut config = config_counts(store, scope, history).await?;
    let calls = store.lifecycle_calls(since, until).await?;
    let calls: Vec<&NamedCall> = calls
        .iter()
        .filter(|call| {
            is_in(
                scope,
                &call.account_id,
                &call.aws_region,
                &call.event_source,
            )
        })
        .collect();
    let mut by_type: BTreeMap<&str, Vec<&Resource>> = BTreeMap::new();
    for resource in history.every_resource() {
        by_type
            .entry(&resource.resource_type)
            .or_default()
            .push(resource);
    }
    let mut all = BTreeMap::new();
    for (resource_type, resources) in by_type {
        let of_type: Vec<(&NamedCall, bool)> = calls
            .iter()
            .filter_map(|call| Some((*call, makes(call, resource_type)?)))
            .collect();
        let mut found = Reconciled {
            resource_type: resource_type.to_owned(),
            has_events,
            config: config.remove(resource_type).unwrap_or_default(),
            ..Reconciled::default()
        };
        for made in [true, false] {
            let calls: Vec<&NamedCall> = of_type
                .iter()
                .filter(|(_, makes)| *makes == made)
                .map(|(call, _)| *call)
                .collect();
            let counting = Counting {
                from,
                made,
                first: &first,
                calls: &calls,
            };
            let mut counted = counting.count(&resources, &mut found.at_first);
            if !has_events {
                counted.differences.clear();
            }
            if made {
                found.came = counted;
            } else {
                found.went = counted;
            }
        }
        all.insert(resource_type.to_owned(), found);
    }
    Ok(all)
}

/// Whether a call makes resources of a type, or removes them; none where it does neither.
fn makes(call: &NamedCall, resource_type: &str) -> Option<bool> {
    let service = call.event_source.split('.').next().unwrap_or_default();
    let known = SERVICES.iter().find(|(theirs, _)| *theirs == service);
    let service = known.map_or(service, |(_, ours)| ours);
    let mut parts = resource_type.split("::").skip(1);
    let (of_type, noun) = (parts.next()?, parts.next()?);
    if !of_type.eq_ignore_ascii_case(service) {
        return None;
    }
    let is_noun = |rest: &str| {
        // Lambda's events have a version: CreateFunction20150331.
        let rest = rest.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == 'v');
        rest.eq_ignore_ascii_case(noun)
            || rest
                .strip_suffix('s')
                .is_some_and(|one| one.eq_ignore_ascii_case(noun))
    };
    let has = |verbs: &[&str]| {
        let mut rests = verbs
            .iter()
            .filter_map(|verb| call.event_name.strip_prefix(verb));
        rests.any(is_noun)
    };
    match (has(&MAKING), has(&REMOVING)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// What came, or what went.
struct Counting<'c> {
    from: Timestamp,
    made: bool,
    first: &'c HashMap<i64, Timestamp>,
    calls: &'c [&'c NamedCall],
}

impl Counting<'_> {
    fn count(&self, resources: &[&Resource], at_first: &mut usize) -> Counted {
        let mut counted = Counted::default();
        let mut named: HashMap<&[u8; 16], Vec<&NamedCall>> = HashMap::new();
        for call in self.calls {
            for name in &call.names {
                named.entry(name).or_default().push(call);
            }
        }
        let mut matched: BTreeSet<&str> = BTreeSet::new();
        for resource in resources {
            let found: Vec<&NamedCall> = hashes(resource)
                .iter()
                .filter_map(|name| named.get(name))
                .flatten()
                .copied()
                .collect();
            // A call of before counts for something that was not listed since: its time is told.
            matched.extend(found.iter().map(|call| call.event_id.as_str()));
            for at in self.times(resource, at_first) {
                counted.listed += 1;
                let earliest = at.saturating_sub(LISTED_WITHIN).unwrap_or(Timestamp::MIN);
                let latest = at.saturating_add(LATE).unwrap_or(Timestamp::MAX);
                let is_it =
                    |call: &&NamedCall| earliest <= call.happened_at && call.happened_at <= latest;
                if found.iter().any(is_it) {
                    counted.both += 1;
                } else {
                    let what = if self.made { "came" } else { "went" };
                    counted.differ(format!(
                        "{} {what} by {at}, and no call that did it is known",
                        resource.label()
                    ));
                }
            }
        }
        for call in self
            .calls
            .iter()
            .filter(|call| call.happened_at >= self.from)
        {
            counted.called += 1;
            if !matched.contains(call.event_id.as_str()) {
                counted.differ(format!(
                    "{} at {} (event {}) names nothing that was ever listed: it was gone before the next listing, or never came",
                    call.event_name, call.happened_at, call.event_id
                ));
            }
        }
        counted
    }

    /// When it came, or went, in the period.
    fn times(&self, resource: &Resource, at_first: &mut usize) -> Vec<Timestamp> {
        let mut times = Vec::new();
        for (at, exists) in &resource.existence {
            if *exists != self.made || *at < self.from {
                continue;
            }
            let first = self.first.get(&resource.scope);
            if self.made && first.is_some_and(|first| at <= first) {
                *at_first += 1;
            } else {
                times.push(*at);
            }
        }
        times
    }
}

/// The names of a resource, as calls keep them.
fn hashes(resource: &Resource) -> Vec<[u8; 16]> {
    let names = [
        Some(resource.resource_id.as_str()),
        resource.resource_name.as_deref(),
        resource.arn.as_deref(),
    ];
    let names = names.into_iter().flatten();
    names
        .map(|name| call_name(&resource.account_id, name))
        .collect()
}

/// When each scope was listed first.
async fn first_listings(store: &Store) -> Result<HashMap<i64, Timestamp>, AuditError> {
    let sql = "SELECT scope, MIN(listed_at) FROM listings WHERE state = 'complete' GROUP BY scope";
    let mut first = HashMap::new();
    for row in store.database().rows(sql, crate::schema::args![]).await? {
        first.insert(row.int(0)?, crate::schema::time(row.int(1)?));
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    //! Oracle: CloudTrail's names of events, in the user guides of the services.

    use super::*;

    fn call(event_source: &str, event_name: &str) -> NamedCall {
        NamedCall {
            event_id: String::new(),
            account_id: String::new(),
            aws_region: String::new(),
            event_source: event_source.to_owned(),
            event_name: event_name.to_owned(),
            happened_at: Timestamp::UNIX_EPOCH,
            names: BTreeSet::new(),
        }
    }

    #[test]
    fn only_calls_that_make_or_remove_the_very_thing_count() {
        for (source, name, resource_type, expected) in [
            (
                "s3.amazonaws.com",
                "CreateBucket",
                "AWS::S3::Bucket",
                Some(true),
            ),
            (
                "s3.amazonaws.com",
                "DeleteBucket",
                "AWS::S3::Bucket",
                Some(false),
            ),
            (
                "s3.amazonaws.com",
                "DeleteBucketPolicy",
                "AWS::S3::Bucket",
                None,
            ),
            (
                "iam.amazonaws.com",
                "CreateAccessKey",
                "AWS::IAM::User",
                None,
            ),
            (
                "iam.amazonaws.com",
                "CreateUser",
                "AWS::IAM::User",
                Some(true),
            ),
            (
                "transfer.amazonaws.com",
                "CreateUser",
                "AWS::IAM::User",
                None,
            ),
            (
                "ec2.amazonaws.com",
                "RunInstances",
                "AWS::EC2::Instance",
                Some(true),
            ),
            (
                "ec2.amazonaws.com",
                "TerminateInstances",
                "AWS::EC2::Instance",
                Some(false),
            ),
            (
                "ec2.amazonaws.com",
                "CreateTags",
                "AWS::EC2::Instance",
                None,
            ),
            (
                "lambda.amazonaws.com",
                "CreateFunction20150331",
                "AWS::Lambda::Function",
                Some(true),
            ),
            (
                "elasticfilesystem.amazonaws.com",
                "CreateFileSystem",
                "AWS::EFS::FileSystem",
                Some(true),
            ),
        ] {
            assert_eq!(
                makes(&call(source, name), resource_type),
                expected,
                "{name}"
            );
        }
    }
}
