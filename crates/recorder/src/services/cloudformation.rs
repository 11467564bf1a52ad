//! CloudFormation's stacks.
//!
//! Shapes: AWS Config's item of `AWS::CloudFormation::Stack`.

use crate::declare::prelude::*;
use crate::shape::pick;

pub(crate) static SERVICE: Service = Service {
    model: "cloudformation",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[STACK],
    account: &[],
};

const STACK: Collector = Collector {
    name: Some("StackName"),
    arn: Some("StackId"),
    created: Some("CreationTime"),
    casing: Casing::Bean,
    shape: Some(stack),
    tags: Tags::Listed("Tags"),
    ..Collector::of(
        ResourceType::CloudFormationStack,
        call("DescribeStacks"),
        "Stacks[]",
        "StackId",
    )
};

fn stack(configuration: &mut Value, _: &Value) {
    let same = [
        "stackId",
        "stackName",
        "description",
        "parameters",
        "creationTime",
        "lastUpdatedTime",
        "stackStatus",
        "stackStatusReason",
        "disableRollback",
        "notificationARNs",
        "timeoutInMinutes",
        "capabilities",
        "outputs",
        "roleARN",
        "tags",
        "enableTerminationProtection",
        "parentId",
    ];
    let mut shaped = pick(configuration, &same.map(|member| (member, member)));
    if let Some(drift) = configuration.get("driftInformation") {
        // Not when it was looked at last.
        shaped["driftInformation"] = pick(drift, &[("stackDriftStatus", "stackDriftStatus")]);
    }
    *configuration = shaped;
}
