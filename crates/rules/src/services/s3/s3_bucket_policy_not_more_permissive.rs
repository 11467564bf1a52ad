//! One policy that says the most that any bucket may give other accounts keeps them all in bounds.
//!
//! ## Result
//! - COMPLIANT: whatever the bucket policy allows principals of other accounts, `controlPolicy`
//!   allows, too.
//! - NON_COMPLIANT: a statement allows another account a principal, an action or a resource that no
//!   statement of the control policy allows under the same condition or none. So does a policy where
//!   that can't be shown: the bucket lacks a denial that the control policy has, or a value has more
//!   than five policy variables. Denials of the bucket's own don't widen what it may allow.
//! - INSUFFICIENT_DATA: the policy was not read, or the parameter is no policy.
//!
//! ## What to do
//! Take from the bucket policy what the control policy doesn't have; or widen the control policy, for
//! every bucket.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-policy-not-more-permissive`.

use bumpalo::Bump;
use posture_model::tree;

use crate::predicates::bucket_policy::{POLICY, is_foreign, lowered, too_many_variables};
use crate::predicates::parameter;
use crate::predicates::patterns::{covers, overlap};
use crate::predicates::policy::{self, Statement, account_of, principals};
use crate::predicates::policy_document::statements;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-policy-not-more-permissive",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 bucket policies give other accounts no more than a control policy",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: CONTROL,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(POLICY)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const CONTROL: &str = "controlPolicy";

fn check<'a>(bucket: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let arena = Bump::new();
    let control = match tree::parse(params.text(CONTROL)?.as_bytes(), &arena) {
        Ok(document) if !policy::statements(document).is_empty() => policy::statements(document),
        _ => {
            let message = "must be an Amazon S3 bucket policy".to_owned();
            return Err(parameter::invalid(CONTROL, message));
        }
    };
    let Some(policy) = bucket.node(POLICY)? else {
        return Ok(Evaluation::compliant(POLICY, None::<&str>));
    };
    if let Some(failure) = too_many_variables(bucket, policy)? {
        return Ok(failure);
    }
    let statements = statements(bucket, POLICY, Some(policy))?;
    let lacks_denial = control.iter().any(|denial| {
        denial.denies()
            && !statements
                .iter()
                .any(|statement| is_same(*statement, *denial))
    });
    for statement in statements {
        let foreign = foreign_principals(statement, bucket.account_id());
        if !statement.allows() || foreign.is_empty() {
            continue;
        }
        if lacks_denial || !is_within(statement, &foreign, &control) {
            let expected = "nothing for other accounts beyond the control policy";
            return Ok(Evaluation::non_compliant(
                POLICY,
                statement.node(),
                expected,
            ));
        }
    }
    Ok(Evaluation::compliant(POLICY, "within the control policy"))
}

/// The principals of other accounts. Where a statement says only who is not meant: everybody.
fn foreign_principals<'a>(statement: Statement<'a>, account: &str) -> Vec<(&'a str, &'a str)> {
    if statement.node().get("NotPrincipal").is_some() {
        return vec![("AWS", "*")];
    }
    let mut principals = principals(statement);
    principals.retain(|principal| is_foreign(*principal, account));
    principals
}

/// Whether the control policy allows each principal each action on each resource.
fn is_within(
    statement: Statement<'_>,
    principals: &[(&str, &str)],
    control: &[Statement<'_>],
) -> bool {
    let bounds: Vec<Statement<'_>> = control
        .iter()
        .copied()
        .filter(|bound| bound.allows() && has_condition_of(*bound, statement))
        .collect();
    let has_exceptions = |element: &str| statement.node().get(element).is_some();
    let actions = if has_exceptions("NotAction") {
        vec!["s3:*".to_owned()]
    } else {
        lowered(statement, "Action")
    };
    let resources = if has_exceptions("NotResource") {
        vec!["*"]
    } else {
        statement.texts("Resource").collect()
    };
    principals.iter().all(|principal| {
        actions.iter().all(|action| {
            // A bucket policy knows no actions but S3's.
            let action = if action == "*" { "s3:*" } else { action };
            resources.iter().all(|resource| {
                bounds.iter().any(|bound| {
                    is_for(*bound, *principal)
                        && is_about_action(*bound, action)
                        && bound.texts("Resource").any(|wide| covers(wide, resource))
                })
            })
        })
    })
}

/// Whether a bound holds under no condition, or under the statement's own.
fn has_condition_of(bound: Statement<'_>, statement: Statement<'_>) -> bool {
    !bound.is_conditional() || bound.node().get("Condition") == statement.node().get("Condition")
}

/// Whether a bound is for a principal: by name, as everybody, or as an account for what is in it.
fn is_for(bound: Statement<'_>, (kind, name): (&str, &str)) -> bool {
    principals(bound).into_iter().any(|(bound_kind, wide)| {
        let account = account_of(wide);
        let is_account = account == Some(wide) || wide.ends_with(":root");
        let is_in_account = is_account && account.is_some() && account == account_of(name);
        let is_everybody = bound_kind == "AWS" && wide == "*";
        is_everybody || (bound_kind == kind && (wide == name || is_in_account))
    })
}

fn is_about_action(bound: Statement<'_>, action: &str) -> bool {
    let not = lowered(bound, "NotAction");
    lowered(bound, "Action")
        .iter()
        .any(|wide| covers(wide, action))
        || (!not.is_empty() && !not.iter().any(|other| overlap(other, action)))
}

/// Whether two statements say the same, whatever they are called.
fn is_same(one: Statement<'_>, other: Statement<'_>) -> bool {
    let says = |statement: Statement<'_>, (name, value): &(&str, Node<'_>)| {
        *name == "Sid" || statement.node().get(name) == Some(*value)
    };
    let within = |one: Statement<'_>, other: Statement<'_>| {
        other
            .node()
            .members()
            .iter()
            .all(|member| says(one, member))
    };
    within(one, other) && within(other, one)
}
