//! CloudFront and web ACLs, the old kind and the new.

use serde_json::{Value, json};

use super::Estate;
use super::draw::Draw;
use super::item::Item;
use super::site::Site;
use super::time;

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..2 {
        estate.add(web_acl(site, n));
        estate.add(rule_group(site, n));
    }
    if !site.is_home() {
        return;
    }
    for n in 0..site.count(9) {
        estate.add(distribution(site, n));
    }
    for n in 0..2 {
        estate.add(classic_rule(site, n));
        estate.add(classic_rule_group(site, n));
        estate.add(classic_web_acl(site, n));
    }
}

const ACLS: [&str; 2] = ["baseline", "partners"];

fn acl_name(n: usize) -> &'static str {
    ACLS.get(n).copied().unwrap_or("baseline")
}

/// The ARN of the `n`th web ACL for resources in this Region.
pub(super) fn web_acl_arn(site: Site, n: usize) -> String {
    let id = site.uuid("webacl", n);
    site.arn("wafv2", &format!("regional/webacl/{}/{id}", acl_name(n)))
}

fn visibility(name: &str, has_metrics: bool) -> Value {
    json!({"sampledRequestsEnabled": true, "cloudWatchMetricsEnabled": has_metrics,
        "metricName": name})
}

fn web_acl(site: Site, n: usize) -> Item {
    let mut draw = site.draw("webacl", n);
    let arn = web_acl_arn(site, n);
    let name = acl_name(n);
    let rules = if n == 0 || draw.ok() {
        json!([{"name": "common", "priority": 1, "overrideAction": {"none": {}},
            "statement": {"managedRuleGroupStatement": {"vendorName": "AWS",
                "name": "AWSManagedRulesCommonRuleSet"}},
            "visibilityConfig": visibility("common", true)}])
    } else {
        json!([])
    };
    let destinations = if draw.ok() {
        json!([site.arn("firehose", "deliverystream/aws-waf-logs-central")])
    } else {
        json!([])
    };
    Item::new(site, "AWS::WAFv2::WebACL", &arn, &arn)
        .named(name)
        .tagged(&mut draw, name, "edge")
        .configuration(json!({
            "name": name, "id": site.uuid("webacl", n), "resourceARN": arn, "capacity": 700,
            "defaultAction": {"allow": {}}, "description": "", "rules": rules,
            "visibilityConfig": visibility(name, draw.ok()), "owner": site.account.id,
            "preProcessFirewallManagerRuleGroups": [], "postProcessFirewallManagerRuleGroups": [],
        }))
        .with(
            "GetLoggingConfiguration",
            json!({"LoggingConfiguration":
                {"ResourceArn": arn, "LogDestinationConfigs": destinations}}),
        )
        .unread_in(
            3,
            &mut draw,
            "GetLoggingConfiguration",
            "wafv2:GetLoggingConfiguration",
        )
}

fn rule_group(site: Site, n: usize) -> Item {
    let mut draw = site.draw("wafv2-group", n);
    let name = if n == 0 { "bots" } else { "geo" };
    let id = site.uuid("wafv2-group", n);
    let arn = site.arn("wafv2", &format!("regional/rulegroup/{name}/{id}"));
    let rules = if draw.ok() {
        json!([{"name": "rate", "priority": 1, "action": {"block": {}},
            "statement": {"rateBasedStatement": {"limit": 2_000, "aggregateKeyType": "IP"}},
            "visibilityConfig": visibility("rate", true)}])
    } else {
        json!([])
    };
    Item::new(site, "AWS::WAFv2::RuleGroup", &arn, &arn)
        .named(name)
        .tagged(&mut draw, name, "edge")
        .configuration(json!({
            "name": name, "id": id, "resourceARN": arn, "capacity": 50, "description": "",
            "rules": rules, "visibilityConfig": visibility(name, draw.ok()),
            "owner": site.account.id,
        }))
}

fn origin(site: Site, n: usize, draw: &mut Draw) -> Value {
    if n % 3 == 2 {
        return json!({
            "id": "origin", "originPath": "", "connectionAttempts": 3, "connectionTimeout": 10,
            "domainName": format!("{}.api.example.com", site.app(n)),
            "customHeaders": {"quantity": 0}, "originAccessControlId": "",
            "customOriginConfig": {"httpPort": 80, "httpsPort": 443,
                "originProtocolPolicy": draw.either("https-only", "match-viewer"),
                "originSslProtocols": {"quantity": 1,
                    "items": [draw.either("TLSv1.2", "SSLv3")]},
                "originReadTimeout": 30, "originKeepaliveTimeout": 5},
        });
    }
    let is_controlled = draw.ok();
    let control = if is_controlled {
        site.capitals("E", n, 13)
    } else {
        String::new()
    };
    // CloudFront keeps the older identity beside the newer control while a team moves over.
    let identity = if draw.ok() {
        format!(
            "origin-access-identity/cloudfront/{}",
            site.capitals("E", 50 + n, 13)
        )
    } else {
        String::new()
    };
    json!({
        "id": "origin", "originPath": "", "connectionAttempts": 3, "connectionTimeout": 10,
        "domainName": format!("{}-{}-assets.s3.{}.amazonaws.com",
            site.account.name, site.app(n), site.region.name),
        "customHeaders": {"quantity": 0}, "originAccessControlId": control,
        "s3OriginConfig": {"originAccessIdentity": identity},
    })
}

