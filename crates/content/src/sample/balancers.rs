//! Load balancers and their listeners.

use serde_json::{Value, json};

use super::Estate;
use super::item::Item;
use super::site::Site;
use super::time;

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..site.count(5) {
        estate.add(load_balancer(site, n));
        estate.add(secure_listener(site, n));
        // Few still answer on port 80.
        if n % 4 == 1 {
            estate.add(plain_listener(site, n));
        }
    }
    for n in 0..site.count(2) {
        estate.add(classic(site, n));
    }
}

fn kind(n: usize) -> &'static str {
    if n % 4 == 3 { "network" } else { "application" }
}

fn name(site: Site, n: usize) -> String {
    format!(
        "{}-{}",
        site.app(n),
        if kind(n) == "network" { "nlb" } else { "alb" }
    )
}

/// The ARN of the `n`th load balancer.
pub(super) fn load_balancer_arn(site: Site, n: usize) -> String {
    let n = n % site.count(5).max(1);
    let path = if kind(n) == "network" { "net" } else { "app" };
    let id = site.hex("alb", n, 16);
    site.arn(
        "elasticloadbalancing",
        &format!("loadbalancer/{path}/{}/{id}", name(site, n)),
    )
}

/// The ARN of the `n`th target group.
pub(super) fn target_group(site: Site, n: usize) -> String {
    let id = site.hex("tg", n, 16);
    let app = site.app(n);
    site.arn("elasticloadbalancing", &format!("targetgroup/{app}/{id}"))
}

fn load_balancer(site: Site, n: usize) -> Item {
    let mut draw = site.draw("alb", n);
    let arn = load_balancer_arn(site, n);
    let name = name(site, n);
    let attribute = |key: &str, value: &str| json!({"key": key, "value": value});
    let flag = |is_on: bool| if is_on { "true" } else { "false" };
    let attributes = json!([
        attribute("access_logs.s3.enabled", flag(draw.ok())),
        attribute("access_logs.s3.bucket", &super::storage::logs_bucket(site)),
        attribute("access_logs.s3.prefix", &name),
        attribute("idle_timeout.timeout_seconds", "60"),
        attribute("deletion_protection.enabled", flag(draw.ok())),
        attribute("routing.http2.enabled", "true"),
        attribute(
            "routing.http.drop_invalid_header_fields.enabled",
            flag(draw.ok())
        ),
        attribute("routing.http.desync_mitigation_mode", "defensive"),
    ]);
    let web_acl = if draw.ok() {
        json!({"WebACL": {"ARN": super::edge::web_acl_arn(site, 0), "Name": "baseline"}})
    } else {
        json!({"WebACL": null})
    };
    Item::new(
        site,
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        &arn,
        &arn,
    )
    .named(&name)
    .tagged(&mut draw, &name, site.app(n))
    .in_network(&site.vpc(n), &site.subnet(n), &site.security_group(n))
    .configuration(json!({
        "loadBalancerArn": arn, "loadBalancerName": name, "type": kind(n),
        "dNSName": format!("{name}-{}.{}.elb.amazonaws.com",
            site.hex("alb", n, 10), site.region.name),
        "canonicalHostedZoneId": "Z35SXDOTRQ7X7K", "scheme": "internet-facing",
        "createdTime": time::days_ago(draw.between(30, 900)), "vpcId": site.vpc(n),
        "state": {"code": "active"}, "ipAddressType": "ipv4",
        "availabilityZones": [
            {"zoneName": site.zone(0), "subnetId": site.id("subnet", 0)},
            {"zoneName": site.zone(1), "subnetId": site.id("subnet", 1)}],
        "securityGroups": [site.security_group(n)],
    }))
    .with("LoadBalancerAttributes", attributes)
    .with("GetWebACLForResource", web_acl)
    .unread_in(
        3,
        &mut draw,
        "GetWebACLForResource",
        "wafv2:GetWebACLForResource",
    )
}

