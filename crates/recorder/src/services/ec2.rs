//! EC2: instances, volumes, networks.
//!
//! Shapes: AWS Config's items of `AWS::EC2::*`; for the types that it takes from CloudFormation
//! (client VPN endpoints, launch templates, transit gateways) its schema.

use crate::declare::prelude::*;
use crate::shape::ec2::{client_vpn_endpoint, launch_template, security_group, transit_gateway};
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "ec2",
    scope: Scope::Regional,
    // A quarter of the 20 tokens a second that the bucket of each reading operation is refilled by.
    // <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>
    calls_per_second: 5.0,
    collectors: &[
        CLIENT_VPN_ENDPOINT,
        EIP,
        FLOW_LOG,
        INSTANCE,
        INTERNET_GATEWAY,
        LAUNCH_TEMPLATE,
        NETWORK_ACL,
        NETWORK_INTERFACE,
        ROUTE_TABLE,
        SECURITY_GROUP,
        SUBNET,
        TRANSIT_GATEWAY,
        VOLUME,
        VPC,
        VPC_ENDPOINT,
        VPN_CONNECTION,
    ],
    account: &[
        fact("DescribeSnapshots").with(&[
            ("OwnerIds", Param::Json(r#"["self"]"#)),
            ("RestorableByUserIds", Param::Json(r#"["all"]"#)),
        ]),
        fact("GetEbsEncryptionByDefault"),
    ],
};

/// A page as large as EC2 gives.
const PAGE: &[(&str, Param)] = &[("MaxResults", Param::Json("1000"))];

/// What AWS Config's older EC2 types have in common.
const fn older(
    resource_type: ResourceType,
    list: crate::declare::Call,
    entries: &'static str,
    id: &'static str,
    arn: &'static str,
) -> Collector {
    Collector {
        arn: Some(arn),
        casing: Casing::Bean,
        tags: Tags::Listed("Tags"),
        ..Collector::of(resource_type, list, entries, id)
    }
}

const IN_VPC: Relation = Relation::ids("Is contained in Vpc", ResourceType::Ec2Vpc, "VpcId");
const IN_SUBNET: Relation = Relation::ids(
    "Is contained in Subnet",
    ResourceType::Ec2Subnet,
    "SubnetId",
);

const CLIENT_VPN_ENDPOINT: Collector = Collector {
    arn: Some("arn:{partition}:ec2:{region}:{account}:client-vpn-endpoint/{ClientVpnEndpointId}"),
    tags: Tags::Listed("Tags"),
    shape: Some(client_vpn_endpoint),
    details: &[detail(
        "DescribeClientVpnAuthorizationRules",
        "supplementaryConfiguration.DescribeClientVpnAuthorizationRules",
    )
    .with(&[("ClientVpnEndpointId", Param::Item("ClientVpnEndpointId"))])],
    ..Collector::of(
        ResourceType::Ec2ClientVpnEndpoint,
        call("DescribeClientVpnEndpoints"),
        "ClientVpnEndpoints[]",
        "ClientVpnEndpointId",
    )
};

const EIP: Collector = Collector {
    name: Some("PublicIp"),
    relationships: &[
        Relation::ids(
            "Is attached to Instance",
            ResourceType::Ec2Instance,
            "InstanceId",
        ),
        Relation::ids(
            "Is attached to NetworkInterface",
            ResourceType::Ec2NetworkInterface,
            "NetworkInterfaceId",
        ),
    ],
    ..older(
        ResourceType::Ec2Eip,
        call("DescribeAddresses"),
        "Addresses[]",
        // Addresses from before there were VPCs have no other id.
        "AllocationId|PublicIp",
        "arn:{partition}:ec2:{region}:{account}:eip-allocation/{AllocationId}",
    )
};

const FLOW_LOG: Collector = Collector {
    created: Some("CreationTime"),
    ..older(
        ResourceType::Ec2FlowLog,
        call("DescribeFlowLogs").with(PAGE),
        "FlowLogs[]",
        "FlowLogId",
        "arn:{partition}:ec2:{region}:{account}:vpc-flow-log/{FlowLogId}",
    )
};

const INSTANCE: Collector = Collector {
    keep: Some(is_there),
    created: Some("LaunchTime"),
    details: &[detail(
        "DescribeInstanceTypes",
        "supplementaryConfiguration.DescribeInstanceTypes",
    )
    .with(&[("InstanceTypes", Param::Items("InstanceType"))])
    .once_per_input()],
    relationships: &[
        Relation::ids(
            "Contains NetworkInterface",
            ResourceType::Ec2NetworkInterface,
            "NetworkInterfaces[].NetworkInterfaceId",
        ),
        Relation::ids(
            "Is associated with SecurityGroup",
            ResourceType::Ec2SecurityGroup,
            "SecurityGroups[].GroupId",
        ),
        IN_SUBNET,
        Relation::ids(
            "Is attached to Volume",
            ResourceType::Ec2Volume,
            "BlockDeviceMappings[].Ebs.VolumeId",
        ),
        IN_VPC,
    ],
    ..older(
        ResourceType::Ec2Instance,
        call("DescribeInstances").with(PAGE),
        "Reservations[].Instances[]",
        "InstanceId",
        "arn:{partition}:ec2:{region}:{account}:instance/{InstanceId}",
    )
};

const INTERNET_GATEWAY: Collector = Collector {
    relationships: &[Relation::ids(
        "Is attached to Vpc",
        ResourceType::Ec2Vpc,
        "Attachments[].VpcId",
    )],
    ..older(
        ResourceType::Ec2InternetGateway,
        call("DescribeInternetGateways").with(PAGE),
        "InternetGateways[]",
        "InternetGatewayId",
        "arn:{partition}:ec2:{region}:{account}:internet-gateway/{InternetGatewayId}",
    )
};

const LAUNCH_TEMPLATE: Collector = Collector {
    // Of each template the version that is used where none is named.
    describe: Some(crate::declare::Describe {
        call: call("DescribeLaunchTemplateVersions")
            .with(&[("Versions", Param::Json(r#"["$Default"]"#))])
            .absent_on(&["InvalidLaunchTemplateId.NotFound"]),
        member: "LaunchTemplateId",
        id: "LaunchTemplateId",
        size: 0,
        entries: "LaunchTemplateVersions[]",
    }),
    name: Some("LaunchTemplateName"),
    arn: Some("arn:{partition}:ec2:{region}:{account}:launch-template/{LaunchTemplateId}"),
    created: Some("CreateTime"),
    shape: Some(launch_template),
    tags: Tags::Bulk("ec2:launch-template"),
    ..Collector::of(
        ResourceType::Ec2LaunchTemplate,
        call("DescribeLaunchTemplates"),
        "LaunchTemplates[]",
        "LaunchTemplateId",
    )
};

const NETWORK_ACL: Collector = Collector {
    relationships: &[
        Relation::ids(
            "Is attached to Subnet",
            ResourceType::Ec2Subnet,
            "Associations[].SubnetId",
        ),
        IN_VPC,
    ],
    ..older(
        ResourceType::Ec2NetworkAcl,
        call("DescribeNetworkAcls").with(PAGE),
        "NetworkAcls[]",
        "NetworkAclId",
        "arn:{partition}:ec2:{region}:{account}:network-acl/{NetworkAclId}",
    )
};

const NETWORK_INTERFACE: Collector = Collector {
    tags: Tags::Listed("TagSet"),
    relationships: &[
        Relation::ids(
            "Is associated with SecurityGroup",
            ResourceType::Ec2SecurityGroup,
            "Groups[].GroupId",
        ),
        Relation::ids(
            "Is attached to Instance",
            ResourceType::Ec2Instance,
            "Attachment.InstanceId",
        ),
        IN_SUBNET,
        IN_VPC,
    ],
    ..older(
        ResourceType::Ec2NetworkInterface,
        call("DescribeNetworkInterfaces").with(PAGE),
        "NetworkInterfaces[]",
        "NetworkInterfaceId",
        "arn:{partition}:ec2:{region}:{account}:network-interface/{NetworkInterfaceId}",
    )
};

const ROUTE_TABLE: Collector = Collector {
    relationships: &[
        Relation::ids(
            "Contains Subnet",
            ResourceType::Ec2Subnet,
            "Associations[].SubnetId",
        ),
        IN_VPC,
    ],
    ..older(
        ResourceType::Ec2RouteTable,
        call("DescribeRouteTables").with(&[("MaxResults", Param::Json("100"))]),
        "RouteTables[]",
        "RouteTableId",
        "arn:{partition}:ec2:{region}:{account}:route-table/{RouteTableId}",
    )
};

const SECURITY_GROUP: Collector = Collector {
    name: Some("GroupName"),
    shape: Some(security_group),
    relationships: &[IN_VPC],
    ..older(
        ResourceType::Ec2SecurityGroup,
        call("DescribeSecurityGroups").with(PAGE),
        "SecurityGroups[]",
        "GroupId",
        "arn:{partition}:ec2:{region}:{account}:security-group/{GroupId}",
    )
};

const SUBNET: Collector = Collector {
    relationships: &[IN_VPC],
    ..older(
        ResourceType::Ec2Subnet,
        call("DescribeSubnets").with(PAGE),
        "Subnets[]",
        "SubnetId",
        "arn:{partition}:ec2:{region}:{account}:subnet/{SubnetId}",
    )
};

const TRANSIT_GATEWAY: Collector = Collector {
    arn: Some("TransitGatewayArn"),
    created: Some("CreationTime"),
    tags: Tags::Listed("Tags"),
    keep: Some(is_not_deleted),
    shape: Some(transit_gateway),
    ..Collector::of(
        ResourceType::Ec2TransitGateway,
        call("DescribeTransitGateways").with(PAGE),
        "TransitGateways[]",
        "TransitGatewayId",
    )
};

const VOLUME: Collector = Collector {
    created: Some("CreateTime"),
    relationships: &[Relation::ids(
        "Is attached to Instance",
        ResourceType::Ec2Instance,
        "Attachments[].InstanceId",
    )],
    ..older(
        ResourceType::Ec2Volume,
        call("DescribeVolumes").with(PAGE),
        "Volumes[]",
        "VolumeId",
        "arn:{partition}:ec2:{region}:{account}:volume/{VolumeId}",
    )
};

const VPC: Collector = older(
    ResourceType::Ec2Vpc,
    call("DescribeVpcs").with(PAGE),
    "Vpcs[]",
    "VpcId",
    "arn:{partition}:ec2:{region}:{account}:vpc/{VpcId}",
);

const VPC_ENDPOINT: Collector = Collector {
    created: Some("CreationTimestamp"),
    keep: Some(is_not_deleted),
    relationships: &[IN_VPC],
    ..older(
        ResourceType::Ec2VpcEndpoint,
        call("DescribeVpcEndpoints").with(PAGE),
        "VpcEndpoints[]",
        "VpcEndpointId",
        "arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{VpcEndpointId}",
    )
};

const VPN_CONNECTION: Collector = Collector {
    keep: Some(is_not_deleted),
    relationships: &[
        Relation::ids(
            "Is attached to CustomerGateway",
            ResourceType::Ec2CustomerGateway,
            "CustomerGatewayId",
        ),
        Relation::ids(
            "Is attached to VpnGateway",
            ResourceType::Ec2VpnGateway,
            "VpnGatewayId",
        ),
    ],
    ..older(
        ResourceType::Ec2VpnConnection,
        call("DescribeVpnConnections"),
        "VpnConnections[]",
        "VpnConnectionId",
        "arn:{partition}:ec2:{region}:{account}:vpn-connection/{VpnConnectionId}",
    )
};

/// EC2 shows instances for an hour after they were terminated.
fn is_there(instance: &Value) -> bool {
    value("State.Name", instance) != Some(&json!("terminated"))
}

/// EC2 shows these for a while after they were deleted.
fn is_not_deleted(entry: &Value) -> bool {
    value("State", entry) != Some(&json!("deleted"))
}
