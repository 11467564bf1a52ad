//! `posture record --config-aggregator`: what an aggregator of AWS Config has.
//!
//! moto has no aggregated queries: their answers are given here in the shapes of the API reference, through moto's
//! own protocol.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;

use std::path::PathBuf;

use moto::Moto;
use serde_json::Value;

const PACK: &str = concat!(
    "--pack=",
    env!("CARGO_MANIFEST_DIR"),
    "/tests/watch/pack.yaml"
);

/// What the aggregator has is in a file, so that a test can change it.
const SERVER: &str = r"
import json, sys
from moto.config.responses import ConfigResponse
from moto.core.exceptions import JsonRESTError
has = lambda: json.load(open(sys.argv[2]))
def sources(self):
    assert self._get_param('ConfigurationAggregatorName') == 'all'
    return json.dumps({'AggregatedSourceStatusList': [
        {'SourceId': account, 'SourceType': 'ACCOUNT', 'AwsRegion': region, 'LastUpdateStatus': status}
        for account, region, status in has()['sources']]})
def select(self):
    wanted = self._get_param('Expression').split('resourceType = ')[1].strip(chr(39))
    if wanted in has()['denied']:
        raise JsonRESTError('AccessDeniedException',
            'User: arn:aws:iam::1:user/a is not authorized to perform: config:SelectAggregateResourceConfig')
    found = [b for b in has()['buckets'] if wanted == 'AWS::S3::Bucket']
    found += [u for u in has().get('users', []) if wanted == 'AWS::IAM::User']
    # A page holds one.
    page = int(self._get_param('NextToken') or 0)
    rows = [json.dumps({'accountId': a, 'awsRegion': r, 'resourceId': n, 'resourceName': n,
            'tags': [{'key': 'team', 'value': 'web', 'tag': 'team=web'}], 'relationships': []})
            for a, r, n, _ in found[page:page + 1]]
    rows = [row[:9] if cut in row else row for row in rows for cut in [has().get('cut', '?')]]
    more = {'NextToken': str(page + 1)} if page + 1 < len(found) else {}
    return json.dumps({'Results': rows, 'QueryInfo': {'SelectFields': []}, **more})
def batch(self):
    wanted = [(i['SourceAccountId'], i['SourceRegion'], i['ResourceId']) for i in self._get_param('ResourceIdentifiers')]
    return json.dumps({'BaseConfigurationItems': [
        {'version': '1.3', 'accountId': a, 'awsRegion': r, 'resourceId': n, 'resourceName': n, 'arn': 'arn:aws:s3:::' + n,
         'resourceType': 'AWS::S3::Bucket' if v != 'user' else 'AWS::IAM::User', 'configurationItemStatus': 'OK', 'configurationStateId': '1',
         'configurationItemCaptureTime': 1767225600.0, 'configuration': json.dumps({'name': n}),
         'supplementaryConfiguration': {'BucketVersioningConfiguration': json.dumps({'status': v})}}
        for a, r, n, v in has()['buckets'] + has().get('users', []) if (a, r, n) in wanted and v], 'UnprocessedResourceIdentifiers': []})
ConfigResponse.describe_configuration_aggregator_sources_status = sources
ConfigResponse.select_aggregate_resource_config = select
ConfigResponse.batch_get_aggregate_resource_config = batch
from moto.server import main
main(['-p', sys.argv[1]])
";

struct Scene {
    moto: Moto,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Option<Scene> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("has.json");
        let moto = Moto::serving(|server, port| server.args(["-c", SERVER, port]).arg(&file))?;
        Some(Scene { moto, folder })
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("has.json")
    }

    fn posture(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let run = aws::posture(&self.moto.address())
            .env("AWS_REGION", "eu-west-1")
            .args(arguments)
            .arg("--state")
            .arg(self.folder.path().join("state"))
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (run.status.code(), text(run.stdout), text(run.stderr))
    }

    fn record(&self, has: &str) -> (Option<i32>, String) {
        std::fs::write(self.file(), has).unwrap();
        let (code, _, stderr) = self.posture(&["record", "--config-aggregator", "all", PACK]);
        (code, stderr)
    }

    /// Verdicts by resource.
    fn verdicts(&self) -> Vec<String> {
        let (_, stdout, _) = self.posture(&["scan", PACK, "--format", "jsonl"]);
        let lines = stdout.lines().filter_map(|line| {
            let row: Value = serde_json::from_str(line).ok()?;
            let text = |name: &str| row[name].as_str().map(str::to_owned);
            Some(format!(
                "{} {} {}",
                text("accountId")?,
                text("resourceId")?,
                text("complianceType")?
            ))
        });
        let mut lines: Vec<String> = lines.collect();
        lines.sort();
        lines
    }
}

