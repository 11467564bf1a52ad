//! `posture iam-policy remediation`. Oracle: the IAM user guide on passing a role to a service.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::process::Command;

use serde_json::Value;

fn policy_of(document: &str) -> Value {
    policy(&["--document", document])
}

fn policy(arguments: &[&str]) -> Value {
    let run = Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(["iam-policy", "remediation"])
        .args(arguments)
        .env_clear()
        .output()
        .unwrap();
    serde_json::from_slice(&run.stdout).unwrap()
}

#[test]
fn a_role_may_be_passed_to_one_service_only() {
    let policy = policy_of("ASR-EnableVPCFlowLogs");
    let statements = policy["Statement"].as_array().unwrap();
    assert!(
        !statements[0].to_string().contains("iam:PassRole"),
        "{policy}"
    );
    let of_role = &statements[1];
    assert_eq!(of_role["Action"], "iam:PassRole");
    assert_eq!(of_role["Resource"], "arn:*:iam::*:role/*");
    let services = &of_role["Condition"]["StringEquals"]["iam:PassedToService"];
    assert_eq!(services.to_string(), r#"["vpc-flow-logs.amazonaws.com"]"#);
}

#[test]
fn the_policy_of_a_document_allows_its_calls_and_nothing_else() {
    let policy = policy_of("AWS-EnableS3BucketEncryption");
    let expected = [
        "s3:GetEncryptionConfiguration",
        "s3:PutEncryptionConfiguration",
        "tag:GetResources",
    ];
    assert_eq!(policy["Statement"].as_array().unwrap().len(), 1);
    let actions = policy["Statement"][0]["Action"].as_array().unwrap();
    assert_eq!(actions, &expected);
}

/// The calls that `run --via ssm` makes, as the test of it sees them; documents are created under their own names, and
/// none under AWS's.
#[test]
fn ssm_gets_a_role_and_our_documents_and_nothing_else() {
    let (own, amazons) = (
        "ASR-SetLogGroupRetentionDays",
        "AWS-EnableS3BucketEncryption",
    );
    let policy = policy(&["--document", own, "--document", amazons, "--via", "ssm"]);
    let statements = policy["Statement"].as_array().unwrap();
    let [_, of_ssm, created, passed] = statements.as_slice() else {
        panic!("{policy}")
    };
    let expected = [
        "ssm:DescribeAutomationStepExecutions",
        "ssm:DescribeDocument",
        "ssm:GetAutomationExecution",
        "ssm:GetDocument",
        "ssm:StartAutomationExecution",
        "ssm:StopAutomationExecution",
    ];
    assert_eq!(of_ssm["Action"].as_array().unwrap(), &expected);
    assert_eq!(created["Action"], "ssm:CreateDocument");
    let document = format!(r#"["arn:*:ssm:*:*:document/{own}"]"#);
    assert_eq!(created["Resource"].to_string(), document);
    let services = &passed["Condition"]["StringEquals"]["iam:PassedToService"];
    assert_eq!(services.to_string(), r#"["ssm.amazonaws.com"]"#);
}
