//! A tag that can be moved may mean another image tomorrow than the one that was tested today.
//!
//! ## Result
//! - COMPLIANT: the tags of the repository are `IMMUTABLE`.
//! - NON_COMPLIANT: they are anything else or nothing is set. `IMMUTABLE_WITH_EXCLUSION` fails too,
//!   since some tags can be moved; the guide is older than that value.
//! - INSUFFICIENT_DATA: the repository was not read.
//!
//! ## What to do
//! Make the repository's tags immutable, after builds give each image a tag of its own: a push to a
//! tag that exists is refused from then on, `latest` too.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ecr-private-tag-immutability-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ecr-private-tag-immutability-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Private ECR repositories have immutable tags",
    resource_types: &[ResourceType::EcrRepository],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(MUTABILITY)],
    severity: Severity::Medium,
    category: Category::Inventory,
    remedy: Remedy::Steps,
    check,
};

const MUTABILITY: Path = path("configuration.ImageTagMutability");

fn check<'a>(repository: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mutability = repository.text(MUTABILITY)?;
    if mutability != Some("IMMUTABLE") {
        return Ok(Evaluation::non_compliant(
            MUTABILITY,
            mutability,
            "IMMUTABLE",
        ));
    }
    Ok(Evaluation::compliant(MUTABILITY, mutability))
}
