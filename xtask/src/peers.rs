//! Posture's verdicts beside Prowler's and Cloud Custodian's: `docs/peers.md`.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::test::cargo;

/// Builds the binary and runs `xtask/peers/peers.py` with these arguments.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    cargo(&["build", "--package", "posture"])?;
    let status = Command::new("python3")
        .arg("xtask/peers/peers.py")
        .args(arguments)
        .status()?;
    ensure!(
        status.success(),
        "a difference has no line in xtask/peers/explained.csv, or a line there no difference"
    );
    Ok(())
}
