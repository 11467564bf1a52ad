//! ElastiCache: clusters and replication groups.
//!
//! Shapes: AWS Config has no schemas of `AWS::ElastiCache::*`; the members are the API's, which
//! rules read.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "elasticache",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[CACHE_CLUSTER, REPLICATION_GROUP],
    account: &[],
};

/// A page as large as ElastiCache gives.
const PAGE: &[(&str, Param)] = &[("MaxRecords", Param::Json("100"))];

const CACHE_CLUSTER: Collector = Collector {
    name: Some("CacheClusterId"),
    arn: Some("ARN"),
    created: Some("CacheClusterCreateTime"),
    tags: Tags::Bulk("elasticache"),
    relationships: &[Relation::ids(
        "Is contained in ReplicationGroup",
        ResourceType::ElastiCacheReplicationGroup,
        "ReplicationGroupId",
    )],
    ..Collector::of(
        ResourceType::ElastiCacheCacheCluster,
        call("DescribeCacheClusters").with(PAGE),
        "CacheClusters[]",
        "CacheClusterId",
    )
};

const REPLICATION_GROUP: Collector = Collector {
    name: Some("ReplicationGroupId"),
    arn: Some("ARN"),
    created: Some("ReplicationGroupCreateTime"),
    tags: Tags::Bulk("elasticache"),
    ..Collector::of(
        ResourceType::ElastiCacheReplicationGroup,
        call("DescribeReplicationGroups").with(PAGE),
        "ReplicationGroups[]",
        "ReplicationGroupId",
    )
};
