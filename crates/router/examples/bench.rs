//! Events a second on one core: `cargo run --release -p posture-router --example bench`.
//!
//! 1,000 patterns such as teams write for AWS's events (CloudTrail, Security Hub, GuardDuty, Config,
//! EC2, S3), and events of these shapes of which about one in three matches something. The same
//! numbers each time: patterns and events come from a fixed seed.

#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use posture_model::tree::{self, Bump, Node};
use posture_router::{Matcher, Pattern, RuleSet};
use serde_json::{Value, json};

const PATTERNS: usize = 1_000;
const EVENTS: usize = 200;
const DURATION: Duration = Duration::from_secs(2);

/// A linear congruential generator (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
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

fn pattern(dice: &mut Dice) -> Value {
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

fn event(dice: &mut Dice, number: usize) -> Value {
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

/// The time that this thread has run on a processor, so that others' work does not count (Linux); the
/// time of day elsewhere.
fn worked(start: Instant) -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// Runs rounds over all inputs until the time is up; events a second of one core.
fn rate<T>(inputs: &[T], mut one: impl FnMut(&T) -> usize) -> f64 {
    let clock = Instant::now();
    let start = worked(clock);
    let mut count = 0_u32;
    while worked(clock).saturating_sub(start) < DURATION {
        for input in inputs {
            black_box(one(input));
            count += 1;
        }
    }
    f64::from(count) / worked(clock).saturating_sub(start).as_secs_f64()
}

fn report(
    name: &str,
    matcher: &mut Matcher<'_>,
    texts: &[String],
) -> Result<(), tree::SyntaxError> {
    let arena = Bump::new();
    let nodes: Vec<Node<'_>> = texts
        .iter()
        .map(|text| tree::parse(text.as_bytes(), &arena))
        .collect::<Result<_, _>>()?;
    let matched = nodes
        .iter()
        .filter(|node| !matcher.matching(**node).is_empty())
        .count();
    let parsed = rate(&nodes, |node| matcher.matching(*node).len());
    let bytes = rate(texts, |text| {
        matcher
            .matching_text(text.as_bytes())
            .map_or(0, <[&str]>::len)
    });
    let size = texts.iter().map(String::len).sum::<usize>() / texts.len();
    println!(
        "{name}: parsed {parsed:.0} events/s, from bytes {bytes:.0} events/s; {} events of {size} bytes, {matched} match",
        texts.len(),
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut dice = Dice(42);
    let mut rules = RuleSet::new();
    for index in 0..PATTERNS {
        let pattern = Pattern::parse(&pattern(&mut dice).to_string())?;
        rules.add(&format!("rule-{index:04}"), pattern);
    }
    let start = Instant::now();
    let mut matcher = rules.matcher();
    println!(
        "automaton of {PATTERNS} patterns: {:.1} ms",
        start.elapsed().as_secs_f64() * 1e3
    );
    let texts: Vec<String> = (0..EVENTS)
        .map(|number| event(&mut dice, number).to_string())
        .collect();
    report("1,000 patterns", &mut matcher, &texts)?;

    let folder = std::env::var("POSTURE_SHARED").unwrap_or_else(|_| "/work/shared".to_owned());
    let read = |name: &str| {
        std::fs::read_to_string(format!("{folder}/data/event-patterns/event-ruler/{name}"))
    };
    let (Ok(rule), Ok(big)) = (read("bigEventRule.json"), read("bigEvent.json")) else {
        println!("SKIPPED: event-ruler's big event; set POSTURE_SHARED to the shared folder");
        return Ok(());
    };
    let mut rules = RuleSet::new();
    rules.add("big", Pattern::parse(&rule)?);
    report("event-ruler's big event", &mut rules.matcher(), &[big])?;
    Ok(())
}
