//! The one test command. Needs nothing but the Rust toolchain.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::generate;

pub(crate) fn run() -> Result<()> {
    generate::run(generate::Mode::Check)?;
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ])?;
    cargo(&["test", "--workspace"])
}

pub(crate) fn cargo(arguments: &[&str]) -> Result<()> {
    let status = Command::new("cargo").args(arguments).status()?;
    ensure!(status.success(), "cargo {} failed", arguments.join(" "));
    Ok(())
}
