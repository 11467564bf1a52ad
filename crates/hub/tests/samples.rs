//! What other tools really write is imported, and maps to its control.
//!
//! Oracles: findings of AWS's Automated Security Response (`asff/asr`) and its list of which control
//! they are (`facts/asr_control_runbook.csv` for today's ids); samples of AWS's guides, recordings, the
//! AWS CLI's examples, Prowler. All in `../shared/data`; skipped, loudly, where it is absent.

#![expect(clippy::print_stderr, clippy::unwrap_used, reason = "a test")]

mod common;
#[path = "../../store/tests/support/mod.rs"]
mod support;

use std::path::PathBuf;

use common::{EVENTS, hub};
use posture_engine::Input;
use posture_hub::{Finding, Hub, Imported, ListOptions, formats};
use serde_json::Value;
use support::{TestClock, at, places};

fn data(path: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not there", path.display());
    None
}

fn read(path: PathBuf) -> Vec<Finding> {
    let mut findings = Vec::new();
    let report = formats::read(&Input::File(path), at(5), |finding| {
        findings.push(finding);
        Ok(())
    });
    assert!(report.errors.is_empty(), "{report:?}");
    findings
}

async fn import(hub: &Hub, findings: Vec<Finding>) -> Imported {
    let prepared = findings
        .into_iter()
        .map(|finding| hub.prepare(finding).unwrap());
    hub.write(prepared.collect(), EVENTS).await.unwrap()
}

/// The control of a sample by its own name: `ControlId` of a standard, `RuleId` of CIS 1.2.
fn expected(finding: &Value) -> String {
    let fields = &finding["ProductFields"];
    let text = |name: &str| fields[name].as_str().unwrap_or_default();
    let control = finding["Compliance"]["SecurityControlId"].as_str();
    if let Some(control) = control {
        return control.to_owned();
    }
    let renamed = [
        // asff-changes-consolidation.html of Security Hub's guide.
        ("PCI.CloudTrail.1", "CloudTrail.2"),
        ("PCI.CloudTrail.2", "CloudTrail.3"),
        ("PCI.CloudTrail.3", "CloudTrail.4"),
        ("PCI.CloudTrail.4", "CloudTrail.5"),
        ("PCI.CW.1", "CloudWatch.1"),
        ("PCI.IAM.6", "IAM.19"),
        ("PCI.IAM.7", "IAM.8"),
        ("PCI.IAM.8", "IAM.10"),
        ("PCI.KMS.1", "KMS.4"),
        ("PCI.S3.1", "S3.3"),
        ("PCI.S3.2", "S3.2"),
        ("PCI.S3.6", "S3.1"),
        ("1.3", "IAM.8"),
        ("1.4", "IAM.3"),
        ("2.9", "EC2.6"),
        ("4.3", "EC2.2"),
    ];
    let name = [text("ControlId"), text("RuleId")]
        .into_iter()
        .find(|name| !name.is_empty());
    let name = name.unwrap();
    let found = renamed.iter().find(|(known, _)| *known == name);
    found.map_or_else(
        || name.trim_start_matches("PCI.").to_owned(),
        |(_, control)| (*control).to_owned(),
    )
}

