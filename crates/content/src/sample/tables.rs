//! DynamoDB, DAX and ElastiCache.

use serde_json::{Value, json};

use super::Estate;
use super::item::Item;
use super::site::Site;
use super::time;

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..site.count(10) {
        estate.add(table(site, n));
    }
    estate.add(single_cache(site));
    for n in 0..site.count(2) {
        estate.add(replication_group(site, n));
        estate.add(cache_cluster(site, n));
    }
    if site.account.name != "platform" {
        estate.add(dax_cluster(site));
    }
}

fn table(site: Site, n: usize) -> Item {
    let mut draw = site.draw("dynamodb", n);
    let app = site.app(n);
    let thing = match n % 4 {
        0 => "sessions",
        1 => "events",
        2 => "locks",
        _ => "carts",
    };
    let name = format!("{app}-{thing}");
    let arn = site.arn("dynamodb", &format!("table/{name}"));
    let is_provisioned = n % 5 == 4;
    let (mode, capacity) = if is_provisioned {
        ("PROVISIONED", draw.between(5, 100))
    } else {
        ("PAY_PER_REQUEST", 0)
    };
    let encryption = if draw.ok() {
        json!({"status": "ENABLED", "ssetype": "KMS", "kmsmasterKeyArn": site.key("data")})
    } else {
        Value::Null
    };
    let (targets, policies) = if is_provisioned && draw.ok() {
        (scalable_targets(&name), scaling_policies(&name))
    } else {
        (Vec::new(), Vec::new())
    };
    Item::new(site, "AWS::DynamoDB::Table", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .configuration(json!({
            "tableName": name, "tableArn": arn, "tableId": site.uuid("dynamodb", n),
            "tableStatus": "ACTIVE", "creationDateTime": time::days_ago(draw.between(30, 900)),
            "attributeDefinitions": [{"attributeName": "pk", "attributeType": "S"}],
            "keySchema": [{"attributeName": "pk", "keyType": "HASH"}],
            "provisionedThroughput": {"numberOfDecreasesToday": 0,
                "readCapacityUnits": capacity, "writeCapacityUnits": capacity},
            "billingModeSummary": {"billingMode": mode},
            "itemCount": draw.between(100, 4_000_000), "ssedescription": encryption,
            "tableSizeBytes": draw.between(10_000, 900_000_000),
            "deletionProtectionEnabled": draw.ok(),
        }))
        .with(
            "ContinuousBackupsDescription",
            json!({"continuousBackupsStatus": "ENABLED", "pointInTimeRecoveryDescription":
                {"pointInTimeRecoveryStatus": draw.either("ENABLED", "DISABLED")}}),
        )
        .with(
            "DescribeScalableTargets",
            json!({"ScalableTargets": targets}),
        )
        .with(
            "DescribeScalingPolicies",
            json!({"ScalingPolicies": policies}),
        )
        .unread_in(
            2,
            &mut draw,
            "ContinuousBackupsDescription",
            "dynamodb:DescribeContinuousBackups",
        )
}

const DIMENSIONS: [&str; 2] = [
    "dynamodb:table:ReadCapacityUnits",
    "dynamodb:table:WriteCapacityUnits",
];

fn scalable_targets(table: &str) -> Vec<Value> {
    let target = |dimension| {
        json!({"ServiceNamespace": "dynamodb", "ResourceId": format!("table/{table}"),
            "ScalableDimension": dimension, "MinCapacity": 5, "MaxCapacity": 500})
    };
    DIMENSIONS.into_iter().map(target).collect()
}

fn scaling_policies(table: &str) -> Vec<Value> {
    let policy = |dimension| {
        json!({"PolicyName": format!("{table}-target-tracking"), "ServiceNamespace": "dynamodb",
            "ResourceId": format!("table/{table}"), "ScalableDimension": dimension,
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 70.0}})
    };
    DIMENSIONS.into_iter().map(policy).collect()
}

