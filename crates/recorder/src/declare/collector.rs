//! How the resources of a type are found.

use jiff::Timestamp;
use posture_model::ResourceType;
use serde_json::Value;

use super::{AccountFact, Call, Detail};
use crate::casing::Casing;

/// Calls a second where AWS publishes no rate.
pub const UNPUBLISHED: f64 = 10.0;

/// A service.
#[derive(Debug)]
pub struct Service {
    /// botocore's name.
    pub model: &'static str,
    /// Where its listings are asked.
    pub scope: Scope,
    /// The most calls a second, in each account and Region.
    pub calls_per_second: f64,
    /// Its types.
    pub collectors: &'static [Collector],
    /// What it says of the account.
    pub account: &'static [AccountFact],
}

/// Where a listing is asked, and where its resources are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In each Region, for the resources there.
    Regional,
    /// Once, in the partition's home Region; the items' `awsRegion` is `global`, as IAM's are.
    Global,
    /// Once, in the partition's home Region, which is the items' `awsRegion` too.
    Home,
}

/// How the resources of one type are found, and what makes up their items.
#[derive(Debug, Clone, Copy)]
pub struct Collector {
    /// The type.
    pub resource_type: ResourceType,
    /// Where it is listed, if not where the service's others are.
    pub scope: Option<Scope>,
    /// The listing.
    pub list: Call,
    /// Where its pages hold the entries. The empty path takes the reply as the one entry.
    pub entries: &'static str,
    /// Which entries are such resources; all, where there is no function.
    pub keep: Option<fn(&Value) -> bool>,
    /// What the listing is asked of each of.
    pub within: Option<Within>,
    /// Asks for what the listing gives the ids of.
    pub describe: Option<Describe>,
    /// `resourceId`: a text.
    pub id: &'static str,
    /// `resourceName`: a text.
    pub name: Option<&'static str>,
    /// `arn`: a text.
    pub arn: Option<&'static str>,
    /// `resourceCreationTime`: a text.
    pub created: Option<&'static str>,
    /// The reply to take where the listing says that there is none, as JSON.
    pub otherwise: Option<&'static str>,
    /// How the members of `configuration` are called.
    pub casing: Casing,
    /// Puts right where AWS Config's `configuration` differs from the API's; the second is the
    /// entry as the API gave it.
    pub shape: Option<fn(&mut Value, &Value)>,
    /// Puts in what depends on when it was listed; after `shape`.
    pub at: Option<fn(&mut Value, &Value, Timestamp)>,
    /// What is asked beside.
    pub details: &'static [Detail],
    /// Where the tags are.
    pub tags: Tags,
    /// How it stands to others.
    pub relationships: &'static [Relation],
}

/// The things of each of which a listing is asked.
#[derive(Debug, Clone, Copy)]
pub struct Within {
    /// Their listing.
    pub list: Call,
    /// Where its pages hold them.
    pub entries: &'static str,
}

/// Asks for listed things by id. An entry of a reply for one that doesn't say which it is, is given
/// the id under the member's name, for the texts of the declaration.
#[derive(Debug, Clone, Copy)]
pub struct Describe {
    /// The call. Where it takes one id, its texts are of the listed entry.
    pub call: Call,
    /// The input's member that takes the ids.
    pub member: &'static str,
    /// What of a listed entry is its id: a text.
    pub id: &'static str,
    /// How many at once; 0 where the member takes one id, and no list.
    pub size: usize,
    /// Where the reply holds the entries.
    pub entries: &'static str,
}

/// Where a resource's tags are.
#[derive(Debug, Clone, Copy)]
pub enum Tags {
    /// The type has none, or nobody asks.
    None,
    /// A list or a map at this path of the entry.
    Listed(&'static str),
    /// By one call for many, `GetResources` of the tagging API: its filter, such as `s3`.
    Bulk(&'static str),
    /// By a call for each; the list or map is at the path of the reply.
    Asked(Call, &'static str),
}

impl Tags {
    /// The call for each, as a detail.
    pub(crate) fn asked(&self) -> Option<Detail> {
        let Tags::Asked(call, path) = self else {
            return None;
        };
        Some(Detail {
            call: *call,
            take: path,
            ..super::detail(call.operation, "tags")
        })
    }
}

/// How a resource stands to another.
#[derive(Debug, Clone, Copy)]
pub struct Relation {
    /// AWS Config's words, such as `Is contained in Vpc`.
    pub name: &'static str,
    /// The other's type.
    pub resource_type: ResourceType,
    /// Where the entry holds the others' ids; empty where it doesn't.
    pub ids: &'static str,
    /// Where the entry holds the others' names, if it holds no ids.
    pub names: &'static str,
}

impl Relation {
    /// To the resources of these ids.
    pub const fn ids(
        name: &'static str,
        resource_type: ResourceType,
        path: &'static str,
    ) -> Relation {
        Relation {
            name,
            resource_type,
            ids: path,
            names: "",
        }
    }

    /// To the resources of these names.
    pub const fn names(
        name: &'static str,
        resource_type: ResourceType,
        path: &'static str,
    ) -> Relation {
        Relation {
            name,
            resource_type,
            ids: "",
            names: path,
        }
    }
}

impl Collector {
    /// A collector of a type, of which only the listing and the id are said.
    pub const fn of(
        resource_type: ResourceType,
        list: Call,
        entries: &'static str,
        id: &'static str,
    ) -> Collector {
        Collector {
            resource_type,
            scope: None,
            list,
            entries,
            keep: None,
            within: None,
            describe: None,
            id,
            name: None,
            arn: None,
            created: None,
            otherwise: None,
            casing: Casing::Api,
            shape: None,
            at: None,
            details: &[],
            tags: Tags::None,
            relationships: &[],
        }
    }
}
