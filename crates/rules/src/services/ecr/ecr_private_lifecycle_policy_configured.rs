//! A lifecycle policy deletes images that nobody uses; without one, old and vulnerable images pile
//! up and can still be pulled.
//!
//! ## Result
//! - COMPLIANT: the repository has a lifecycle policy.
//! - NON_COMPLIANT: it has none.
//! - INSUFFICIENT_DATA: the repository's lifecycle policy was not read.
//!
//! ## What to do
//! Give the repository a lifecycle policy, and preview what it would delete first. Keep the images
//! that are running.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ecr-private-lifecycle-policy-configured`.

use crate::predicates::unread::malformed;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ecr-private-lifecycle-policy-configured",
    identifier: Identifier::FromId,
    version: 1,
    title: "Private ECR repositories have a lifecycle policy",
    resource_types: &[ResourceType::EcrRepository],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(POLICY)],
    severity: Severity::Medium,
    category: Category::ResourceConfiguration,
    remedy: Remedy::Steps,
    check,
};

const POLICY: Path = path("configuration.LifecyclePolicy.LifecyclePolicyText");

fn check<'a>(repository: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let policy = repository.node(POLICY)?;
    if policy.is_none_or(Node::is_empty) {
        return Ok(Evaluation::non_compliant(
            POLICY,
            policy,
            "a lifecycle policy",
        ));
    }
    if let Some(other) = policy.filter(|policy| !matches!(policy, Node::Object(_))) {
        return Err(malformed(POLICY, other.kind(), "a JSON document"));
    }
    Ok(Evaluation::compliant(POLICY, policy))
}
