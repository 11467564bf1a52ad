//! 1,000 patterns such as teams write for AWS's events (CloudTrail, Security Hub, GuardDuty, Config,
//! EC2, S3), and events of these shapes. The same each time: they come from a fixed seed.

use serde_json::{Value, json};

/// A linear congruential generator (Knuth's MMIX constants).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound
    }

    pub(crate) fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}

const SERVICES: &[&str] = &[
    "s3",
    "ec2",
    "iam",
    "kms",
    "rds",
    "lambda",
    "sts",
    "cloudtrail",
    "config",
    "guardduty",
    "dynamodb",
    "sns",
    "sqs",
    "ecs",
    "eks",
    "logs",
];
const VERBS: &[&str] = &[
    "Create", "Delete", "Put", "Update", "Attach", "Detach", "Modify", "Stop",
];
const NOUNS: &[&str] = &[
    "Bucket",
    "BucketPolicy",
    "Role",
    "RolePolicy",
    "User",
    "AccessKey",
    "Key",
    "KeyPolicy",
    "Trail",
    "SecurityGroup",
    "Instance",
    "DBInstance",
    "Function",
    "Topic",
    "Queue",
    "Table",
    "Cluster",
];
const REGIONS: &[&str] = &[
    "us-east-1",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "ap-south-1",
];
const SEVERITIES: &[&str] = &["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"];
const TYPES: &[&str] = &[
    "Recon:EC2/Portscan",
    "UnauthorizedAccess:EC2/SSHBruteForce",
    "Policy:S3/BucketPublicAccessGranted",
    "CryptoCurrency:EC2/BitcoinTool.B!DNS",
    "Persistence:IAMUser/AnomalousBehavior",
];

fn account(dice: &mut Dice) -> String {
    format!("{:012}", 111_111_111_111 + dice.below(60) * 7_000_003)
}

fn operation(dice: &mut Dice) -> String {
    format!("{}{}", dice.of(VERBS), dice.of(NOUNS))
}

pub(crate) fn pattern(dice: &mut Dice) -> Value {
    match dice.below(10) {
        0..=3 => {
            let service = dice.of(SERVICES);
            let mut detail = json!({
                "eventSource": [format!("{service}.amazonaws.com")],
                "eventName": [operation(dice), operation(dice), {"prefix": dice.of(VERBS)}],
            });
            match dice.below(5) {
                0 => detail["errorCode"] = json!([{"exists": false}]),
                1 => detail["sourceIPAddress"] = json!([{"anything-but": {"prefix": "10."}}]),
                2 => {
                    detail["sourceIPAddress"] =
                        json!([{"cidr": format!("10.{}.0.0/16", dice.below(200))}]);
                }
                3 => {
                    let role = format!("arn:aws:sts::*:assumed-role/team-{}-*", dice.below(90));
                    detail["userIdentity"] = json!({"arn": [{"wildcard": role}]});
                }
                _ => detail["awsRegion"] = json!([{"anything-but": [dice.of(REGIONS)]}]),
            }
            json!({
                "source": [format!("aws.{service}")],
                "detail-type": ["AWS API Call via CloudTrail"],
                "detail": detail,
            })
        }
        4 | 5 => json!({
            "source": ["aws.securityhub"],
            "detail-type": ["Security Hub Findings - Imported"],
            "account": [account(dice)],
            "detail": {"findings": {
                "Severity": {"Label": [dice.of(SEVERITIES), dice.of(SEVERITIES)]},
                "Workflow": {"Status": ["NEW"]},
                "Compliance": {"Status": [{"anything-but": "PASSED"}]},
                "Resources": {"Type": [format!("Aws{}", dice.of(NOUNS))]},
            }},
        }),
        6 => json!({
            "source": ["aws.guardduty"],
            "region": [dice.of(REGIONS)],
            "detail": {
                "severity": [{"numeric": [">=", dice.below(8), "<", 9]}],
                "type": [{"prefix": dice.of(TYPES).split(':').next()}],
                "accountId": [account(dice)],
            },
        }),
        7 => json!({
            "source": ["aws.config"],
            "detail-type": ["Config Rules Compliance Change"],
            "detail": {
                "configRuleName": [{"suffix": format!("-rule-{}", dice.below(300))}],
                "newEvaluationResult": {"complianceType": ["NON_COMPLIANT"]},
            },
        }),
        8 => json!({
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {
                "bucket": {"name": [format!("team-{}-data", dice.below(150))]},
                "object": {"key": [{"wildcard": format!("in/{}/*.csv", dice.below(40))}], "size": [{"numeric": [">", 1_000]}]},
            },
        }),
        _ => json!({
            "source": ["aws.ec2"],
            "detail-type": ["EC2 Instance State-change Notification"],
            "$or": [{"account": [account(dice)]}, {"region": [dice.of(REGIONS)]}],
            "detail": {"state": ["terminated", {"equals-ignore-case": "Stopped"}]},
        }),
    }
}

