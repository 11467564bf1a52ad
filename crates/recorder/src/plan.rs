//! Which calls are made: declarations, narrowed to what is needed.

use std::collections::BTreeMap;

use posture_aws::action_named;
use posture_model::ResourceType;

use crate::declare::{
    AccountFact, Asked, Call, Collector, Detail, Each, How, Scope, Service, Tags, UNPUBLISHED,
};
use crate::needs::Needs;

/// The calls to make, by listing.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) listings: Vec<Listed>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) needs_account: bool,
    /// The ceilings of all services that are called.
    pub(crate) ceilings: BTreeMap<&'static str, f64>,
}

/// A listing, and the types that it tells of.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) service: &'static Service,
    pub(crate) collectors: Vec<Collected>,
}

/// A type, and what is asked of it.
#[derive(Debug, Clone)]
pub(crate) struct Collected {
    pub(crate) collector: &'static Collector,
    pub(crate) details: Vec<&'static Detail>,
}

/// What is asked of the account.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    pub(crate) service: &'static Service,
    pub(crate) declared: &'static AccountFact,
    pub(crate) each: Vec<&'static Each>,
}

/// A call that would be made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlannedCall {
    /// The service that is asked, by botocore's name.
    pub service: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// The IAM action that allows it.
    pub action: String,
    /// How often.
    pub how_often: &'static str,
    /// What it tells of.
    pub resource_type: ResourceType,
}

impl Listed {
    /// Where it is asked.
    pub(crate) fn scope(&self) -> Scope {
        let own = self
            .collectors
            .first()
            .and_then(|collected| collected.collector.scope);
        own.unwrap_or(self.service.scope)
    }
}

impl Plan {
    /// What is needed, of everything that can be collected.
    pub fn new(needs: &Needs) -> Plan {
        Plan::of(crate::services::all(), needs)
    }

    fn of(services: impl IntoIterator<Item = &'static Service>, needs: &Needs) -> Plan {
        let mut plan = Plan {
            listings: Vec::new(),
            facts: Vec::new(),
            needs_account: needs.needs(ResourceType::Account),
            ceilings: BTreeMap::new(),
        };
        for service in services {
            plan.add(service, needs);
        }
        let called = plan.calls().into_iter().map(|call| call.service);
        plan.ceilings = called.map(|service| (service, ceiling(service))).collect();
        plan
    }

    fn add(&mut self, service: &'static Service, needs: &Needs) {
        let first = self.listings.len();
        for collector in service.collectors {
            if !needs.needs(collector.resource_type) {
                continue;
            }
            let is_needed =
                |detail: &&Detail| needs.needs_place(collector.resource_type, detail.into);
            let collected = Collected {
                collector,
                details: collector.details.iter().filter(is_needed).collect(),
            };
            let same = self.listings.iter_mut().skip(first).find(|listed| {
                listed.collectors.iter().any(|known| {
                    known.collector.list.is_same(&collector.list)
                        && known.collector.within.is_none()
                        && collector.within.is_none()
                })
            });
            match same {
                Some(listed) => listed.collectors.push(collected),
                None => self.listings.push(Listed {
                    service,
                    collectors: vec![collected],
                }),
            }
        }
        for fact in service.account {
            let place = fact.place();
            if !needs.needs_place(ResourceType::Account, &place) {
                continue;
            }
            let is_needed =
                |each: &&Each| needs.needs_place(ResourceType::Account, &each_place(fact, each));
            self.facts.push(Fact {
                service,
                declared: fact,
                each: fact.each.iter().filter(is_needed).collect(),
            });
        }
    }

