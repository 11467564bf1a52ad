//! FSx's file systems.
//!
//! Shapes: the API's, as AWS Config publishes no schema of `AWS::FSx::FileSystem`.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "fsx",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[FILE_SYSTEM],
    account: &[],
};

const FILE_SYSTEM: Collector = Collector {
    arn: Some("ResourceARN"),
    created: Some("CreationTime"),
    tags: Tags::Listed("Tags"),
    relationships: &[
        Relation::ids(
            "Is contained in Subnet",
            ResourceType::Ec2Subnet,
            "SubnetIds[]",
        ),
        Relation::ids("Is contained in Vpc", ResourceType::Ec2Vpc, "VpcId"),
    ],
    ..Collector::of(
        ResourceType::FSxFileSystem,
        call("DescribeFileSystems"),
        "FileSystems[]",
        "FileSystemId",
    )
};
