//! Findings as an organisation has them: 100 accounts, 8 Regions, every security control, and those of
//! services and of other makers that are no control's.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use posture_content::standards::{self, SecurityControl, Standards};
use serde_json::{Value, json};

use crate::Outcome;
use crate::numbers::Numbers;

const ACCOUNTS: u64 = 100;
const REGIONS: [&str; 8] = [
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "eu-west-1",
    "eu-central-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "ca-central-1",
];
/// One of so many findings is another one later.
const CHANGED: u64 = 100;
/// 2026-01-01 in seconds since 1970.
const BEGIN: i64 = 1_767_225_600;

/// Every finding, once.
pub(crate) fn all(findings: u64, file: &str) -> Outcome {
    write(file, (0..findings).map(|number| (number, 0)))
}

/// Each hundredth, as it is later.
pub(crate) fn changed(findings: u64, file: &str) -> Outcome {
    let numbers = (0..findings).step_by(usize::try_from(CHANGED)?);
    write(file, numbers.map(|number| (number, 1)))
}

fn write(file: &str, findings: impl Iterator<Item = (u64, u64)>) -> Outcome {
    let standards = standards::embedded()?;
    let maker = Maker::new(standards);
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file)?);
    for (number, round) in findings {
        serde_json::to_writer(&mut out, &maker.finding(number, round))?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}

/// As often as each is there.
const STATUSES: [&str; 10] = [
    "PASSED", "PASSED", "PASSED", "PASSED", "PASSED", "PASSED", "FAILED", "FAILED", "FAILED",
    "WARNING",
];
const WORKFLOW: [&str; 8] = [
    "NEW",
    "NEW",
    "NEW",
    "NEW",
    "NEW",
    "NEW",
    "NOTIFIED",
    "SUPPRESSED",
];

/// Makes findings by their number.
pub(crate) struct Maker {
    controls: Vec<&'static SecurityControl>,
}

/// What all kinds of finding share.
struct Common {
    account: String,
    region: &'static str,
    id: String,
    updated_at: String,
}

impl Maker {
    pub(crate) fn new(standards: &'static Standards) -> Maker {
        Maker {
            controls: standards
                .controls()
                .filter(|control| !control.is_retired)
                .collect(),
        }
    }

    /// A finding; its provider tells of it again in each round, and its status is then another one.
    pub(crate) fn finding(&self, number: u64, round: u64) -> Value {
        let mut numbers = Numbers(number);
        let account = format!("{:012}", 100_000_000_000 + numbers.below(ACCOUNTS) * 7_919);
        let seconds = BEGIN + i64::try_from(numbers.below(90 * 86_400)).unwrap_or_default();
        let round_seconds = i64::try_from(round).unwrap_or_default() * 3600;
        let common = Common {
            account,
            region: numbers.of(&REGIONS),
            id: format!("{:016x}{:016x}", numbers.next(), numbers.next()),
            updated_at: time(seconds + 86_400 * 100 + round_seconds),
        };
        let created_at = time(seconds);
        let mut finding = match numbers.below(20) {
            0..14 => self.control(&mut numbers, &common, round),
            14..16 => threat(&mut numbers, &common),
            16..18 => vulnerability(&mut numbers, &common),
            18 => sensitive(&mut numbers, &common),
            _ => other_maker(&mut numbers, &common, round),
        };
        let archived = numbers.below(20) == 0 && round == 0;
        let shared = json!({
            "SchemaVersion": "2018-10-08",
            "AwsAccountId": common.account,
            "Region": common.region,
            "CreatedAt": created_at,
            "FirstObservedAt": created_at,
            "LastObservedAt": common.updated_at,
            "UpdatedAt": common.updated_at,
            "RecordState": if archived { "ARCHIVED" } else { "ACTIVE" },
        });
        if let (Value::Object(finding), Value::Object(shared)) = (&mut finding, shared) {
            finding.extend(shared);
        }
        finding
    }

