//! API Gateway: REST APIs and their stages.
//!
//! Shapes: AWS Config's items of `AWS::ApiGateway::*`, which are the API's.

use crate::declare::Within;
use crate::declare::prelude::*;
use crate::shape::remove;

pub(crate) static SERVICE: Service = Service {
    model: "apigateway",
    scope: Scope::Regional,
    // A quarter of the 5 calls every 2 seconds of `GetResources`, the slowest.
    // <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>
    calls_per_second: 0.625,
    collectors: &[REST_API, STAGE],
    account: &[],
};

const APIS: crate::declare::Call = call("GetRestApis").with(&[("limit", Param::Json("500"))]);

const REST_API: Collector = Collector {
    name: Some("name"),
    arn: Some("arn:{partition}:apigateway:{region}::/restapis/{id}"),
    created: Some("createdDate"),
    shape: Some(rest_api),
    tags: Tags::Listed("tags"),
    ..Collector::of(
        ResourceType::ApiGatewayRestApi,
        APIS,
        "items[]",
        "arn:{partition}:apigateway:{region}::/restapis/{id}",
    )
};

const STAGE: Collector = Collector {
    within: Some(Within {
        list: APIS,
        entries: "items[]",
    }),
    name: Some("stageName"),
    arn: Some("arn:{partition}:apigateway:{region}::/restapis/{^id}/stages/{stageName}"),
    created: Some("createdDate"),
    tags: Tags::Listed("tags"),
    details: &[
        detail("GetResources", "supplementaryConfiguration.GetResources")
            .with(&[
                ("restApiId", Param::Parent("id")),
                ("embed", Param::Json(r#"["methods"]"#)),
                ("limit", Param::Json("500")),
            ])
            .absent_on(&["NotFoundException"])
            .once_per_input(),
    ],
    ..Collector::of(
        ResourceType::ApiGatewayStage,
        call("GetStages")
            .with(&[("restApiId", Param::Parent("id"))])
            .absent_on(&["NotFoundException"]),
        "item[]",
        "arn:{partition}:apigateway:{region}::/restapis/{^id}/stages/{stageName}",
    )
};

fn rest_api(configuration: &mut Value, _: &Value) {
    remove(configuration, &["rootResourceId", "tags", "warnings"]);
}
