//! VPCs and what is in them: subnets, route tables, gateways, addresses, flow logs.

use serde_json::{Value, json};

use super::Estate;
use super::item::Item;
use super::site::Site;
use super::time;

/// Where the number of the default VPC begins, among the VPCs of a site.
const DEFAULT: usize = 90;

/// How many VPCs of its own a site has.
pub(super) fn vpcs(site: Site) -> usize {
    site.count(2)
}

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..vpcs(site) {
        estate.add(vpc(site, n));
        estate.add(internet_gateway(site, n));
        for subnet in 0..4 {
            estate.add(self::subnet(site, n, subnet));
        }
        for table in 0..2 {
            estate.add(route_table(site, n, table));
        }
        estate.add(nat_gateway(site, n));
        estate.add(nat_address(site, n));
        estate.add(nat_interface(site, n));
        for (endpoint, service) in ["s3", "dynamodb", "ssm"].into_iter().enumerate() {
            estate.add(vpc_endpoint(site, n, endpoint, service));
        }
        estate.extend(flow_log(site, n));
    }
    for n in 0..site.count(3) {
        estate.add(address(site, n));
    }
    // Production removed its default VPCs; AWS makes one in every Region.
    if site.account.name != "production" {
        estate.add(default_vpc(site));
        for n in 0..3 {
            estate.add(default_subnet(site, n));
        }
        estate.add(internet_gateway(site, DEFAULT));
        estate.add(default_route_table(site));
    }
}

fn name(site: Site, n: usize) -> String {
    let role = match n {
        0 => "core",
        1 => "data",
        DEFAULT => "default",
        _ => "edge",
    };
    format!("{}-{role}", site.account.name)
}

fn network(site: Site, n: usize) -> String {
    format!("10.{}.0.0/16", usize::from(site.region.octet) + n % 10)
}

fn vpc(site: Site, n: usize) -> Item {
    let mut draw = site.draw("vpc", n);
    let id = site.id("vpc", n);
    let arn = site.arn("ec2", &format!("vpc/{id}"));
    Item::new(site, "AWS::EC2::VPC", &id, &arn)
        .tagged(&mut draw, &name(site, n), "network")
        .related(
            "AWS::EC2::InternetGateway",
            &site.id("igw", n),
            "Is attached to InternetGateway",
        )
        .configuration(vpc_configuration(site, &id, &network(site, n), false))
}

fn vpc_configuration(site: Site, id: &str, network: &str, is_default: bool) -> Value {
    json!({
        "cidrBlock": network, "dhcpOptionsId": site.id("dopt", 0), "state": "available",
        "vpcId": id, "ownerId": site.account.id, "instanceTenancy": "default",
        "ipv6CidrBlockAssociationSet": [],
        "cidrBlockAssociationSet": [{
            "associationId": id.replace("vpc-", "vpc-cidr-assoc-"), "cidrBlock": network,
            "cidrBlockState": {"state": "associated"},
        }],
        "isDefault": is_default,
    })
}

fn subnet(site: Site, vpc: usize, n: usize) -> Item {
    let number = vpc * 10 + n;
    let mut draw = site.draw("subnet", number);
    let id = site.id("subnet", number);
    let arn = site.arn("ec2", &format!("subnet/{id}"));
    let is_public = n < 2;
    let zone = site.zone(n);
    let tier = if is_public { "public" } else { "private" };
    let octet = usize::from(site.region.octet) + vpc % 10;
    Item::new(site, "AWS::EC2::Subnet", &id, &arn)
        .in_zone(&zone)
        .tagged(
            &mut draw,
            &format!("{}-{tier}-{}", name(site, vpc), n % 2 + 1),
            "network",
        )
        .related("AWS::EC2::VPC", &site.id("vpc", vpc), "Is contained in Vpc")
        .configuration(json!({
            "availabilityZone": zone, "availableIpAddressCount": draw.between(3_000, 4_091),
            "cidrBlock": format!("10.{octet}.{}.0/20", n * 16), "defaultForAz": false,
            "mapPublicIpOnLaunch": is_public && !draw.ok(), "mapCustomerOwnedIpOnLaunch": false,
            "state": "available", "subnetId": id, "vpcId": site.id("vpc", vpc),
            "ownerId": site.account.id, "assignIpv6AddressOnCreation": false,
            "ipv6CidrBlockAssociationSet": [], "subnetArn": arn, "enableDns64": false,
            "ipv6Native": false,
            "privateDnsNameOptionsOnLaunch": {"hostnameType": "ip-name",
                "enableResourceNameDnsARecord": false, "enableResourceNameDnsAAAARecord": false},
        }))
}

