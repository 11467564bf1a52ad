//! EFS: file systems and access points.
//!
//! Shapes: AWS Config's schemas of `AWS::EFS::*`, which are CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::pick;

pub(crate) static SERVICE: Service = Service {
    model: "efs",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[ACCESS_POINT, FILE_SYSTEM],
    account: &[],
};

const ACCESS_POINT: Collector = Collector {
    name: Some("Name"),
    arn: Some("AccessPointArn"),
    shape: Some(access_point),
    tags: Tags::Listed("Tags"),
    ..Collector::of(
        ResourceType::EfsAccessPoint,
        call("DescribeAccessPoints"),
        "AccessPoints[]",
        "AccessPointId",
    )
};

const FILE_SYSTEM: Collector = Collector {
    name: Some("Name"),
    arn: Some("FileSystemArn"),
    created: Some("CreationTime"),
    shape: Some(file_system),
    tags: Tags::Listed("Tags"),
    details: &[
        of_file_system("DescribeBackupPolicy", "configuration.BackupPolicy")
            .take("BackupPolicy")
            .absent_on(&["PolicyNotFound"]),
        of_file_system(
            "DescribeMountTargets",
            "supplementaryConfiguration.DescribeMountTargets",
        ),
    ],
    ..Collector::of(
        ResourceType::EfsFileSystem,
        call("DescribeFileSystems"),
        "FileSystems[]",
        "FileSystemId",
    )
};

const fn of_file_system(operation: &'static str, into: &'static str) -> Detail {
    detail(operation, into).with(&[("FileSystemId", Param::Item("FileSystemId"))])
}

fn access_point(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("AccessPointId", "AccessPointId"),
            ("Arn", "AccessPointArn"),
            ("FileSystemId", "FileSystemId"),
            ("PosixUser", "PosixUser"),
            ("RootDirectory", "RootDirectory"),
        ],
    );
    // CloudFormation has ids of users and groups as texts.
    for path in [
        "/PosixUser/Uid",
        "/PosixUser/Gid",
        "/RootDirectory/CreationInfo/OwnerUid",
        "/RootDirectory/CreationInfo/OwnerGid",
    ] {
        if let Some(number) = configuration.pointer_mut(path)
            && number.is_number()
        {
            *number = Value::String(number.to_string());
        }
    }
    if let Some(Value::Array(groups)) = configuration.pointer_mut("/PosixUser/SecondaryGids") {
        for group in groups {
            *group = Value::String(group.to_string());
        }
    }
}

fn file_system(configuration: &mut Value, entry: &Value) {
    *configuration = pick(
        entry,
        &[
            ("Arn", "FileSystemArn"),
            ("AvailabilityZoneName", "AvailabilityZoneName"),
            ("Encrypted", "Encrypted"),
            ("FileSystemId", "FileSystemId"),
            ("FileSystemProtection", "FileSystemProtection"),
            ("KmsKeyId", "KmsKeyId"),
            ("PerformanceMode", "PerformanceMode"),
            (
                "ProvisionedThroughputInMibps",
                "ProvisionedThroughputInMibps",
            ),
            ("ThroughputMode", "ThroughputMode"),
        ],
    );
}
