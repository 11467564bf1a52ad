//! ECS's task definitions.
//!
//! Shapes: AWS Config's item of `AWS::ECS::TaskDefinition`, which is CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::remove;

pub(crate) static SERVICE: Service = Service {
    model: "ecs",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[TASK_DEFINITION],
    account: &[],
};

const TASK_DEFINITION: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("DescribeTaskDefinition"),
        member: "taskDefinition",
        id: "",
        size: 0,
        entries: "taskDefinition",
    }),
    name: Some("{family}:{revision}"),
    arn: Some("taskDefinitionArn"),
    created: Some("registeredAt"),
    casing: Casing::Large,
    shape: Some(task_definition),
    tags: Tags::Bulk("ecs:task-definition"),
    ..Collector::of(
        ResourceType::EcsTaskDefinition,
        // What can be run: not what was deregistered.
        call("ListTaskDefinitions").with(&[("status", Param::Json(r#""ACTIVE""#))]),
        "taskDefinitionArns[]",
        "taskDefinitionArn",
    )
};

fn task_definition(configuration: &mut Value, _: &Value) {
    remove(
        configuration,
        &[
            "Compatibilities",
            "RegisteredAt",
            "RegisteredBy",
            "RequiresAttributes",
            "Revision",
        ],
    );
}
