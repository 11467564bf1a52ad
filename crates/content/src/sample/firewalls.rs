//! What lets traffic through: security groups, network ACLs, AWS Network Firewall.

use serde_json::{Value, json};

use super::Estate;
use super::item::Item;
use super::networking::vpcs;
use super::site::Site;
use super::time;

/// Where the number of the default VPC begins, as in `networking`.
const DEFAULT: usize = 90;

/// How many security groups of its own a site has.
pub(super) fn security_groups(site: Site) -> usize {
    site.count(14)
}

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..security_groups(site) {
        estate.add(security_group(site, n));
    }
    for vpc in 0..vpcs(site) {
        estate.add(default_group(site, vpc));
        estate.add(network_acl(site, vpc, true));
        estate.add(network_acl(site, vpc, false));
    }
    if site.account.name != "production" {
        estate.add(default_group(site, DEFAULT));
        estate.add(network_acl(site, DEFAULT, true));
    }
    if site.account.name != "sandbox" {
        estate.add(firewall(site));
        estate.add(firewall_policy(site));
        estate.add(firewall_logging(site));
    }
}

/// A rule that lets one source in on a range of ports.
fn permission(protocol: &str, ports: Option<(u16, u16)>, sources: &[(&str, &str)]) -> Value {
    let ranges: Vec<Value> = sources
        .iter()
        .map(|(cidr, why)| json!({"cidrIp": cidr, "description": why}))
        .collect();
    let plain: Vec<&str> = sources.iter().map(|(cidr, _)| *cidr).collect();
    let mut permission = json!({
        "ipProtocol": protocol, "ipv4Ranges": ranges, "ipv6Ranges": [], "ipRanges": plain,
        "prefixListIds": [], "userIdGroupPairs": [],
    });
    if let (Some((from, to)), Some(members)) = (ports, permission.as_object_mut()) {
        members.insert("fromPort".to_owned(), json!(from));
        members.insert("toPort".to_owned(), json!(to));
    }
    permission
}

fn ipv6_permission(port: u16) -> Value {
    json!({
        "ipProtocol": "tcp", "fromPort": port, "toPort": port, "ipv4Ranges": [], "ipRanges": [],
        "ipv6Ranges": [{"cidrIpv6": "::/0", "description": "temporary"}],
        "prefixListIds": [], "userIdGroupPairs": [],
    })
}

fn security_group(site: Site, n: usize) -> Item {
    let mut draw = site.draw("sg", n);
    let id = site.id("sg", n);
    let arn = site.arn("ec2", &format!("security-group/{id}"));
    let app = site.app(n);
    let inside = format!("10.{}.0.0/16", site.region.octet);
    let (tier, right) = match n % 4 {
        0 => (
            "alb",
            permission("tcp", Some((443, 443)), &[("0.0.0.0/0", "HTTPS")]),
        ),
        1 => (
            "app",
            permission("tcp", Some((8_080, 8_080)), &[(&inside, "load balancer")]),
        ),
        2 => (
            "db",
            permission("tcp", Some((5_432, 5_432)), &[(&inside, "application")]),
        ),
        _ => (
            "cache",
            permission("tcp", Some((6_379, 6_379)), &[(&inside, "application")]),
        ),
    };
    let mut inbound = vec![right];
    if !draw.ok() {
        inbound.push(match draw.below(6) {
            0 | 1 => permission(
                "tcp",
                Some((22, 22)),
                &[("0.0.0.0/0", "SSH for the migration")],
            ),
            2 => permission("tcp", Some((3_389, 3_389)), &[("0.0.0.0/0", "RDP")]),
            3 => permission("-1", None, &[("0.0.0.0/0", "debugging")]),
            4 => ipv6_permission(22),
            _ => permission("tcp", Some((20, 4_000)), &[("0.0.0.0/0", "partner")]),
        });
    }
    let group = format!("{app}-{tier}");
    Item::new(site, "AWS::EC2::SecurityGroup", &id, &arn)
        .named(&group)
        .tagged(&mut draw, &group, app)
        .related("AWS::EC2::VPC", &site.vpc(n), "Is contained in Vpc")
        .configuration(json!({
            "description": format!("{tier} tier of {app}"), "groupName": group,
            "ipPermissions": inbound, "ownerId": site.account.id, "groupId": id,
            "ipPermissionsEgress": [permission("-1", None, &[("0.0.0.0/0", "out")])],
            "vpcId": site.vpc(n),
        }))
}

