//! What watches: trails, alarms, log groups, detectors, recorders.

use serde_json::{Value, json};

use super::Estate;
use super::item::Item;
use super::site::Site;
use super::{tags, time};

pub(super) fn add(site: Site, estate: &mut Estate) {
    estate.extend(trail(site));
    let instances = super::compute::instances(site);
    for n in 0..instances {
        // An instance that nobody watches is somebody's mistake.
        if site.draw("watched", n).ok() {
            estate.add(alarm(site, n, CPU));
        }
    }
    for (n, metric) in (instances..).zip(METRICS).take(site.count(8)) {
        estate.add(alarm(site, n, metric));
    }
    for n in 0..site.count(14) {
        estate.add(log_group(site, n));
    }
    // Nobody has turned GuardDuty on in this corner.
    if !(site.account.name == "sandbox" && site.region.name == "eu-central-1") {
        estate.add(detector(site));
    }
    estate.add(recorder(site));
    if site.account.name != "sandbox" {
        estate.add(analyzer(site));
    }
}

/// The name of the trail that records this account, and where it lives. The organization has one
/// for everything; the sandbox, invited later, has its own.
pub(super) fn trail_name(site: Site) -> &'static str {
    if site.account.name == "sandbox" {
        "sandbox-trail"
    } else {
        "organization-trail"
    }
}

/// The trail's own item, where the trail was made.
fn trail(site: Site) -> Option<Item> {
    let is_own = site.account.name == "sandbox" && site.region.name != "us-west-2";
    let is_organizations = site.account.name == "platform" && site.is_home();
    if !is_own && !is_organizations {
        return None;
    }
    let mut draw = site.draw("trail", 0);
    let name = trail_name(site);
    let arn = site.arn("cloudtrail", &format!("trail/{name}"));
    let mut configuration = json!({
        "name": name, "trailARN": arn, "homeRegion": site.region.name,
        "s3BucketName": "example-shop-audit-logs", "s3KeyPrefix": "cloudtrail",
        "includeGlobalServiceEvents": is_organizations || site.is_home(),
        "isMultiRegionTrail": is_organizations, "isOrganizationTrail": is_organizations,
        "logFileValidationEnabled": is_organizations || draw.ok(),
        "hasCustomEventSelectors": is_organizations, "hasInsightSelectors": false,
    });
    if let (true, Some(members)) = (is_organizations, configuration.as_object_mut()) {
        let group = site.arn("logs", "log-group:/cloudtrail/organization:*");
        let role = site.role("cloudtrail-logs");
        members.insert("kmsKeyId".to_owned(), json!(site.key("trail")));
        members.insert("cloudWatchLogsLogGroupArn".to_owned(), json!(group));
        members.insert("cloudWatchLogsRoleArn".to_owned(), json!(role));
    }
    let item = Item::new(site, "AWS::CloudTrail::Trail", &arn, &arn)
        .named(name)
        .tagged(&mut draw, name, "audit")
        .configuration(configuration)
        .with(
            "GetTrailStatus",
            json!({"IsLogging": true, "LatestDeliveryTime": time::ago(1_800),
                "LatestCloudWatchLogsDeliveryTime": time::ago(1_200)}),
        );
    Some(item)
}

/// A namespace, its metric, its dimension, and what the alarm is called after.
type Metric = (&'static str, &'static str, &'static str, &'static str);

const CPU: Metric = ("AWS/EC2", "CPUUtilization", "InstanceId", "cpu");

const METRICS: [Metric; 8] = [
    (
        "AWS/RDS",
        "FreeStorageSpace",
        "DBInstanceIdentifier",
        "disk",
    ),
    ("AWS/Lambda", "Errors", "FunctionName", "errors"),
    (
        "AWS/ApplicationELB",
        "HTTPCode_ELB_5XX_Count",
        "LoadBalancer",
        "5xx",
    ),
    (
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        "QueueName",
        "age",
    ),
    (
        "AWS/DynamoDB",
        "ThrottledRequests",
        "TableName",
        "throttles",
    ),
    ("AWS/ES", "ClusterStatus.red", "DomainName", "red"),
    (
        "AWS/Kinesis",
        "IteratorAgeMilliseconds",
        "StreamName",
        "lag",
    ),
    (
        "AWS/RDS",
        "DatabaseConnections",
        "DBInstanceIdentifier",
        "connections",
    ),
];

fn alarm(site: Site, n: usize, metric: Metric) -> Item {
    let mut draw = site.draw("alarm", n);
    let (namespace, metric, dimension, short) = metric;
    let name = format!("{}-{short}-{}", site.app(n), n + 1);
    let arn = site.arn("cloudwatch", &format!("alarm:{name}"));
    let watched = if dimension == "InstanceId" {
        site.id("i", n)
    } else {
        site.app(n).to_owned()
    };
    let actions = |is_set: bool| {
        if is_set {
            json!([site.alerts()])
        } else {
            json!([])
        }
    };
    Item::new(site, "AWS::CloudWatch::Alarm", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, site.app(n))
        .configuration(json!({
            "alarmName": name, "alarmArn": arn, "actionsEnabled": draw.ok(),
            "alarmDescription": format!("{metric} of {}", site.app(n)),
            "alarmConfigurationUpdatedTimestamp": time::days_ago(draw.between(3, 500)),
            "alarmActions": actions(draw.ok()), "insufficientDataActions": actions(draw.ok()),
            "okactions": actions(draw.ok()), "metricName": metric, "namespace": namespace,
            "statistic": draw.either("Average", "Maximum"), "period": draw.either(300, 60),
            "dimensions": [{"name": dimension, "value": watched}],
            "evaluationPeriods": draw.pick(&[1, 2, 3]), "threshold": 80.0,
            "comparisonOperator": "GreaterThanThreshold", "treatMissingData": "missing",
        }))
}

