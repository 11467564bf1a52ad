//! The frameworks that follow from facts alone: Foundational Security Best Practices, and the best
//! practices of AWS's packs for one service each.

use std::path::Path;

use anyhow::{Context, Result};
use posture_content::frameworks::{
    Control, ControlSet, Coverage, Framework, Group, Origin, RuleMapping, Strength,
};
use posture_content::packs;
use posture_rules::catalogue::{self, Listing};

use crate::facts::Facts;
use crate::refresh::hub_order;

const FSBP: &str = "AWS Foundational Security Best Practices";
const SEVERITIES: [&str; 4] = ["critical", "high", "medium", "low"];

/// AWS's packs about one service, and the control set each becomes; a rule stands where it is first.
const SERVICES: [(&str, &str); 24] = [
    ("api-gateway", "API Gateway"),
    ("security-best-practices-for-autoscaling", "Auto Scaling"),
    ("aws-backup", "AWS Backup"),
    ("security-best-practices-for-aws-waf", "AWS WAF"),
    ("security-best-practices-for-cloudfront", "CloudFront"),
    ("security-best-practices-for-cloudtrail", "CloudTrail"),
    ("cloudwatch", "CloudWatch"),
    ("security-best-practices-for-codebuild", "CodeBuild"),
    ("amazon-dynamodb", "DynamoDB"),
    ("ec2", "EC2"),
    ("security-best-practices-for-ecr", "ECR"),
    ("security-best-practices-for-ecs", "ECS"),
    ("security-best-practices-for-efs", "EFS"),
    ("security-best-practices-for-eks", "EKS"),
    ("aws-identity-and-access-management", "IAM"),
    ("security-best-practices-for-lambda", "Lambda"),
    ("load-balancing", "Load balancing"),
    (
        "security-best-practices-for-network-firewall",
        "Network Firewall",
    ),
    (
        "security-best-practices-for-amazon-opensearch-service",
        "OpenSearch Service",
    ),
    ("security-best-practices-for-rds", "RDS"),
    ("security-best-practices-for-redshift", "Redshift"),
    ("amazon-s3", "S3"),
    ("security-best-practices-for-sagemaker", "SageMaker"),
    (
        "security-best-practices-for-secrets-manager",
        "Secrets Manager",
    ),
];

/// Security Hub's Foundational Security Best Practices, ids as its API listed them.
pub(crate) fn foundational(facts: &Facts, folder: &Path) -> Framework {
    let before = before(folder, "aws-fsbp");
    let mut framework = Framework {
        name: "aws-fsbp".to_owned(),
        standard: "aws-fsbp".to_owned(),
        version: "1.0.0".to_owned(),
        title: "AWS Foundational Security Best Practices".to_owned(),
        source: "Security Hub's API as exported on 2025-03-25 \
                 (SooJongKim2/securityhub-controls-export@6c07ebf, MIT). Control ids, severities and rules are \
                 facts; titles and guidance are our own words."
            .to_owned(),
        groups: SEVERITIES
            .map(|severity| Group {
                id: severity.to_owned(),
                title: format!("Severity {severity}"),
            })
            .to_vec(),
        sets: Vec::new(),
        controls: Vec::new(),
    };
    let mut controls: Vec<_> = facts
        .hub_controls
        .iter()
        .filter(|control| control.standards.contains(FSBP))
        .collect();
    controls.sort_by_key(|control| hub_order(&control.id));
    for hub in controls {
        let service = hub.id.split('.').next().unwrap_or_default();
        let set = set(&mut framework, service);
        let mut control = match catalogue::listing_of(&hub.config_rule) {
            Some(listing) => ruled(&hub.id, set, listing, Origin::SecurityHub),
            None => unruled(&hub.id, set, &hub.config_rule),
        };
        control.security_hub = vec![hub.id.clone()];
        if SEVERITIES.contains(&hub.severity.as_str()) {
            control.groups = vec![hub.severity.clone()];
        }
        framework.controls.push(kept(control, before.as_ref()));
    }
    framework
}

/// The control set of a service; AWS spells some of them in two ways.
fn set(framework: &mut Framework, service: &str) -> String {
    let known = framework
        .sets
        .iter()
        .find(|known| known.id.eq_ignore_ascii_case(service));
    if let Some(known) = known {
        return known.id.clone();
    }
    framework.sets.push(ControlSet {
        id: service.to_owned(),
        title: service.to_owned(),
    });
    service.to_owned()
}

