//! `posture packs import`: what is deployed in AWS Config, as a pack.
//!
//! Oracle: moto's AWS Config, as boto3 fills it, and AWS's shapes of what moto doesn't have.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;

use std::process::Output;

use moto::Moto;

const FILL: &str = r"
import boto3, json, sys
config = boto3.client('config', endpoint_url=sys.argv[1], region_name='eu-west-1',
                      aws_access_key_id='x', aws_secret_access_key='x')
def rule(name, source, **more):
    config.put_config_rule(ConfigRule=dict(ConfigRuleName=name, Source=source, **more))
rule('keys-are-rotated', {'Owner': 'AWS', 'SourceIdentifier': 'ACCESS_KEYS_ROTATED'},
     InputParameters=json.dumps({'maxAccessKeyAge': '30'}), Description='Ours: 30 days')
rule('s3-versioning', {'Owner': 'AWS', 'SourceIdentifier': 'S3_BUCKET_VERSIONING_ENABLED'},
     Scope={'ComplianceResourceTypes': ['AWS::S3::Bucket']})
";

/// moto, with AWS Config's answers about what it doesn't have, in the shapes of the API reference.
const SERVER: &str = r"
import json, sys
from moto.config.responses import ConfigResponse
from moto.core.responses import ActionResult
def remediations(self):
    names = self._get_param('ConfigRuleNames')
    assert len(names) <= 25
    return json.dumps({'RemediationConfigurations': [{
        'ConfigRuleName': 's3-versioning', 'TargetType': 'SSM_DOCUMENT',
        'TargetId': 'AWS-ConfigureS3BucketVersioning', 'Automatic': True, 'MaximumAutomaticAttempts': 3,
        'RetryAttemptSeconds': 60, 'Arn': 'arn:aws:config:eu-west-1:123456789012:remediation-configuration/a/b',
        'Parameters': {'BucketName': {'ResourceValue': {'Value': 'RESOURCE_ID'}},
                       'VersioningState': {'StaticValue': {'Values': ['Enabled']}}}}] if 's3-versioning' in names else []})
def of_pack(self):
    assert self._get_param('ConformancePackName') == 'ours'
    return json.dumps({'ConformancePackName': 'ours', 'ConformancePackRuleComplianceList': [
        {'ConfigRuleName': 'keys-are-rotated', 'ComplianceType': 'COMPLIANT'}]})
if 'whole' in sys.argv:
    ConfigResponse.describe_remediation_configurations = remediations
    ConfigResponse.describe_conformance_pack_compliance = of_pack
from moto.server import main
main(['-p', sys.argv[1]])
";

struct Scene {
    moto: Moto,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new(what: &str) -> Option<Scene> {
        let moto = Moto::serving(|server, port| server.args(["-c", SERVER, port, what]))?;
        moto.run(FILL, &[]);
        let folder = tempfile::tempdir().unwrap();
        Some(Scene { moto, folder })
    }

    fn posture(&self, arguments: &[&str]) -> Output {
        aws::posture(&self.moto.address())
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap()
    }

    fn import(&self, more: &[&str]) -> (Option<i32>, String) {
        let mut arguments = vec![
            "packs",
            "import",
            "--region",
            "eu-west-1",
            "--output",
            "pack.yaml",
        ];
        arguments.extend(more);
        let run = self.posture(&arguments);
        (run.status.code(), String::from_utf8(run.stderr).unwrap())
    }

    fn shown(&self) -> String {
        let run = self.posture(&["packs", "show", "pack.yaml"]);
        String::from_utf8(run.stdout).unwrap()
    }
}

#[test]
fn what_is_deployed_is_a_pack_that_says_the_same() {
    let Some(scene) = Scene::new("whole") else {
        return;
    };
    let (code, stderr) = scene.import(&[]);
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(stderr, "2 rules, 1 remediation configurations\n");
    let shown = scene.shown();
    for line in [
        "keys-are-rotated",
        "maxAccessKeyAge = 30",
        "s3-versioning",
        "remediation of s3-versioning: AWS-ConfigureS3BucketVersioning, automatic",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let run = scene.posture(&["packs", "validate", "pack.yaml"]);
    assert_eq!(run.status.code(), Some(0));

    let (code, stderr) = scene.import(&["--conformance-pack", "ours"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(!scene.shown().contains("s3-versioning"));
}

#[test]
fn what_could_not_be_read_is_told() {
    // moto knows no remediation configurations.
    let Some(scene) = Scene::new("bare") else {
        return;
    };
    let (code, stderr) = scene.import(&[]);
    assert_eq!(code, Some(3), "{stderr}");
    assert!(
        stderr.contains("not read: the remediation configurations"),
        "{stderr}"
    );
    assert!(scene.shown().contains("keys-are-rotated"));
}
