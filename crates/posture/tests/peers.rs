//! The comparison with Prowler and Cloud Custodian: its join, on a few rows.
//!
//! The comparison itself takes minutes and two more environments: `cargo xtask peers`.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

#[test]
fn verdicts_are_joined_by_resource() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../xtask/peers/test_join.py");
    let Ok(run) = Command::new("python3").arg(script).output() else {
        let mut stderr = std::io::stderr();
        drop(writeln!(stderr, "SKIPPED: there is no python3"));
        return;
    };
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    assert!(said.contains("OK"), "{said}");
}
