//! `posture remediate`, as its user runs it. Oracle: moto, seen by boto3.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "remediate/beside.rs"]
mod beside;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "command/shell.rs"]
mod shell;

use std::process::{Command, Output};

use moto::Moto;
use serde_json::Value;
use shell::{printed, said};

fn environment<'c>(moto: &Moto, command: &'c mut Command) -> &'c mut Command {
    shell::environment(command.env_clear()).env("AWS_ENDPOINT_URL", moto.url())
}

fn boto3(moto: &Moto, script: &str) -> String {
    let mut command = moto.python();
    command.args(["-c", script]);
    let output = environment(moto, &mut command).output().unwrap();
    printed(output).trim().to_owned()
}
struct User<'m> {
    moto: &'m Moto,
    folder: tempfile::TempDir,
}

impl User<'_> {
    fn posture(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_posture"));
        command
            .arg("remediate")
            .args(arguments)
            .current_dir(&self.folder);
        let command = environment(self.moto, &mut command);
        command.env("HOME", self.folder.path()).output().unwrap()
    }

    /// What it says, and its exit code.
    fn says(&self, arguments: &[&str]) -> (String, Option<i32>) {
        said(self.posture(arguments))
    }

    fn plan(&self, document: &str, resource: &str) -> Value {
        let output = self.posture(&[
            "plan",
            "--document",
            document,
            "--resource",
            resource,
            "--as",
            "anna",
            "--format",
            "json",
        ]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{errors}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

const OPEN: &str = "
import boto3
s3 = boto3.client('s3')
s3.create_bucket(Bucket='bucket-1', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
s3.delete_bucket_encryption(Bucket='bucket-1')
ec2 = boto3.client('ec2')
vpc = ec2.create_vpc(CidrBlock='10.0.0.0/16')['Vpc']['VpcId']
group = ec2.create_security_group(GroupName='g', Description='d', VpcId=vpc)['GroupId']
ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
    {'IpProtocol': 'tcp', 'FromPort': 22, 'ToPort': 22, 'IpRanges': [{'CidrIp': '0.0.0.0/0'}]}])
print(group)
";

const RULES: &str = "
import boto3, json
rules = boto3.client('ec2').describe_security_groups(GroupIds=['GROUP'])['SecurityGroups'][0]['IpPermissions']
print(json.dumps([rule['IpRanges'] for rule in rules]))
";

#[test]
fn plan_approve_run_verify_undo() {
    let Some(moto) = Moto::start() else { return };
    let group = boto3(&moto, OPEN);
    let user = User {
        moto: &moto,
        folder: tempfile::tempdir().unwrap(),
    };
    let rules = || boto3(&moto, &RULES.replace("GROUP", &group));
    let open = r#"[[{"CidrIp": "0.0.0.0/0"}]]"#;
    assert_eq!(rules(), open);
    let plan = user.plan("AWS-DisablePublicAccessForSecurityGroup", &group);
    let id = plan["planId"].as_str().unwrap();
    assert_eq!(plan["calls"][0]["api"], "RevokeSecurityGroupIngress");
    assert_eq!(plan["changes"][0]["before"][0]["CidrIpv4"], "0.0.0.0/0");
    assert_eq!(rules(), open, "a plan changes nothing");

    let refused = (
        format!("error: plan {id} is refused: 0 of 1 approvals\n"),
        Some(2),
    );
    assert_eq!(user.says(&["run", id]), refused);
    let (said, code) = user.says(&["approve", id, "--as", "anna"]);
    assert!(said.contains("somebody else has to approve it"), "{said}");
    assert_eq!(code, Some(2));
    let approved = format!("{id}  Proposed  approved by berta\n");
    assert_eq!(
        user.says(&["approve", id, "--as", "berta"]),
        (approved, Some(0))
    );
    let done = format!("{id}  Succeeded  done, and read again\n");
    assert_eq!(user.says(&["run", id]), (done, Some(0)));
    assert_eq!(rules(), "[]");
    let undone = format!("{id}  Undone  undone on request; it is as it was before\n");
    assert_eq!(user.says(&["undo", id, "--as", "berta"]), (undone, Some(0)));
    assert_eq!(rules(), open);

    // What isn't there is not compliant, and what nobody answers for does not run.
    let absent = user.says(&[
        "plan",
        "--document",
        "AWS-DisablePublicAccessForSecurityGroup",
        "--resource",
        "sg-0123456789abcdef0",
    ]);
    assert!(absent.0.contains("could not be read"), "{absent:?}");
    assert_eq!(absent.1, Some(3));
    automatic(&user);
}

/// What posture.yaml marks as low-risk runs by itself, until it is stopped.
fn automatic(user: &User<'_>) {
    let config = "remediation:\n  automatic: [AWS-EnableS3BucketEncryption]\n";
    std::fs::write(user.folder.path().join("posture.yaml"), config).unwrap();
    let plan = user.plan("AWS-EnableS3BucketEncryption", "bucket-1");
    let id = plan["planId"].as_str().unwrap();
    user.says(&["stop", "--as", "carl", "--reason", "change freeze"]);
    let (said, code) = user.says(&["run", id]);
    assert!(said.contains("stopped by carl: change freeze"), "{said}");
    assert_eq!(code, Some(2));
    user.says(&["resume", "--as", "carl"]);
    let (said, code) = user.says(&["run", id]);
    assert_eq!(said, format!("{id}  Succeeded  done, and read again\n"));
    assert_eq!(code, Some(0));
    let again = user.plan("AWS-EnableS3BucketEncryption", "bucket-1");
    assert_eq!(again["alreadyCompliant"], true);
    let (shown, _) = user.says(&["show", id]);
    assert!(shown.contains("automatic by posture.yaml"), "{shown}");
    let (listed, _) = user.says(&["list"]);
    assert_eq!(listed.lines().count(), 2, "{listed}");
}

/// Watches once, with a key of an evidence log, and gives the open findings.
fn scanned(user: &User<'_>, config: &str) -> Value {
    let folder = user.folder.path();
    std::fs::write(folder.join("posture.yaml"), config).unwrap();
    let state = folder.join("state");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_posture"));
        command.args(arguments).current_dir(folder);
        let command = environment(user.moto, &mut command);
        let output = command.env("HOME", folder).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() < Some(2), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["keys", "new", "evidence.example/log", "--file", "state.key"]);
    let state = state.to_str().unwrap();
    run(&["watch", "--once", "--region", "eu-west-1", "--state", state]);
    let listed = run(&["findings", "list", "--state", state, "--format", "json"]);
    serde_json::from_str(&listed).unwrap()
}

