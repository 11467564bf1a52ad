//! CodePipeline's pipelines.
//!
//! Shapes: AWS Config's item of `AWS::CodePipeline::Pipeline`, which is the reply of `GetPipeline`.

use crate::declare::prelude::*;
use crate::shape::remove;

pub(crate) static SERVICE: Service = Service {
    model: "codepipeline",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[PIPELINE],
    account: &[],
};

const PIPELINE: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("GetPipeline").absent_on(&["PipelineNotFoundException"]),
        member: "name",
        id: "name",
        size: 0,
        entries: "",
    }),
    name: Some("pipeline.name"),
    arn: Some("metadata.pipelineArn"),
    created: Some("metadata.created"),
    shape: Some(pipeline),
    tags: Tags::Bulk("codepipeline"),
    ..Collector::of(
        ResourceType::CodePipelinePipeline,
        call("ListPipelines"),
        "pipelines[]",
        "pipeline.name",
    )
};

fn pipeline(configuration: &mut Value, _: &Value) {
    if let Some(metadata) = configuration.get_mut("metadata") {
        remove(metadata, &["updated"]);
    }
}
