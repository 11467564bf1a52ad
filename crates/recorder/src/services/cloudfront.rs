//! CloudFront's distributions.
//!
//! Shapes: AWS Config's item of `AWS::CloudFront::Distribution`.

use crate::declare::prelude::*;
use crate::shape::remove;

pub(crate) static SERVICE: Service = Service {
    model: "cloudfront",
    scope: Scope::Global,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[DISTRIBUTION],
    account: &[],
};

const DISTRIBUTION: Collector = Collector {
    // The listing leaves out where access is logged.
    describe: Some(crate::declare::Describe {
        call: call("GetDistribution").absent_on(&["NoSuchDistribution"]),
        member: "Id",
        id: "Id",
        size: 0,
        entries: "Distribution",
    }),
    name: Some("DomainName"),
    arn: Some("ARN"),
    casing: Casing::Word,
    shape: Some(distribution),
    tags: Tags::Bulk("cloudfront"),
    ..Collector::of(
        ResourceType::CloudFrontDistribution,
        call("ListDistributions"),
        "DistributionList.Items[]",
        "Id",
    )
};

fn distribution(configuration: &mut Value, _: &Value) {
    // What is under way, and no configuration.
    remove(configuration, &["inProgressInvalidationBatches", "status"]);
}