/// In the API's casing, as AWS Config's own rule for log groups runs on the API's answer.
fn log_group(site: Site, n: usize) -> Item {
    let mut draw = site.draw("log-group", n);
    let app = site.app(n);
    let name = match n % 4 {
        0 => format!("/ecs/{app}-api-{n}"),
        1 => format!("/aws/lambda/{app}-ingest-{n}"),
        2 => format!("/aws/rds/instance/{app}-db-{n}/postgresql"),
        _ => format!("/apigateway/{app}-{n}"),
    };
    let arn = site.arn("logs", &format!("log-group:{name}"));
    let mut configuration = json!({
        "logGroupName": name, "arn": format!("{arn}:*"), "metricFilterCount": 0,
        "creationTime": time::days_ago(draw.between(30, 900)),
        "storedBytes": draw.between(10_000, 90_000_000_000),
    });
    if let Some(members) = configuration.as_object_mut() {
        // Without a period, logs never expire.
        if !draw.percent(10) {
            let days = draw.of(&[365], &[1, 7, 30, 90]);
            members.insert("retentionInDays".to_owned(), json!(days));
        }
        if draw.ok() {
            members.insert("kmsKeyId".to_owned(), json!(site.key("logs")));
        }
    }
    Item::new(site, "AWS::Logs::LogGroup", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .configuration(configuration)
}

fn finding(site: Site, n: usize, severity: f64, days: u64, is_archived: bool) -> Value {
    let id = site.hex("finding", n, 32);
    json!({
        "Id": id, "Severity": severity, "CreatedAt": time::days_ago(days),
        "UpdatedAt": time::days_ago(days), "AccountId": site.account.id,
        "Region": site.region.name, "Type": "Recon:EC2/PortProbeUnprotectedPort",
        "Service": {"Archived": is_archived, "ServiceName": "guardduty"},
    })
}

fn detector(site: Site) -> Item {
    let mut draw = site.draw("guardduty", 0);
    let id = site.hex("guardduty", 0, 32);
    let arn = site.arn("guardduty", &format!("detector/{id}"));
    let mut findings = vec![
        finding(site, 0, 2.0, draw.between(1, 25), false),
        finding(site, 1, 5.0, 60, true),
    ];
    if !draw.ok() {
        findings.push(finding(site, 2, 8.0, draw.between(2, 9), false));
    }
    Item::new(site, "AWS::GuardDuty::Detector", &id, &arn)
        .tagged(&mut draw, "guardduty", "security")
        .configuration(json!({
            "Id": id, "Enable": draw.ok(), "FindingPublishingFrequency": "SIX_HOURS",
            "DataSources": {"S3Logs": {"Enable": draw.ok()},
                "Kubernetes": {"AuditLogs": {"Enable": draw.ok()}}},
        }))
        .with(
            "GetAdministratorAccount",
            json!({"Administrator": {"AccountId": "111122223333",
                "RelationshipStatus": "Enabled"}}),
        )
        .with("GetFindings", json!({"Findings": findings}))
        .unread_in(5, &mut draw, "GetFindings", "guardduty:GetFindings")
}

fn recorder(site: Site) -> Item {
    let name = "aws-controltower-BaselineConfigRecorder";
    let arn = site.arn("config", &format!("configuration-recorder/{name}"));
    tags::control_tower(site, "ConfigRecorder")
        .iter()
        .fold(
            Item::new(site, "AWS::Config::ConfigurationRecorder", name, &arn),
            |item, (key, value)| item.tag(key, value.as_str().unwrap_or_default()),
        )
        .named(name)
        .configuration(json!({
            "Id": name, "Name": name, "Recording": true,
            "RoleARN": site.role("aws-controltower-ConfigRecorderRole"),
            "RecordingGroup": {"AllSupported": true,
                "IncludeGlobalResourceTypes": site.is_home(),
                "RecordingStrategy": {"UseOnly": "ALL_SUPPORTED_RESOURCE_TYPES"}},
            "RecordingMode": {"RecordingFrequency": "CONTINUOUS"},
        }))
}

fn analyzer(site: Site) -> Item {
    let mut draw = site.draw("access-analyzer", 0);
    let name = "external-access";
    let arn = site.arn("access-analyzer", &format!("analyzer/{name}"));
    Item::new(site, "AWS::AccessAnalyzer::Analyzer", &arn, &arn)
        .named(name)
        .tagged(&mut draw, name, "security")
        .configuration(json!({
            "AnalyzerName": name, "Arn": arn, "Type": "ACCOUNT", "ArchiveRules": [],
        }))
}
