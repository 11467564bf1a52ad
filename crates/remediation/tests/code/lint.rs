//! What cfn-lint says of a template.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::process::Command;

/// cfn-lint has no error.
pub(crate) fn lints(template: &str) {
    let Some(python) = super::moto::python() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it.yaml");
    std::fs::write(&path, template).unwrap();
    let script = "import sys; from cfnlint.runner import main; sys.exit(main())";
    let output = Command::new(python)
        .args([
            "-c",
            script,
            "--regions",
            "eu-west-1",
            "--non-zero-exit-code",
            "error",
        ])
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}\n{template}");
}
