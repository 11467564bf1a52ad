//! Over plain HTTP, whoever sits between reads the objects and the requests' signatures.
//!
//! ## Result
//! - COMPLIANT: the bucket policy denies everybody every action on the bucket and on all of its
//!   objects where `aws:SecureTransport` is `false`; in one statement or in two.
//! - NON_COMPLIANT: there is no policy, or none that denies all of that. Allowing HTTPS alone doesn't
//!   do; nor does a denial with a second condition, which leaves HTTP to somebody. A policy
//!   with more than five policy variables in one value fails: AWS Config doesn't evaluate it.
//! - INSUFFICIENT_DATA: the policy was not read.
//!
//! ## What to do
//! Add the denial. SDKs and the console use HTTPS anyway; old scripts and devices may not.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-ssl-requests-only`; AWS re:Post, "What S3
//! bucket policy can I use to comply with the AWS Config rule s3-bucket-ssl-requests-only?".

use crate::predicates::bucket_policy::{
    POLICY, is_about_bucket, is_about_objects, lowered, only_condition, too_many_variables,
};
use crate::predicates::patterns::covers;
use crate::predicates::policy::Statement;
use crate::predicates::policy_document::statements;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-ssl-requests-only",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 bucket policies deny requests over plain HTTP",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(POLICY)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-RestrictBucketSSLRequestsOnly"),
    check,
};

fn check<'a>(bucket: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let expected =
        "a denial of every action over HTTP, for everybody, on the bucket and its objects";
    let Some(policy) = bucket.node(POLICY)? else {
        return Ok(Evaluation::non_compliant(POLICY, None::<&str>, expected));
    };
    if let Some(failure) = too_many_variables(bucket, policy)? {
        return Ok(failure);
    }
    let mut denials = statements(bucket, POLICY, Some(policy))?;
    denials.retain(|statement| denies_http(*statement));
    let name = bucket.name();
    let has = |is_about: fn(Statement<'_>, &str) -> bool| {
        denials.iter().any(|statement| is_about(*statement, name))
    };
    match (has(is_about_bucket), has(is_about_objects)) {
        (true, true) => Ok(Evaluation::compliant(POLICY, "with a denial of HTTP")),
        (true, false) => Ok(Evaluation::non_compliant(
            POLICY,
            "a denial for the bucket alone",
            expected,
        )),
        (false, true) => Ok(Evaluation::non_compliant(
            POLICY,
            "a denial for the objects alone",
            expected,
        )),
        (false, false) => Ok(Evaluation::non_compliant(
            POLICY,
            "without such a denial",
            expected,
        )),
    }
}

fn denies_http(statement: Statement<'_>) -> bool {
    let actions = lowered(statement, "Action");
    let is_about_http = only_condition(statement).is_some_and(|(operator, key, values)| {
        matches!(operator.as_str(), "bool" | "boolifexists")
            && key == "aws:securetransport"
            && values
                .one_or_many()
                .iter()
                .any(|value| value.as_boolean() == Some(false))
    });
    statement.denies()
        && statement.is_for_everybody()
        && actions.iter().any(|action| covers(action, "s3:*"))
        && is_about_http
}
