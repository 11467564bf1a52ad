//! An evidence log in S3, as its user has it: made, appended to, checked, rotated, exported, lost and
//! found again; and what happens to bodies when their time is over.
//!
//! Oracle: moto's S3, with a bucket that has Object Lock; what boto3 says of its objects; and
//! `posture-verify` on the package.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "bucket/hold.rs"]
mod hold;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "live/proxy.rs"]
mod proxy;

use std::path::Path;

use moto::Moto;
use serde_json::Value;

const FILL: &str = r"
import boto3, sys
s3 = boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1',
                  aws_access_key_id='x', aws_secret_access_key='x')
s3.create_bucket(Bucket='locked', ObjectLockEnabledForBucket=True)
s3.create_bucket(Bucket='plain')
";

/// Every object below the prefix with its retention, and how many versions each has.
const LOCKS: &str = r"
import boto3, json, sys
s3 = boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1',
                  aws_access_key_id='x', aws_secret_access_key='x')
told = {}
for one in s3.list_objects_v2(Bucket='locked', Prefix='prod/log/')['Contents']:
    head = s3.head_object(Bucket='locked', Key=one['Key'])
    told[one['Key']] = head.get('ObjectLockMode')
print(json.dumps(told))
";

struct Scene {
    moto: Moto,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new(log: &str, more: &str) -> Option<Scene> {
        let moto = Moto::start()?;
        moto.run(FILL, &[]);
        let folder = tempfile::tempdir().unwrap();
        let scene = Scene { moto, folder };
        scene.configure(log, more);
        std::fs::create_dir(scene.path("state")).unwrap();
        scene.told(
            0,
            &["keys", "new", "evidence.example/log", "--file", "log.key"],
        );
        Some(scene)
    }

    fn configure(&self, log: &str, more: &str) {
        let text = format!("evidence:\n  log: {log}\n  key: log.key\n{more}");
        std::fs::write(self.path("posture.yaml"), text).unwrap();
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, url: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
        let run = aws::posture(url)
            .args(arguments)
            .env("AWS_MAX_ATTEMPTS", "1")
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (run.status.code(), text(run.stdout), text(run.stderr))
    }

    fn told(&self, code: i32, arguments: &[&str]) -> String {
        let (found, stdout, stderr) = self.run(&self.moto.address(), arguments);
        assert_eq!(found, Some(code), "{arguments:?}: {stdout}{stderr}");
        stdout
    }

    fn scan(&self, is_blocked: bool) {
        let item = format!(
            r#"{{"version":"1.3","awsAccountId":"123456789012","configurationItemCaptureTime":"2026-01-01T00:00:00Z",
"configurationItemStatus":"OK","resourceType":"AWS::S3::Bucket","resourceId":"=b{is_blocked}","resourceName":"b",
"ARN":"arn:aws:s3:::b{is_blocked}","awsRegion":"eu-west-1","tags":{{}},"relationships":[],"configuration":{{"name":"b"}},
"supplementaryConfiguration":{{"PublicAccessBlockConfiguration":{{"blockPublicAcls":{is_blocked},
"ignorePublicAcls":{is_blocked},"blockPublicPolicy":{is_blocked},"restrictPublicBuckets":{is_blocked}}}}}}}"#
        );
        std::fs::write(self.path("items.json"), item.replace('\n', "")).unwrap();
        self.told(0, &["record", "items.json", "--state", "state"]);
    }
}

const SCAN: [&str; 5] = ["scan", "--pack", "framework:soc2", "--state", "state"];
const LOG: &str = "s3://locked/prod/log";
const LOCK: &str = "  retention: { mode: GOVERNANCE, days: 30 }\n";

#[test]
fn log_in_a_locked_bucket_is_written_checked_rotated_and_exported() {
    let Some(scene) = Scene::new(LOG, LOCK) else {
        return;
    };
    scene.scan(false);
    scene.told(1, &SCAN);
    let checked = scene.told(0, &["evidence", "fsck", LOG]);
    assert!(
        checked.contains("every record (3) is in the tree"),
        "{checked}"
    );
    let listed = scene.told(0, &["evidence", "log", LOG]);
    assert!(listed.contains("scan-run"), "{listed}");

    let locks: Value = serde_json::from_str(&scene.moto.run(LOCKS, &[])).unwrap();
    let mut locked = 0;
    for (key, mode) in locks.as_object().unwrap() {
        let is_claim = key.contains("/.next/");
        assert_eq!(mode == "GOVERNANCE", !is_claim, "{key}: {mode}");
        locked += usize::from(!is_claim);
    }
    assert!(locked > 6, "{locks}");

    let rotated = [
        "keys",
        "rotate",
        LOG,
        "--file",
        "log.key",
        "--new",
        "second.key",
    ];
    scene.told(0, &rotated);
    std::fs::rename(scene.path("second.key"), scene.path("log.key")).unwrap();
    let period = [
        "--period", "2026", "--owner", "Ada", "--by", "Ada", "--state", "state",
    ];
    scene.told(
        0,
        &[&["assess", "new", "q", "--framework", "soc2"], &period[..]].concat(),
    );
    let export = [
        "assess", "export", "q", "--output", "q.zip", "--state", "state",
    ];
    scene.told(0, &export);
    let options = posture_verify::Options::default();
    let report = posture_verify::verify(&scene.path("q.zip"), &options).unwrap();
    assert_eq!(report.problems, []);
    assert!(report.files > 60);
    scene.told(0, &["evidence", "fsck", LOG]);
    expired_bodies_stay_while_they_are_locked(&scene);
}