/// Table 0 is the public one.
fn route_table(site: Site, vpc: usize, n: usize) -> Item {
    let number = vpc * 10 + n;
    let mut draw = site.draw("rtb", number);
    let id = site.id("rtb", number);
    let arn = site.arn("ec2", &format!("route-table/{id}"));
    let outwards = if n == 0 {
        json!({"destinationCidrBlock": "0.0.0.0/0", "gatewayId": site.id("igw", vpc),
            "origin": "CreateRoute", "state": "active"})
    } else {
        json!({"destinationCidrBlock": "0.0.0.0/0", "natGatewayId": site.id("nat", vpc),
            "origin": "CreateRoute", "state": "active"})
    };
    let associations: Vec<Value> = (0..2)
        .map(|subnet| {
            json!({
                "main": false, "routeTableAssociationId": site.id("rtbassoc", number * 2 + subnet),
                "routeTableId": id, "subnetId": site.id("subnet", vpc * 10 + n * 2 + subnet),
                "associationState": {"state": "associated"},
            })
        })
        .collect();
    let tier = if n == 0 { "public" } else { "private" };
    Item::new(site, "AWS::EC2::RouteTable", &id, &arn)
        .tagged(&mut draw, &format!("{}-{tier}", name(site, vpc)), "network")
        .related("AWS::EC2::VPC", &site.id("vpc", vpc), "Is contained in Vpc")
        .configuration(json!({
            "associations": associations, "propagatingVgws": [], "routeTableId": id,
            "routes": [
                {"destinationCidrBlock": network(site, vpc), "gatewayId": "local",
                    "origin": "CreateRouteTable", "state": "active"},
                outwards,
            ],
            "vpcId": site.id("vpc", vpc), "ownerId": site.account.id,
        }))
}

fn internet_gateway(site: Site, vpc: usize) -> Item {
    let mut draw = site.draw("igw", vpc);
    let id = site.id("igw", vpc);
    let arn = site.arn("ec2", &format!("internet-gateway/{id}"));
    Item::new(site, "AWS::EC2::InternetGateway", &id, &arn)
        .tagged(&mut draw, &name(site, vpc), "network")
        .related("AWS::EC2::VPC", &site.id("vpc", vpc), "Is attached to Vpc")
        .configuration(json!({
            "attachments": [{"state": "available", "vpcId": site.id("vpc", vpc)}],
            "internetGatewayId": id, "ownerId": site.account.id,
        }))
}

fn nat_gateway(site: Site, vpc: usize) -> Item {
    let mut draw = site.draw("nat", vpc);
    let id = site.id("nat", vpc);
    let arn = site.arn("ec2", &format!("natgateway/{id}"));
    Item::new(site, "AWS::EC2::NatGateway", &id, &arn)
        .tagged(&mut draw, &name(site, vpc), "network")
        .related("AWS::EC2::VPC", &site.id("vpc", vpc), "Is contained in ")
        .configuration(json!({
            "createTime": time::days_ago(draw.between(100, 900)), "natGatewayId": id,
            "natGatewayAddresses": [{
                "allocationId": site.id("eipalloc", 500 + vpc),
                "networkInterfaceId": site.id("eni", 500 + vpc),
                "privateIp": private_ip(site, vpc, 9), "publicIp": public_ip(site, vpc),
            }],
            "state": "available", "subnetId": site.id("subnet", vpc * 10),
            "vpcId": site.id("vpc", vpc), "connectivityType": "public",
        }))
}

/// An address of a block that RFC 5737 keeps for documentation.
pub(super) fn public_ip(site: Site, n: usize) -> String {
    let block = if site.region.octet < 30 {
        "203.0.113"
    } else {
        "198.51.100"
    };
    format!("{block}.{}", 4 + n % 250)
}