const BOTH: &str = r#"{"denied": [], "sources": [["111111111111", "eu-west-1", "SUCCEEDED"], ["222222222222", "eu-west-1", "SUCCEEDED"]],
    "buckets": [["111111111111", "eu-west-1", "a", "Enabled"], ["111111111111", "eu-west-1", "b", "Off"], ["222222222222", "eu-west-1", "c", "Enabled"]]}"#;

#[test]
fn what_the_aggregator_has_is_recorded_and_what_it_has_no_more_is_gone() {
    let Some(scene) = Scene::new() else { return };
    let (code, stderr) = scene.record(BOTH);
    assert_eq!(code, Some(0), "{stderr}");
    let all = [
        "111111111111 a COMPLIANT",
        "111111111111 b NON_COMPLIANT",
        "222222222222 c COMPLIANT",
    ];
    assert_eq!(scene.verdicts(), all);

    // b is gone, and with c all that the other account had.
    let has = r#"{"denied": [], "sources": [["111111111111", "eu-west-1", "SUCCEEDED"], ["222222222222", "eu-west-1", "SUCCEEDED"]],
        "buckets": [["111111111111", "eu-west-1", "a", "Enabled"]]}"#;
    let (code, stderr) = scene.record(has);
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(scene.verdicts(), all[..1]);
}

#[test]
fn what_could_not_be_read_is_told_and_deletes_nothing() {
    let Some(scene) = Scene::new() else { return };
    assert_eq!(scene.record(BOTH).0, Some(0));
    let before = scene.verdicts();
    let denied = BOTH.replace("\"denied\": []", "\"denied\": [\"AWS::S3::Bucket\"]");
    let (code, stderr) = scene.record(&denied);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(
        stderr.contains("config:SelectAggregateResourceConfig"),
        "{stderr}"
    );
    assert_eq!(scene.verdicts(), before);

    // The other account's source failed: what it had stays.
    let failed = r#"{"denied": [], "sources": [["111111111111", "eu-west-1", "SUCCEEDED"], ["222222222222", "eu-west-1", "FAILED"]],
        "buckets": [["111111111111", "eu-west-1", "a", "Enabled"], ["111111111111", "eu-west-1", "b", "Off"]]}"#;
    let (code, stderr) = scene.record(failed);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("FAILED"), "{stderr}");
    assert_eq!(scene.verdicts(), before);

    // A resource whose configuration was not given has no verdict.
    let unprocessed = BOTH.replace("\"c\", \"Enabled\"", "\"c\", \"\"");
    let (code, stderr) = scene.record(&unprocessed);
    assert_eq!(code, Some(3), "{stderr}");
    assert_eq!(scene.verdicts()[2], "222222222222 c INSUFFICIENT_DATA");
}

#[test]
fn an_answer_that_nobody_can_read_deletes_nothing() {
    let Some(scene) = Scene::new() else { return };
    assert_eq!(scene.record(BOTH).0, Some(0));
    let before = scene.verdicts();
    let cut = BOTH.replace("{\"denied\"", "{\"cut\": \"\\\"b\\\"\", \"denied\"");
    let (code, stderr) = scene.record(&cut);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(stderr.contains("UnreadableReply"), "{stderr}");
    assert_eq!(scene.verdicts(), before);
}

#[test]
fn what_has_no_region_is_gone_only_where_all_sources_of_its_account_are_fresh() {
    let Some(scene) = Scene::new() else { return };
    let users = concat!(
        "--pack=",
        env!("CARGO_MANIFEST_DIR"),
        "/tests/watch/users.yaml"
    );
    let record = |eu: &str, users_here: &str| {
        let has = format!(
            r#"{{"denied": [], "sources": [["111111111111", "us-east-1", "{eu}"], ["111111111111", "eu-west-1", "SUCCEEDED"]],
            "buckets": [], "users": [{users_here}]}}"#
        );
        std::fs::write(scene.file(), has).unwrap();
        let (code, _, stderr) = scene.posture(&["record", "--config-aggregator", "all", users]);
        let (_, stdout, _) = scene.posture(&["inventory", "--format", "json"]);
        (code, stdout.contains("AIDAEXAMPLE"), stderr)
    };
    let user = r#"["111111111111", "global", "AIDAEXAMPLE", "user"]"#;
    let (code, is_there, stderr) = record("SUCCEEDED", user);
    assert_eq!((code, is_there), (Some(0), true), "{stderr}");
    // us-east-1 is the one that records users, and its source failed.
    let (code, is_there, stderr) = record("FAILED", "");
    assert_eq!((code, is_there), (Some(3), true), "{stderr}");
    let (code, is_there, stderr) = record("SUCCEEDED", "");
    assert_eq!((code, is_there), (Some(0), false), "{stderr}");
}
