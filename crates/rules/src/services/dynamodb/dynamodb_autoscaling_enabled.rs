//! A table with a fixed capacity throttles its users when they come, and costs when they don't.
//!
//! ## Result
//! - COMPLIANT: the table is on demand; or table and global secondary indexes each have auto
//!   scaling for reads and for writes: a scalable target and a policy that tracks a utilization,
//!   within the parameters where they are given.
//! - NON_COMPLIANT: a table or index has a fixed capacity, or may not scale out; a target goes
//!   below a minimum or above a maximum that is given; or a policy tracks another utilization than
//!   is given.
//! - INSUFFICIENT_DATA: the table, its scalable targets or their policies were not read, or a
//!   utilization that is given is no number.
//!
//! AWS's page leaves open how a target is compared: its least capacity may be higher than the
//! minimum that is given, its most lower than the maximum, and the utilization is compared exactly.
//!
//! ## What to do
//! Go on demand, or register the table and its indexes with Application Auto Scaling and give each
//! a policy that tracks 70 percent.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dynamodb-autoscaling-enabled`.

use crate::predicates::{parameter, unread};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dynamodb-autoscaling-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "DynamoDB tables scale with demand",
    resource_types: &[ResourceType::DynamoDbTable],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: MIN_READ,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: MAX_READ,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: READ_UTILIZATION,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: MIN_WRITE,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: MAX_WRITE,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: WRITE_UTILIZATION,
            kind: Kind::Text,
            default: None,
        },
    ],
    reads: &[
        own(BILLING_MODE),
        own(TABLE_NAME),
        own(INDEX_NAMES),
        own(TARGETS),
        own(POLICIES),
    ],
    severity: Severity::Medium,
    category: Category::Resilience,
    remedy: Remedy::Automation("ASR-ConfigureDynamoDBAutoScaling"),
    check,
};

const BILLING_MODE: Path = path("configuration.billingModeSummary.billingMode");
const TABLE_NAME: Path = path("configuration.tableName");
const INDEX_NAMES: Path = path("configuration.globalSecondaryIndexes[*].indexName");
const TARGETS: Path = path("supplementaryConfiguration.DescribeScalableTargets.ScalableTargets");
const POLICIES: Path = path("supplementaryConfiguration.DescribeScalingPolicies.ScalingPolicies");

const MIN_READ: &str = "minProvisionedReadCapacity";
const MAX_READ: &str = "maxProvisionedReadCapacity";
const READ_UTILIZATION: &str = "targetReadUtilization";
const MIN_WRITE: &str = "minProvisionedWriteCapacity";
const MAX_WRITE: &str = "maxProvisionedWriteCapacity";
const WRITE_UTILIZATION: &str = "targetWriteUtilization";

/// Reads or writes: the part of a dimension's name, and the parameters.
struct Direction {
    name: &'static str,
    min: &'static str,
    max: &'static str,
    utilization: &'static str,
}

const READ: Direction = Direction {
    name: "Read",
    min: MIN_READ,
    max: MAX_READ,
    utilization: READ_UTILIZATION,
};
const WRITE: Direction = Direction {
    name: "Write",
    min: MIN_WRITE,
    max: MAX_WRITE,
    utilization: WRITE_UTILIZATION,
};

fn check<'a>(table: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mode = table.text(BILLING_MODE)?;
    if mode == Some("PAY_PER_REQUEST") {
        return Ok(Evaluation::compliant(BILLING_MODE, mode));
    }
    let Some(name) = table.text(TABLE_NAME)? else {
        return Err(unread::not_collected(TABLE_NAME));
    };
    let mut resources = vec![("table", format!("table/{name}"))];
    for index in table.each(INDEX_NAMES)? {
        resources.push((
            "index",
            format!("table/{name}/index/{}", index.as_text().unwrap_or_default()),
        ));
    }
    let targets = table.list(TARGETS)?;
    let policies = table.list(POLICIES)?;
    for (kind, resource) in &resources {
        for direction in [&READ, &WRITE] {
            let dimension = format!("dynamodb:{kind}:{}CapacityUnits", direction.name);
            let is_for = |node: &&Node<'a>| {
                node.text("ResourceId") == Some(resource)
                    && node.text("ScalableDimension") == Some(&dimension)
            };
            let target = targets.iter().find(is_for);
            if let Some(failure) = fails_at(target.copied(), direction, params, resource) {
                return Ok(failure);
            }
            let policy = policies
                .iter()
                .filter(is_for)
                .find_map(|policy| policy.get("TargetTrackingScalingPolicyConfiguration"));
            let utilization = policy.and_then(|policy| policy.get("TargetValue"));
            if !tracks(utilization, direction, params)? {
                let expected = match params.optional_text(direction.utilization) {
                    Some(wanted) => format!("{wanted} for {} of {resource}", direction.name),
                    None => format!("a policy for {} of {resource}", direction.name),
                };
                return Ok(Evaluation::non_compliant(POLICIES, utilization, expected));
            }
        }
    }
    Ok(Evaluation::compliant(
        TARGETS,
        "auto scaling of reads and writes",
    ))
}

/// What is wrong with the scalable target of a table or index, if anything.
fn fails_at<'a>(
    target: Option<Node<'a>>,
    direction: &Direction,
    params: &Params,
    resource: &str,
) -> Option<Evaluation<'a>> {
    let of = format!("for {} of {resource}", direction.name);
    let Some(target) = target else {
        let expected = format!("a scalable target {of}");
        return Some(Evaluation::non_compliant(TARGETS, None::<&str>, expected));
    };
    let suspended = target.get("SuspendedState");
    if suspended.and_then(|state| state.boolean("DynamicScalingOutSuspended")) == Some(true) {
        let expected = format!("scaling that is not suspended {of}");
        return Some(Evaluation::non_compliant(TARGETS, suspended, expected));
    }
    if let Some(minimum) = params.optional_integer(direction.min) {
        let least = target.integer("MinCapacity");
        if least.is_none_or(|units| units < minimum) {
            let expected = format!("at least {minimum} {of}");
            return Some(Evaluation::non_compliant(TARGETS, least, expected));
        }
    }
    if let Some(maximum) = params.optional_integer(direction.max) {
        let most = target.integer("MaxCapacity");
        if most.is_none_or(|units| units > maximum) {
            let expected = format!("at most {maximum} {of}");
            return Some(Evaluation::non_compliant(TARGETS, most, expected));
        }
    }
    None
}

/// Whether a policy tracks a utilization, and the one that is given, where one is.
fn tracks(
    utilization: Option<Node<'_>>,
    direction: &Direction,
    params: &Params,
) -> Result<bool, InsufficientData> {
    let Some(tracked) = utilization.and_then(Node::as_float) else {
        return Ok(false);
    };
    let Some(text) = params.optional_text(direction.utilization) else {
        return Ok(true);
    };
    let wanted = Node::Text(text).as_float().ok_or_else(|| {
        let message = format!("is {text:?}, expected a number");
        parameter::invalid(direction.utilization, message)
    })?;
    Ok((tracked - wanted).abs() < 0.001)
}
