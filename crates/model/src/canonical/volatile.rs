//! Counters and observations that change while nobody changes the resource.

use super::patterns::Places;

/// Members of the envelope that say when and how an item was delivered.
pub const ENVELOPE: &[&str] = &[
    "configurationItemCaptureTime",
    "configurationItemDeliveryTime",
    "configurationItemDiff",
    "configurationItemMD5Hash",
    "configurationItemStatus",
    "configurationItemVersion",
    "configurationStateId",
    "configurationStateMd5Hash",
    "recordingFrequency",
    "relatedEvents",
    "resourceTransitionStatus",
    "version",
];

/// What is no configuration though it stands in `configuration`. No managed rule reads any of it,
/// which a test of the store holds. What a rule does read, such as when a secret was last used,
/// stays, and each change of it is a version.
pub const PLACES: &[Places] = &[
    Places {
        resource_type: "AWS::Backup::BackupVault",
        paths: &["configuration.NumberOfRecoveryPoints"],
    },
    Places {
        resource_type: "AWS::CloudWatch::Alarm",
        paths: &[
            "configuration.stateReason",
            "configuration.stateReasonData",
            "configuration.stateUpdatedTimestamp",
            "configuration.stateValue",
        ],
    },
    Places {
        resource_type: "AWS::DynamoDB::Table",
        paths: &[
            "configuration.globalSecondaryIndexes[*].indexSizeBytes",
            "configuration.globalSecondaryIndexes[*].itemCount",
            "configuration.itemCount",
            "configuration.localSecondaryIndexes[*].indexSizeBytes",
            "configuration.localSecondaryIndexes[*].itemCount",
            "configuration.provisionedThroughput.numberOfDecreasesToday",
            "configuration.tableSizeBytes",
        ],
    },
    Places {
        resource_type: "AWS::EC2::Subnet",
        paths: &["configuration.availableIpAddressCount"],
    },
    Places {
        resource_type: "AWS::ECS::Cluster",
        paths: &[
            "configuration.activeServicesCount",
            "configuration.pendingTasksCount",
            "configuration.registeredContainerInstancesCount",
            "configuration.runningTasksCount",
            "configuration.statistics",
        ],
    },
    Places {
        resource_type: "AWS::ECS::Service",
        paths: &[
            "configuration.deployments",
            "configuration.events",
            "configuration.pendingCount",
            "configuration.runningCount",
        ],
    },
    Places {
        resource_type: "AWS::EFS::FileSystem",
        paths: &["configuration.sizeInBytes"],
    },
    Places {
        resource_type: "AWS::IAM::Role",
        paths: &["configuration.roleLastUsed"],
    },
    Places {
        resource_type: "AWS::Logs::LogGroup",
        paths: &["configuration.storedBytes"],
    },
    Places {
        resource_type: "AWS::RDS::DBCluster",
        paths: &[
            "configuration.earliestRestorableTime",
            "configuration.latestRestorableTime",
        ],
    },
    Places {
        resource_type: "AWS::RDS::DBInstance",
        paths: &["configuration.latestRestorableTime"],
    },
    Places {
        resource_type: "AWS::SQS::Queue",
        paths: &[
            "configuration.ApproximateNumberOfMessages",
            "configuration.ApproximateNumberOfMessagesDelayed",
            "configuration.ApproximateNumberOfMessagesNotVisible",
        ],
    },
];
