//! What is read of each item: the places that the plan's rules name, and no more.

use std::collections::HashMap;

use posture_model::tree::{Bump, Node, Selection, SyntaxError, parse, parse_selected, peek_text};
use posture_model::{ManagedBy, ResourceType, path_segments};

use crate::plan::{Check, Plan};

/// What every item is asked for: who it is, when, and who made it.
pub(crate) const ENVELOPE: [&str; 13] = [
    "accountId",
    "awsAccountId",
    "awsRegion",
    "resourceType",
    "resourceId",
    "resourceName",
    "arn",
    "ARN",
    "configurationItemCaptureTime",
    "configurationItemStatus",
    "configurationItemSummary",
    "tags",
    "unread",
];

/// The wanted places by type.
#[derive(Debug)]
pub(crate) struct Selections {
    by_type: HashMap<&'static str, Selection>,
    of_others: Selection,
}

impl Selections {
    pub(crate) fn new(plan: &Plan) -> Selections {
        let mut envelope = Selection::default();
        for place in ENVELOPE.into_iter().chain(ManagedBy::READS) {
            envelope.add(path_segments(place));
        }
        let mut selections = Selections {
            by_type: HashMap::new(),
            of_others: envelope.clone(),
        };
        for rule in &plan.rules {
            match &rule.check {
                Check::Managed(rule) => {
                    for (resource_type, path) in rule.places() {
                        selections.add(&envelope, resource_type.as_str(), path.as_str());
                    }
                }
                Check::Guard(_) => {
                    let names = rule.scope.types.iter();
                    let types: Option<Vec<ResourceType>> =
                        names.map(|name| ResourceType::from_name(name)).collect();
                    // A policy may look anywhere in the items that it is for.
                    for resource_type in types.iter().flatten() {
                        let whole = Selection::whole();
                        selections.by_type.insert(resource_type.as_str(), whole);
                    }
                    if types.is_none_or(|types| types.is_empty()) {
                        selections.of_others = Selection::whole();
                        selections.by_type.clear();
                        return selections;
                    }
                }
                Check::Lambda => {}
            }
        }
        selections
    }

    fn add(&mut self, envelope: &Selection, type_name: &'static str, place: &str) {
        self.by_type
            .entry(type_name)
            .or_insert_with(|| envelope.clone())
            .add(path_segments(place));
    }

    /// Parses what is wanted of a document that is known to nest no deeper than a parser may go.
    /// One that doesn't say on its first level which type of item it is, is parsed whole.
    pub(crate) fn parse<'a>(
        &self,
        bytes: &'a [u8],
        arena: &'a Bump,
    ) -> Result<Node<'a>, SyntaxError> {
        let selection = peek_text(bytes, "resourceType", |name| {
            self.by_type.get(name).unwrap_or(&self.of_others)
        });
        match selection {
            Some(selection) => parse_selected(bytes, selection, arena),
            None => parse(bytes, arena),
        }
    }
}
