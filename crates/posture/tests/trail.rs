//! `posture evidence trail-validate`: whether CloudTrail's log files are as delivered.
//!
//! The chain is made and signed by Python's cryptography; the AWS CLI's own validator, where it is here, accepts each of
//! its digests.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "../../aws/tests/moto/mod.rs"]
mod moto;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const LOG: &str = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/01/111122223333_CloudTrail_eu-west-1_20260301T0115Z_abc.json.gz";
const DIGESTS: &str = "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/01/111122223333_CloudTrail-Digest_eu-west-1_audit_eu-west-1_20260301T0";

struct Scene(tempfile::TempDir);

impl Scene {
    fn new() -> Option<Scene> {
        let python = moto::python()?;
        let folder = tempfile::tempdir().unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trail/make.py");
        let made = Command::new(python)
            .arg(script)
            .arg(folder.path())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "{stderr}");
        match String::from_utf8(made.stdout).unwrap().trim() {
            "0" => writeln!(std::io::stderr(), "SKIPPED: the AWS CLI is not here").unwrap(),
            accepted => assert_eq!(accepted, "4"),
        }
        Some(Scene(folder))
    }

    fn object(&self, key: &str) -> PathBuf {
        self.0.path().join("bucket").join(key)
    }

    fn digest(&self, hour: usize) -> PathBuf {
        self.object(&format!("{DIGESTS}{hour}0000Z.json.gz"))
    }

    fn validate(&self) -> (Option<i32>, String) {
        let run = Command::new(env!("CARGO_BIN_EXE_posture"))
            .args([
                "evidence",
                "trail-validate",
                "bucket",
                "--keys",
                "keys.json",
            ])
            .env_clear()
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let mut said = String::from_utf8(run.stdout).unwrap();
        said.push_str(&String::from_utf8(run.stderr).unwrap());
        (run.status.code(), said)
    }

    /// A text in a packed object, replaced.
    fn replace(&self, path: &Path, before: &str, after: &str) {
        use std::io::Read as _;
        let mut text = String::new();
        let packed = std::fs::read(path).unwrap();
        flate2::read::GzDecoder::new(packed.as_slice())
            .read_to_string(&mut text)
            .unwrap();
        assert!(text.contains(before), "{text}");
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer
            .write_all(text.replace(before, after).as_bytes())
            .unwrap();
        std::fs::write(path, packer.finish().unwrap()).unwrap();
    }
}

#[test]
fn what_is_as_delivered_holds_and_a_trail_that_was_off_is_told() {
    let Some(scene) = Scene::new() else { return };
    let (code, said) = scene.validate();
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("4 of 4 digests are signed by CloudTrail"),
        "{said}"
    );
    assert!(
        said.contains("4 of 4 log files that they name are as delivered"),
        "{said}"
    );
    assert!(
        said.contains("was off from 2026-03-01T02:00:00Z until 2026-03-01T02:00:00Z"),
        "{said}"
    );
}

#[test]
fn what_was_altered_or_removed_is_named() {
    type Act = fn(&Scene);
    let cases: [(Act, &str); 7] = [
        (
            |scene| std::fs::remove_file(scene.object(LOG)).unwrap(),
            "MISSING: a log file that a digest names",
        ),
        (
            |scene| scene.replace(&scene.object(LOG), "\"1\"", "\"7\""),
            "ALTERED: it is not the log file that its digest names",
        ),
        (
            |scene| std::fs::remove_file(scene.digest(1)).unwrap(),
            "MISSING: a digest that the next one names",
        ),
        (
            |scene| scene.replace(&scene.digest(2), "01:00:00Z", "01:30:00Z"),
            "ALTERED: CloudTrail did not sign this",
        ),
        (
            |scene| {
                scene.replace(
                    &scene.digest(1),
                    "\"logFiles\"",
                    "\"other\": 1, \"logFiles\"",
                )
            },
            "ALTERED: it is not the digest that the next one names",
        ),
        (
            |scene| std::fs::rename(scene.digest(3), scene.digest(9)).unwrap(),
            "ALTERED: it was delivered as",
        ),
        (
            |scene| std::fs::write(scene.digest(1), "no gzip").unwrap(),
            "no digest: ",
        ),
    ];
    for (act, words) in cases {
        let Some(scene) = Scene::new() else { return };
        act(&scene);
        let (code, said) = scene.validate();
        assert_eq!(code, Some(1), "{words}: {said}");
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn what_cannot_be_confirmed_is_no_pass() {
    type Act = fn(&Scene);
    let cases: [(Act, &str); 3] = [
        (
            |scene| {
                let mut beside = scene.digest(4).into_os_string();
                beside.push(".signature");
                std::fs::remove_file(beside).unwrap();
            },
            "not confirmed: its signature stands in its object's metadata",
        ),
        (
            |scene| {
                std::fs::write(scene.0.path().join("keys.json"), "{\"PublicKeyList\": []}").unwrap()
            },
            "is none of those given",
        ),
        (
            |scene| {
                drop(
                    std::fs::copy(scene.object(LOG), scene.object(&LOG.replace("abc", "new")))
                        .unwrap(),
                )
            },
            "not confirmed: no digest names this log file",
        ),
    ];
    for (act, words) in cases {
        let Some(scene) = Scene::new() else { return };
        act(&scene);
        let (code, said) = scene.validate();
        assert_eq!(code, Some(3), "{words}: {said}");
        assert!(said.contains(words), "{words}: {said}");
    }
    let Some(scene) = Scene::new() else { return };
    std::fs::remove_dir_all(scene.object("AWSLogs/111122223333/CloudTrail-Digest")).unwrap();
    let (code, said) = scene.validate();
    assert_eq!(code, Some(2));
    assert!(
        said.contains("no digest file of CloudTrail is in bucket"),
        "{said}"
    );
}
