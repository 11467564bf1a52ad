//! A metric that nobody watches tells nobody anything.
//!
//! ## Result
//! - COMPLIANT: an alarm on the metric `metricName` names this resource in its dimensions.
//! - NON_COMPLIANT: no alarm on that metric does.
//! - NOT_APPLICABLE: the resource is not of the type `resourceType`.
//! - INSUFFICIENT_DATA: a parameter is missing or names another type than AWS takes; or nothing
//!   says which alarms there are.
//!
//! The metric's namespace is not looked at: AWS's parameters don't name it.
//!
//! ## What to do
//! Make an alarm on the metric with the resource's id as a dimension.
//!
//! ## Source
//! AWS Config developer guide, managed rule `cloudwatch-alarm-resource-check`.

use crate::predicates::parameter;
use crate::predicates::unread::not_collected;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "cloudwatch-alarm-resource-check",
    identifier: Identifier::FromId,
    version: 2,
    title: "Resources of the type have an alarm on the metric",
    resource_types: &[
        ResourceType::Ec2Instance,
        ResourceType::RdsDbCluster,
        ResourceType::S3Bucket,
        ResourceType::Ec2Volume,
    ],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: TYPE,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: METRIC_NAME,
            kind: Kind::Text,
            default: None,
        },
    ],
    reads: &[own(CLUSTER), Read::Other(ALARMS)],
    severity: Severity::Medium,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const RESOURCE_TYPE: Path = path("resourceType");
const RESOURCE_ID: Path = path("resourceId");
const CLUSTER: Path = path("configuration.dbclusterIdentifier");
const METRIC: Path = path("configuration.metricName");
const DIMENSIONS: Path = path("configuration.dimensions");

const VALUES: Path = path("configuration.dimensions[*].value");

// By the resource, not by the metric: every alarm of an estate may be on the one metric.
const ALARMS: Other = other(
    ResourceType::CloudWatchAlarm,
    By::Value(VALUES),
    &[METRIC, DIMENSIONS],
);

const TYPE: &str = "resourceType";
const METRIC_NAME: &str = "metricName";

/// The types that AWS takes, and the dimension that names each in its metrics.
const TYPES: [(ResourceType, &str); 4] = [
    (ResourceType::Ec2Instance, "InstanceId"),
    (ResourceType::Ec2Volume, "VolumeId"),
    (ResourceType::RdsDbCluster, "DBClusterIdentifier"),
    (ResourceType::S3Bucket, "BucketName"),
];

fn check<'a>(
    resource: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    let wanted = params.text(TYPE)?;
    let metric = params.text(METRIC_NAME)?;
    let known = TYPES.iter().find(|(known, _)| known.as_str() == wanted);
    let Some((resource_type, dimension)) = known else {
        let message = format!("is {wanted:?}, which AWS's rule doesn't take");
        return Err(parameter::invalid(TYPE, message));
    };
    if resource.type_name() != wanted {
        let because = format!("the rule is for {wanted}");
        let found = resource.type_name();
        return Ok(Evaluation::not_applicable(RESOURCE_TYPE, found, because));
    }
    let id = match resource_type {
        ResourceType::RdsDbCluster => resource
            .text(CLUSTER)?
            .ok_or_else(|| not_collected(CLUSTER))?,
        _ => resource.resource_id(),
    };
    for alarm in context.matching(resource, &ALARMS, id)? {
        if alarm.text(METRIC)? != Some(metric) {
            continue;
        }
        let mut dimensions = alarm.list(DIMENSIONS)?.iter();
        if dimensions
            .any(|one| one.text("name") == Some(*dimension) && one.text("value") == Some(id))
        {
            return Ok(Evaluation::compliant(RESOURCE_ID, id));
        }
    }
    let expected = format!("a resource that an alarm on {metric} names as {dimension}");
    Ok(Evaluation::non_compliant(RESOURCE_ID, id, expected))
}
