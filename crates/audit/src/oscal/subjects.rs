//! Resources as OSCAL's inventory items, and what was known of them.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::document::{InventoryItem, Property, Subject, properties};
use super::ids::Ids;
use super::text::markup;
use crate::control_history::Evidence;
use crate::history::Resource;
use crate::rule_history::{Member, RuleHistory, State};

/// Inventory items by the resource's number, as they turn up.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    items: BTreeMap<i64, InventoryItem>,
}

impl Inventory {
    /// The members of a rule's population of which something is to be said: those that failed at any
    /// time, and those that did not pass at the end. All others are in the population's table.
    pub(super) fn subjects(
        &mut self,
        ids: &Ids,
        evidence: &Evidence,
        rule: &RuleHistory,
    ) -> Vec<Subject> {
        let mut subjects = Vec::new();
        for member in &rule.members {
            let Some(resource) = evidence.history.resources.get(&member.resource) else {
                continue;
            };
            let props = states(evidence, rule, resource, member);
            if props.is_empty() {
                continue;
            }
            subjects.push(Subject {
                item: self.item(ids, member.resource, resource),
                kind: "inventory-item",
                props,
            });
        }
        subjects.sort_by_key(|subject| subject.item);
        subjects
    }

    /// Everything that turned up, sorted.
    pub(super) fn finish(self) -> Vec<InventoryItem> {
        let mut items: Vec<InventoryItem> = self.items.into_values().collect();
        items.sort_by_key(|item| item.uuid);
        items
    }

    fn item(&mut self, ids: &Ids, number: i64, resource: &Resource) -> Uuid {
        let Resource {
            account_id,
            aws_region,
            resource_type,
            resource_id,
            ..
        } = resource;
        let item = self.items.entry(number).or_insert_with(|| InventoryItem {
            uuid: ids.thing(
                "resource",
                &[account_id, aws_region, resource_type, resource_id],
            ),
            description: markup(&format!("{resource_type} {}", resource.label())),
            props: properties([
                Property::own("account-id", account_id),
                Property::own("aws-region", aws_region),
                Property::own("resource-type", resource_type),
                Property::own("resource-id", resource_id),
                resource
                    .arn
                    .as_deref()
                    .and_then(|arn| Property::own("arn", arn)),
            ]),
        });
        item.uuid
    }
}

/// Intervals in which a member failed, and its state at the end where that is no pass; empty where
/// nothing is to be said.
fn states(
    evidence: &Evidence,
    rule: &RuleHistory,
    resource: &Resource,
    member: &Member,
) -> Vec<Property> {
    let mut props = Vec::new();
    for one in member
        .intervals
        .iter()
        .filter(|one| one.state == State::Fail)
    {
        let text = format!("{}/{}", one.from, one.until);
        let property = Property::own("failed", &text);
        props.extend(property.map(|property| property.remarked(markup(&one.reason))));
    }
    let last = member.intervals.last();
    let is_told = |state| matches!(state, State::Fail | State::Unknown | State::Excepted);
    if let Some(last) = last.filter(|last| is_told(last.state)) {
        let property = Property::own("at-the-end", last.state.as_str());
        props.extend(property.map(|property| property.remarked(markup(&last.reason))));
        let run = evidence.history.runs.last();
        let exception = run
            .and_then(|run| evidence.history.uncounted(run, &rule.rule, resource))
            .and_then(|(_, exception)| exception.as_ref())
            .filter(|_| last.state == State::Excepted);
        if let Some(exception) = exception {
            props.extend(properties([
                Property::own("exception", &exception.name),
                Property::own("exception-owner", &exception.owner),
                Property::own("exception-reason", &exception.reason),
                Property::own("exception-expires", &exception.expires),
            ]));
        }
    }
    props
}
