//! Whoever may change a bucket's policy or its encryption, has the bucket.
//!
//! ## Result
//! - COMPLIANT: the bucket policy allows principals of other accounts none of the actions that
//!   `blacklistedActionPattern` names.
//! - NON_COMPLIANT: a statement allows one of them. Conditions and denials don't count. A principal
//!   whose name doesn't tell its account counts as another account's; AWS's services don't. A policy
//!   with more than five policy variables in one value fails: AWS Config doesn't evaluate it.
//! - INSUFFICIENT_DATA: the policy was not read, or the parameter is missing.
//!
//! ## What to do
//! Name the actions that the other account needs, one by one; keep `s3:PutBucketPolicy` and its like
//! to yourself.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-blacklisted-actions-prohibited`.

use crate::predicates::bucket_policy::{
    POLICY, is_about_actions, is_for_other_accounts, too_many_variables,
};
use crate::predicates::policy_document::statements;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-blacklisted-actions-prohibited",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 bucket policies keep certain actions from other accounts",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ACTIONS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(POLICY)],
    severity: Severity::High,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const ACTIONS: &str = "blacklistedActionPattern";

fn check<'a>(bucket: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let actions = params.required_list(ACTIONS)?;
    let Some(policy) = bucket.node(POLICY)? else {
        return Ok(Evaluation::compliant(POLICY, None::<&str>));
    };
    if let Some(failure) = too_many_variables(bucket, policy)? {
        return Ok(failure);
    }
    for statement in statements(bucket, POLICY, Some(policy))? {
        if statement.allows()
            && is_for_other_accounts(statement, bucket.account_id())
            && is_about_actions(statement, actions)
        {
            let expected = format!("none of {} for other accounts", actions.join(", "));
            return Ok(Evaluation::non_compliant(
                POLICY,
                statement.node(),
                expected,
            ));
        }
    }
    Ok(Evaluation::compliant(
        POLICY,
        "without these actions for other accounts",
    ))
}
