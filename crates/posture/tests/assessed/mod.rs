//! The built binary on a state of its own, in which something was recorded and judged.
//!
//! The state is `state` in the folder of the test, and the key of its evidence log `state.key` beside it;
//! or a database, where [`Scene::on`] names one.

#![allow(dead_code, reason = "each test needs a part of it")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use posture_store::Location;
use serde_json::Value;

/// A folder, and the state on which commands work there.
pub(crate) struct Scene {
    pub(crate) folder: PathBuf,
    state: String,
}

impl Scene {
    /// With a state in the folder, and a key of its evidence log.
    pub(crate) fn new(folder: &Path) -> Scene {
        let scene = Scene::without_log(folder);
        let key = ["keys", "new", "evidence.example/log", "--file", "state.key"];
        assert!(scene.command(&key).output().unwrap().status.success());
        scene
    }

    /// The same without a key: there is no evidence log.
    pub(crate) fn without_log(folder: &Path) -> Scene {
        std::fs::create_dir(folder.join("state")).unwrap();
        Scene {
            folder: folder.to_owned(),
            state: "state".to_owned(),
        }
    }

    /// With the state in a database, and an evidence log in the folder.
    pub(crate) fn on(folder: &Path, url: &str) -> Scene {
        let scene = Scene {
            state: url.to_owned(),
            ..Scene::new(folder)
        };
        let config = "evidence:\n  log: state/log\n  key: state.key\n";
        std::fs::write(folder.join("posture.yaml"), config).unwrap();
        scene
    }

    /// Where its state is.
    pub(crate) fn location(&self) -> Location {
        match self.state.as_str() {
            "state" => Location::File(self.folder.join("state/state.db")),
            url => Location::read(url).unwrap(),
        }
    }

    /// A command on the state, before something that answers as AWS does.
    pub(crate) fn before(&self, url: &str, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command
            .args(["--state", &self.state])
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_ENDPOINT_URL", url)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_MAX_ATTEMPTS", "1");
        command
    }

    /// A command, without the state.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_posture"));
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear();
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        command.args(["--state", &self.state]).output().unwrap()
    }

    /// What a command prints that ends so.
    pub(crate) fn told(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn done(&self, arguments: &[&str]) -> String {
        self.told(0, arguments)
    }

    pub(crate) fn json(&self, code: i32, arguments: &[&str]) -> Value {
        let text = self.told(code, &[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&text).unwrap()
    }

    /// What a command says that is refused: bad input.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// The leaves of the evidence log.
    pub(crate) fn leaves(&self) -> Vec<Value> {
        let mut command = self.command(&["evidence", "log", "state/log", "--format", "json"]);
        let listed = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let leaves = listed
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        leaves.collect()
    }

    /// Records a configuration item.
    pub(crate) fn record(&self, item: &str) {
        std::fs::write(self.folder.join("items.json"), item.replace('\n', "")).unwrap();
        self.done(&["record", "items.json"]);
    }

    /// Judges what is recorded by SOC 2's rules; something fails.
    pub(crate) fn scan(&self) -> Vec<Value> {
        let scanned = self.json(1, &["scan", "--pack", "framework:soc2"]);
        scanned["evaluations"].as_array().unwrap().clone()
    }

    /// Makes an assessment, whose owner has a name that is hostile to pages.
    pub(crate) fn assess(&self, name: &str, framework: &str, period: &str, more: &[&str]) {
        let new = ["assess", "new", name, "--framework", framework];
        let people = ["--period", period, "--owner", "Ann <b>*", "--by", "Ann"];
        self.done(&[new.as_slice(), &people, more].concat());
    }

    /// Writes an assessment's package, and says whether `posture-verify` finds that it holds.
    pub(crate) fn export(&self, name: &str, file: &str) -> Vec<u8> {
        self.done(&["assess", "export", name, "--output", file]);
        let path = self.folder.join(file);
        let report = posture_verify::verify(&path, &posture_verify::Options::default());
        assert!(report.unwrap().holds());
        std::fs::read(path).unwrap()
    }
}

pub(crate) fn now() -> jiff::Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "the command reads the wall clock too"
    )]
    jiff::Timestamp::now()
}

pub(crate) fn today() -> String {
    now().strftime("%Y-%m-%d").to_string()
}

/// A bucket whose names are hostile to spreadsheets and pages, and that anybody may read or not.
pub(crate) fn bucket(at: &str, is_blocked: bool) -> String {
    format!(
        r#"{{"version":"1.3","awsAccountId":"123456789012","configurationItemCaptureTime":"{at}",
"configurationItemStatus":"OK","resourceType":"AWS::S3::Bucket","resourceId":"=b","resourceName":"<i>b</i>",
"ARN":"arn:aws:s3:::b","awsRegion":"eu-west-1","tags":{{}},"relationships":[],"configuration":{{"name":"b"}},
"supplementaryConfiguration":{{"PublicAccessBlockConfiguration":{{"blockPublicAcls":{is_blocked},
"ignorePublicAcls":{is_blocked},"blockPublicPolicy":{is_blocked},"restrictPublicBuckets":{is_blocked}}}}}}}"#
    )
}

/// The members of a list of which a member has this value.
pub(crate) fn of<'a>(list: &'a Value, name: &str, value: &str) -> Vec<&'a Value> {
    let list = list.as_array().unwrap();
    list.iter().filter(|one| one[name] == value).collect()
}
