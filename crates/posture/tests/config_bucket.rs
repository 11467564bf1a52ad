//! `posture record --config-bucket`: what AWS Config delivered to S3.
//!
//! Oracle: moto's S3, as boto3 fills it.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;

use moto::Moto;
use serde_json::Value;

/// Two versions and the end of one bucket, a second one in a snapshot, and what must not be taken.
const FILL: &str = r"
import boto3, gzip, json, sys
s3 = boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1',
                  aws_access_key_id='x', aws_secret_access_key='x')
s3.create_bucket(Bucket='delivered')
ACCOUNT, REGION = '123456789012', 'eu-west-1'
def item(name, time, status='OK', account=ACCOUNT, versioning='Off'):
    return {'configurationItemVersion': '1.3', 'configurationItemCaptureTime': time, 'configurationStateId': 1,
            'awsAccountId': account, 'configurationItemStatus': status, 'resourceType': 'AWS::S3::Bucket',
            'resourceId': name, 'resourceName': name, 'ARN': 'arn:aws:s3:::' + name, 'awsRegion': REGION,
            'tags': {}, 'relatedEvents': [], 'relationships': [], 'configuration': {'name': name},
            'supplementaryConfiguration': {'BucketVersioningConfiguration': {'status': versioning}}}
def put(day, kind, name, items, account=ACCOUNT, broken=0, logs='AWSLogs'):
    body = gzip.compress(json.dumps({'fileVersion': '1.0', 'configurationItems': items}).encode())
    key = f'audit/{logs}/{account}/Config/{REGION}/{day}/{kind}/{account}_Config_{REGION}_{kind}_{name}.json.gz'
    s3.put_object(Bucket='delivered', Key=key, Body=body[:-broken] if broken else body)
# The newer one first: the order of the keys is not that of the times.
put('2026/3/9', 'ConfigHistory', 'AWS::S3::Bucket_1', [item('a', '2026-03-09T10:00:00.000Z', versioning='Enabled')])
put('2026/3/10', 'ConfigHistory', 'AWS::S3::Bucket_2', [item('a', '2026-03-10T10:00:00.000Z', status='ResourceDeleted')])
put('2026/2/28', 'ConfigHistory', 'AWS::S3::Bucket_0', [item('a', '2026-02-28T10:00:00.000Z')])
put('2026/3/10', 'ConfigSnapshot', '20260310', [item('b', '2026-03-01T00:00:00.000Z')])
s3.put_object(Bucket='delivered', Key='audit/AWSLogs/123456789012/Config/ConfigWritabilityCheckFile', Body=b'')
if sys.argv[2:] == ['hostile']:
    put('2026/3/11', 'ConfigHistory', 'AWS::S3::Bucket_3', [item('c', '2026-03-11T00:00:00.000Z'), item('d', '2026-03-11T00:00:00.000Z', account='999999999999')])
    put('2026/3/12', 'ConfigHistory', 'AWS::S3::Bucket_4', [item('e', '2026-03-12T00:00:00.000Z')], broken=8)
    put('2026/3/13', 'ConfigHistory', 'AWS::S3::Bucket_5', [item('f', '2999-01-01T00:00:00.000Z'), item('g', None)])
    put('2026/3/14', 'ConfigHistory', 'AWS::S3::Bucket_6', [item('h', '2026-03-14T00:00:00.000Z')], logs='AWSLogs/o-exampleorgid')
    s3.put_object(Bucket='delivered', Body=b'', Key=f'audit/AWSLogs/{ACCOUNT}/Config/{REGION}/2026/3/15/ConfigHistory/x.json.gz')
";

struct Scene {
    moto: Moto,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new(arguments: &[&str]) -> Option<Scene> {
        let moto = Moto::start()?;
        moto.run(FILL, arguments);
        let folder = tempfile::tempdir().unwrap();
        Some(Scene { moto, folder })
    }

    fn posture(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let run = aws::posture(&self.moto.address())
            .args(arguments)
            .arg("--quiet")
            .arg("--state")
            .arg(self.folder.path().join("state"))
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (run.status.code(), text(run.stdout), text(run.stderr))
    }

