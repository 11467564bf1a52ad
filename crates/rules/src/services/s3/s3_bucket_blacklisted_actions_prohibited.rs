//! Whoever may change a bucket's policy or its encryption, has the bucket.
//!
//! ## Result
//! - COMPLIANT: the bucket policy allows principals of other accounts none of the actions that
//!   `blacklistedActionPattern` names.
//! - NON_COMPLIANT: a statement allows one of them. Conditions don't count; a denial does where it
//!   has none, and is for the same principals or everybody, and of the whole bucket. A principal
//!   whose name doesn't tell its account counts as another account's; AWS's services don't. A policy
//!   with more than five policy variables in one value fails: AWS Config doesn't evaluate it.
//! - INSUFFICIENT_DATA: the policy was not read, or the parameter is missing.
//!
//! ## What to do
//! Name the actions that the other account needs, one by one; keep `s3:PutBucketPolicy` and its like
//! to yourself.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-blacklisted-actions-prohibited`; IAM user
//! guide, policy evaluation: what is denied is not allowed.

use crate::predicates::bucket_policy::{
    POLICY, is_about_actions, is_denied, is_for_other_accounts, too_many_variables,
};
use crate::predicates::policy_document::statements;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-blacklisted-actions-prohibited",
    identifier: Identifier::FromId,
    version: 2,
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
    remedy: Remedy::Automation("ASR-S3BlockDenylist"),
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
    let statements = statements(bucket, POLICY, Some(policy))?;
    for statement in &statements {
        let is_allowed = |action: &&String| {
            is_about_actions(*statement, &[action])
                && !is_denied(bucket, *statement, action, &statements)
        };
        if statement.allows()
            && is_for_other_accounts(*statement, bucket.account_id())
            && actions.iter().any(|action| is_allowed(&action))
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
