//! Every managed rule of AWS Config, implemented or not: facts from AWS's list of managed rules.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Entry, by_identifier};
use crate::Trigger;

/// AWS's identifier of the rule that stands for work of a person.
pub const PROCESS_CHECK: &str = "AWS_CONFIG_PROCESS_CHECK";

/// A managed rule as AWS lists it.
#[derive(Debug, Clone)]
pub struct Listing {
    /// AWS's identifier.
    pub identifier: String,
    /// The rule's name in kebab-case.
    pub name: String,
    /// When AWS Config runs it.
    pub trigger: Trigger,
    /// The types that it evaluates; none where it runs on the account.
    pub resource_types: Vec<String>,
    /// Its parameters.
    pub parameters: Vec<ListedParameter>,
    /// The implementation, where there is one: then all the above follow from it.
    pub entry: Option<&'static Entry>,
}

/// A parameter as AWS lists it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListedParameter {
    /// Its name, as AWS spells it.
    pub name: String,
    /// `String`, `int`, `boolean`, `double`, `CSV` or `StringMap`, in AWS's words.
    #[serde(rename = "type")]
    pub kind: String,
    /// AWS's default.
    pub default: Option<String>,
    /// Whether the rule runs without it.
    pub is_optional: bool,
}

static LISTINGS: LazyLock<Vec<Listing>> = LazyLock::new(|| {
    let mut listings: Vec<Listing> = include_str!("managed_rules.tsv")
        .lines()
        .filter_map(listing)
        .map(implemented)
        .collect();
    listings.push(Listing {
        identifier: PROCESS_CHECK.to_owned(),
        name: "aws-config-process-check".to_owned(),
        trigger: Trigger::Periodic,
        resource_types: Vec::new(),
        parameters: Vec::new(),
        entry: None,
    });
    listings.sort_by(|a, b| a.identifier.cmp(&b.identifier));
    listings
});

/// Every managed rule, and the process check, by identifier.
pub fn listings() -> &'static [Listing] {
    &LISTINGS
}

/// The listing with this identifier or rule name.
pub fn listing_of(name: &str) -> Option<&'static Listing> {
    static BY_NAME: LazyLock<HashMap<&'static str, &'static Listing>> = LazyLock::new(|| {
        let names = |listing: &'static Listing| {
            [
                (listing.identifier.as_str(), listing),
                (listing.name.as_str(), listing),
            ]
        };
        listings().iter().flat_map(names).collect()
    });
    BY_NAME.get(name).copied()
}

fn listing(line: &'static str) -> Option<Listing> {
    let mut columns = line.split('\t');
    let identifier = columns.next()?.to_owned();
    let name = columns.next()?.to_owned();
    let trigger = match columns.next()? {
        "periodic" => Trigger::Periodic,
        "change" => Trigger::ConfigurationChange,
        _ => Trigger::ConfigurationChangeAndPeriodic,
    };
    let listed = |text: &'static str, separator| {
        text.split(separator).filter(|part: &&str| !part.is_empty())
    };
    let resource_types = listed(columns.next()?, ',').map(str::to_owned).collect();
    let parameters = listed(columns.next()?, ';').filter_map(parameter).collect();
    Some(Listing {
        identifier,
        name,
        trigger,
        resource_types,
        parameters,
        entry: None,
    })
}

fn parameter(text: &str) -> Option<ListedParameter> {
    let mut parts = text.split('|');
    Some(ListedParameter {
        name: parts.next()?.to_owned(),
        kind: parts.next()?.to_owned(),
        default: parts
            .next()
            .filter(|default| !default.is_empty())
            .map(str::to_owned),
        is_optional: parts.next()? == "optional",
    })
}

/// What our declaration says of an implemented rule stands for what AWS's list says.
fn implemented(listing: Listing) -> Listing {
    let Some(entry) = by_identifier(&listing.identifier) else {
        return listing;
    };
    let rule = entry.rule;
    Listing {
        name: rule.id.to_owned(),
        trigger: rule.trigger,
        resource_types: rule
            .resource_types
            .iter()
            .map(|resource_type| resource_type.as_str().to_owned())
            .collect(),
        parameters: rule
            .parameters
            .iter()
            .map(|declared| {
                let listed = listing
                    .parameters
                    .iter()
                    .find(|listed| listed.name == declared.name);
                ListedParameter {
                    name: declared.name.to_owned(),
                    kind: declared.kind.as_str().to_owned(),
                    default: declared.default.map(str::to_owned),
                    is_optional: listed.is_none_or(|listed| listed.is_optional),
                }
            })
            .collect(),
        entry: Some(entry),
        ..listing
    }
}
