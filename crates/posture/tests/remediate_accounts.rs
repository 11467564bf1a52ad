//! One remediation configuration for several accounts. Oracle: moto, whose accounts boto3 enters by roles of their own.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "../../aws/tests/moto/mod.rs"]
mod moto;

use std::process::Command;

use moto::Moto;

const ACCOUNTS: [&str; 2] = ["111122223333", "444455556666"];

/// Each account: three buckets that are not encrypted, or what they are then.
const SCRIPT: &str = "
import boto3, sys
for account in ['111122223333', '444455556666']:
    role = f'arn:aws:iam::{account}:role/Recorder'
    keys = boto3.client('sts').assume_role(RoleArn=role, RoleSessionName='seed')['Credentials']
    s3 = boto3.client('s3', aws_access_key_id=keys['AccessKeyId'], aws_secret_access_key=keys['SecretAccessKey'],
                      aws_session_token=keys['SessionToken'])
    for number in range(3):
        bucket = f'bucket-{number}-of-{account}'
        if sys.argv[1] == 'seed':
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
            s3.delete_bucket_encryption(Bucket=bucket)
        else:
            rules = s3.get_bucket_encryption(Bucket=bucket)['ServerSideEncryptionConfiguration']['Rules']
            print(account, rules[0]['ApplyServerSideEncryptionByDefault']['SSEAlgorithm'])
";

const CONFIG: &str = "
rules: [{rule: s3-bucket-server-side-encryption-enabled}]
accounts:
  - {id: '111122223333', roleName: Recorder, externalId: test}
  - {id: '444455556666', roleName: Recorder, externalId: test}
remediation:
  configurations:
    - rule: s3-bucket-server-side-encryption-enabled
      targetId: AWS-EnableS3BucketEncryption
      automatic: true
      parameters:
        BucketName: {resourceValue: RESOURCE_ID}
        SSEAlgorithm: {staticValue: [AES256]}
        AutomationAssumeRole: {staticValue: ['arn:aws:iam::{{ global:ACCOUNT_ID }}:role/Remediation']}
      executionControls: {concurrentExecutionRatePercentage: 100, errorPercentage: 50}
";

fn environment<'c>(moto: &Moto, command: &'c mut Command) -> &'c mut Command {
    command
        .env("AWS_ENDPOINT_URL", moto.url())
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_DEFAULT_REGION", "eu-west-1")
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_EC2_METADATA_DISABLED", "true")
}

fn boto3(moto: &Moto, what: &str) -> String {
    let mut command = moto.python();
    let output = environment(moto, &mut command).args(["-c", SCRIPT, what]);
    let output = output.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn one_configuration_fixes_every_account_by_a_role_there() {
    let Some(moto) = Moto::start() else { return };
    boto3(&moto, "seed");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("posture.yaml"), CONFIG).unwrap();
    let posture = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_posture"));
        let output = environment(&moto, command.env_clear())
            .args(arguments)
            .args(["--state", "state"])
            .current_dir(&folder)
            .env("HOME", folder.path())
            .output()
            .unwrap();
        let mut text = String::from_utf8(output.stdout).unwrap();
        text.push_str(&String::from_utf8(output.stderr).unwrap());
        (text, output.status.code())
    };
    let (said, code) = posture(&["watch", "--once", "--region", "eu-west-1"]);
    assert!(code < Some(2), "{said}");
    let seen = boto3(&moto, "see");
    let expected = ACCOUNTS.map(|account| format!("{account} AES256\n").repeat(3));
    assert_eq!(seen, expected.concat(), "{said}");
    let (listed, _) = posture(&["remediate", "list"]);
    for account in ACCOUNTS {
        let of_account = |line: &&str| line.contains(&format!(" {account} "));
        let lines: Vec<&str> = listed.lines().filter(of_account).collect();
        assert_eq!(lines.len(), 3, "{listed}");
        assert!(
            lines.iter().all(|line| line.contains("Succeeded")),
            "{listed}"
        );
    }
    // Another pass has nothing to do.
    assert_eq!(posture(&["remediate", "auto"]), (String::new(), Some(0)));
}
