//! Glue: jobs, machine learning transforms.
//!
//! Shapes: AWS Config's items of `AWS::Glue::*`, which are CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::{pick, rename};

pub(crate) static SERVICE: Service = Service {
    model: "glue",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[JOB, ML_TRANSFORM],
    account: &[],
};

const JOB: Collector = Collector {
    name: Some("Name"),
    arn: Some("arn:{partition}:glue:{region}:{account}:job/{Name}"),
    created: Some("CreatedOn"),
    shape: Some(job),
    tags: Tags::Bulk("glue:job"),
    ..Collector::of(
        ResourceType::GlueJob,
        call("GetJobs").with(&[("MaxResults", Param::Json("100"))]),
        "Jobs[]",
        "Name",
    )
};

const ML_TRANSFORM: Collector = Collector {
    name: Some("Name"),
    arn: Some("arn:{partition}:glue:{region}:{account}:mlTransform/{TransformId}"),
    created: Some("CreatedOn"),
    shape: Some(ml_transform),
    tags: Tags::Bulk("glue:mlTransform"),
    ..Collector::of(
        ResourceType::GlueMlTransform,
        call("GetMLTransforms").with(&[("MaxResults", Param::Json("100"))]),
        "Transforms[]",
        "TransformId",
    )
};

/// Without the arguments, which may hold secrets.
fn job(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("AllocatedCapacity", "AllocatedCapacity"),
            ("Command", "Command"),
            ("Connections", "Connections"),
            ("Description", "Description"),
            ("ExecutionProperty", "ExecutionProperty"),
            ("GlueVersion", "GlueVersion"),
            ("Id", "Name"),
            ("LogUri", "LogUri"),
            ("MaxCapacity", "MaxCapacity"),
            ("MaxRetries", "MaxRetries"),
            ("Name", "Name"),
            ("NumberOfWorkers", "NumberOfWorkers"),
            ("Role", "Role"),
            ("SecurityConfiguration", "SecurityConfiguration"),
            ("Timeout", "Timeout"),
            ("WorkerType", "WorkerType"),
        ],
    );
}

/// CloudFormation's names, and its capitals.
fn ml_transform(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("Description", "Description"),
            ("GlueVersion", "GlueVersion"),
            ("Id", "TransformId"),
            ("MaxCapacity", "MaxCapacity"),
            ("MaxRetries", "MaxRetries"),
            ("Name", "Name"),
            ("NumberOfWorkers", "NumberOfWorkers"),
            ("Role", "Role"),
            ("Timeout", "Timeout"),
            ("TransformEncryption", "TransformEncryption"),
            ("TransformParameters", "Parameters"),
            ("WorkerType", "WorkerType"),
        ],
    );
    if let Some(encryption) = configuration.get_mut("TransformEncryption") {
        rename(
            encryption,
            &[("MlUserDataEncryption", "MLUserDataEncryption")],
        );
        if let Some(encryption) = encryption.get_mut("MLUserDataEncryption") {
            rename(
                encryption,
                &[("MlUserDataEncryptionMode", "MLUserDataEncryptionMode")],
            );
        }
    }
}
