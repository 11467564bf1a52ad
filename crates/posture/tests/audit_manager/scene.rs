//! The built binary before the server of the test.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::aws;
use crate::moto::Moto;

const SERVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/audit_manager/server.py");

/// The server, and a folder with a state and the key of its log.
pub(crate) struct Scene {
    moto: Moto,
    folder: tempfile::TempDir,
}

impl Scene {
    pub(crate) fn new() -> Option<Scene> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("faults.json");
        let moto = Moto::serving(|server, port| {
            server
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .args([SERVER, port])
                .arg(&file)
        })?;
        let scene = Scene { moto, folder };
        scene.faults(&json!({}));
        std::fs::create_dir(scene.path().join("state")).unwrap();
        let key = ["keys", "new", "evidence.example/log", "--file", "state.key"];
        let made = scene.command().args(key).output().unwrap();
        assert!(made.status.success());
        Some(scene)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn faults(&self, faults: &Value) {
        let mut faults = faults.clone();
        faults["log"] = json!(self.path().join("calls.log"));
        // Put there at once: the server reads it at every call.
        let new = self.path().join("new.json");
        std::fs::write(&new, faults.to_string()).unwrap();
        std::fs::rename(new, self.path().join("faults.json")).unwrap();
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = aws::posture(&self.moto.address());
        command.current_dir(self.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.command();
        let run = command.args(arguments).args(["--state", "state"]);
        run.output().unwrap()
    }

    pub(crate) fn text(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn json(&self, code: i32, arguments: &[&str]) -> Value {
        let text = self.text(code, &[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&text).unwrap()
    }

    pub(crate) fn import(&self, code: i32) -> Value {
        self.json(code, &["assess", "import-audit-manager"])
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path().join("calls.log")).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    pub(crate) fn forget_calls(&self) {
        std::fs::write(self.path().join("calls.log"), "").unwrap();
    }

    /// What the log says of each piece of evidence, by its id.
    pub(crate) fn records(&self) -> Vec<Value> {
        let storage = posture_ledger::Directory::new(self.path().join("state/log"));
        let reader = posture_ledger::LogReader::open(&storage).unwrap();
        let leaves = reader.leaves(0, reader.size()).unwrap();
        let leaves = leaves
            .iter()
            .map(|leaf| serde_json::to_value(leaf).unwrap());
        leaves
            .filter(|leaf| leaf["detail"].get("evidence").is_some())
            .collect()
    }
}
