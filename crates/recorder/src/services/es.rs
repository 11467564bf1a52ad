//! Domains that run Elasticsearch.
//!
//! Shapes: AWS Config's item of `AWS::Elasticsearch::Domain`.

use crate::declare::Describe;
use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "es",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[DOMAIN],
    account: &[],
};

const DOMAIN: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeElasticsearchDomains"),
        member: "DomainNames",
        id: "DomainName",
        // More are refused.
        size: 5,
        entries: "DomainStatusList[]",
    }),
    name: Some("DomainName"),
    arn: Some("ARN"),
    casing: Casing::Bean,
    tags: Tags::Bulk("es:domain"),
    relationships: &[
        Relation::ids(
            "Is associated with SecurityGroup",
            ResourceType::Ec2SecurityGroup,
            "VPCOptions.SecurityGroupIds[]",
        ),
        Relation::ids(
            "Is associated with Subnet",
            ResourceType::Ec2Subnet,
            "VPCOptions.SubnetIds[]",
        ),
        Relation::ids(
            "Is associated with Vpc",
            ResourceType::Ec2Vpc,
            "VPCOptions.VPCId",
        ),
    ],
    ..Collector::of(
        ResourceType::ElasticsearchDomain,
        call("ListDomainNames").with(&[("EngineType", Param::Json("\"Elasticsearch\""))]),
        "DomainNames[]",
        "DomainId",
    )
};
