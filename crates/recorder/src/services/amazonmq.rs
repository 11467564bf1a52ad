//! Amazon MQ brokers.
//!
//! Shapes: AWS Config's schema of `AWS::AmazonMQ::Broker`, which is CloudFormation's.

use crate::declare::prelude::*;
use crate::shape::{add, pick};
use crate::text::values;

pub(crate) static SERVICE: Service = Service {
    model: "mq",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[BROKER],
    account: &[],
};

const BROKER: Collector = Collector {
    describe: Some(crate::declare::Describe {
        call: call("DescribeBroker").absent_on(&["NotFoundException"]),
        member: "BrokerId",
        id: "BrokerId",
        size: 0,
        entries: "",
    }),
    name: Some("BrokerName"),
    arn: Some("BrokerArn"),
    created: Some("Created"),
    shape: Some(broker),
    tags: Tags::Listed("Tags"),
    ..Collector::of(
        ResourceType::AmazonMqBroker,
        call("ListBrokers"),
        "BrokerSummaries[]",
        "BrokerId",
    )
};

fn broker(configuration: &mut Value, entry: &Value) {
    let mut shaped = pick(
        entry,
        &[
            ("Arn", "BrokerArn"),
            ("Id", "BrokerId"),
            ("BrokerName", "BrokerName"),
            ("AuthenticationStrategy", "AuthenticationStrategy"),
            ("AutoMinorVersionUpgrade", "AutoMinorVersionUpgrade"),
            ("Configuration", "Configurations.Current"),
            ("ConfigurationId", "Configurations.Current.Id"),
            ("ConfigurationRevision", "Configurations.Current.Revision"),
            ("DeploymentMode", "DeploymentMode"),
            ("EncryptionOptions", "EncryptionOptions"),
            ("EngineType", "EngineType"),
            ("EngineVersion", "EngineVersion"),
            ("HostInstanceType", "HostInstanceType"),
            ("LdapServerMetadata", "LdapServerMetadata"),
            ("MaintenanceWindowStartTime", "MaintenanceWindowStartTime"),
            ("PubliclyAccessible", "PubliclyAccessible"),
            ("SecurityGroups", "SecurityGroups"),
            ("StorageType", "StorageType"),
            ("SubnetIds", "SubnetIds"),
            ("Users", "Users"),
        ],
    );
    let logs = entry.get("Logs");
    let logs = logs.map(|logs| {
        let members = [
            ("Audit", "Audit"),
            ("General", "General"),
            ("Pending", "Pending"),
        ];
        pick(logs, &members)
    });
    add(&mut shaped, "Logs", logs);
    let addresses = values("BrokerInstances[].IpAddress", entry);
    let addresses = addresses.into_iter().cloned().collect();
    add(&mut shaped, "IpAddresses", Some(addresses));
    *configuration = shaped;
}
