//! API Gateway and AppSync.

use serde_json::{Map, Value, json};

use super::Estate;
use super::draw::Draw;
use super::item::Item;
use super::site::Site;
use super::time;

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..site.count(4) {
        estate.add(rest_api(site, n));
        estate.add(stage(site, n));
    }
    for n in 0..site.count(3) {
        estate.add(http_api(site, n));
        estate.add(http_stage(site, n));
    }
    for n in 0..site.count(2) {
        estate.add(graph_api(site, n));
    }
}

fn api_arn(site: Site, path: &str) -> String {
    format!("arn:aws:apigateway:{}::/{path}", site.region.name)
}

fn rest_id(site: Site, n: usize) -> String {
    site.hex("restapi", n, 10)
}

fn rest_api(site: Site, n: usize) -> Item {
    let mut draw = site.draw("restapi", n);
    let id = rest_id(site, n);
    let arn = api_arn(site, &format!("restapis/{id}"));
    let name = format!("{}-rest", site.app(n));
    Item::new(site, "AWS::ApiGateway::RestApi", &arn, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .configuration(json!({
            "id": id, "name": name, "description": "", "apiKeySource": "HEADER",
            "createdDate": time::days_ago(draw.between(50, 900)),
            "endpointConfiguration": {"types": [draw.either("REGIONAL", "EDGE")]},
        }))
}

fn method_settings(draw: &mut Draw) -> Value {
    json!({"*/*": {
        "metricsEnabled": true, "loggingLevel": draw.either("INFO", "OFF"),
        "dataTraceEnabled": false, "throttlingBurstLimit": 5_000,
        "throttlingRateLimit": 10_000.0, "cachingEnabled": draw.ok(), "cacheTtlInSeconds": 300,
        "cacheDataEncrypted": draw.ok(), "requireAuthorizationForCacheControl": true,
    }})
}

/// What the stage serves: some methods pass requests on by HTTP.
fn resources(site: Site, n: usize) -> Value {
    let integration = if n.is_multiple_of(3) {
        json!({"type": "HTTP", "httpMethod": "GET",
            "uri": format!("https://{}.internal.example.com/", site.app(n))})
    } else {
        json!({"type": "AWS_PROXY", "httpMethod": "POST", "uri": api_arn(site, "lambda")})
    };
    json!({"items": [{"id": site.hex("resource", n, 6), "path": "/v1",
        "resourceMethods": {"GET": {"httpMethod": "GET", "authorizationType": "AWS_IAM",
            "methodIntegration": integration}}}]})
}

fn stage(site: Site, n: usize) -> Item {
    let mut draw = site.draw("stage", n);
    let api = api_arn(site, &format!("restapis/{}", rest_id(site, n)));
    let arn = format!("{api}/stages/live");
    let mut configuration = json!({
        "stageName": "live", "deploymentId": site.hex("deployment", n, 6),
        "cacheClusterEnabled": draw.ok(), "cacheClusterSize": "0.5",
        "cacheClusterStatus": "AVAILABLE", "methodSettings": method_settings(&mut draw),
        "tracingEnabled": draw.ok(), "createdDate": time::days_ago(300),
        "lastUpdatedDate": time::days_ago(draw.between(1, 60)),
    });
    if let Some(members) = configuration.as_object_mut() {
        let mut add = |name: &str, value: String| {
            members.insert(name.to_owned(), Value::String(value));
        };
        if draw.ok() {
            add("webAclArn", super::edge::web_acl_arn(site, 0));
        }
        if draw.ok() {
            add("clientCertificateId", site.hex("client-certificate", n, 6));
        }
    }
    Item::new(site, "AWS::ApiGateway::Stage", &arn, &arn)
        .named("live")
        .tagged(&mut draw, "live", site.app(n))
        .related("AWS::ApiGateway::RestApi", &api, "Is contained in ")
        .configuration(configuration)
        .with("GetResources", resources(site, n))
        .unread_in(3, &mut draw, "GetResources", "apigateway:GET")
}

fn http_id(site: Site, n: usize) -> String {
    site.hex("httpapi", n, 10)
}

fn http_api(site: Site, n: usize) -> Item {
    let mut draw = site.draw("httpapi", n);
    let id = http_id(site, n);
    let arn = api_arn(site, &format!("apis/{id}"));
    let name = format!("{}-http", site.app(n));
    Item::new(site, "AWS::ApiGatewayV2::Api", &id, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .configuration(json!({
            "apiId": id, "name": name, "protocolType": "HTTP",
            "apiEndpoint": format!("https://{id}.execute-api.{}.amazonaws.com", site.region.name),
            "createdDate": time::days_ago(draw.between(50, 900)),
            "disableExecuteApiEndpoint": draw.ok(), "apiGatewayManaged": false,
            "routeSelectionExpression": "$request.method $request.path",
            "apiKeySelectionExpression": "$request.header.x-api-key",
        }))
}

fn http_stage(site: Site, n: usize) -> Item {
    let mut draw = site.draw("http-stage", n);
    let id = http_id(site, n);
    let arn = api_arn(site, &format!("apis/{id}/stages/$default"));
    let group = site.arn("logs", &format!("log-group:/apigateway/{}", site.app(n)));
    let mut configuration = json!({
        "stageName": "$default", "autoDeploy": true, "apiGatewayManaged": false,
        "createdDate": time::days_ago(300), "lastUpdatedDate": time::days_ago(12),
        "defaultRouteSettings": {"detailedMetricsEnabled": true, "dataTraceEnabled": false,
            "loggingLevel": draw.either("INFO", "OFF")},
        "routeSettings": Map::new(),
    });
    if let (true, Some(members)) = (draw.ok(), configuration.as_object_mut()) {
        members.insert(
            "accessLogSettings".to_owned(),
            json!({"destinationArn": group, "format": "$context.requestId"}),
        );
    }
    Item::new(site, "AWS::ApiGatewayV2::Stage", &arn, &arn)
        .named("$default")
        .tagged(&mut draw, "default", site.app(n))
        .related("AWS::ApiGatewayV2::Api", &id, "Is contained in ")
        .configuration(configuration)
}

fn graph_api(site: Site, n: usize) -> Item {
    let mut draw = site.draw("appsync", n);
    let id = site.hex("appsync", n, 26);
    let arn = site.arn("appsync", &format!("apis/{id}"));
    let name = format!("{}-graph", site.app(n));
    let web_acl = if draw.ok() {
        json!({"WebACL": {"ARN": super::edge::web_acl_arn(site, 0), "Name": "baseline"}})
    } else {
        json!({"WebACL": null})
    };
    Item::new(site, "AWS::AppSync::GraphQLApi", &id, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .configuration(json!({
            "ApiId": id, "Arn": arn, "Id": arn, "Name": name, "XrayEnabled": draw.ok(),
            "AuthenticationType": draw.either("AWS_IAM", "API_KEY"),
            "GraphQLUrl": format!("https://{id}.appsync-api.{}.amazonaws.com/graphql",
                site.region.name),
            "LogConfig": {"FieldLogLevel": draw.either("ERROR", "NONE"),
                "CloudWatchLogsRoleArn": site.role("appsync-logs"),
                "ExcludeVerboseContent": true},
        }))
        .with("GetWebACLForResource", web_acl)
}