#[tokio::test]
async fn every_sample_of_asr_is_imported_and_has_its_control() {
    let Some(folder) = data("asff/asr") else {
        return;
    };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for place in places().await {
        let clock = TestClock::default();
        clock.set(20);
        let hub = hub(&place, &clock).await;
        let mut ids = std::collections::BTreeSet::new();
        for path in &paths {
            for finding in read(path.clone()) {
                let id = finding.asff["Id"].as_str().unwrap().to_owned();
                import(&hub, vec![finding]).await;
                let shown = common::one(&hub, &id).await;
                let sample = Value::Object(shown.asff.clone());
                let known = shown.text(&["Title"]);
                assert!(!known.is_empty(), "{id}");
                let is_cis_12 = sample["ProductFields"]["RuleId"].is_string();
                let expected = expected(&sample);
                // Of CIS 1.2 the table above has those that another page confirms.
                if is_cis_12 && !expected.contains(|letter: char| letter.is_ascii_alphabetic()) {
                    assert!(hub.standards().control(&shown.control).is_some(), "{id}");
                } else {
                    assert_eq!(shown.control, expected, "{}", path.display());
                }
                ids.insert(id);
            }
        }
        let options = ListOptions {
            limit: 1000,
            ..ListOptions::default()
        };
        let listed = hub.list(&options).await.unwrap();
        assert_eq!(listed.findings.len(), ids.len());
        assert_eq!(ids.len(), 95);
        let joined = ListOptions {
            is_joined: true,
            ..options
        };
        let facts = hub.list(&joined).await.unwrap().findings.len();
        assert!(facts < ids.len(), "FSBP and PCI tell of the same bucket");
    }
}

#[tokio::test]
async fn native_findings_of_aws_services_are_read() {
    let samples = [
        (
            "samples/events/c7n-cloudwatch-events/ec2-duty-event.json",
            "aws/guardduty",
            "AwsEc2Instance",
        ),
        (
            "samples/events/c7n-cloudwatch-events/iam-duty-event.json",
            "aws/guardduty",
            "AwsIamAccessKey",
        ),
        (
            "samples/events/c7n-cloudwatch-events/event-securityhub-iamkey-finding-action.json",
            "aws/guardduty",
            "AwsIamAccessKey",
        ),
    ];
    for (path, product, resource) in samples {
        let Some(path) = data(path) else { return };
        let findings = read(path);
        assert_eq!(findings.len(), 1);
        let asff = &findings[0].asff;
        assert!(
            asff["ProductArn"].as_str().unwrap().ends_with(product),
            "{asff:?}"
        );
        assert_eq!(asff["Resources"][0]["Type"], resource, "{asff:?}");
    }
    let cli = |service: &str, command: &str| -> Option<Vec<Finding>> {
        let path = data(&format!(
            "samples/aws-cli-example-outputs/{service}/{command}.json"
        ))?;
        let sample: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let text = sample["json_blocks"][0].to_string();
        let mut findings = Vec::new();
        let input = Input::Text(command.to_owned(), text.into());
        let report = formats::read(&input, at(5), |finding| {
            findings.push(finding);
            Ok(())
        });
        assert!(report.errors.is_empty(), "{report:?}");
        Some(findings)
    };
    let Some(guardduty) = cli("guardduty", "get-findings") else {
        return;
    };
    assert_eq!(guardduty[0].asff["Severity"]["Normalized"], 50.0);
    let analyzer = cli("accessanalyzer", "list-findings").unwrap();
    assert_eq!(analyzer.len(), 2);
    assert_eq!(analyzer[0].asff["Resources"][0]["Type"], "AwsIamRole");
    let firewall = cli("fms", "list-compliance-status").unwrap();
    assert_eq!(firewall[0].asff["Compliance"]["Status"], "FAILED");
    let path = data("samples/aws-api-recordings/inspector2/ListFindings.json").unwrap();
    let recorded: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let finding = recorded["recordings"][0]["output"]["findings"][0].clone();
    let inspector = formats::findings(finding, true, at(5)).unwrap();
    let asff = &inspector[0].asff;
    assert!(
        asff["Vulnerabilities"][0]["Id"]
            .as_str()
            .unwrap()
            .starts_with("CVE-")
    );
    for place in places().await {
        let hub = hub(&place, &TestClock::default()).await;
        let all = [&guardduty, &analyzer, &firewall, &inspector]
            .into_iter()
            .flatten()
            .cloned();
        assert_eq!(import(&hub, all.clone().collect()).await.created, 5);
        assert_eq!(import(&hub, all.collect()).await.unchanged, 5);
    }
}

