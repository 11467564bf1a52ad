//! AppSync's GraphQL APIs and their caches.
//!
//! Shapes: AWS Config's schema of `AWS::AppSync::GraphQLApi`, which is CloudFormation's;
//! CloudFormation's names of `AWS::AppSync::ApiCache`, of which AWS Config publishes no schema.

use crate::declare::Within;
use crate::declare::prelude::*;
use crate::shape::{add, remove};
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "appsync",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[API_CACHE, GRAPHQL_API],
    account: &[],
};

const API_CACHE: Collector = Collector {
    within: Some(Within {
        list: call("ListGraphqlApis"),
        entries: "graphqlApis[]",
    }),
    name: Some("{^apiId}"),
    casing: Casing::Large,
    shape: Some(api_cache),
    ..Collector::of(
        ResourceType::AppSyncApiCache,
        // An API has one cache, or none.
        call("GetApiCache")
            .with(&[("apiId", Param::Parent("apiId"))])
            .absent_on(&["NotFoundException"]),
        "apiCache",
        "{^apiId}",
    )
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

/// States are no configuration.
fn api_cache(configuration: &mut Value, _: &Value) {
    remove(configuration, &["Status"]);
}

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
