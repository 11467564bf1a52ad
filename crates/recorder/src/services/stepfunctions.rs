//! Step Functions' state machines. Their definitions, in which people put secrets, are not asked
//! for.
//!
//! Shapes: AWS Config's schema of `AWS::StepFunctions::StateMachine`.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::{remove, rename};

pub(crate) static SERVICE: Service = Service {
    model: "stepfunctions",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[STATE_MACHINE],
    account: &[],
};

const STATE_MACHINE: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeStateMachine")
            .with(&[("includedData", Param::Json("\"METADATA_ONLY\""))])
            .absent_on(&["StateMachineDoesNotExist"]),
        member: "stateMachineArn",
        id: "stateMachineArn",
        size: 0,
        entries: "",
    }),
    name: Some("name"),
    arn: Some("stateMachineArn"),
    created: Some("creationDate"),
    casing: Casing::Large,
    shape: Some(state_machine),
    tags: Tags::Bulk("states:stateMachine"),
    ..Collector::of(
        ResourceType::StepFunctionsStateMachine,
        call("ListStateMachines").with(&[("maxResults", Param::Json("1000"))]),
        "stateMachines[]",
        "stateMachineArn",
    )
};

/// CloudFormation's names.
fn state_machine(configuration: &mut Value, _: &Value) {
    rename(
        configuration,
        &[
            ("StateMachineArn", "Arn"),
            ("Name", "StateMachineName"),
            ("Type", "StateMachineType"),
        ],
    );
    remove(
        configuration,
        &[
            "CreationDate",
            "Definition",
            "RevisionId",
            "Status",
            "VariableReferences",
        ],
    );
}