    /// As Security Hub's consolidated control findings are.
    fn control(&self, numbers: &mut Numbers, common: &Common, round: u64) -> Value {
        let at = usize::try_from(numbers.below(self.controls.len() as u64)).unwrap_or_default();
        let Some(control) = self.controls.get(at) else {
            return Value::Null;
        };
        let Common {
            account,
            region,
            id,
            ..
        } = common;
        let first = numbers.below(10) + round * 6;
        let status = STATUSES[usize::try_from(first % 10).unwrap_or_default()];
        let resource_type = control
            .resource_types
            .first()
            .map_or("AWS::::Account", String::as_str);
        let name = format!(
            "{}-{:08x}",
            resource_type
                .rsplit(':')
                .next()
                .unwrap_or("thing")
                .to_lowercase(),
            numbers.next() >> 32
        );
        let arn = format!("arn:aws:service:{region}:{account}:{name}");
        json!({
            "Id": format!("arn:aws:securityhub:{region}:{account}:security-control/{}/finding/{id}", control.id),
            "ProductArn": format!("arn:aws:securityhub:{region}::product/aws/securityhub"),
            "ProductName": "Security Hub",
            "CompanyName": "AWS",
            "GeneratorId": format!("security-control/{}", control.id),
            "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
            "Severity": {"Label": control.severity, "Original": control.severity},
            "Title": format!("What {} asks of {resource_type} holds", control.id),
            "Description": format!(
                "{} looks at {name} in {region}: whether what the control asks is so, and since when it is not.",
                control.id
            ),
            "Remediation": {"Recommendation": {
                "Text": "What to do is told on the page of the control.",
                "Url": format!("https://docs.aws.amazon.com/console/securityhub/{}/remediation", control.id),
            }},
            "ProductFields": {
                "RelatedAWSResources:0/name": format!("securityhub-rule-{:08x}", numbers.next() >> 32),
                "RelatedAWSResources:0/type": "AWS::Config::ConfigRule",
                "aws/securityhub/ProductName": "Security Hub",
                "aws/securityhub/CompanyName": "AWS",
                "Resources:0/Id": arn,
                "aws/securityhub/FindingId": format!(
                    "arn:aws:securityhub:{region}::product/aws/securityhub/arn:aws:securityhub:{region}:{account}:security-control/{}/finding/{id}",
                    control.id
                ),
            },
            "Resources": [resource(numbers, resource_type, &arn, region)],
            "Compliance": compliance(&control.id, status),
            "WorkflowState": "NEW",
            "Workflow": {"Status": numbers.of(&WORKFLOW)},
            "FindingProviderFields": {
                "Severity": {"Label": control.severity, "Original": control.severity},
                "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
            },
        })
    }
}

/// Of a control's finding, with what Security Hub says of it there.
fn compliance(control: &str, status: &str) -> Value {
    let mut compliance = json!({
        "Status": status,
        "SecurityControlId": control,
        "AssociatedStandards": [
            {"StandardsId": "standards/aws-foundational-security-best-practices/v/1.0.0"},
            {"StandardsId": "standards/nist-800-53/v/5.0.0"},
        ],
        "RelatedRequirements": ["NIST.800-53.r5 AC-2(1)", "NIST.800-53.r5 SC-7", "PCI DSS v4.0.1/8.3.6"],
    });
    if status == "WARNING" {
        compliance["StatusReasons"] = json!([{
            "ReasonCode": "CONFIG_EVALUATIONS_EMPTY",
            "Description": "Nothing was evaluated for this resource in the last period.",
        }]);
    }
    compliance
}

fn resource(numbers: &mut Numbers, resource_type: &str, arn: &str, region: &str) -> Value {
    let team = ["payments", "search", "platform", "identity", "data"];
    json!({
        "Type": posture_hub::formats::asff_type(resource_type),
        "Id": arn,
        "Partition": "aws",
        "Region": region,
        "Tags": {
            "team": numbers.of(&team),
            "environment": numbers.of(&["production", "staging", "development"]),
            "cost-center": format!("{:06}", numbers.below(1_000_000)),
        },
        "Details": {"Other": {
            "createdBy": format!("AIDA{:016X}", numbers.next()),
            "checksum": format!("{:016x}{:016x}{:016x}", numbers.next(), numbers.next(), numbers.next()),
        }},
    })
}

/// As GuardDuty sends.
fn threat(numbers: &mut Numbers, common: &Common) -> Value {
    let Common {
        account,
        region,
        id,
        ..
    } = common;
    let kinds = [
        "UnauthorizedAccess:EC2/SSHBruteForce",
        "Recon:EC2/PortProbeUnprotectedPort",
        "CryptoCurrency:EC2/BitcoinTool.B!DNS",
        "Discovery:S3/AnomalousBehavior",
    ];
    let kind = numbers.of(&kinds);
    let arn = format!(
        "arn:aws:ec2:{region}:{account}:instance/i-{:017x}",
        numbers.next() >> 4
    );
    let severity = numbers.below(9) * 10;
    let mut fields = serde_json::Map::new();
    for place in 0..12 {
        let address = format!("198.51.{}.{}", numbers.below(256), numbers.below(256));
        fields.insert(
            format!("aws/guardduty/service/action/networkConnectionAction/remoteIpDetails/{place}"),
            json!(address),
        );
    }
    fields.insert(
        "aws/guardduty/service/count".to_owned(),
        json!(numbers.below(500).to_string()),
    );
    json!({
        "Id": format!("arn:aws:guardduty:{region}:{account}:detector/{:032x}/finding/{id}", 7),
        "ProductArn": format!("arn:aws:securityhub:{region}::product/aws/guardduty"),
        "ProductName": "GuardDuty",
        "CompanyName": "Amazon",
        "GeneratorId": format!("arn:aws:guardduty:{region}:{account}:detector/{:032x}", 7),
        "Types": [format!("TTPs/{}", kind.replace(':', "/"))],
        "Severity": {"Product": severity / 10, "Normalized": severity},
        "Title": format!("{kind} seen at an instance"),
        "Description": format!("{kind}: traffic of {arn} looks like it."),
        "ProductFields": fields,
        "Resources": [resource(numbers, "AWS::EC2::Instance", &arn, region)],
        "Workflow": {"Status": "NEW"},
    })
}