/// The rule says that they go after a day, and the bucket keeps them for thirty.
fn expired_bodies_stay_while_they_are_locked(scene: &Scene) {
    scene.told(
        0,
        &["assess", "close", "q", "--by", "Ada", "--state", "state"],
    );
    let rule = format!("{LOCK}  retain: {{ verdict-change: 1d }}\n");
    scene.configure(LOG, &rule);
    #[expect(clippy::disallowed_methods, reason = "the bucket's locks are of now")]
    let now = jiff::Timestamp::now();
    let shown = |hours: i64| {
        let at = now + jiff::SignedDuration::from_hours(hours);
        let arguments = [
            "evidence",
            "expire",
            "--dry-run",
            "--state",
            "state",
            "--as-of",
        ];
        scene.told(0, &[&arguments[..], &[&at.to_string()]].concat())
    };
    assert!(shown(1).starts_with("0 bodies would go"), "{}", shown(1));
    let said = shown(240);
    let words =
        "kept     1 past their time: the bucket's Object Lock holds them\n0 bodies would go";
    assert!(said.starts_with(words), "{said}");
    let said = shown(24 * 40);
    assert!(said.contains("  verdict-change 1d  record "), "{said}");
    assert!(
        said.ends_with("1 bodies would go; nothing was done\n"),
        "{said}"
    );
    let hold = [
        "evidence", "hold", "add", "--all", "--reason", "suit 7", "--by", "Ada",
    ];
    let number = scene.told(0, &[&hold[..], &["--state", "state"]].concat());
    let said = shown(24 * 40);
    assert!(
        said.contains(&format!("kept     1 past their time: hold {number}")),
        "{said}"
    );
    let listed = scene.told(0, &["evidence", "hold", "list", "--state", "state"]);
    assert!(listed.contains("everything  Ada: suit 7"), "{listed}");
    let end = [
        "evidence",
        "hold",
        "remove",
        number.trim(),
        "--reason",
        "settled",
    ];
    scene.told(
        0,
        &[&end[..], &["--by", "Ada", "--state", "state"]].concat(),
    );
    assert_eq!(
        scene.told(0, &["evidence", "hold", "list", "--state", "state"]),
        ""
    );
    assert!(shown(24 * 40).contains("1 bodies would go"));
}

#[test]
fn what_cannot_be_published_waits_and_is_published_later() {
    let Some(scene) = Scene::new("s3://plain", "") else {
        return;
    };
    scene.scan(false);
    let (code, _, stderr) = scene.run("http://127.0.0.1:9", &SCAN);
    assert_eq!(code, Some(2), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("s3://plain: s3 did not answer"), "{stderr}");
    scene.told(1, &SCAN);
    let listed = scene.told(0, &["evidence", "log", "s3://plain"]);
    assert_eq!(listed.matches("  scan-run").count(), 2, "{listed}");
    scene.told(0, &["evidence", "fsck", "s3://plain"]);
}

#[test]
fn places_and_retentions_that_are_none_are_told() {
    let Some(scene) = Scene::new("s3://plain", LOCK) else {
        return;
    };
    scene.scan(false);
    for (log, more, words) in [
        ("s3://plain", LOCK, "the bucket plain has no Object Lock"),
        (
            "s3://x/..",
            "",
            "is no place of a log, expected a folder, s3://BUCKET",
        ),
        ("s3://absent", "", "NoSuchBucket"),
        ("folder", LOCK, "evidence.retention: Object Lock is S3's"),
    ] {
        scene.configure(log, more);
        let (code, _, stderr) = scene.run(&scene.moto.address(), &SCAN);
        assert_eq!(code, Some(2), "{log}: {stderr}");
        assert!(stderr.contains(words), "{log}: {stderr}");
    }
    let expire = ["evidence", "expire", "--state", "state"];
    for (more, words) in [
        ("", "no retention is set"),
        (
            "  retain: { uploads: 7y }\n",
            "no evidence is of this type, expected one of",
        ),
        (
            "  retain: { upload: 7h }\n",
            "evidence.retain.upload: \"7h\" is no time of whole days",
        ),
    ] {
        scene.configure("folder", more);
        let (code, _, stderr) = scene.run(&scene.moto.address(), &expire);
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.contains(words), "{stderr}");
    }
    assert!(!Path::new(&scene.path("folder")).exists());
}