/// The group that every VPC has. AWS's own rules in it let its members talk to each other and out.
fn default_group(site: Site, vpc: usize) -> Item {
    let mut draw = site.draw("default-sg", vpc);
    let id = site.id("sg", 1_000 + vpc);
    let arn = site.arn("ec2", &format!("security-group/{id}"));
    let is_closed = vpc != DEFAULT && draw.ok();
    let (inbound, outbound) = if is_closed {
        (json!([]), json!([]))
    } else {
        let mut members = permission("-1", None, &[]);
        if let Some(rule) = members.as_object_mut() {
            rule.insert(
                "userIdGroupPairs".to_owned(),
                json!([{"groupId": id, "userId": site.account.id}]),
            );
        }
        (
            json!([members]),
            json!([permission("-1", None, &[("0.0.0.0/0", "")])]),
        )
    };
    Item::new(site, "AWS::EC2::SecurityGroup", &id, &arn)
        .named("default")
        .related("AWS::EC2::VPC", &site.id("vpc", vpc), "Is contained in Vpc")
        .configuration(json!({
            "description": "default VPC security group", "groupName": "default",
            "ipPermissions": inbound, "ownerId": site.account.id, "groupId": id,
            "ipPermissionsEgress": outbound, "vpcId": site.id("vpc", vpc),
        }))
}

fn entry(
    number: u32,
    protocol: &str,
    action: &str,
    egress: bool,
    ports: Option<(u16, u16)>,
) -> Value {
    let mut entry = json!({
        "cidrBlock": "0.0.0.0/0", "egress": egress, "protocol": protocol, "ruleAction": action,
        "ruleNumber": number,
    });
    if let (Some((from, to)), Some(members)) = (ports, entry.as_object_mut()) {
        members.insert("portRange".to_owned(), json!({"from": from, "to": to}));
    }
    entry
}

fn network_acl(site: Site, vpc: usize, is_default: bool) -> Item {
    let number = vpc * 2 + usize::from(is_default);
    let mut draw = site.draw("acl", number);
    let id = site.id("acl", number);
    let arn = site.arn("ec2", &format!("network-acl/{id}"));
    let inbound = if is_default {
        vec![entry(100, "-1", "allow", false, None)]
    } else {
        let mut allowed = vec![
            entry(100, "6", "allow", false, Some((443, 443))),
            entry(110, "6", "allow", false, Some((4_000, 65_535))),
        ];
        if !draw.ok() {
            allowed.push(entry(120, "6", "allow", false, Some((22, 22))));
        } else if draw.percent(15) {
            allowed.push(entry(90, "6", "deny", false, Some((22, 22))));
        }
        allowed
    };
    let mut entries = inbound;
    entries.push(entry(32_767, "-1", "deny", false, None));
    entries.push(entry(100, "-1", "allow", true, None));
    entries.push(entry(32_767, "-1", "deny", true, None));
    // Subnets were moved to the ACL of the VPC's own; in the default VPC there is no other.
    let first = if is_default && vpc != DEFAULT { 2 } else { 0 };
    let subnets = if first == 0 && !draw.ok() { 0 } else { 2 };
    let associations: Vec<Value> = (0..subnets)
        .map(|n| {
            json!({
                "networkAclAssociationId": site.id("aclassoc", number * 4 + n),
                "networkAclId": id, "subnetId": site.id("subnet", vpc * 10 + first + n),
            })
        })
        .collect();
    let mut item = Item::new(site, "AWS::EC2::NetworkAcl", &id, &arn)
        .related("AWS::EC2::VPC", &site.id("vpc", vpc), "Is contained in Vpc")
        .configuration(json!({
            "associations": associations, "entries": entries, "isDefault": is_default,
            "networkAclId": id, "vpcId": site.id("vpc", vpc), "ownerId": site.account.id,
        }));
    if !is_default {
        item = item.tagged(
            &mut draw,
            &format!("{}-public", site.account.name),
            "network",
        );
    }
    item
}