fn viewer_certificate(site: Site, n: usize, draw: &mut Draw) -> Value {
    if !draw.ok() {
        return json!({"cloudFrontDefaultCertificate": true, "minimumProtocolVersion": "TLSv1",
            "certificateSource": "cloudfront"});
    }
    json!({
        "acmCertificateArn": super::keys::certificate_arn(site, n), "certificateSource": "acm",
        "cloudFrontDefaultCertificate": false, "sslSupportMethod": draw.either("sni-only", "vip"),
        "minimumProtocolVersion": draw.either("TLSv1.2_2021", "TLSv1_2016"),
    })
}

fn behavior(draw: &mut Draw) -> Value {
    json!({
        "targetOriginId": "origin", "compress": true, "smoothStreaming": false,
        "viewerProtocolPolicy": draw.either("redirect-to-https", "allow-all"),
        "allowedMethods": {"quantity": 2, "items": ["HEAD", "GET"],
            "cachedMethods": {"quantity": 2, "items": ["HEAD", "GET"]}},
        "trustedSigners": {"enabled": false, "quantity": 0},
        "lambdaFunctionAssociations": {"quantity": 0}, "fieldLevelEncryptionId": "",
        "cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    })
}

fn distribution(site: Site, n: usize) -> Item {
    let mut draw = site.draw("cloudfront", n);
    let id = site.capitals("E", 100 + n, 13);
    let arn = site.global_arn("cloudfront", &format!("distribution/{id}"));
    let app = site.app(n);
    let logs = format!("{}.s3.amazonaws.com", super::storage::logs_bucket(site));
    let web_acl = draw.either(web_acl_arn(site, 0), String::new());
    let origin = origin(site, n, &mut draw);
    let certificate = viewer_certificate(site, n, &mut draw);
    let config = json!({
        "callerReference": site.uuid("cloudfront", n), "comment": app, "enabled": true,
        "aliases": {"quantity": 1, "items": [format!("{app}.example.com")]},
        "defaultRootObject": draw.either("index.html", ""), "priceClass": "PriceClass_100",
        "httpVersion": "http2and3", "isIPV6Enabled": true, "staging": false,
        "origins": {"quantity": 1, "items": [origin]}, "originGroups": {"quantity": 0},
        "defaultCacheBehavior": behavior(&mut draw), "cacheBehaviors": {"quantity": 0},
        "customErrorResponses": {"quantity": 0}, "viewerCertificate": certificate,
        "logging": {"enabled": draw.ok(), "includeCookies": false, "bucket": logs,
            "prefix": format!("cloudfront/{app}/")},
        "restrictions": {"geoRestriction": {"restrictionType": "none", "quantity": 0}},
        "webACLId": web_acl,
    });
    Item::new(site, "AWS::CloudFront::Distribution", &id, &arn)
        .global()
        .tagged(&mut draw, app, app)
        .configuration(json!({
            "id": id, "arn": arn, "lastModifiedTime": time::days_ago(draw.between(5, 200)),
            "domainName": format!("d{}.cloudfront.net", site.hex("cloudfront", n, 13)),
            "activeTrustedSigners": {"enabled": false, "quantity": 0}, "isStaging": false,
            "distributionConfig": config,
        }))
}

fn classic_name(n: usize) -> &'static str {
    if n == 0 {
        "LegacyShop"
    } else {
        "LegacyPartners"
    }
}

fn classic_rule(site: Site, n: usize) -> Item {
    let mut draw = site.draw("waf-rule", n);
    let id = site.uuid("waf-rule", n);
    let arn = site.global_arn("waf", &format!("rule/{id}"));
    let predicates = if draw.ok() {
        json!([{"dataId": site.uuid("waf-set", n), "negated": false, "type": "IPMatch"}])
    } else {
        json!([])
    };
    Item::new(site, "AWS::WAF::Rule", &id, &arn)
        .named(classic_name(n))
        .configuration(json!({"ruleId": id, "name": classic_name(n),
            "metricName": classic_name(n), "predicateList": predicates}))
}

fn classic_rule_group(site: Site, n: usize) -> Item {
    let id = site.uuid("waf-group", n);
    let arn = site.global_arn("waf", &format!("rulegroup/{id}"));
    let rules = if n == 0 {
        json!([{"priority": 1, "ruleId": site.uuid("waf-rule", 0), "type": "REGULAR",
            "action": {"type": "BLOCK"}}])
    } else {
        json!([])
    };
    Item::new(site, "AWS::WAF::RuleGroup", &id, &arn)
        .named(classic_name(n))
        .configuration(json!({"ruleGroupId": id, "name": classic_name(n),
            "metricName": classic_name(n), "rules": rules}))
}

fn classic_web_acl(site: Site, n: usize) -> Item {
    let mut draw = site.draw("waf-acl", n);
    let id = site.uuid("waf-acl", n);
    let arn = site.global_arn("waf", &format!("webacl/{id}"));
    let rules = if draw.ok() {
        json!([{"priority": 1, "ruleId": site.uuid("waf-rule", n), "type": "REGULAR",
            "action": {"type": "BLOCK"}}])
    } else {
        json!([])
    };
    let destinations = if draw.ok() {
        json!([site.arn("firehose", "deliverystream/aws-waf-logs-central")])
    } else {
        json!([])
    };
    Item::new(site, "AWS::WAF::WebACL", &id, &arn)
        .named(classic_name(n))
        .configuration(json!({"webACLId": id, "name": classic_name(n),
            "metricName": classic_name(n), "defaultAction": {"type": "ALLOW"},
            "rulesList": rules}))
        .with(
            "GetLoggingConfiguration",
            json!({"LoggingConfiguration":
                {"ResourceArn": arn, "LogDestinationConfigs": destinations}}),
        )
}