/// A private address in the `n`th VPC.
pub(super) fn private_ip(site: Site, n: usize, host: usize) -> String {
    let octet = usize::from(site.region.octet) + n % vpcs(site);
    format!("10.{octet}.{}.{}", 32 + host / 250, 4 + host % 250)
}

fn nat_address(site: Site, vpc: usize) -> Item {
    let number = 500 + vpc;
    let mut draw = site.draw("eipalloc", number);
    let id = site.id("eipalloc", number);
    let arn = site.arn("ec2", &format!("eip-allocation/{id}"));
    Item::new(site, "AWS::EC2::EIP", &id, &arn)
        .tagged(&mut draw, &format!("{}-nat", name(site, vpc)), "network")
        .configuration(json!({
            "publicIp": public_ip(site, vpc), "allocationId": id,
            "associationId": site.id("eipassoc", number), "domain": "vpc",
            "networkInterfaceId": site.id("eni", number),
            "networkInterfaceOwnerId": site.account.id,
            "privateIpAddress": private_ip(site, vpc, 9), "publicIpv4Pool": "amazon",
            "networkBorderGroup": site.region.name,
        }))
}

fn nat_interface(site: Site, vpc: usize) -> Item {
    let id = site.id("eni", 500 + vpc);
    let arn = site.arn("ec2", &format!("network-interface/{id}"));
    let address = private_ip(site, vpc, 9);
    Item::new(site, "AWS::EC2::NetworkInterface", &id, &arn)
        .in_zone(&site.zone(0))
        .related("AWS::EC2::VPC", &site.id("vpc", vpc), "Is contained in Vpc")
        .configuration(json!({
            "networkInterfaceId": id, "interfaceType": "nat_gateway", "status": "in-use",
            "description": format!("Interface for NAT Gateway {}", site.id("nat", vpc)),
            "availabilityZone": site.zone(0), "groups": [], "ipv6Addresses": [],
            "attachment": {"attachmentId": site.id("ela-attach", vpc), "status": "attached",
                "deleteOnTermination": false, "deviceIndex": 1, "instanceOwnerId": "amazon-aws"},
            "ownerId": site.account.id, "privateIpAddress": address,
            "privateIpAddresses": [{"primary": true, "privateIpAddress": address}],
            "requesterId": "amazon-nat-gateway", "requesterManaged": true,
            "sourceDestCheck": false, "subnetId": site.id("subnet", vpc * 10),
            "vpcId": site.id("vpc", vpc),
        }))
}

/// An address for an instance: some were forgotten when theirs went.
fn address(site: Site, n: usize) -> Item {
    let mut draw = site.draw("eip", n);
    let id = site.id("eipalloc", n);
    let arn = site.arn("ec2", &format!("eip-allocation/{id}"));
    let mut configuration = json!({
        "publicIp": public_ip(site, 60 + n), "allocationId": id, "domain": "vpc",
        "publicIpv4Pool": "amazon", "networkBorderGroup": site.region.name,
    });
    // One was forgotten when its instance went.
    if draw.ok()
        && n != 2
        && let Some(members) = configuration.as_object_mut()
    {
        let association = site.id("eipassoc", n);
        members.insert("associationId".to_owned(), json!(association));
        members.insert("instanceId".to_owned(), json!(site.id("i", n)));
    }
    Item::new(site, "AWS::EC2::EIP", &id, &arn)
        .tagged(&mut draw, &format!("{}-egress", site.app(n)), site.app(n))
        .configuration(configuration)
}

fn vpc_endpoint(site: Site, vpc: usize, n: usize, service: &str) -> Item {
    let number = vpc * 10 + n;
    let mut draw = site.draw("vpce", number);
    let id = site.id("vpce", number);
    let arn = site.arn("ec2", &format!("vpc-endpoint/{id}"));
    let is_gateway = service != "ssm";
    let (kind, tables, subnets) = if is_gateway {
        ("Gateway", json!([site.id("rtb", vpc * 10 + 1)]), json!([]))
    } else {
        (
            "Interface",
            json!([]),
            json!([site.id("subnet", vpc * 10 + 2)]),
        )
    };
    Item::new(site, "AWS::EC2::VPCEndpoint", &id, &arn)
        .tagged(
            &mut draw,
            &format!("{}-{service}", name(site, vpc)),
            "network",
        )
        .related("AWS::EC2::VPC", &site.id("vpc", vpc), "Is contained in Vpc")
        .configuration(json!({
            "vpcEndpointId": id, "vpcEndpointType": kind, "vpcId": site.id("vpc", vpc),
            "serviceName": format!("com.amazonaws.{}.{service}", site.region.name),
            "state": "available", "routeTableIds": tables, "subnetIds": subnets, "groups": [],
            "privateDnsEnabled": !is_gateway, "requesterManaged": false,
            "networkInterfaceIds": [], "dnsEntries": [], "ownerId": site.account.id,
            "creationTimestamp": time::days_ago(draw.between(100, 900)),
        }))
}