fn firewall_name(site: Site) -> String {
    format!("{}-inspection", site.account.name)
}

fn firewall(site: Site) -> Item {
    let mut draw = site.draw("netfw", 0);
    let name = firewall_name(site);
    let arn = site.arn("network-firewall", &format!("firewall/{name}"));
    let policy = site.arn("network-firewall", &format!("firewall-policy/{name}"));
    Item::new(site, "AWS::NetworkFirewall::Firewall", &arn, &arn)
        .named(&name)
        .tagged(&mut draw, &name, "network")
        .configuration(json!({"firewall": {
            "firewallName": name, "firewallArn": arn, "firewallPolicyArn": policy,
            "vpcId": site.id("vpc", 0), "firewallId": site.uuid("netfw", 0),
            "subnetMappings": [{"subnetId": site.id("subnet", 0), "iPAddressType": "IPV4"}],
            "deleteProtection": draw.ok(), "subnetChangeProtection": draw.ok(),
            "firewallPolicyChangeProtection": draw.ok(),
            "encryptionConfiguration": {"keyId": "AWS_OWNED_KMS_KEY", "type": "AWS_OWNED_KMS_KEY"},
        }}))
}

fn firewall_policy(site: Site) -> Item {
    let mut draw = site.draw("netfw-policy", 0);
    let name = firewall_name(site);
    let arn = site.arn("network-firewall", &format!("firewall-policy/{name}"));
    let rules = site.arn("network-firewall", "stateful-rulegroup/egress-domains");
    let (full, fragments) = (
        draw.either("aws:forward_to_sfe", "aws:pass"),
        draw.either("aws:drop", "aws:pass"),
    );
    Item::new(site, "AWS::NetworkFirewall::FirewallPolicy", &arn, &arn)
        .named(&name)
        .tagged(&mut draw, &name, "network")
        .configuration(json!({
            "firewallPolicy": {
                "statelessDefaultActions": [full], "statelessFragmentDefaultActions": [fragments],
                "statelessRuleGroupReferences": [], "statelessCustomActions": [],
                "statefulRuleGroupReferences": [{"priority": 1, "resourceArn": rules}],
                "statefulDefaultActions": ["aws:drop_established"],
                "statefulEngineOptions": {"ruleOrder": "STRICT_ORDER",
                    "streamExceptionPolicy": "DROP"},
            },
            "firewallPolicyResponse": {
                "firewallPolicyName": name, "firewallPolicyArn": arn,
                "firewallPolicyId": site.uuid("netfw-policy", 0), "firewallPolicyStatus": "ACTIVE",
                "numberOfAssociations": 1, "consumedStatefulRuleCapacity": 200,
                "lastModifiedTime": time::days_ago(draw.between(10, 200)),
            },
        }))
}

/// As CloudFormation has it: AWS Config's schema lacks the type.
fn firewall_logging(site: Site) -> Item {
    let mut draw = site.draw("netfw-logging", 0);
    let name = firewall_name(site);
    let arn = site.arn("network-firewall", &format!("firewall/{name}"));
    let destinations: Vec<Value> = ["ALERT", "FLOW"]
        .into_iter()
        .filter(|_| draw.ok())
        .map(|kind| {
            json!({"LogType": kind, "LogDestinationType": "CloudWatchLogs",
                "LogDestination": {"logGroup": format!("/network-firewall/{name}")}})
        })
        .collect();
    Item::new(
        site,
        "AWS::NetworkFirewall::LoggingConfiguration",
        &arn,
        &arn,
    )
    .named(&name)
    .configuration(json!({
        "FirewallArn": arn, "FirewallName": name,
        "LoggingConfiguration": {"LogDestinationConfigs": destinations},
    }))
}