pub(crate) fn event(dice: &mut Dice, number: usize) -> Value {
    let account = account(dice);
    let region = dice.of(REGIONS);
    let (source, kind, detail) = match dice.below(8) {
        0..=3 => {
            let service = dice.of(SERVICES);
            let detail = cloudtrail(dice, service, &account, region);
            (service, "AWS API Call via CloudTrail", detail)
        }
        4 => {
            let detail = finding(dice, &account, region, number);
            ("securityhub", "Security Hub Findings - Imported", detail)
        }
        5 => {
            let severity = format!("{}.{}", dice.below(9), dice.below(10)).parse::<f64>();
            let detail = json!({
                "schemaVersion": "2.0", "accountId": account, "region": region,
                "type": dice.of(TYPES), "severity": severity.unwrap_or_default(),
                "service": {"serviceName": "guardduty", "archived": false, "count": 3},
                "title": "A finding",
            });
            ("guardduty", "GuardDuty Finding", detail)
        }
        6 => {
            let detail = json!({
                "version": "0",
                "bucket": {"name": format!("team-{}-data", dice.below(300))},
                "object": {"key": format!("in/{}/part-{number}.csv", dice.below(80)), "size": dice.below(5_000), "etag": "b1946ac92492d234"},
                "request-id": "C3D13FE58DE4C810", "requester": account, "reason": "PutObject",
            });
            ("s3", "Object Created", detail)
        }
        _ => {
            let state = dice.of(&["running", "pending", "stopped", "terminated"]);
            let detail = json!({"instance-id": format!("i-{number:017x}"), "state": state});
            ("ec2", "EC2 Instance State-change Notification", detail)
        }
    };
    json!({
        "version": "0", "id": format!("{number:08x}-b491-4cf7-a9f1-bf3703467718"), "detail-type": kind,
        "source": format!("aws.{source}"), "account": account, "time": "2026-03-03T12:00:00Z",
        "region": region, "resources": [format!("arn:aws:{source}:::example")], "detail": detail,
    })
}

fn cloudtrail(dice: &mut Dice, service: &str, account: &str, region: &str) -> Value {
    let role = format!(
        "arn:aws:sts::{account}:assumed-role/team-{}-deploy/session",
        dice.below(200)
    );
    let name = if dice.below(3) == 0 {
        operation(dice)
    } else {
        format!("Describe{}", dice.of(NOUNS))
    };
    let network = dice.of(&[10, 52]);
    json!({
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:session",
            "arn": role,
            "accountId": account,
            "sessionContext": {"attributes": {"mfaAuthenticated": "false", "creationDate": "2026-03-03T12:00:00Z"}},
        },
        "eventTime": "2026-03-03T12:00:00Z",
        "eventSource": format!("{service}.amazonaws.com"),
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": format!("{network}.{}.3.4", dice.below(250)),
        "userAgent": "aws-cli/2.15.0 Python/3.11.6",
        "requestParameters": {"name": "example", "force": true},
        "responseElements": null,
        "requestID": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "readOnly": false,
        "managementEvent": true,
        "recipientAccountId": account,
    })
}

fn finding(dice: &mut Dice, account: &str, region: &str, number: usize) -> Value {
    json!({"findings": [{
        "SchemaVersion": "2018-10-08",
        "Id": format!("arn:aws:securityhub:{region}:{account}:finding/{number}"),
        "ProductArn": "arn:aws:securityhub:us-east-1::product/aws/securityhub",
        "AwsAccountId": account,
        "Title": "S3 general purpose buckets should block public access",
        "Severity": {"Label": dice.of(SEVERITIES), "Normalized": 70},
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE",
        "Compliance": {"Status": dice.of(&["FAILED", "PASSED"]), "SecurityControlId": "S3.1"},
        "Resources": [{"Type": format!("Aws{}", dice.of(NOUNS)), "Id": "arn:aws:s3:::example", "Region": region}],
    }]})
}
