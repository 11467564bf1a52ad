//! `cargo xtask bench hub [FINDINGS]`: findings into the hub and out as scores, on both databases.
//!
//! Everything runs through the built `posture` and, for what only a process that already runs can
//! show, `crates/hub/examples/findings_bench`. CPU time is told beside the wall's: it depends less on what
//! else the machine does.

#![expect(clippy::print_stdout, reason = "its result")]

mod postgres;
mod process;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::test::cargo;
use postgres::Server;
use process::{Used, load, measured};

/// Rounds of one change.
const ROUNDS: &str = "50";

struct Bench {
    posture: PathBuf,
    helper: PathBuf,
    findings: u64,
    all: String,
    changed: String,
}

pub(crate) fn run(findings: u64) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("the workspace")?;
    cargo(&["build", "--profile", "dist", "-p", "posture"])?;
    cargo(&[
        "build",
        "--profile",
        "dist",
        "-p",
        "posture-hub",
        "--example",
        "findings_bench",
    ])?;
    cargo(&[
        "build",
        "--profile",
        "dist",
        "-p",
        "posture-model",
        "--example",
        "parse_limit",
    ])?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let folder = target.join("bench-hub");
    fs::create_dir_all(&folder)?;
    let bin = target.join("dist");
    let helper = bin.join("examples/findings_bench");
    let bench = Bench {
        posture: bin.join("posture"),
        all: made(&helper, &folder, findings, false)?,
        changed: made(&helper, &folder, findings, true)?,
        helper,
        findings,
    };
    let bytes = fs::metadata(&bench.all)?.len();
    println!(
        "{findings} findings, {} MB; load {}",
        bytes / 1_000_000,
        load()
    );
    let limit = measured(
        Command::new(bin.join("examples/parse_limit")).arg(&bench.all),
        None,
    )?;
    println!("sonic-rs' own tree, every processor: {limit}");

    let state = folder.join("state");
    if state.exists() {
        fs::remove_dir_all(&state)?;
    }
    println!("SQLite");
    bench.database(&state.to_string_lossy(), None)?;
    let size = fs::metadata(state.join("state.db"))?.len();
    println!("  the file: {} MB", size / 1_000_000);
    fs::remove_dir_all(&state)?;

    println!("PostgreSQL, as installed (fsync on)");
    let server = Server::start()?;
    bench.database(&server.new_database("bench")?, Some(&server))
}

impl Bench {
    fn database(&self, state: &str, server: Option<&Server>) -> Result<()> {
        self.import("import", &self.all, state, server)?;
        let mut status = Command::new(&self.helper);
        status.args(["status", state, &self.findings.to_string(), ROUNDS]);
        for line in measured(&mut status, server)?.output.lines() {
            println!("  {line}");
        }
        self.import("the same again", &self.all, state, server)?;
        self.import("one of a hundred changed", &self.changed, state, server)?;
        let mut recount = Command::new(&self.helper);
        let recounted = measured(recount.args(["recount", state]), server)?;
        println!("  {}", recounted.output.trim());
        Ok(())
    }

    fn import(&self, what: &str, file: &str, state: &str, server: Option<&Server>) -> Result<Used> {
        let mut command = Command::new(&self.posture);
        command.args(["findings", "import", file, "--state", state]);
        let used = measured(&mut command, server)?;
        println!("  {what}: {used}; {}", used.output.trim());
        Ok(used)
    }
}

/// A file of findings, made once for each count; the maker is deterministic.
fn made(helper: &Path, folder: &Path, findings: u64, is_changed: bool) -> Result<String> {
    let name = if is_changed { "changed" } else { "all" };
    let file = folder.join(format!("{findings}-{name}.jsonl"));
    if !file.exists() {
        let part = file.with_extension("part");
        let mut command = Command::new(helper);
        command.args(["make", &findings.to_string()]).arg(&part);
        if is_changed {
            command.arg("changed");
        }
        ensure!(command.status()?.success(), "findings_bench failed");
        fs::rename(part, &file)?;
    }
    Ok(file.to_string_lossy().into_owned())
}
