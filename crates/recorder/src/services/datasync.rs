//! DataSync's tasks.
//!
//! Shapes: AWS Config's schema of `AWS::DataSync::Task`, which is CloudFormation's.

use crate::declare::Describe;
use crate::declare::prelude::*;
use crate::shape::pick;

pub(crate) static SERVICE: Service = Service {
    model: "datasync",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[TASK],
    account: &[],
};

const TASK: Collector = Collector {
    describe: Some(Describe {
        call: call("DescribeTask").absent_on(&["InvalidRequestException: not found"]),
        member: "TaskArn",
        id: "TaskArn",
        size: 0,
        entries: "",
    }),
    name: Some("Name"),
    arn: Some("TaskArn"),
    created: Some("CreationTime"),
    shape: Some(task),
    tags: Tags::Bulk("datasync:task"),
    ..Collector::of(
        ResourceType::DataSyncTask,
        call("ListTasks").with(&[("MaxResults", Param::Json("100"))]),
        "Tasks[]",
        "TaskArn",
    )
};

/// Whether the task runs just now is no configuration.
fn task(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("CloudWatchLogGroupArn", "CloudWatchLogGroupArn"),
            ("DestinationLocationArn", "DestinationLocationArn"),
            ("Excludes", "Excludes"),
            ("Includes", "Includes"),
            ("Name", "Name"),
            ("Options", "Options"),
            ("SourceLocationArn", "SourceLocationArn"),
            ("TaskArn", "TaskArn"),
        ],
    );
}
