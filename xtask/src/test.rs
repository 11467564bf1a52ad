//! The one test command. Needs nothing but the Rust toolchain; oracles in other languages skip loudly
//! where theirs is missing.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::{check, generate};

pub(crate) fn run() -> Result<()> {
    generate::run(generate::Mode::Check)?;
    check::run(None)?;
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ])?;
    cargo(&["test", "--workspace"])?;
    let status = Command::new("sh")
        .arg("tests/oracles/ledger/run.sh")
        .status()?;
    ensure!(status.success(), "the Go oracle of the ledger failed");
    Ok(())
}

pub(crate) fn cargo(arguments: &[&str]) -> Result<()> {
    let status = Command::new("cargo").args(arguments).status()?;
    ensure!(status.success(), "cargo {} failed", arguments.join(" "));
    Ok(())
}
