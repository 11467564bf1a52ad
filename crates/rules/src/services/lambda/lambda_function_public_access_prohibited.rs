//! A function that everybody may call runs for everybody, with its own rights and on your bill.
//!
//! ## Result
//! - COMPLIANT: the function has no policy, or one that lets in only fixed principals; Amazon S3
//!   only from a fixed account.
//! - NON_COMPLIANT: a statement allows an empty principal, one with a wildcard or a policy
//!   variable, or everybody but some; or it allows Amazon S3 without a condition that fixes
//!   `aws:SourceAccount`. Other conditions do not help: the guide gives a wildcard in the
//!   principal as public, and leaves open which conditions would narrow it enough.
//! - INSUFFICIENT_DATA: the function's policy was not read, or is none.
//!
//! ## What to do
//! Remove the permission that is shown, and add it again for the accounts, roles or services that
//! need it. For Amazon S3, add the account as well: a bucket's name does not say whose it is.
//!
//! ## Source
//! AWS Config developer guide, managed rule `lambda-function-public-access-prohibited`.

use crate::evaluation::Shown;
use crate::predicates::policy::{Statement, is_fixed, principals};
use crate::predicates::policy_document::statements;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "lambda-function-public-access-prohibited",
    identifier: Identifier::FromId,
    version: 1,
    title: "Policies of Lambda functions let in only who is named",
    resource_types: &[ResourceType::LambdaFunction],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(POLICY)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("ASR-RemoveLambdaPublicAccess"),
    check,
};

const POLICY: Path = path("supplementaryConfiguration.Policy");

/// The operators under which a condition holds for the given values only.
const OPERATORS: [&str; 3] = ["StringEquals", "StringEqualsIgnoreCase", "StringLike"];

fn check<'a>(function: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let Some(policy) = function.node(POLICY)? else {
        return Ok(Evaluation::compliant(POLICY, Shown::Nothing));
    };
    for statement in statements(function, POLICY, Some(policy))? {
        if !statement.allows() {
            continue;
        }
        let principals = principals(statement);
        if principals.is_empty() || !principals.iter().all(|(_, name)| is_fixed(name)) {
            let expected = "fixed principals";
            return Ok(Evaluation::non_compliant(
                POLICY,
                statement.node(),
                expected,
            ));
        }
        if principals.contains(&("Service", "s3.amazonaws.com")) && !has_fixed_account(statement) {
            let expected = "a condition that fixes aws:SourceAccount";
            return Ok(Evaluation::non_compliant(
                POLICY,
                statement.node(),
                expected,
            ));
        }
    }
    Ok(Evaluation::compliant(POLICY, "for fixed principals only"))
}

/// Whether a statement holds for callers from given accounts only.
fn has_fixed_account(statement: Statement<'_>) -> bool {
    OPERATORS.into_iter().any(|operator| {
        let accounts = statement.condition(operator, "aws:SourceAccount");
        accounts.is_some_and(|accounts| {
            let accounts = accounts.one_or_many();
            let is_account = |account: &Node<'_>| account.as_text().is_some_and(is_fixed);
            !accounts.is_empty() && accounts.iter().all(is_account)
        })
    })
}
