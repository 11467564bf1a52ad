//! AppSync's GraphQL APIs.
//!
//! Shapes: AWS Config's schema of `AWS::AppSync::GraphQLApi`, which is CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::{add, remove};
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "appsync",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[GRAPHQL_API],
    account: &[],
};

const GRAPHQL_API: Collector = Collector {
    name: Some("name"),
    arn: Some("arn"),
    casing: Casing::Large,
    shape: Some(graphql_api),
    tags: Tags::Listed("tags"),
    details: &[
        // AppSync tells of each API which web ACL it is behind, of all APIs at once. Where it tells
        // of none, WAF would answer without one.
        detail(
            "ListGraphqlApis",
            "supplementaryConfiguration.GetWebACLForResource",
        )
        .joined_to_one(None, "graphqlApis[]", "arn", "arn")
        .shape(web_acl),
    ],
    ..Collector::of(
        ResourceType::AppSyncGraphQlApi,
        call("ListGraphqlApis"),
        "graphqlApis[]",
        "arn",
    )
};

fn web_acl(reply: &Value) -> Value {
    match value("graphqlApis.wafWebAclArn", reply) {
        Some(arn) => json!({ "WebACL": { "ARN": arn } }),
        None => json!({}),
    }
}

fn graphql_api(configuration: &mut Value, entry: &Value) {
    remove(configuration, &["Dns", "Tags", "Uris", "WafWebAclArn"]);
    add(configuration, "Id", entry.get("apiId").cloned());
    add(
        configuration,
        "GraphQLUrl",
        value("uris.GRAPHQL", entry).cloned(),
    );
}