#[test]
fn prowler_says_the_same_in_both_its_forms() {
    let Some(csv) = data("samples/ocsf/prowler/example_output_aws.csv") else {
        return;
    };
    let ocsf = data("samples/ocsf/prowler/example_output_aws.ocsf.json").unwrap();
    let facts = |findings: Vec<Finding>| -> Vec<(String, String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut facts: Vec<_> = findings
            .iter()
            .map(|finding| {
                let asff = &finding.asff;
                (
                    text(&asff["GeneratorId"]),
                    text(&asff["Compliance"]["Status"]),
                    text(&asff["Severity"]["Label"]),
                )
            })
            .collect();
        facts.sort();
        facts.dedup();
        facts
    };
    let (csv, ocsf) = (facts(read(csv)), facts(read(ocsf)));
    let shared: Vec<_> = ocsf.iter().filter(|fact| csv.contains(fact)).collect();
    assert!(shared.len() >= 3, "{csv:?}\n{ocsf:?}");
    assert!(
        csv.iter().any(|(_, status, _)| status == "WARNING"),
        "MANUAL is not decided: {csv:?}"
    );
}

#[test]
fn a_change_of_a_config_rule_is_a_finding_of_its_control() {
    let event = serde_json::json!({
        "version": "0", "id": "c0bb891c", "detail-type": "Config Rules Compliance Change",
        "source": "aws.config", "account": "123456789012", "time": "2021-04-19T19:04:05Z",
        "region": "us-east-1", "resources": [],
        "detail": {
            "resourceId": "AIDA", "resourceType": "AWS::IAM::User", "awsRegion": "us-east-1",
            "awsAccountId": "123456789012", "configRuleName": "securityhub-access-keys-rotated-1a2b3c",
            "newEvaluationResult": {"complianceType": "NON_COMPLIANT", "annotation": "old"},
            "notificationCreationTime": "2021-04-19T19:04:05.651Z",
        },
    });
    let asff = &formats::findings(event, false, at(5)).unwrap()[0].asff;
    assert_eq!(asff["Compliance"]["SecurityControlId"], "IAM.3");
    assert_eq!(asff["Compliance"]["Status"], "FAILED");
    assert_eq!(asff["UpdatedAt"], "2021-04-19T19:04:05.651Z");
}

#[test]
fn sarif_results_are_findings() {
    let text = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "scanner", "rules": [
        {"id": "R1", "shortDescription": {"text": "Bucket is open"}, "properties": {"security-severity": "9.1"}}]}},
        "invocations": [{"endTimeUtc": "2026-01-02T03:04:05Z"}],
        "results": [
            {"ruleId": "R1", "ruleIndex": 0, "message": {"text": "main.tf opens it"},
             "locations": [{"physicalLocation": {"artifactLocation": {"uri": "main.tf"}, "region": {"startLine": 3}}}]},
            {"ruleId": "R1", "kind": "pass", "message": {"text": "fine"}},
            {"ruleId": "R1", "message": {"text": "known"}, "suppressions": [{"kind": "external"}]}]}]}"#;
    let found = formats::findings(serde_json::from_str(text).unwrap(), false, at(5)).unwrap();
    assert_eq!(found.len(), 3);
    let statuses: Vec<&str> = found
        .iter()
        .map(|one| one.asff["Compliance"]["Status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["FAILED", "PASSED", "FAILED"]);
    assert_eq!(found[0].asff["Severity"]["Normalized"], 91.0);
    assert_eq!(found[2].asff["Workflow"]["Status"], "SUPPRESSED");
}

#[test]
fn what_is_no_finding_is_said_by_its_place_and_the_rest_is_read() {
    let text = r#"[{"Id": 1}, {"SchemaVersion": "2018-10-08", "ProductArn": "p", "Id": "x"}, 7"#;
    let mut count = 0;
    let report = formats::read(&Input::Text("t".to_owned(), text.into()), at(5), |_| {
        count += 1;
        Ok(())
    });
    assert_eq!(count, 1);
    assert_eq!(report.errors[0].offset, 1);
    assert!(report.errors.len() >= 2, "{report:?}");
}
