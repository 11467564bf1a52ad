//! An access log says who called what, when, and which target answered.
//!
//! ## Result
//! - COMPLIANT: access logs are on; to a bucket that `s3BucketNames` names, if it is given.
//! - NON_COMPLIANT: access logs are off or not set, or go to another bucket.
//! - NOT_APPLICABLE: the load balancer is a network or a gateway load balancer.
//! - INSUFFICIENT_DATA: the load balancer's type or attributes were not read.
//!
//! ## What to do
//! Turn access logs on, to a bucket in the same Region whose policy lets Elastic Load Balancing
//! write.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elb-logging-enabled`.

use crate::predicates::{lists, load_balancers};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elb-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Classic and application load balancers write access logs",
    resource_types: &[
        ResourceType::ElasticLoadBalancingLoadBalancer,
        ResourceType::ElasticLoadBalancingV2LoadBalancer,
    ],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: BUCKETS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[
        own(TYPE),
        own(ATTRIBUTES),
        own(CLASSIC_ENABLED),
        own(CLASSIC_BUCKET),
    ],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableLoggingForALBAndCLB"),
    check,
};

const TYPE: Path = path("configuration.type");
const ATTRIBUTES: Path = path("supplementaryConfiguration.LoadBalancerAttributes");
const CLASSIC_ENABLED: Path =
    path("supplementaryConfiguration.LoadBalancerAttributes.accessLog.enabled");
const CLASSIC_BUCKET: Path =
    path("supplementaryConfiguration.LoadBalancerAttributes.accessLog.s3BucketName");

const BUCKETS: &str = "s3BucketNames";

fn check<'a>(balancer: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    if balancer.resource_type() == Some(ResourceType::ElasticLoadBalancingLoadBalancer) {
        return classic(balancer, params.list(BUCKETS));
    }
    let kind = balancer.text(TYPE)?;
    if kind.is_some_and(|kind| kind != "application") {
        let because = "only application load balancers are judged";
        return Ok(Evaluation::not_applicable(TYPE, kind, because));
    }
    let attributes = balancer.list(ATTRIBUTES)?;
    let enabled = load_balancers::attribute(attributes, "access_logs.s3.enabled");
    if enabled != Some("true") {
        let found = enabled.map(|value| format!("access_logs.s3.enabled {value}"));
        let expected = "access_logs.s3.enabled true";
        return Ok(Evaluation::non_compliant(ATTRIBUTES, found, expected));
    }
    let bucket = load_balancers::attribute(attributes, "access_logs.s3.bucket");
    let found = bucket.map(|name| format!("access_logs.s3.bucket {name}"));
    if let Some(expected) = lists::unmet(bucket.as_slice(), params.list(BUCKETS), "a bucket") {
        return Ok(Evaluation::non_compliant(ATTRIBUTES, found, expected));
    }
    Ok(Evaluation::compliant(ATTRIBUTES, found))
}

fn classic<'a>(balancer: &ConfigurationItem<'a>, buckets: &[String]) -> Verdict<'a> {
    let enabled = balancer.boolean(CLASSIC_ENABLED)?;
    if enabled != Some(true) {
        return Ok(Evaluation::non_compliant(CLASSIC_ENABLED, enabled, true));
    }
    let bucket = balancer.text(CLASSIC_BUCKET)?;
    if let Some(expected) = lists::unmet(bucket.as_slice(), buckets, "a bucket") {
        return Ok(Evaluation::non_compliant(CLASSIC_BUCKET, bucket, expected));
    }
    Ok(Evaluation::compliant(CLASSIC_BUCKET, bucket))
}
