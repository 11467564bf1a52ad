//! A change of code, a file of it, and what the file says once `git apply` has taken the patch.

#![allow(dead_code, reason = "each test needs a part of it")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test")]

use std::path::Path;
use std::process::Command;

use posture_remediation::{CodeChange, InTemplate, InTerraform, SourceFile};
use serde_json::{Map, Value};

#[expect(clippy::needless_pass_by_value, reason = "json! makes one")]
pub(crate) fn members(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

pub(crate) fn file(path: &str, text: &str) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

pub(crate) fn of_template(logical: &str, resource_type: &str, properties: Value) -> CodeChange {
    CodeChange::CloudFormation(InTemplate {
        stack_name: "web".to_owned(),
        logical_resource_id: logical.to_owned(),
        resource_type: resource_type.to_owned(),
        identifiers: Vec::new(),
        properties: members(properties),
        without: Vec::new(),
        statement: None,
    })
}

pub(crate) fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
}

/// What the file says once git has applied the patch.
pub(crate) fn applied(source: &SourceFile, patch: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(&source.path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, &source.text).unwrap();
    std::fs::write(folder.path().join("it.patch"), patch).unwrap();
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["apply", "--whitespace=nowarn", "it.patch"]);
    std::fs::read_to_string(path).unwrap()
}

pub(crate) fn patched(change: &CodeChange, source: &SourceFile) -> String {
    let patch = change.patch(std::slice::from_ref(source), None, None);
    applied(source, &patch.expect("a patch"))
}

pub(crate) fn of_terraform(kind: &str, name: &str, id: &str, arguments: Value) -> InTerraform {
    InTerraform {
        resource_type: kind.to_owned(),
        name: name.to_owned(),
        identifiers: vec![id.to_owned()],
        beside: None,
        arguments: members(arguments),
        without: Vec::new(),
        statement: None,
    }
}