/// As Inspector sends; two scanners find one vulnerability.
fn vulnerability(numbers: &mut Numbers, common: &Common) -> Value {
    let Common {
        account,
        region,
        id,
        ..
    } = common;
    let cve = format!("CVE-2025-{:05}", numbers.below(4_000));
    let arn = format!(
        "arn:aws:ec2:{region}:{account}:instance/i-{:017x}",
        numbers.below(20_000)
    );
    let packages: Vec<Value> = (0..=numbers.below(4))
        .map(|place| {
            json!({
                "Name": format!("library-{}", numbers.below(400)),
                "Version": format!("{}.{}.{place}", numbers.below(9), numbers.below(30)),
                "Architecture": "X86_64",
                "PackageManager": "OS",
                "FixedInVersion": format!("0:{}.{}-1", numbers.below(9), numbers.below(30)),
            })
        })
        .collect();
    json!({
        "Id": format!("arn:aws:inspector2:{region}:{account}:finding/{id}"),
        "ProductArn": format!("arn:aws:securityhub:{region}::product/aws/inspector"),
        "ProductName": "Inspector",
        "CompanyName": "Amazon",
        "GeneratorId": "AWSInspector",
        "Types": ["Software and Configuration Checks/Vulnerabilities/CVE"],
        "Severity": {"Label": numbers.of(&["LOW", "MEDIUM", "HIGH", "CRITICAL"])},
        "Title": format!("{cve} in {} packages", packages.len()),
        "Description": format!("{cve} was found on {arn}; a version that has it fixed is there."),
        "Vulnerabilities": [{
            "Id": cve,
            "VulnerablePackages": packages,
            "Cvss": [{"Version": "3.1", "BaseScore": 7.5, "BaseVector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}],
            "Vendor": {"Name": "NVD", "Url": format!("https://nvd.nist.gov/vuln/detail/{cve}"), "VendorSeverity": "HIGH"},
            "ReferenceUrls": [format!("https://nvd.nist.gov/vuln/detail/{cve}")],
        }],
        "Resources": [resource(numbers, "AWS::EC2::Instance", &arn, region)],
        "Workflow": {"Status": "NEW"},
    })
}

/// As Macie sends.
fn sensitive(numbers: &mut Numbers, common: &Common) -> Value {
    let Common {
        account,
        region,
        id,
        ..
    } = common;
    let arn = format!("arn:aws:s3:::bucket-{:08x}", numbers.next() >> 32);
    json!({
        "Id": format!("arn:aws:macie2:{region}:{account}:finding/{id}"),
        "ProductArn": format!("arn:aws:securityhub:{region}::product/aws/macie"),
        "ProductName": "Macie",
        "CompanyName": "Amazon",
        "GeneratorId": "aws/macie",
        "Types": ["Sensitive Data Identifications/PII/SensitiveData:S3Object-Personal"],
        "Severity": {"Label": numbers.of(&["LOW", "MEDIUM", "HIGH"])},
        "Title": "An object holds personal data",
        "Description": format!("An object of {arn} holds names and addresses of persons."),
        "ProductFields": {
            "JobArn": format!("arn:aws:macie2:{region}:{account}:classification-job/{:032x}", numbers.next()),
            "S3Object.Path": format!("bucket/folder-{}/object-{}.csv", numbers.below(100), numbers.next()),
            "aws/macie/count": numbers.below(10_000).to_string(),
        },
        "Resources": [resource(numbers, "AWS::S3::Bucket", &arn, region)],
        "Workflow": {"Status": "NEW"},
    })
}

/// As a scanner sends that is not AWS's.
fn other_maker(numbers: &mut Numbers, common: &Common, round: u64) -> Value {
    let Common {
        account,
        region,
        id,
        ..
    } = common;
    let arn = format!(
        "arn:aws:iam::{account}:role/role-{:08x}",
        numbers.next() >> 32
    );
    let check = format!("iam_check_{}", numbers.below(200));
    let status = if (numbers.below(2) + round).is_multiple_of(2) {
        "PASSED"
    } else {
        "FAILED"
    };
    json!({
        "Id": format!("scanner-{check}-{account}-{region}-{id}"),
        "ProductArn": format!("arn:aws:securityhub:{region}::product/prowler/prowler"),
        "ProductName": "Prowler",
        "CompanyName": "Prowler",
        "GeneratorId": format!("prowler-{check}"),
        "Types": ["Software and Configuration Checks"],
        "Severity": {"Label": numbers.of(&["LOW", "MEDIUM", "HIGH"])},
        "Title": format!("{check} of a role"),
        "Description": format!("{check} looked at {arn}."),
        "ProductFields": {"ProviderName": "Prowler", "ProviderVersion": "5.0.0", "Resource": arn},
        "Resources": [resource(numbers, "AWS::IAM::Role", &arn, region)],
        "Compliance": {"Status": status},
    })
}

fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .unwrap_or_default()
        .strftime("%Y-%m-%dT%H:%M:%S.000Z")
        .to_string()
}
