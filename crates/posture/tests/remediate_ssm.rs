//! `posture remediate run --via ssm`, as its user runs it. Oracles: botocore's model of Systems Manager, against which
//! every call and answer is held; moto, on which SSM's steps are carried out by boto3, and what boto3 sees there.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "../../aws/tests/moto/mod.rs"]
mod moto;

use std::path::Path;
use std::process::Command;

use moto::Moto;
use serde_json::Value;

const SEED: &str = "
import boto3
s3 = boto3.client('s3')
s3.create_bucket(Bucket='bucket-1', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
s3.delete_bucket_encryption(Bucket='bucket-1')
boto3.client('logs').create_log_group(logGroupName='group-1')
";

const SEEN: &str = "
import boto3
s3 = boto3.client('s3')
rules = s3.get_bucket_encryption(Bucket='bucket-1')['ServerSideEncryptionConfiguration']['Rules']
group = boto3.client('logs').describe_log_groups()['logGroups'][0]
print(rules[0]['ApplyServerSideEncryptionByDefault']['SSEAlgorithm'], group.get('retentionInDays'))
";

struct User {
    moto: Moto,
    ssm: Moto,
    folder: tempfile::TempDir,
}

impl User {
    fn new() -> Option<User> {
        let moto = Moto::start()?;
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/remediate_ssm/server.py");
        let (url, log) = (moto.address(), folder.path().join("calls"));
        let ssm = Moto::serving(|server, port| {
            let server = server.arg(script).args([port, &url]).arg(log);
            environment(server)
        })?;
        Some(User { moto, ssm, folder })
    }

    /// What it says, and its exit code.
    fn says(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_posture"));
        environment(command.env_clear())
            .args(arguments)
            .args((arguments[0] == "remediate").then_some("--state=state"))
            .current_dir(&self.folder)
            .env("HOME", self.folder.path())
            .env("AWS_ENDPOINT_URL", self.moto.url())
            .env("AWS_ENDPOINT_URL_SSM", self.ssm.address());
        let output = command.output().unwrap();
        let mut text = String::from_utf8(output.stdout).unwrap();
        text.push_str(&String::from_utf8(output.stderr).unwrap());
        (text, output.status.code())
    }

    fn boto3(&self, script: &str) -> String {
        let mut command = self.moto.python();
        environment(&mut command)
            .args(["-c", script])
            .env("AWS_ENDPOINT_URL", self.moto.url());
        let output = command.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A plan that berta approved.
    fn approved(&self, document: &str, resource: &str) -> String {
        let (said, code) = self.says(&[
            "remediate",
            "plan",
            "--document",
            document,
            "--resource",
            resource,
            "--as",
            "anna",
        ]);
        assert_eq!(code, Some(0), "{said}");
        let id = said.split_whitespace().next().unwrap().to_owned();
        self.says(&["remediate", "approve", &id, "--as", "berta"]);
        id
    }

    /// What SSM was asked to do that changes something.
    fn asked(&self) -> Vec<(String, Value)> {
        let calls = std::fs::read_to_string(self.folder.path().join("calls")).unwrap();
        let calls = calls
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        calls
            .filter(|(name, _): &(String, Value)| {
                !name.starts_with("Get") && !name.starts_with("Describe")
            })
            .collect()
    }
}

fn environment(command: &mut Command) -> &mut Command {
    command
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_DEFAULT_REGION", "eu-west-1")
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_EC2_METADATA_DISABLED", "true")
}

#[test]
fn ssm_runs_what_was_approved_and_the_resource_is_read_again() {
    let Some(user) = User::new() else { return };
    user.boto3(SEED);
    user.says(&["keys", "new", "evidence.example/log", "--file", "state.key"]);

    // AWS's own document, by name. We stop waiting, and wait again.
    let plan = user.approved("AWS-EnableS3BucketEncryption", "bucket-1");
    let (said, code) = user.says(&["remediate", "run", &plan, "--via", "ssm", "--wait", "0"]);
    assert!(
        said.contains("is InProgress; it goes on there") && code == Some(1),
        "{said}"
    );
    let (said, code) = user.says(&["remediate", "run", &plan]);
    let done = "done by SSM with AWS-EnableS3BucketEncryption version 1 of Amazon, and read again";
    assert_eq!(
        (said, code),
        (format!("{plan}  Succeeded  {done}\n"), Some(0))
    );
    assert_eq!(user.boto3(SEEN), "AES256 None");
    let (shown, _) = user.says(&["remediate", "show", &plan]);
    assert!(
        shown.contains("ssm/PutBucketEncryption/") && shown.contains("ExecutionEnded"),
        "{shown}"
    );

    // Ours is created where that is said, and only there.
    let plan = user.approved("ASR-SetLogGroupRetentionDays", "group-1");
    let (said, code) = user.says(&["remediate", "run", &plan, "--via", "ssm"]);
    assert!(
        said.contains("SSM has no ASR-SetLogGroupRetentionDays here") && code == Some(2),
        "{said}"
    );
    let created = [
        "remediate",
        "run",
        &plan,
        "--via",
        "ssm",
        "--create-document",
    ];
    let (said, code) = user.says(&created);
    assert!(said.contains("Succeeded") && code == Some(0), "{said}");
    assert_eq!(user.boto3(SEEN), "AES256 365");
    let (said, code) = user.says(&["remediate", "undo", &plan, "--as", "berta"]);
    assert!(said.contains("Undone") && code == Some(0), "{said}");
    assert_eq!(user.boto3(SEEN), "AES256 None");

    let asked = user.asked();
    let names: Vec<&str> = asked.iter().map(|(name, _)| name.as_str()).collect();
    let start = "StartAutomationExecution";
    assert_eq!(names, [start, "CreateDocument", start]);
    assert_eq!(
        asked[0].1["Parameters"].to_string(),
        r#"{"BucketName":["bucket-1"],"SSEAlgorithm":["AES256"]}"#
    );
    evidence_says_so(&user, &plan);
}

/// The evidence log says that SSM ran it, with the execution's id and how it ended.
fn evidence_says_so(user: &User, plan: &str) {
    let (listed, code) = user.says(&["evidence", "log", "state/log", "--format", "json"]);
    assert_eq!(code, Some(0), "{listed}");
    let mut events = Vec::new();
    for line in listed.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        if record["type"] == "remediation" && record["subject"] == plan {
            events.push(record["detail"]["event"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(
        events.join(" "),
        "Planned Approved RunStarted HandedOver ExecutionStarted ExecutionEnded Finished UndoStarted Finished"
    );
}
