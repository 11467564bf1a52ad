//! The one test command. Needs nothing but the Rust toolchain; oracles in other languages skip loudly
//! where theirs is missing.

mod programs;

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
    programs::run()?;
    cargo(&["test", "--workspace", "--doc"])?;
    let status = Command::new("sh")
        .arg("tests/oracles/ledger/run.sh")
        .status()?;
    ensure!(status.success(), "the Go oracle of the ledger failed");
    Ok(())
}

/// What a build with PDF does beside the others. Apart, since typst alone takes minutes to build.
pub(crate) fn pdf() -> Result<()> {
    let clippy = [
        "clippy",
        "-p",
        "posture",
        "--features",
        "pdf",
        "--all-targets",
    ];
    cargo(&[clippy.as_slice(), &["--", "-D", "warnings"]].concat())?;
    cargo(&[
        "test",
        "-p",
        "posture",
        "--features",
        "pdf",
        "--test",
        "pdf",
    ])
}

pub(crate) fn cargo(arguments: &[&str]) -> Result<()> {
    let status = Command::new("cargo").args(arguments).status()?;
    ensure!(status.success(), "cargo {} failed", arguments.join(" "));
    Ok(())
}
