//! Route 53's hosted zones.
//!
//! Shapes: AWS Config's items of `AWS::Route53::HostedZone`.

use crate::declare::prelude::*;
use crate::shape::under;

pub(crate) static SERVICE: Service = Service {
    model: "route53",
    scope: Scope::Global,
    // A quarter of the 10 calls a second that an account has of all operations together.
    // <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/throttling-api-requests.html>
    calls_per_second: 2.5,
    collectors: &[HOSTED_ZONE],
    account: &[],
};

/// Without `/hostedzone/`, which only the zones' own listing puts before it.
const ID: &str = "{/Id}";

const HOSTED_ZONE: Collector = Collector {
    name: Some("Name"),
    arn: Some("arn:{partition}:route53:::hostedzone/{/Id}"),
    shape: Some(hosted_zone),
    tags: Tags::Bulk("route53:hostedzone"),
    details: &[
        detail(
            "ListQueryLoggingConfigs",
            "configuration.QueryLoggingConfig",
        )
        .joined_to_one(None, "QueryLoggingConfigs[]", "HostedZoneId", ID)
        .take("QueryLoggingConfigs")
        .shape(query_logging),
        detail("GetHostedZone", "configuration.VPCs")
            .with(&[("Id", Param::Item(ID))])
            .only(is_private)
            .take("VPCs"),
    ],
    ..Collector::of(
        ResourceType::Route53HostedZone,
        call("ListHostedZones"),
        "HostedZones[]",
        ID,
    )
};

fn hosted_zone(configuration: &mut Value, zone: &Value) {
    let id = zone["Id"].as_str().and_then(|id| id.rsplit('/').next());
    *configuration = json!({ "Id": id, "Name": zone["Name"] });
}

/// AWS Config has the whole configuration where CloudFormation has the log group's ARN.
fn query_logging(found: &Value) -> Value {
    under("CloudWatchLogsLogGroupArn", found)
}

/// Only private zones have VPCs.
fn is_private(zone: &Value) -> bool {
    zone["Config"]["PrivateZone"] == json!(true)
}
