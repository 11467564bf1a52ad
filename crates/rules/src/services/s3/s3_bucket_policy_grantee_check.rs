//! A list of who may use a bucket is only true while its policy lets in nobody else.
//!
//! ## Result
//! - COMPLIANT: the bucket has no policy, or each of its statements that allows something is for
//!   listed principals alone, or has a condition that leaves listed IP addresses or VPCs alone.
//! - NON_COMPLIANT: a statement allows something to anybody else; so does every one where nothing
//!   is listed. The bucket's own account has to be listed too, and an account that is listed lets in
//!   none of its users and roles by name. Listed principals may have wildcards. A block of addresses
//!   counts where a listed block holds it. A policy with more than five policy variables in one
//!   value fails: AWS Config doesn't evaluate it.
//! - INSUFFICIENT_DATA: the policy was not read, or can't be understood.
//!
//! ## What to do
//! Take out of the policy whom you don't know, or list whom you do.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-policy-grantee-check`.

use crate::predicates::bucket_policy::{POLICY, is_limited, too_many_variables};
use crate::predicates::patterns::covers;
use crate::predicates::policy::{Statement, principals};
use crate::predicates::policy_document::statements;
use crate::predicates::{cidr, lists};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-policy-grantee-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 bucket policies grant access to listed principals, addresses and VPCs only",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        list(AWS_PRINCIPALS),
        list(SERVICES),
        list(FEDERATED),
        list(ADDRESSES),
        list(VPCS),
    ],
    reads: &[own(POLICY)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const AWS_PRINCIPALS: &str = "awsPrincipals";
const SERVICES: &str = "servicePrincipals";
const FEDERATED: &str = "federatedUsers";
const ADDRESSES: &str = "ipAddresses";
const VPCS: &str = "vpcIds";

const fn list(name: &'static str) -> Parameter {
    Parameter {
        name,
        kind: Kind::List,
        default: None,
    }
}

fn check<'a>(bucket: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let Some(policy) = bucket.node(POLICY)? else {
        return Ok(Evaluation::compliant(POLICY, None::<&str>));
    };
    if let Some(failure) = too_many_variables(bucket, policy)? {
        return Ok(failure);
    }
    for statement in statements(bucket, POLICY, Some(policy))? {
        if statement.allows()
            && !is_for_listed_principals(statement, params)
            && !is_limited(statement, |operator, key, value| {
                is_listed_origin(params, operator, key, value)
            })
        {
            let expected = "access for listed principals, addresses and VPCs only";
            return Ok(Evaluation::non_compliant(
                POLICY,
                statement.node(),
                expected,
            ));
        }
    }
    Ok(Evaluation::compliant(POLICY, "for listed grantees only"))
}

fn is_for_listed_principals(statement: Statement<'_>, params: &Params) -> bool {
    let principals = principals(statement);
    !principals.is_empty()
        && principals.iter().all(|(kind, name)| match *kind {
            "AWS" => {
                let mut listed = params.list(AWS_PRINCIPALS).iter();
                listed.any(|pattern| covers(account(pattern), account(name)))
            }
            "Service" => lists::names(params.list(SERVICES), Some(name)),
            "Federated" => lists::names(params.list(FEDERATED), Some(name)),
            _ => false,
        })
}

/// A principal, where IAM takes an account's number and the ARN of its root for the same.
fn account(name: &str) -> &str {
    name.strip_suffix(":root")
        .and_then(|arn| arn.rsplit_once("::"))
        .map_or(name, |(_, number)| number)
}

fn is_listed_origin(params: &Params, operator: &str, key: &str, value: &str) -> bool {
    match (operator, key) {
        ("ipaddress", "aws:sourceip") => {
            let mut blocks = params.list(ADDRESSES).iter();
            blocks.any(|block| cidr::holds(block, value))
        }
        ("stringequals" | "stringequalsignorecase" | "stringlike", "aws:sourcevpc") => {
            lists::names(params.list(VPCS), Some(value))
        }
        _ => false,
    }
}
