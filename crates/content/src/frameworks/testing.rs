//! The testing procedure of a control, derived from its sources so that it can't disagree with them.

use std::collections::BTreeSet;

use posture_rules::catalogue;

use super::framework::{Control, Coverage};

/// How the control is tested, in words; none where nothing is automated.
pub fn testing_procedure(control: &Control) -> Option<String> {
    if let Some(own) = &control.testing {
        return Some(own.clone());
    }
    let mut steps = Vec::new();
    if !control.rules.is_empty() {
        steps.push(rules(control));
    }
    if !control.security_hub.is_empty() {
        steps.push(format!(
            "Read the Security Hub findings of {}.",
            control.security_hub.join(", ")
        ));
    }
    if !control.api_calls.is_empty() {
        steps.push(format!(
            "Keep the answers of {}.",
            control.api_calls.join(", ")
        ));
    }
    if !control.cloudtrail.is_empty() {
        steps.push(format!(
            "Collect the CloudTrail events {}; none is a recorded result.",
            control.cloudtrail.join(", ")
        ));
    }
    if steps.is_empty() {
        return None;
    }
    if control.coverage == Coverage::Partial && !control.evidence.is_empty() {
        steps.push(format!("A person adds: {}.", control.evidence.join(", ")));
    }
    Some(steps.join(" "))
}

fn rules(control: &Control) -> String {
    let listings = control
        .rules
        .iter()
        .filter_map(|mapping| catalogue::listing_of(&mapping.rule));
    let types: BTreeSet<&str> = listings
        .flat_map(|listing| listing.resource_types.iter().map(String::as_str))
        .collect();
    let types: Vec<&str> = types.into_iter().collect();
    let population = match types.as_slice() {
        [] => "the account".to_owned(),
        [only] => format!("every {only}"),
        [first, second, third] => format!("every {first}, {second} and {third}"),
        [first, second] => format!("every {first} and {second}"),
        [first, second, rest @ ..] => {
            format!(
                "every {first}, {second} and resource of {} more types",
                rest.len()
            )
        }
    };
    let count = match control.rules.as_slice() {
        [only] => only.rule.clone(),
        many => format!("the {} rules", many.len()),
    };
    format!(
        "Evaluate {count} on {population} in scope, over the whole period; each NON_COMPLIANT interval is an \
         exception, INSUFFICIENT_DATA is no pass."
    )
}
