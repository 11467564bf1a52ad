//! What docs/guide/respond.md shows: something is made badly, and found, told, fixed and proven.
//!
//! Oracle: moto, where boto3 looks what is really there; the messages that come to the fake of Slack and Jira;
//! `posture evidence fsck`.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "notify/shared.rs"]
mod shared;

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use moto::Moto;
use serde_json::Value;
use shared::{Running, User, listener};

const BAD: &str = "
import sys, boto3
keys = dict(endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id='x', aws_secret_access_key='x')
s3, ec2 = boto3.client('s3', **keys), boto3.client('ec2', **keys)
s3.create_bucket(Bucket='payroll')
s3.delete_bucket_encryption(Bucket='payroll')
vpc = ec2.create_vpc(CidrBlock='10.0.0.0/16')['Vpc']['VpcId']
group = ec2.create_security_group(GroupName='wide', Description='w', VpcId=vpc)['GroupId']
ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
    {'IpProtocol': 'tcp', 'FromPort': 22, 'ToPort': 22, 'IpRanges': [{'CidrIp': '0.0.0.0/0'}]}])
print(group)
";

/// How many sources come in by the group's rules, and the bucket's encryption.
const THERE: &str = "
import sys, boto3
from botocore.exceptions import ClientError
keys = dict(endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id='x', aws_secret_access_key='x')
s3, ec2 = boto3.client('s3', **keys), boto3.client('ec2', **keys)
group = ec2.describe_security_groups(GroupIds=[sys.argv[2]])['SecurityGroups'][0]
try:
    rules = s3.get_bucket_encryption(Bucket='payroll')['ServerSideEncryptionConfiguration']['Rules']
    encryption = rules[0]['ApplyServerSideEncryptionByDefault']['SSEAlgorithm']
except ClientError:
    encryption = 'none'
print(sum(len(rule['IpRanges']) for rule in group['IpPermissions']), encryption)
";

/// The configuration and the pack of the guide, as they are there.
fn written_in_the_guide(user: &User) {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/respond.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let mut blocks = guide.split("```yaml\n").skip(1);
    let mut block = || blocks.next().unwrap().split("```").next().unwrap();
    std::fs::write(user.folder.path().join("ours.yaml"), block()).unwrap();
    user.configured(&block().replace("https://example.atlassian.net", &user.slack));
}

/// Does it again until it gives something.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            began.elapsed() < Duration::from_mins(2),
            "waited for {what}"
        );
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// The line of `remediate list` about a document.
fn plan(user: &User, document: &str, state: &str) -> Option<String> {
    let (listed, _) = user.says(&["remediate", "list"]);
    let mut lines = listed.lines();
    let line = lines.find(|line| line.contains(document) && line.contains(state))?;
    line.split_whitespace().next().map(str::to_owned)
}

/// How many controls of the standard passed.
fn passed(user: &User) -> u64 {
    let (text, _) = user.says(&["status", "pci-dss-v4.0.1", "--format", "json"]);
    let status: Value = serde_json::from_str(&text).unwrap();
    status["standards"][0]["passed"].as_u64().unwrap()
}

#[test]
fn what_is_made_badly_is_found_told_fixed_and_proven() {
    let Some(moto) = Moto::start() else { return };
    let (url, messages) = listener();
    let user = User {
        url: moto.address(),
        folder: tempfile::tempdir().unwrap(),
        slack: url,
    };
    written_in_the_guide(&user);
    let key = ["keys", "new", "evidence.example.com/prod", "--file"];
    let place = ".local/state/posture.key";
    assert_eq!(user.says(&[&key[..], &[place]].concat()).1, Some(0));
    let group = moto.run(BAD, &[]);
    assert_eq!(moto.run(THERE, &[&group]), "1 none");
    let watch = user.command(&["watch"]).stderr(Stdio::null()).spawn();
    let _watch = Running(watch.unwrap());

    // A finding, a card and a ticket; the bucket is fixed, the group waits.
    let document = "AWS-EnableS3BucketEncryption";
    until("the bucket", || plan(&user, document, "Succeeded"));
    let document = "AWS-DisablePublicAccessForSecurityGroup";
    let waiting = until("the group's plan", || plan(&user, document, "Proposed"));
    assert_eq!(moto.run(THERE, &[&group]), "1 AES256");
    let before = passed(&user);
    let (mut is_card, mut is_ticket) = (false, false);
    until("the card and the ticket", || {
        for message in messages.try_iter() {
            is_card |= message["text"].as_str().is_some_and(|text| {
                text.contains("A fix waits for approval") && text.contains(&group)
            });
            let summary = message["fields"]["summary"].as_str();
            is_ticket |= summary.is_some_and(|text| text.contains("SSH"));
        }
        (is_card && is_ticket).then_some(())
    });

    // Approved at the command line, it is run by the watch, and judged again.
    let (said, code) = user.says(&["remediate", "approve", &waiting, "--as", "anna"]);
    assert_eq!(code, Some(0), "{said}");
    until("the group", || plan(&user, document, "Succeeded"));
    assert_eq!(moto.run(THERE, &[&group]), "0 AES256");
    assert!(passed(&user) > before);
    let (open, _) = user.says(&["findings", "list", "--where", "Title CONTAINS SSH"]);
    assert!(!open.contains(&group), "{open}");

    let (said, code) = user.says(&["remediate", "undo", &waiting, "--as", "berta"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(moto.run(THERE, &[&group]), "1 AES256");
    let (said, code) = user.says(&["evidence", "fsck", ".local/state/posture/log"]);
    assert_eq!(code, Some(0), "{said}");
    let (log, _) = user.says(&["evidence", "log", ".local/state/posture/log"]);
    let of_plan = |line: &&str| line.contains("remediation") && line.ends_with(&waiting);
    // Planned, approved, begun, judged, ended; undone, judged, ended.
    assert_eq!(log.lines().filter(of_plan).count(), 8, "{log}");
}