/// In the API's casing: AWS Config records none.
fn dax_cluster(site: Site) -> Item {
    let mut draw = site.draw("dax", 0);
    let name = "checkout-cache";
    let arn = site.arn("dax", &format!("cache/{name}"));
    Item::new(site, "AWS::DAX::Cluster", name, &arn)
        .named(name)
        .tagged(&mut draw, name, "checkout")
        .configuration(json!({
            "ClusterName": name, "ClusterArn": arn, "Status": "available", "TotalNodes": 3,
            "NodeType": "dax.r5.large", "SubnetGroup": "private",
            "SSEDescription": {"Status": draw.either("ENABLED", "DISABLED")},
            "ClusterEndpointEncryptionType": draw.either("TLS", "NONE"),
            "IamRoleArn": site.role("dax"),
        }))
}

/// In the API's casing: AWS Config records none.
fn replication_group(site: Site, n: usize) -> Item {
    let mut draw = site.draw("elasticache", n);
    let name = format!("{}-redis", site.app(n));
    let arn = site.arn("elasticache", &format!("replicationgroup:{name}"));
    Item::new(site, "AWS::ElastiCache::ReplicationGroup", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .configuration(json!({
            "ReplicationGroupId": name, "ARN": arn, "Status": "available", "Engine": "redis",
            "AutomaticFailover": draw.either("enabled", "disabled"),
            "MultiAZ": draw.either("enabled", "disabled"),
            "SnapshotRetentionLimit": draw.either(15, 0), "SnapshotWindow": "05:00-06:00",
            "ClusterEnabled": false, "CacheNodeType": "cache.r7g.large",
            "MemberClusters": [format!("{name}-001")], "AuthTokenEnabled": draw.ok(),
            "TransitEncryptionEnabled": draw.ok(), "AtRestEncryptionEnabled": draw.ok(),
            "AutoMinorVersionUpgrade": draw.ok(),
        }))
}

/// In the API's casing: AWS Config records none.
fn cache_cluster(site: Site, n: usize) -> Item {
    let mut draw = site.draw("elasticache-cluster", n);
    let group = format!("{}-redis", site.app(n));
    let name = format!("{group}-001");
    let arn = site.arn("elasticache", &format!("cluster:{name}"));
    Item::new(site, "AWS::ElastiCache::CacheCluster", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .related(
            "AWS::ElastiCache::ReplicationGroup",
            &group,
            "Is contained in ReplicationGroup",
        )
        .configuration(json!({
            "CacheClusterId": name, "ARN": arn, "CacheClusterStatus": "available",
            "Engine": "redis", "EngineVersion": "7.1.0", "NumCacheNodes": 1,
            "CacheNodeType": "cache.r7g.large", "CacheSubnetGroupName": "private",
            "ReplicationGroupId": group, "SnapshotRetentionLimit": draw.either(15, 0),
            "AutoMinorVersionUpgrade": draw.ok(), "TransitEncryptionEnabled": true,
            "AtRestEncryptionEnabled": true,
        }))
}

/// A node of its own, without a group: a cache that may be lost has no backups.
fn single_cache(site: Site) -> Item {
    let mut draw = site.draw("elasticache-single", 0);
    let name = "shipping-rates";
    let arn = site.arn("elasticache", &format!("cluster:{name}"));
    Item::new(site, "AWS::ElastiCache::CacheCluster", name, &arn)
        .named(name)
        .tagged(&mut draw, name, "shipping")
        .configuration(json!({
            "CacheClusterId": name, "ARN": arn, "CacheClusterStatus": "available",
            "Engine": draw.either("redis", "memcached"), "NumCacheNodes": 1,
            "CacheNodeType": "cache.t4g.small", "CacheSubnetGroupName": "private",
            "SnapshotRetentionLimit": draw.either(15, 1), "AutoMinorVersionUpgrade": draw.ok(),
        }))
}
