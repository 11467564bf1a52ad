//! A small estate for `posture demo`: generated, the same bytes every time, about nobody real.

use serde_json::{Value, json};

const ACCOUNTS: [&str; 3] = ["111111111111", "222222222222", "333333333333"];
const REGIONS: [&str; 4] = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1"];

/// The configuration items, one JSON document a line, as AWS Config would record them.
pub fn estate() -> String {
    let mut lines = String::new();
    for (a, account) in ACCOUNTS.iter().enumerate() {
        for (r, region) in REGIONS.iter().enumerate() {
            for n in 0..60 {
                let mix = a * 31 + r * 17 + n;
                let (kind, configuration, supplementary) = resource(n % 5, mix, account, region);
                let item = json!({
                    "version": "1.3", "accountId": account, "awsRegion": region,
                    "resourceType": kind, "resourceId": format!("sample-{a}{r}{n:02}"),
                    "configurationItemCaptureTime": "2026-06-01T00:00:00Z",
                    "configurationItemStatus": "OK", "tags": {"Env": if mix % 3 == 0 {"prod"} else {"dev"}},
                    "configuration": configuration, "supplementaryConfiguration": supplementary,
                    "unread": unread(kind, mix),
                });
                lines.push_str(&item.to_string());
                lines.push('\n');
            }
        }
    }
    lines
}

fn resource(kind: usize, mix: usize, account: &str, region: &str) -> (&'static str, Value, Value) {
    match kind {
        0 => (
            "AWS::S3::Bucket",
            json!({"region": region}),
            json!({
                "BucketVersioningConfiguration": {"status": if mix.is_multiple_of(4) {"Suspended"} else {"Enabled"}, "isMfaDeleteEnabled": null},
                "BucketLoggingConfiguration": {"destinationBucketName": if mix.is_multiple_of(3) {Value::Null} else {json!("logs")}},
                "ServerSideEncryptionConfiguration": {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256", "kmsMasterKeyID": null}}]},
                "BucketPolicy": {"policyText": null},
                "PublicAccessBlockConfiguration": {"blockPublicAcls": !mix.is_multiple_of(5), "ignorePublicAcls": true, "blockPublicPolicy": true, "restrictPublicBuckets": true},
            }),
        ),
        1 => (
            "AWS::EC2::Volume",
            json!({
                "encrypted": mix % 4 != 1, "state": {"value": "in-use"}, "kmsKeyId": format!("arn:aws:kms:{region}:{account}:key/sample"),
                "attachments": [{"instanceId": "i-0", "deleteOnTermination": true, "state": {"value": "attached"}}],
            }),
            json!({}),
        ),
        2 => (
            "AWS::EC2::SecurityGroup",
            json!({
                "groupName": format!("app-{mix}"), "ipPermissionsEgress": [],
                "ipPermissions": [{"ipProtocol": "tcp", "fromPort": if mix.is_multiple_of(6) {22} else {443}, "toPort": if mix.is_multiple_of(6) {22} else {443},
                    "ipv4Ranges": [{"cidrIp": if mix.is_multiple_of(2) {"0.0.0.0/0"} else {"10.0.0.0/8"}}], "ipv6Ranges": []}],
            }),
            json!({}),
        ),
        3 => (
            "AWS::RDS::DBInstance",
            json!({
                "storageEncrypted": !mix.is_multiple_of(7), "publiclyAccessible": mix.is_multiple_of(9), "multiAZ": mix.is_multiple_of(2), "engine": "postgres",
                "deletionProtection": mix.is_multiple_of(3), "backupRetentionPeriod": 7, "autoMinorVersionUpgrade": true,
                "iAMDatabaseAuthenticationEnabled": false, "dBInstanceStatus": "available",
            }),
            json!({}),
        ),
        _ => (
            "AWS::KMS::Key",
            json!({"keyManager": "CUSTOMER", "keyState": "Enabled", "origin": "AWS_KMS", "keySpec": "SYMMETRIC_DEFAULT"}),
            json!({}),
        ),
    }
}

/// Some of the estate could not be read, as in any real one.
fn unread(kind: &str, mix: usize) -> Value {
    if kind == "AWS::S3::Bucket" && mix.is_multiple_of(11) {
        return json!([{"path": "supplementaryConfiguration.BucketVersioningConfiguration",
            "state": "denied", "action": "s3:GetBucketVersioning"}]);
    }
    if kind == "AWS::KMS::Key" {
        return json!([{"path": "supplementaryConfiguration.GetKeyRotationStatus",
            "state": "denied", "action": "kms:GetKeyRotationStatus"}]);
    }
    json!([])
}