fn listener(site: Site, n: usize, port: u16, configuration: Value) -> Item {
    let balancer = load_balancer_arn(site, n);
    let id = site.hex("listener", n * 65_536 + usize::from(port), 16);
    let arn = format!("{}/{id}", balancer.replace(":loadbalancer/", ":listener/"));
    let mut item = json!({"ListenerArn": arn, "LoadBalancerArn": balancer, "Port": port});
    if let (Some(members), Value::Object(rest)) = (item.as_object_mut(), configuration) {
        members.extend(rest);
    }
    Item::new(site, "AWS::ElasticLoadBalancingV2::Listener", &arn, &arn)
        .related(
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            &balancer,
            "Is contained in LoadBalancer",
        )
        .configuration(item)
}

fn forward(site: Site, n: usize) -> Value {
    json!([{"Type": "forward", "Order": 1, "TargetGroupArn": target_group(site, n)}])
}

fn secure_listener(site: Site, n: usize) -> Item {
    let mut draw = site.draw("listener", n);
    let protocol = if kind(n) == "network" { "TLS" } else { "HTTPS" };
    let configuration = json!({
        "Protocol": protocol, "DefaultActions": forward(site, n),
        "SslPolicy": draw.either("ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-2016-08"),
        "Certificates": [{"CertificateArn": super::keys::certificate_arn(site, n)}],
    });
    listener(site, n, 443, configuration)
}

fn plain_listener(site: Site, n: usize) -> Item {
    let mut draw = site.draw("plain-listener", n);
    let actions = if draw.ok() {
        json!([{"Type": "redirect", "Order": 1, "RedirectConfig": {"Protocol": "HTTPS",
            "Port": "443", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}",
            "StatusCode": "HTTP_301"}}])
    } else {
        forward(site, n)
    };
    let configuration = json!({"Protocol": "HTTP", "DefaultActions": actions, "Certificates": []});
    listener(site, n, 80, configuration)
}

/// A Classic Load Balancer that was never replaced.
fn classic(site: Site, n: usize) -> Item {
    let mut draw = site.draw("clb", n).with_care(78);
    let name = format!("{}-classic", site.app(n));
    let arn = site.arn("elasticloadbalancing", &format!("loadbalancer/{name}"));
    let certificate = if draw.ok() {
        super::keys::certificate_arn(site, n)
    } else {
        site.global_arn("iam", "server-certificate/legacy")
    };
    let mut listeners = vec![json!({
        "listener": {"protocol": "HTTPS", "loadBalancerPort": 443, "instanceProtocol": "HTTP",
            "instancePort": 8_080, "sslcertificateId": certificate},
        "policyNames": ["tls"],
    })];
    if !draw.ok() {
        listeners.push(json!({
            "listener": {"protocol": "HTTP", "loadBalancerPort": 80, "instanceProtocol": "HTTP",
                "instancePort": 8_080},
            "policyNames": [],
        }));
    }
    let policy = draw.either(
        "ELBSecurityPolicy-TLS-1-2-2017-01",
        "ELBSecurityPolicy-2015-05",
    );
    Item::new(site, "AWS::ElasticLoadBalancing::LoadBalancer", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .in_network(&site.vpc(n), &site.subnet(n), &site.security_group(n))
        .configuration(json!({
            "loadBalancerName": name, "scheme": "internet-facing", "vpcid": site.vpc(n),
            "dnsname": format!("{name}.{}.elb.amazonaws.com", site.region.name),
            "listenerDescriptions": listeners, "backendServerDescriptions": [],
            "availabilityZones": [site.zone(0), site.zone(1)], "subnets": [site.subnet(n)],
            "securityGroups": [site.security_group(n)], "createdTime": time::days_ago(1_500),
            "instances": [{"instanceId": site.id("i", n)}],
            "healthCheck": {"target": "HTTP:8080/health", "interval": 30, "timeout": 5,
                "unhealthyThreshold": 2, "healthyThreshold": 3},
        }))
        .with(
            "LoadBalancerAttributes",
            json!({"crossZoneLoadBalancing": {"enabled": draw.ok()},
                "accessLog": {"enabled": draw.ok(),
                    "s3BucketName": super::storage::logs_bucket(site)},
                "connectionDraining": {"enabled": true, "timeout": 300},
                "connectionSettings": {"idleTimeout": 60}, "additionalAttributes": []}),
        )
        .with(
            "LoadBalancerPolicies",
            json!([{"policyName": "tls", "policyTypeName": "SSLNegotiationPolicyType",
                "policyAttributeDescriptions": [
                    {"attributeName": "Reference-Security-Policy", "attributeValue": policy}]}]),
        )
}
