//! A replica survives what happens to the bucket: a deletion, a Region, an account.
//!
//! ## Result
//! - COMPLIANT: the bucket has replication rules, and each is `Enabled`; with `ReplicationType`, each
//!   replicates into another Region (`CROSS-REGION`) or into its own (`SAME-REGION`).
//! - NON_COMPLIANT: the bucket has no replication rule, a rule is disabled, or a rule replicates to
//!   the wrong side.
//! - INSUFFICIENT_DATA: the rules were not read; or `ReplicationType` is given and the Region of a
//!   destination is not known: AWS Config does not record it.
//!
//! ## What to do
//! Turn on versioning on both sides, and add a rule for all objects. Objects that exist need a batch
//! replication.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-replication-enabled`.

use crate::predicates::parameter;
use crate::predicates::unread::not_collected;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-replication-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets are replicated",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: TYPE,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(RULES), own(LOCATIONS)],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Steps,
    check,
};

const RULES: Path = path("supplementaryConfiguration.BucketReplicationConfiguration.rules");
/// The replies for the destinations, each under its bucket's ARN.
const LOCATIONS: Path = path("supplementaryConfiguration.GetBucketLocation");

const TYPE: &str = "ReplicationType";

fn check<'a>(bucket: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let found = bucket.node(RULES)?;
    let rules = found.map_or(&[][..], Node::members);
    if rules.is_empty() {
        let expected = "a replication rule that is enabled";
        return Ok(Evaluation::non_compliant(RULES, found, expected));
    }
    for (_, rule) in rules {
        if rule.text("status") != Some("Enabled") {
            let expected = "replication rules that are all enabled";
            return Ok(Evaluation::non_compliant(RULES, *rule, expected));
        }
    }
    let Some(kind) = params.optional_text(TYPE) else {
        return Ok(Evaluation::compliant(RULES, "enabled"));
    };
    let is_same_wanted = match kind {
        "SAME-REGION" => true,
        "CROSS-REGION" => false,
        _ => {
            let message = format!("is {kind:?}, expected CROSS-REGION or SAME-REGION");
            return Err(parameter::invalid(TYPE, message));
        }
    };
    let locations = bucket.node(LOCATIONS)?;
    for (_, rule) in rules {
        let destination = rule.get("destinationConfig");
        let arn = destination.and_then(|destination| destination.text("bucketARN"));
        let location = arn.and_then(|arn| locations?.get(arn));
        let Some(location) = location else {
            return Err(not_collected(LOCATIONS));
        };
        let region = region_of(location);
        if (region == bucket.aws_region()) != is_same_wanted {
            return Ok(Evaluation::non_compliant(
                LOCATIONS,
                region,
                kind.to_owned(),
            ));
        }
    }
    Ok(Evaluation::compliant(RULES, "enabled"))
}

/// S3 names no Region for us-east-1, and has an old name for eu-west-1.
fn region_of(reply: Node<'_>) -> &str {
    match reply.text("LocationConstraint") {
        None | Some("") => "us-east-1",
        Some("EU") => "eu-west-1",
        Some(region) => region,
    }
}
