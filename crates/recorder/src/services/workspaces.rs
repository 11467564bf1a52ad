//! WorkSpaces.
//!
//! Shapes: AWS Config's schema of `AWS::WorkSpaces::Workspace`, which is CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::pick;

pub(crate) static SERVICE: Service = Service {
    model: "workspaces",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[WORKSPACE],
    account: &[],
};

const WORKSPACE: Collector = Collector {
    name: Some("WorkspaceId"),
    arn: Some("arn:{partition}:workspaces:{region}:{account}:workspace/{WorkspaceId}"),
    shape: Some(workspace),
    tags: Tags::Bulk("workspaces:workspace"),
    ..Collector::of(
        ResourceType::WorkSpacesWorkspace,
        call("DescribeWorkspaces"),
        "Workspaces[]",
        "WorkspaceId",
    )
};

fn workspace(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("BundleId", "BundleId"),
            ("DirectoryId", "DirectoryId"),
            ("Id", "WorkspaceId"),
            ("RootVolumeEncryptionEnabled", "RootVolumeEncryptionEnabled"),
            ("UserName", "UserName"),
            ("UserVolumeEncryptionEnabled", "UserVolumeEncryptionEnabled"),
            ("VolumeEncryptionKey", "VolumeEncryptionKey"),
        ],
    );
}
