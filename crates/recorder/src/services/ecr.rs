//! ECR's private repositories.
//!
//! Shapes: AWS Config's schema of `AWS::ECR::Repository`, which is CloudFormation's.

use crate::declare::Batch;
use crate::declare::prelude::*;
use crate::shape::{pick, remove, rename};
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "ecr",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[REPOSITORY],
    account: &[],
};

const REPOSITORY: Collector = Collector {
    name: Some("repositoryName"),
    arn: Some("repositoryArn"),
    created: Some("createdAt"),
    casing: Casing::Large,
    shape: Some(repository),
    tags: Tags::Bulk("ecr:repository"),
    details: &[
        detail("GetLifecyclePolicy", "configuration.LifecyclePolicy")
            .with(&[("repositoryName", Param::Item("repositoryName"))])
            .absent_on(&[
                "LifecyclePolicyNotFoundException",
                "RepositoryNotFoundException",
            ])
            .shape(lifecycle_policy),
        detail(
            "BatchGetRepositoryScanningConfiguration",
            "supplementaryConfiguration.BatchGetRepositoryScanningConfiguration",
        )
        .batched(Batch {
            member: "repositoryNames",
            id: "repositoryName",
            size: 25,
            entries: "scanningConfigurations[]",
            by: "repositoryName",
        })
        .shape(scanning),
    ],
    ..Collector::of(
        ResourceType::EcrRepository,
        call("DescribeRepositories").with(&[("maxResults", Param::Json("1000"))]),
        "repositories[]",
        "repositoryArn",
    )
};

fn repository(configuration: &mut Value, _: &Value) {
    remove(configuration, &["CreatedAt", "RegistryId"]);
    rename(configuration, &[("RepositoryArn", "Arn")]);
}

fn lifecycle_policy(reply: &Value) -> Value {
    pick(
        reply,
        &[
            ("LifecyclePolicyText", "lifecyclePolicyText"),
            ("RegistryId", "registryId"),
        ],
    )
}

/// The reply as if the repository had been asked about alone.
fn scanning(reply: &Value) -> Value {
    let found = value("scanningConfigurations", reply);
    json!({ "scanningConfigurations": found.into_iter().collect::<Vec<_>>() })
}
