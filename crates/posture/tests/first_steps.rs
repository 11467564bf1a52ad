//! What a new user does, who has a server that answers as AWS does and nothing else: no credentials, no Region, no
//! configuration, no state.
//!
//! Oracle: moto, changed by boto3 between the scans.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "../../aws/tests/moto/mod.rs"]
mod moto;

use std::path::Path;
use std::process::Command;

use moto::Moto;
use tempfile::TempDir;

/// Suspends the versioning of the one bucket that has it.
const SUSPEND: &str = "
import sys, boto3
keys = dict(region_name='us-east-1', aws_access_key_id='x', aws_secret_access_key='x')
boto3.client('s3', endpoint_url=sys.argv[1], **keys).put_bucket_versioning(
    Bucket='versioned', VersioningConfiguration={'Status': 'Suspended'})
";

struct User {
    home: TempDir,
    url: String,
}

impl User {
    /// The exit code, the standard output and the standard error.
    fn posture(&self, arguments: &[&str]) -> (i32, String, String) {
        let run = Command::new(env!("CARGO_BIN_EXE_posture"))
            .args(arguments)
            .env_clear()
            .current_dir(self.home.path())
            .env("HOME", self.home.path())
            // Not what a user sets: the test's machine may have a metadata service of its own.
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ENDPOINT_URL", &self.url)
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            run.status.code().unwrap(),
            text(run.stdout),
            text(run.stderr),
        )
    }

    fn scan(&self, more: &[&str]) -> String {
        let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/pack.yaml");
        let scan = ["scan", "--aws", "--pack", pack];
        let (code, stdout, stderr) = self.posture(&[&scan[..], more].concat());
        assert_eq!(code, 1, "{stderr}");
        stdout
    }
}

/// The line of the failures.
fn failures(table: &str) -> &str {
    let mut lines = table.lines();
    lines.find(|line| line.starts_with("Failures: ")).unwrap()
}

#[test]
fn an_endpoint_is_enough_and_the_second_scan_shows_what_is_new() {
    let Some(moto) = Moto::start() else { return };
    moto.seed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/live/seed.py"));
    let user = User {
        home: tempfile::tempdir().unwrap(),
        url: moto.address(),
    };
    // One Region is enough for a test; to name it in the command would be another scan, of a part.
    let accounts = "accounts: [{id: '123456789012', regions: [us-east-1]}]\n";
    std::fs::write(user.home.path().join("posture.yaml"), accounts).unwrap();
    // What only looks at a state makes none, and does not say that it is in order.
    for looking in [
        &["inventory"][..],
        &["explain", "1"],
        &["evidence", "find"],
        &["findings", "remind"],
        &["findings", "sla"],
    ] {
        let (code, _, said) = user.posture(looking);
        assert_eq!(code, 2, "{looking:?}: {said}");
        let expected = "there is no state; `posture scan --aws`";
        assert!(said.contains(expected), "{looking:?}: {said}");
    }

    let first = user.scan(&[]);
    let count = failures(&first).strip_prefix("Failures: ").unwrap();
    assert!(count.parse::<u32>().unwrap() > 5, "{count}");
    let second = user.scan(&[]);
    assert_eq!(
        failures(&second),
        format!("Failures: 0 new, {count} as before")
    );
    assert_eq!(
        failures(&user.scan(&["--full"])),
        format!("Failures: {count}")
    );
    assert_eq!(
        failures(&user.scan(&["--no-state"])),
        format!("Failures: {count}")
    );

    moto.run(SUSPEND, &[]);
    let third = user.scan(&[]);
    assert_eq!(
        failures(&third),
        format!("Failures: 1 new, {count} as before")
    );
    let news: Vec<&str> = third
        .lines()
        .skip_while(|line| !line.starts_with("Failures"))
        .collect();
    assert!(
        news.get(1)
            .unwrap()
            .contains("s3-bucket-versioning-enabled: 1"),
        "{third}"
    );
    assert!(
        news.get(2).unwrap().contains("AWS::S3::Bucket versioned"),
        "{third}"
    );

    let (_, timeline, _) = user.posture(&["timeline", "versioned"]);
    assert!(
        timeline.contains("s3-bucket-versioning-enabled: COMPLIANT > NON_COMPLIANT"),
        "{timeline}"
    );
    let (_, databases, _) = user.posture(&["inventory", "--type", "AWS::RDS::DBInstance"]);
    assert!(databases.ends_with("2 resources\n"), "{databases}");
}

/// `cargo run -- demo`, as the README has it, names no program: of those that it may mean, one says that it is meant.
#[test]
fn the_readme_s_first_command_means_one_program() {
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let defaults = metadata["workspace_default_members"].as_array().unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let meant: Vec<&str> = packages
        .iter()
        .filter(|package| defaults.contains(&package["id"]))
        .filter_map(|package| package["default_run"].as_str())
        .collect();
    assert_eq!(meant, ["posture"]);
}
