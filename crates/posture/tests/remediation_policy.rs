//! `posture iam-policy remediation`. Oracle: the IAM user guide on passing a role to a service.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::process::Command;

use serde_json::Value;

fn policy_of(document: &str) -> Value {
    let run = Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(["iam-policy", "remediation", "--document", document])
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
