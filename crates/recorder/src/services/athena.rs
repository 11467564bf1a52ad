//! Athena's workgroups.
//!
//! Shapes: AWS Config's schema of `AWS::Athena::WorkGroup`, which is CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::rename;

pub(crate) static SERVICE: Service = Service {
    model: "athena",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[WORK_GROUP],
    account: &[],
};

const WORK_GROUP: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("GetWorkGroup"),
        member: "WorkGroup",
        id: "Name",
        size: 0,
        entries: "WorkGroup",
    }),
    name: Some("Name"),
    arn: Some("arn:{partition}:athena:{region}:{account}:workgroup/{Name}"),
    created: Some("CreationTime"),
    shape: Some(work_group),
    tags: Tags::Bulk("athena"),
    ..Collector::of(
        ResourceType::AthenaWorkGroup,
        call("ListWorkGroups").with(&[("MaxResults", Param::Json("50"))]),
        "WorkGroups[]",
        "Name",
    )
};

fn work_group(configuration: &mut Value, _: &Value) {
    rename(
        configuration,
        &[("Configuration", "WorkGroupConfiguration")],
    );
}
