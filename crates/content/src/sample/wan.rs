//! What joins networks: transit gateways, site-to-site and client VPNs.

use serde_json::{Value, json};

use super::Estate;
use super::item::Item;
use super::networking::public_ip;
use super::site::Site;
use super::time;

pub(super) fn add(site: Site, estate: &mut Estate) {
    if site.account.name != "platform" {
        return;
    }
    estate.add(transit_gateway(site));
    estate.add(client_vpn(site));
    for n in 0..site.count(4) {
        estate.add(customer_gateway(site, n));
        estate.add(vpn_connection(site, n));
    }
}

fn transit_gateway(site: Site) -> Item {
    let mut draw = site.draw("tgw", 0);
    let id = site.id("tgw", 0);
    let arn = site.arn("ec2", &format!("transit-gateway/{id}"));
    let accepts = if site.region.name == "us-west-2" {
        "enable"
    } else {
        "disable"
    };
    Item::new(site, "AWS::EC2::TransitGateway", &id, &arn)
        .tagged(&mut draw, "backbone", "network")
        .configuration(json!({
            "Id": id, "AmazonSideAsn": 64_512 + u32::from(site.region.octet),
            "AutoAcceptSharedAttachments": accepts, "Description": "backbone",
            "DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable",
            "DnsSupport": "enable", "VpnEcmpSupport": "enable", "MulticastSupport": "disable",
        }))
}

fn customer_gateway(site: Site, n: usize) -> Item {
    let mut draw = site.draw("cgw", n);
    let id = site.id("cgw", n);
    let arn = site.arn("ec2", &format!("customer-gateway/{id}"));
    Item::new(site, "AWS::EC2::CustomerGateway", &id, &arn)
        .tagged(&mut draw, &format!("warehouse-{}", n + 1), "shipping")
        .configuration(json!({
            "bgpAsn": "65010", "customerGatewayId": id, "ipAddress": public_ip(site, 200 + n),
            "state": "available", "type": "ipsec.1",
        }))
}

fn vpn_connection(site: Site, n: usize) -> Item {
    let mut draw = site.draw("vpn", n);
    let id = site.id("vpn", n);
    let arn = site.arn("ec2", &format!("vpn-connection/{id}"));
    // Two tunnels that fail together would be two bad VPNs in a row of good ones.
    let second_is_up = draw.ok() && n != 1;
    let tunnels: Vec<Value> = [true, second_is_up]
        .into_iter()
        .enumerate()
        .map(|(tunnel, is_up)| {
            json!({
                "acceptedRouteCount": u8::from(is_up) * 4,
                "lastStatusChange": time::days_ago(draw.between(1, 60)),
                "outsideIpAddress": public_ip(site, 220 + n * 2 + tunnel),
                "status": if is_up { "UP" } else { "DOWN" },
                "statusMessage": if is_up { "4 BGP ROUTES" } else { "IPSEC IS DOWN" },
            })
        })
        .collect();
    Item::new(site, "AWS::EC2::VPNConnection", &id, &arn)
        .tagged(&mut draw, &format!("warehouse-{}", n + 1), "shipping")
        .related(
            "AWS::EC2::CustomerGateway",
            &site.id("cgw", n),
            "Is attached to CustomerGateway",
        )
        .configuration(json!({
            "customerGatewayId": site.id("cgw", n), "category": "VPN", "state": "available",
            "type": "ipsec.1", "vpnConnectionId": id, "transitGatewayId": site.id("tgw", 0),
            "options": {"enableAcceleration": false, "staticRoutesOnly": false,
                "tunnelInsideIpVersion": "ipv4"},
            "routes": [], "vgwTelemetry": tunnels,
        }))
}

fn client_vpn(site: Site) -> Item {
    let mut draw = site.draw("cvpn-endpoint", 0);
    let id = site.id("cvpn-endpoint", 0);
    let arn = site.arn("ec2", &format!("client-vpn-endpoint/{id}"));
    let everybody = site.region.name == "eu-west-1";
    let mut rule = json!({
        "ClientVpnEndpointId": id, "Description": "engineers", "AccessAll": everybody,
        "DestinationCidr": format!("10.{}.0.0/16", site.region.octet),
        "Status": {"Code": "active"},
    });
    if let (false, Some(members)) = (everybody, rule.as_object_mut()) {
        members.insert("GroupId".to_owned(), json!("engineering"));
    }
    let group = "/client-vpn/connections";
    Item::new(site, "AWS::EC2::ClientVpnEndpoint", &id, &arn)
        .tagged(&mut draw, "engineers", "network")
        .configuration(json!({
            "Id": id, "ClientCidrBlock": "10.250.0.0/22", "Description": "engineers",
            "ServerCertificateArn": site.arn("acm", &format!("certificate/{}", site.uuid("acm", 0))),
            "TransportProtocol": "udp", "VpnPort": 443, "VpcId": site.id("vpc", 0),
            "SplitTunnel": true, "SessionTimeoutHours": 12, "SelfServicePortal": "enabled",
            "SecurityGroupIds": [site.security_group(1)],
            "ConnectionLogOptions": {"Enabled": draw.ok(), "CloudwatchLogGroup": group},
            "AuthenticationOptions": [{"Type": "federated-authentication",
                "FederatedAuthentication": {"SAMLProviderArn":
                    site.global_arn("iam", "saml-provider/workforce")}}],
        }))
        .with(
            "DescribeClientVpnAuthorizationRules",
            json!({"AuthorizationRules": [rule]}),
        )
}
