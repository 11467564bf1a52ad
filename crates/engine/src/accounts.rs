//! Accounts of which only resources were seen.

use std::collections::BTreeSet;

use posture_model::tree::{Bump, parse};
use posture_model::{ConfigurationItem, Partition, ResourceType, Source};

use crate::disposition::Mark;
use crate::first_pass::FirstPass;
use crate::inventory::{Place, Reading};
use crate::judge::{Alone, Judge};
use crate::neighbours::project;

/// Rules on accounts are asked of every account of which anything was seen: an account whose facts
/// nobody collected is one whose checks could not run, not one without checks.
pub(crate) fn add_unseen_accounts(pass: FirstPass<'_>) {
    let FirstPass {
        inventory,
        plan,
        joined,
        options,
        ..
    } = pass;
    let account = ResourceType::Account.as_str();
    let filter = &options.filter;
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut recorded: BTreeSet<(String, String)> = BTreeSet::new();
    for group in inventory.groups() {
        let place = (group.account_id.clone(), group.aws_region.clone());
        if group.type_name == account {
            recorded.insert(place.clone());
        }
        if is_account_id(&group.account_id) {
            seen.insert(place);
        }
    }
    let homes: BTreeSet<(String, String)> = seen
        .iter()
        .map(|(account_id, region)| {
            (
                account_id.clone(),
                Partition::of(region).home_region.to_owned(),
            )
        })
        .collect();
    for place in seen.union(&homes) {
        let (account_id, aws_region) = place;
        let is_region = aws_region.contains('-');
        if recorded.contains(place)
            || !is_region
            || !filter.keeps_place(account_id, aws_region, account)
        {
            continue;
        }
        let text = unseen_account(account_id, aws_region);
        let arena = Bump::new();
        let item = parse(text.as_bytes(), &arena)
            .ok()
            .and_then(|root| ConfigurationItem::from_node(root, Source::Seen, &arena).ok());
        let Some(item) = item else { continue };
        let (index, group) = inventory.group(account_id, aws_region, account);
        let judge = Judge {
            exceptions: options.exceptions,
        };
        let alone = Alone::new(options.now, &arena);
        let is_seen = seen.contains(place);
        let marks: Vec<u8> = group
            .rules
            .iter()
            .map(|index| match plan.rules.get(*index as usize) {
                // Of a home Region in which nothing was seen, only global facts are asked.
                Some(rule)
                    if (is_seen && !filter.keeps_only_global(aws_region) || rule.is_global())
                        && rule.is_in_scope(&item) =>
                {
                    judge.first_mark(rule, &item, false, &alone).byte()
                }
                _ => Mark::OUT_OF_SCOPE.byte(),
            })
            .collect();
        let reading = Reading {
            group: index,
            resource_id: account_id,
            time: i64::MIN,
            place: Place::NOWHERE,
            source: Source::Seen,
            exists: true,
        };
        let projection = joined
            .get(&ResourceType::Account)
            .map(|paths| project(&item, paths));
        inventory.keep(&reading, &marks, projection);
    }
}

/// The item of an account of which only resources were seen.
pub(crate) fn unseen_account(account_id: &str, aws_region: &str) -> String {
    serde_json::json!({
        "accountId": account_id,
        "awsRegion": aws_region,
        "resourceType": ResourceType::Account.as_str(),
        "resourceId": account_id,
        "arn": format!("arn:{}:iam::{account_id}:root", Partition::of(aws_region).id),
    })
    .to_string()
}

fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
