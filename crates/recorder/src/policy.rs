//! The IAM policies that allow a plan's calls, and nothing else.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::plan::Plan;

/// What is asked before any plan: who asks, and which Regions there are.
const ALWAYS: [&str; 2] = ["ec2:DescribeRegions", "sts:GetCallerIdentity"];

/// What lists an organization's accounts.
const ORGANIZATION: [&str; 3] = [
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
];

/// The most characters of a managed policy's document; white space does not count.
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.
pub const MANAGED_POLICY_SIZE: usize = 6144;

/// The IAM actions that a recording of this plan needs, sorted.
pub fn actions_of(plan: &Plan) -> BTreeSet<String> {
    let mut actions: BTreeSet<String> = ALWAYS.map(str::to_owned).into();
    actions.extend(plan.calls().into_iter().map(|call| call.action));
    actions
}

/// The IAM actions that listing the accounts of an organization needs besides.
pub fn organization_actions() -> impl Iterator<Item = String> {
    ORGANIZATION.iter().map(|action| (*action).to_owned())
}

/// Actions in groups, each of which fits a managed policy.
///
/// Sorted; the same actions make the same groups. No action makes no group.
pub fn groups(actions: &BTreeSet<String>) -> Vec<Vec<&str>> {
    let mut groups: Vec<Vec<&str>> = Vec::new();
    let mut size = 0;
    for action in actions {
        // Its quotes, and the comma before it.
        let needed = action.len() + 3;
        match groups.last_mut() {
            Some(group) if size + needed <= MANAGED_POLICY_SIZE => {
                group.push(action);
                size += needed;
            }
            _ => {
                size = document(usize::MAX, &[]).to_string().len() + needed;
                groups.push(vec![action]);
            }
        }
    }
    groups
}

/// A policy's document: one statement, of the number that its `Sid` ends in.
pub fn document(number: usize, actions: &[&str]) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": format!("PostureRecorder{number}"),
            "Effect": "Allow",
            "Action": actions,
            "Resource": "*",
        }],
    })
}

#[cfg(test)]
mod tests {
    //! Oracle: IAM's quota of 6,144 characters without white space.

    use super::*;
    use crate::needs::Needs;

    fn sizes(actions: &BTreeSet<String>) -> Vec<usize> {
        let groups = groups(actions);
        let documents = groups.iter().enumerate();
        documents
            .map(|(index, group)| document(index + 1, group).to_string().len())
            .collect()
    }

    #[test]
    fn a_policy_fits_the_quota_and_groups_lose_nothing() {
        let many: BTreeSet<String> = (0..2000).map(|n| format!("service:Action{n:04}")).collect();
        let sizes = sizes(&many);
        assert!(sizes.len() > 5);
        assert!(sizes.iter().all(|size| *size <= MANAGED_POLICY_SIZE));
        // Full, but for what one more would need and the longest number.
        let full = sizes.iter().rev().skip(1);
        assert!(full.clone().all(|size| *size > MANAGED_POLICY_SIZE - 60));
        let again: BTreeSet<String> = groups(&many)
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect();
        assert_eq!(again, many);
    }

    #[test]
    fn every_call_and_what_comes_before_is_allowed() {
        let plan = Plan::new(&Needs::everything());
        let actions = actions_of(&plan);
        assert!(plan.calls().iter().all(|c| actions.contains(&c.action)));
        assert!(actions.contains("sts:GetCallerIdentity"));
        assert_eq!(actions_of(&Plan::new(&Needs::default())).len(), 2);
        assert!(groups(&BTreeSet::new()).is_empty());
    }
}