/// What AWS's conformance packs for one service each recommend; the control ids are the rules'.
pub(crate) fn best_practices(folder: &Path) -> Result<Framework> {
    let before = before(folder, "aws-best-practices");
    let mut framework = Framework {
        name: "aws-best-practices".to_owned(),
        standard: "aws-best-practices".to_owned(),
        version: "2026-04".to_owned(),
        title: "AWS best practices by service".to_owned(),
        source: "AWS's conformance packs about one service each (awslabs/aws-config-rules@b54d4a6, CC0-1.0); a \
                 control a rule, named after it. Titles and guidance are our own words."
            .to_owned(),
        groups: Vec::new(),
        sets: Vec::new(),
        controls: Vec::new(),
    };
    let packs = packs::embedded()?;
    for (name, title) in SERVICES {
        let pack = packs
            .iter()
            .find(|pack| pack.name == name)
            .with_context(|| name.to_owned())?;
        let mut listings: Vec<&Listing> = pack
            .rules
            .iter()
            .filter_map(|rule| catalogue::listing_of(&rule.identifier))
            .filter(|listing| listing.identifier != catalogue::PROCESS_CHECK)
            .filter(|listing| framework.control(&listing.name).is_none())
            .collect();
        listings.sort_by(|a, b| a.name.cmp(&b.name));
        listings.dedup_by(|a, b| a.name == b.name);
        for listing in listings {
            if !framework.sets.iter().any(|set| set.id == title) {
                framework.sets.push(ControlSet {
                    id: title.to_owned(),
                    title: title.to_owned(),
                });
            }
            let control = ruled(
                &listing.name,
                title.to_owned(),
                listing,
                Origin::ConformancePack,
            );
            framework.controls.push(kept(control, before.as_ref()));
        }
    }
    Ok(framework)
}

/// The file as it is, with what people changed in it; none where it isn't there yet.
fn before(folder: &Path, name: &str) -> Option<Framework> {
    crate::read(&folder.join(format!("{name}.yaml"))).ok()
}

/// The control with what a person wrote about it: testing, evidence, and words where no rule of
/// ours has them.
fn kept(mut control: Control, before: Option<&Framework>) -> Control {
    let Some(known) = before.and_then(|before| before.control(&control.id)) else {
        return control;
    };
    control.testing.clone_from(&known.testing);
    control.evidence.clone_from(&known.evidence);
    let is_ours = control.rules.iter().any(|edge| {
        catalogue::listing_of(&edge.rule).is_some_and(|listing| listing.entry.is_some())
    });
    if !is_ours {
        control.title.clone_from(&known.title);
        control.guidance.clone_from(&known.guidance);
    }
    control
}

fn ruled(id: &str, set: String, listing: &Listing, origin: Origin) -> Control {
    let (title, guidance) = words(listing);
    let mut control = empty(id, set, title, guidance);
    control.rules = vec![RuleMapping {
        rule: listing.name.clone(),
        from: vec![origin],
        strength: Strength::Direct,
        stricter: None,
    }];
    control
}

/// A control that Security Hub tests with code of its own.
fn unruled(id: &str, set: String, rule: &str) -> Control {
    let name = if rule.is_empty() {
        id.to_owned()
    } else {
        sentence(rule)
    };
    let mut control = empty(
        id,
        set,
        name,
        "Security Hub tests it with code of its own; its findings can be imported.".to_owned(),
    );
    control.coverage = Coverage::NotAutomated;
    control.because = Some("AWS Config has no managed rule for it".to_owned());
    control
}

fn empty(id: &str, set: String, title: String, guidance: String) -> Control {
    Control {
        id: id.to_owned(),
        set,
        parent: None,
        title,
        guidance: Some(guidance),
        testing: None,
        groups: Vec::new(),
        coverage: Coverage::Full,
        because: None,
        rules: Vec::new(),
        security_hub: Vec::new(),
        api_calls: Vec::new(),
        cloudtrail: Vec::new(),
        evidence: Vec::new(),
    }
}

/// Title and guidance: the rule's own where this version implements it, else its name in words.
fn words(listing: &Listing) -> (String, String) {
    let Some(entry) = listing.entry else {
        let types = match listing.resource_types.as_slice() {
            [] => "the account".to_owned(),
            types => types.join(", "),
        };
        return (
            sentence(&listing.name),
            format!("AWS Config's rule {} passes on {types}.", listing.name),
        );
    };
    let page = entry.page();
    let first: Vec<&str> = page.lines().take_while(|line| !line.is_empty()).collect();
    (entry.rule.title.to_owned(), first.join(" "))
}

/// `lambda-dlq-check` as `Lambda DLQ`.
fn sentence(rule: &str) -> String {
    const CAPITALS: [&str; 48] = [
        "acl", "acm", "alb", "ami", "api", "az", "cmk", "dlq", "dms", "dns", "ebs", "ec2", "ecr",
        "ecs", "efs", "eip", "eks", "elb", "emr", "fsx", "gw", "https", "iam", "imdsv2", "ip",
        "kms", "mfa", "mq", "msk", "nacl", "nlb", "pitr", "rds", "s3", "sg", "sns", "sqs", "ssh",
        "ssl", "ssm", "tls", "vpc", "vpn", "waf", "wafv2", "xray", "cw", "db",
    ];
    let mut words: Vec<String> = rule
        .trim_end_matches("-check")
        .split('-')
        .map(|word| {
            if CAPITALS.contains(&word) {
                word.to_uppercase()
            } else {
                word.to_owned()
            }
        })
        .collect();
    if let Some(first) = words.first_mut() {
        let mut letters = first.chars();
        *first = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(letters)
            .collect();
    }
    words.join(" ")
}