const LOOP: &str = "
rules: [{rule: restricted-ssh}]
";

#[test]
fn a_finding_is_planned_fixed_judged_again_undone_and_proven() {
    let Some(moto) = Moto::start() else { return };
    let group = boto3(&moto, OPEN);
    let user = User {
        moto: &moto,
        folder: tempfile::tempdir().unwrap(),
    };
    let found = scanned(&user, LOOP);
    let number = |found: &Value| {
        let findings = found["findings"].as_array().unwrap();
        let of_group = findings.iter().find(|finding| {
            let id = &finding["finding"]["Resources"][0]["Id"];
            id.as_str().unwrap().contains(&group)
        });
        of_group.map(|finding| finding["number"].to_string())
    };
    let number = number(&found).expect("the open group is a finding");
    let at = ["--state", "state"];
    let (said, code) =
        user.says(&[&["plan", "--finding", &number, "--as", "anna"][..], &at].concat());
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("AWS-DisablePublicAccessForSecurityGroup"),
        "{said}"
    );
    assert!(
        said.contains(&format!("For restricted-ssh, finding {number}")),
        "{said}"
    );
    let id = said.split_whitespace().next().unwrap();
    user.says(&[&["approve", id, "--as", "berta"][..], &at].concat());
    let done = format!("{id}  Succeeded  done, and read again; restricted-ssh says COMPLIANT\n");
    assert_eq!(
        user.says(&[&["run", id][..], &at].concat()),
        (done, Some(0))
    );
    let standing = |words: [&str; 2]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_posture"));
        command.args([
            "findings", "show", &number, "--state", "state", "--format", "json",
        ]);
        command.current_dir(&user.folder).env_clear();
        let shown: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
        let finding = &shown["finding"];
        assert_eq!(
            [
                &finding["Compliance"]["Status"],
                &finding["Workflow"]["Status"]
            ],
            words
        );
    };
    standing(["PASSED", "RESOLVED"]);
    let (said, code) = user.says(&[&["undo", id, "--as", "berta"][..], &at].concat());
    assert!(
        said.contains("Undone") && said.contains("restricted-ssh says NON_COMPLIANT"),
        "{said}"
    );
    assert_eq!(code, Some(0));
    standing(["FAILED", "NEW"]);

    refused_is_drafted(&user, &number, &at);

    // The evidence log has all of it, names nobody, and verifies.
    let listed = evidence(&user, &["log", "state/log", "--format", "json"]);
    let mut events: Vec<String> = Vec::new();
    for line in listed.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        if record["type"] == "remediation" && record["subject"] == id {
            events.push(record["detail"]["event"].as_str().unwrap().to_owned());
        }
    }
    let expected = "Planned Approved RunStarted Judged Finished UndoStarted Judged Finished";
    assert_eq!(events.join(" "), expected);
    assert!(
        !listed.contains("anna") && !listed.contains("berta"),
        "{listed}"
    );
    let checked = evidence(&user, &["fsck", "state/log"]);
    assert!(checked.contains("RESULT: everything holds"), "{checked}");
}

