//! SageMaker: endpoint configurations, models, notebook instances.
//!
//! Shapes: AWS Config's schema of `AWS::SageMaker::*`.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::{pick, remove, rename};

pub(crate) static SERVICE: Service = Service {
    model: "sagemaker",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[ENDPOINT_CONFIG, MODEL, NOTEBOOK_INSTANCE],
    account: &[],
};

const ENDPOINT_CONFIG: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeEndpointConfig"),
        member: "EndpointConfigName",
        id: "EndpointConfigName",
        size: 0,
        entries: "",
    }),
    name: Some("EndpointConfigName"),
    arn: Some("EndpointConfigArn"),
    created: Some("CreationTime"),
    shape: Some(endpoint_config),
    tags: Tags::Bulk("sagemaker:endpoint-config"),
    ..Collector::of(
        ResourceType::SageMakerEndpointConfig,
        call("ListEndpointConfigs").with(&[("MaxResults", Param::Json("100"))]),
        "EndpointConfigs[]",
        "EndpointConfigArn",
    )
};

const MODEL: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeModel"),
        member: "ModelName",
        id: "ModelName",
        size: 0,
        entries: "",
    }),
    name: Some("ModelName"),
    arn: Some("ModelArn"),
    created: Some("CreationTime"),
    shape: Some(model),
    tags: Tags::Bulk("sagemaker:model"),
    ..Collector::of(
        ResourceType::SageMakerModel,
        call("ListModels").with(&[("MaxResults", Param::Json("100"))]),
        "Models[]",
        "ModelArn",
    )
};

const NOTEBOOK_INSTANCE: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeNotebookInstance"),
        member: "NotebookInstanceName",
        id: "NotebookInstanceName",
        size: 0,
        entries: "",
    }),
    name: Some("NotebookInstanceName"),
    arn: Some("NotebookInstanceArn"),
    created: Some("CreationTime"),
    shape: Some(notebook_instance),
    tags: Tags::Bulk("sagemaker:notebook-instance"),
    relationships: &[
        Relation::ids(
            "Is contained in Subnet",
            ResourceType::Ec2Subnet,
            "SubnetId",
        ),
        Relation::ids(
            "Is associated with SecurityGroup",
            ResourceType::Ec2SecurityGroup,
            "SecurityGroups[]",
        ),
    ],
    ..Collector::of(
        ResourceType::SageMakerNotebookInstance,
        call("ListNotebookInstances").with(&[("MaxResults", Param::Json("100"))]),
        "NotebookInstances[]",
        "NotebookInstanceArn",
    )
};

/// CloudFormation's names: the ARN is the `Id`.
fn endpoint_config(configuration: &mut Value, _: &Value) {
    rename(configuration, &[("EndpointConfigArn", "Id")]);
    remove(configuration, &["CreationTime"]);
}

/// CloudFormation's names: the ARN is the `Id`. Without the containers, whose environment may hold
/// secrets.
fn model(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("EnableNetworkIsolation", "EnableNetworkIsolation"),
            ("ExecutionRoleArn", "ExecutionRoleArn"),
            ("Id", "ModelArn"),
            ("InferenceExecutionConfig", "InferenceExecutionConfig"),
            ("ModelName", "ModelName"),
            ("VpcConfig", "VpcConfig"),
        ],
    );
}

/// CloudFormation's names: the ARN is the `Id`. States are no configuration.
fn notebook_instance(configuration: &mut Value, _: &Value) {
    rename(
        configuration,
        &[
            ("NotebookInstanceArn", "Id"),
            ("NotebookInstanceLifecycleConfigName", "LifecycleConfigName"),
            ("SecurityGroups", "SecurityGroupIds"),
        ],
    );
    remove(
        configuration,
        &[
            "CreationTime",
            "FailureReason",
            "LastModifiedTime",
            "NetworkInterfaceId",
            "NotebookInstanceStatus",
            "Url",
        ],
    );
}
