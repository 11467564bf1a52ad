//! MSK's provisioned clusters.
//!
//! Shapes: AWS Config's schema of `AWS::MSK::Cluster`.

use serde_json::Map;

use crate::declare::prelude::*;
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "kafka",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[CLUSTER],
    account: &[],
};

const CLUSTER: Collector = Collector {
    name: Some("ClusterName"),
    arn: Some("ClusterArn"),
    created: Some("CreationTime"),
    // Serverless clusters are another type of AWS Config's.
    keep: Some(is_provisioned),
    shape: Some(cluster),
    tags: Tags::Listed("Tags"),
    ..Collector::of(
        ResourceType::MskCluster,
        call("ListClustersV2"),
        "ClusterInfoList[]",
        "ClusterArn",
    )
};

fn is_provisioned(cluster: &Value) -> bool {
    cluster.get("Provisioned").is_some_and(Value::is_object)
}

/// CloudFormation's names: what is provisioned is the cluster's own.
fn cluster(configuration: &mut Value, entry: &Value) {
    let provisioned = entry.get("Provisioned").and_then(Value::as_object);
    let mut members: Map<String, Value> = provisioned.cloned().unwrap_or_default();
    // Where it can be reached is no configuration.
    members.shift_remove("ZookeeperConnectString");
    members.shift_remove("ZookeeperConnectStringTls");
    members.shift_remove("CurrentBrokerSoftwareInfo");
    for (member, path) in [
        ("Arn", "ClusterArn"),
        ("ClusterName", "ClusterName"),
        ("CurrentVersion", "CurrentVersion"),
        (
            "KafkaVersion",
            "Provisioned.CurrentBrokerSoftwareInfo.KafkaVersion",
        ),
    ] {
        members.insert(member.to_owned(), json!(value(path, entry)));
    }
    *configuration = Value::Object(members);
    ebs(configuration);
}

/// CloudFormation writes `EBSStorageInfo`.
fn ebs(configuration: &mut Value) {
    let storage = configuration.pointer_mut("/BrokerNodeGroupInfo/StorageInfo");
    if let Some(storage) = storage {
        crate::shape::rename(storage, &[("EbsStorageInfo", "EBSStorageInfo")]);
    }
}