    /// Every call that would be made, sorted by service.
    pub fn calls(&self) -> Vec<PlannedCall> {
        let mut calls = Vec::new();
        for listed in &self.listings {
            let service = listed.service;
            for Collected { collector, details } in &listed.collectors {
                let of = |call: &Call, how_often| {
                    planned(service, call, how_often, collector.resource_type)
                };
                let often = match listed.scope() {
                    Scope::Regional => "a page a Region",
                    _ => "a page",
                };
                match &collector.within {
                    Some(within) => {
                        calls.push(of(&within.list, often));
                        calls.push(of(&collector.list, "a page for each"));
                    }
                    None => calls.push(of(&collector.list, often)),
                }
                if let Some(describe) = &collector.describe {
                    let many = if describe.size > 1 {
                        "for many resources"
                    } else {
                        "a resource"
                    };
                    calls.push(of(&describe.call, many));
                }
                for detail in details {
                    if let How::Listed(listed) = &detail.how {
                        calls.push(of(&listed.list, how_often(detail)));
                    }
                    if !matches!(detail.how, How::Entry) {
                        calls.push(of(&detail.call, how_often(detail)));
                    }
                    if let Asked::WhereAny(list, _) = &detail.asked {
                        calls.push(of(list, "a page a Region"));
                    }
                    if let Some(prepare) = detail.call.prepare {
                        calls.push(of(&crate::declare::call(prepare.operation), "a Region"));
                    }
                }
                match &collector.tags {
                    Tags::Bulk(_) => calls.push(of(&BULK_TAGS, "a page a Region")),
                    Tags::Asked(call, _) => calls.push(of(call, "a resource")),
                    Tags::None | Tags::Listed(_) => {}
                }
            }
        }
        for Fact {
            service,
            declared: fact,
            each,
        } in &self.facts
        {
            let often = if fact.is_global { "once" } else { "a Region" };
            calls.push(planned(service, &fact.call, often, ResourceType::Account));
            for each in each {
                calls.push(planned(
                    service,
                    &each.call,
                    "for each",
                    ResourceType::Account,
                ));
            }
        }
        calls.sort();
        calls.dedup();
        calls
    }

    /// Every type that is listed.
    pub fn types(&self) -> impl Iterator<Item = ResourceType> {
        self.listings
            .iter()
            .flat_map(|listed| &listed.collectors)
            .map(|collected| collected.collector.resource_type)
    }

    /// How many calls a second the services of this plan are asked at most.
    pub fn ceilings(&self) -> &BTreeMap<&'static str, f64> {
        &self.ceilings
    }
}

/// A quarter of the 15 calls a second of `GetResources`.
/// Source: <https://docs.aws.amazon.com/general/latest/gr/arg.html>.
const BULK_TAGS_RATE: f64 = 3.75;

/// How many calls a second a service is asked at most: what it declares, where it is one that has collectors.
fn ceiling(model: &str) -> f64 {
    if BULK_TAGS.model == Some(model) {
        return BULK_TAGS_RATE;
    }
    let declared = crate::services::all().find(|service| service.model == model);
    declared.map_or(UNPUBLISHED, |service| service.calls_per_second)
}

/// `GetResources` of the tagging API.
pub(crate) const BULK_TAGS: Call =
    crate::declare::call("GetResources").of("resourcegroupstaggingapi");

fn how_often(detail: &Detail) -> &'static str {
    match detail.how {
        How::Each | How::Entry | How::Listed(_) => "a resource",
        How::OncePerInput => "an input",
        How::Join(_) => "a page a Region",
        How::Batch(_) => "for many resources",
        How::Every(_) => "for each",
    }
}

/// Where the replies to an [`Each`] land.
pub(crate) fn each_place(fact: &AccountFact, each: &Each) -> String {
    format!(
        "{}.{}[*].{}",
        fact.place(),
        each.entries,
        each.call.operation
    )
}

/// The model that a call is made to.
pub(crate) fn model_of(service: &Service, call: &Call) -> &'static str {
    call.model.unwrap_or(service.model)
}

/// The IAM action that allows a call.
pub(crate) fn action_for(service: &Service, call: &Call) -> String {
    let model = model_of(service, call);
    let named = || action_named(model, call.operation);
    call.action.map_or_else(named, str::to_owned)
}

fn planned(
    service: &Service,
    call: &Call,
    how_often: &'static str,
    resource_type: ResourceType,
) -> PlannedCall {
    PlannedCall {
        service: model_of(service, call),
        operation: call.operation,
        action: action_for(service, call),
        how_often,
        resource_type,
    }
}