/// Some VPCs have none, and some logs stopped when somebody cleaned up roles.
fn flow_log(site: Site, vpc: usize) -> Option<Item> {
    let mut draw = site.draw("fl", vpc);
    if !draw.ok() {
        return None;
    }
    let id = site.id("fl", vpc);
    let arn = site.arn("ec2", &format!("vpc-flow-log/{id}"));
    let group = format!("/vpc/flow-logs/{}", name(site, vpc));
    let item = Item::new(site, "AWS::EC2::FlowLog", &id, &arn)
        .tagged(&mut draw, &name(site, vpc), "network")
        .configuration(json!({
            "creationTime": time::days_ago(draw.between(60, 700)), "flowLogId": id,
            "deliverLogsPermissionArn": site.role("vpc-flow-logs"), "deliverLogsStatus": "SUCCESS",
            "flowLogStatus": "ACTIVE", "logGroupName": group,
            "resourceId": site.id("vpc", vpc), "trafficType": draw.either("ALL", "REJECT"),
            "logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600,
            "logDestination": site.arn("logs", &format!("log-group:{group}")),
            "logFormat": "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${action}",
        }));
    Some(item)
}

fn default_vpc(site: Site) -> Item {
    let id = site.id("vpc", DEFAULT);
    let arn = site.arn("ec2", &format!("vpc/{id}"));
    Item::new(site, "AWS::EC2::VPC", &id, &arn).configuration(vpc_configuration(
        site,
        &id,
        "172.31.0.0/16",
        true,
    ))
}

fn default_subnet(site: Site, n: usize) -> Item {
    let id = site.id("subnet", DEFAULT * 10 + n);
    let arn = site.arn("ec2", &format!("subnet/{id}"));
    let vpc = site.id("vpc", DEFAULT);
    let zone = site.zone(n);
    Item::new(site, "AWS::EC2::Subnet", &id, &arn)
        .in_zone(&zone)
        .related("AWS::EC2::VPC", &vpc, "Is contained in Vpc")
        .configuration(json!({
            "availabilityZone": zone, "availableIpAddressCount": 4_091,
            "cidrBlock": format!("172.31.{}.0/20", n * 16), "defaultForAz": true,
            "mapPublicIpOnLaunch": true, "state": "available", "subnetId": id, "vpcId": vpc,
            "ownerId": site.account.id, "assignIpv6AddressOnCreation": false,
            "ipv6CidrBlockAssociationSet": [], "subnetArn": arn,
        }))
}

fn default_route_table(site: Site) -> Item {
    let id = site.id("rtb", DEFAULT * 10);
    let arn = site.arn("ec2", &format!("route-table/{id}"));
    let vpc = site.id("vpc", DEFAULT);
    Item::new(site, "AWS::EC2::RouteTable", &id, &arn)
        .related("AWS::EC2::VPC", &vpc, "Is contained in Vpc")
        .configuration(json!({
            "associations": [{"main": true, "routeTableId": id,
                "routeTableAssociationId": site.id("rtbassoc", DEFAULT * 10),
                "associationState": {"state": "associated"}}],
            "propagatingVgws": [], "routeTableId": id, "vpcId": vpc,
            "routes": [
                {"destinationCidrBlock": "172.31.0.0/16", "gatewayId": "local",
                    "origin": "CreateRouteTable", "state": "active"},
                {"destinationCidrBlock": "0.0.0.0/0", "gatewayId": site.id("igw", DEFAULT),
                    "origin": "CreateRoute", "state": "active"},
            ],
            "ownerId": site.account.id,
        }))
}
