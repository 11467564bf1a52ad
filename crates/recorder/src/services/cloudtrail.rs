//! CloudTrail's trails.
//!
//! Shapes: AWS Config's item of `AWS::CloudTrail::Trail`.

use crate::declare::Each;
use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "cloudtrail",
    scope: Scope::Regional,
    // A quarter of the 10 calls a second of `Get`, `Describe` and `List` operations.
    // <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html>
    calls_per_second: 2.5,
    collectors: &[TRAIL],
    // A trail that reaches into other Regions is listed in each of them; it is asked at home, once.
    account: &[fact("DescribeTrails").each(&[
        Each {
            entries: "trailList",
            call: call("GetTrailStatus").with(&[("Name", Param::Item("TrailARN"))]),
            region: "HomeRegion",
        },
        Each {
            entries: "trailList",
            call: call("GetEventSelectors").with(&[("TrailName", Param::Item("TrailARN"))]),
            region: "HomeRegion",
        },
    ])],
};

const TRAIL: Collector = Collector {
    name: Some("Name"),
    arn: Some("TrailARN"),
    casing: Casing::Bean,
    tags: Tags::Bulk("cloudtrail:trail"),
    details: &[detail(
        "GetTrailStatus",
        "supplementaryConfiguration.GetTrailStatus",
    )
    .with(&[("Name", Param::Item("TrailARN"))])
    .once_per_input()],
    ..Collector::of(
        ResourceType::CloudTrailTrail,
        // A trail is an item where its home is, not in the Regions that it reaches into.
        call("DescribeTrails").with(&[("includeShadowTrails", Param::Json("false"))]),
        "trailList[]",
        "Name",
    )
};