/// Who refuses a plan gets what the exception would be, now and later; posture.yaml takes it.
fn refused_is_drafted(user: &User<'_>, finding: &str, at: &[&str]) {
    let (said, _) = user.says(&[&["plan", "--finding", finding, "--as", "anna"], at].concat());
    let id = said.split_whitespace().next().unwrap();
    let deny = [
        "deny",
        id,
        "--as",
        "berta",
        "--reason",
        "bastion [until: may]",
    ];
    let (said, code) = user.says(&[&deny, at].concat());
    assert_eq!(code, Some(0), "{said}");
    let (_, draft) = said.split_once("in posture.yaml:\n\n").unwrap();
    assert!(
        draft.contains("accept-risk") && draft.contains("restricted-ssh"),
        "{draft}"
    );
    assert!(user.says(&[&["show", id], at].concat()).0.ends_with(draft));
    let file = user.folder.path().join("posture.yaml");
    let before = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{before}{draft}")).unwrap();
    let (listed, code) = user.says(&[&["list"], at].concat());
    assert_eq!(code, Some(0), "posture.yaml takes the draft: {listed}");
    std::fs::write(&file, before).unwrap();
}

/// `posture evidence`, which has to succeed.
fn evidence(user: &User<'_>, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_posture"));
    command
        .arg("evidence")
        .args(arguments)
        .current_dir(&user.folder)
        .env_clear();
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

const CONFIGURED: &str = "
rules: [{rule: restricted-ssh}, {rule: s3-bucket-server-side-encryption-enabled}]
remediation:
  configurations:
    - rule: s3-bucket-server-side-encryption-enabled
      targetId: AWS-EnableS3BucketEncryption
      automatic: true
      parameters: {BucketName: {resourceValue: RESOURCE_ID}, SSEAlgorithm: {staticValue: [AES256]}}
    - rule: restricted-ssh
      targetId: AWS-DisablePublicAccessForSecurityGroup
      automatic: true
";

/// The bucket's document is safe and runs by itself; the group's is guarded, whatever its configuration says.
#[test]
fn watch_fixes_what_is_safe_and_the_rest_waits_for_approval() {
    let Some(moto) = Moto::start() else { return };
    let group = boto3(&moto, OPEN);
    let user = User {
        moto: &moto,
        folder: tempfile::tempdir().unwrap(),
    };
    let open = scanned(&user, CONFIGURED).to_string();
    assert!(
        open.contains(&group) && !open.contains("bucket-1"),
        "{open}"
    );
    let encrypted = "import boto3; print(boto3.client('s3').get_bucket_encryption(Bucket='bucket-1')['ServerSideEncryptionConfiguration']['Rules'][0]['ApplyServerSideEncryptionByDefault']['SSEAlgorithm'])";
    assert_eq!(boto3(&moto, encrypted), "AES256");
    let at = ["--state", "state"];
    let (listed, _) = user.says(&[&["list"][..], &at].concat());
    let line = |words: &str| listed.lines().find(|line| line.contains(words)).unwrap();
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(
        line("AWS-EnableS3BucketEncryption").contains("Succeeded"),
        "{listed}"
    );
    let waiting = line("AWS-DisablePublicAccessForSecurityGroup");
    assert!(waiting.contains("Proposed"), "{listed}");

    // One plan is open: another pass makes no other.
    let (said, code) = user.says(&[&["auto"][..], &at].concat());
    let id = waiting.split_whitespace().next().unwrap();
    assert!(
        said.contains(&format!("{id} waits: 0 of 1 approvals")),
        "{said}"
    );
    assert_eq!(code, Some(0), "{said}");
    user.says(&[&["approve", id, "--as", "berta"][..], &at].concat());
    // Approved, it runs in the next pass.
    let (said, code) = user.says(&[&["auto"][..], &at].concat());
    assert!(
        said.contains("Succeeded") && said.contains("restricted-ssh says COMPLIANT"),
        "{said}"
    );
    assert_eq!(code, Some(0));
    assert_eq!(boto3(&moto, &RULES.replace("GROUP", &group)), "[]");
    assert_eq!(
        user.says(&[&["auto"][..], &at].concat()),
        (String::new(), Some(0))
    );
    let none = user.says(&[&["exceptions", "list"][..], &at].concat());
    assert_eq!(none, (String::new(), Some(0)));
}
