//! API Gateway: routes and stages of HTTP and WebSocket APIs.
//!
//! Shapes: AWS Config's item of `AWS::ApiGatewayV2::Stage`; the API's names of
//! `AWS::ApiGatewayV2::Route`, of which AWS Config publishes no schema.

use crate::declare::Within;
use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "apigatewayv2",
    scope: Scope::Regional,
    // A quarter of the 10 calls a second of all operations.
    // <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>
    calls_per_second: 2.5,
    collectors: &[ROUTE, STAGE],
    account: &[],
};

const ROUTE: Collector = Collector {
    within: Some(Within {
        list: call("GetApis"),
        entries: "Items[]",
    }),
    name: Some("RouteKey"),
    arn: Some("arn:{partition}:apigateway:{region}::/apis/{^ApiId}/routes/{RouteId}"),
    ..Collector::of(
        ResourceType::ApiGatewayV2Route,
        call("GetRoutes")
            .with(&[("ApiId", Param::Parent("ApiId"))])
            .absent_on(&["NotFoundException"]),
        "Items[]",
        "arn:{partition}:apigateway:{region}::/apis/{^ApiId}/routes/{RouteId}",
    )
};

const STAGE: Collector = Collector {
    within: Some(Within {
        list: call("GetApis"),
        entries: "Items[]",
    }),
    name: Some("StageName"),
    arn: Some("arn:{partition}:apigateway:{region}::/apis/{^ApiId}/stages/{StageName}"),
    created: Some("CreatedDate"),
    casing: Casing::Bean,
    tags: Tags::Listed("Tags"),
    ..Collector::of(
        ResourceType::ApiGatewayV2Stage,
        call("GetStages")
            .with(&[("ApiId", Param::Parent("ApiId"))])
            .absent_on(&["NotFoundException"]),
        "Items[]",
        "arn:{partition}:apigateway:{region}::/apis/{^ApiId}/stages/{StageName}",
    )
};