    fn events(&self, resource: &str) -> Vec<String> {
        let (_, stdout, _) = self.posture(&["timeline", resource, "--format", "json"]);
        let document: Value = serde_json::from_str(&stdout).unwrap_or_default();
        let entries = document["entries"].as_array().cloned().unwrap_or_default();
        let words = entries.iter().map(|entry| {
            let text = |name: &str| entry[name].as_str().unwrap().to_owned();
            format!("{} {}", text("validFrom"), text("event"))
        });
        words.collect()
    }
}

const BUCKET: &str = "s3://delivered/audit";

#[test]
fn what_was_delivered_is_history_and_read_once() {
    let Some(scene) = Scene::new(&[]) else { return };
    let record = ["record", "--config-bucket", BUCKET];
    let (code, stdout, stderr) = scene.posture(&record);
    let said = "4 objects read, 0 known already: 4 items, 4 new versions\n";
    assert_eq!(
        (code, stdout.as_str(), stderr.as_str()),
        (Some(0), said, "")
    );
    let history = [
        "2026-02-28T10:00:00Z discovered",
        "2026-03-09T10:00:00Z changed",
        "2026-03-10T10:00:00Z deleted",
    ];
    assert_eq!(scene.events("a"), history);
    assert_eq!(scene.events("b"), ["2026-03-01T00:00:00Z discovered"]);

    let (code, stdout, _) = scene.posture(&record);
    let said = "0 objects read, 4 known already: 0 items, 0 new versions\n";
    assert_eq!((code, stdout.as_str()), (Some(0), said));
}

#[test]
fn only_the_days_that_are_asked_for_are_read() {
    let Some(scene) = Scene::new(&[]) else { return };
    let mut record = vec!["record", "--config-bucket", BUCKET, "--since", "2026-03-10"];
    let (code, stdout, _) = scene.posture(&record);
    let said = "2 objects read, 0 known already: 2 items, 2 new versions\n";
    assert_eq!((code, stdout.as_str()), (Some(0), said));
    assert_eq!(scene.events("b").len(), 1);
    record.extend(["--account", "999999999999"]);
    let (code, _, stderr) = scene.posture(&record);
    assert_eq!(code, Some(2), "{stderr}");
}

#[test]
fn what_is_broken_or_another_account_s_is_told_and_the_rest_is_read() {
    let Some(scene) = Scene::new(&["hostile"]) else {
        return;
    };
    let record = ["record", "--config-bucket", BUCKET];
    let (code, stdout, stderr) = scene.posture(&record);
    assert_eq!(code, Some(3), "{stdout}{stderr}");
    let foreign = "an item of 999999999999, eu-west-1 in the folder of 123456789012, eu-west-1";
    assert!(stderr.contains(foreign), "{stderr}");
    assert!(stderr.contains("AWS::S3::Bucket_4.json.gz"), "{stderr}");
    for words in [
        "2999-01-01T00:00:00Z, which is to come",
        "without a byte",
        "without a configurationItemCaptureTime",
    ] {
        assert!(stderr.contains(words), "{words}: {stderr}");
    }
    // Of an object that breaks off behind an item, the item is not recorded either.
    for (resource, versions) in [("c", 1), ("d", 0), ("e", 0), ("f", 0), ("g", 0), ("h", 1)] {
        assert_eq!(scene.events(resource).len(), versions, "{resource}");
    }
    // They are read again until somebody mends them.
    let (code, stdout, _) = scene.posture(&record);
    assert_eq!(code, Some(3));
    assert!(
        stdout.starts_with("2 objects read, 5 known already"),
        "{stdout}"
    );
}

#[test]
fn a_bucket_that_is_none_is_told() {
    let Some(scene) = Scene::new(&[]) else { return };
    for (url, words) in [
        ("delivered", "expected s3://BUCKET or s3://BUCKET/PREFIX"),
        ("s3://elsewhere", "NoSuchBucket"),
        ("s3://delivered", "holds no configuration item"),
    ] {
        let (code, _, stderr) = scene.posture(&["record", "--config-bucket", url]);
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.contains(words), "{stderr}");
    }
}
