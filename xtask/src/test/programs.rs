//! The workspace's test programs, several at a time: many of them wait most of their time for a server, and `cargo test` runs one
//! after the other.

use std::fs::File;
use std::io::Write as _;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ScopedJoinHandle;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// Each may start servers of its own, which take memory.
const MOST_AT_ONCE: usize = 4;

/// One program.
struct Program {
    name: String,
    executable: PathBuf,
    /// The folder of its package, where `cargo test` runs it.
    folder: PathBuf,
}

/// Builds all and runs them; what a program printed follows its name once it has ended.
pub(super) fn run() -> Result<()> {
    let programs = built()?;
    ensure!(!programs.is_empty(), "cargo built no test program");
    let at_once = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut failed = Vec::new();
        while let Some(program) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
            if !program.run() {
                failed.push(program.name.as_str());
            }
        }
        failed
    };
    let failed: Vec<&str> = std::thread::scope(|scope| {
        let workers = (0..at_once.min(MOST_AT_ONCE)).map(|_| scope.spawn(work));
        let workers: Vec<_> = workers.collect();
        let failed = workers.into_iter().map(ScopedJoinHandle::join);
        failed
            .flat_map(|failed| failed.unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    ensure!(failed.is_empty(), "tests failed in {}", failed.join(", "));
    Ok(())
}

/// What cargo says that it built: <https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>.
fn built() -> Result<Vec<Program>> {
    let output = Command::new("cargo")
        .args(["test", "--workspace", "--no-run"])
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "the tests could not be built");
    let mut programs = Vec::new();
    for line in output.stdout.split(|byte| *byte == b'\n') {
        let Ok(message) = serde_json::from_slice::<Value>(line) else {
            continue;
        };
        if message["profile"]["test"] != true {
            continue;
        }
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let Some(executable) = text(&message["executable"]) else {
            continue;
        };
        let manifest = text(&message["manifest_path"]).context("a program without a manifest")?;
        let folder = Path::new(&manifest)
            .parent()
            .context("a manifest without a folder")?;
        let package = folder.file_name().unwrap_or_default().to_string_lossy();
        let target = text(&message["target"]["name"]).unwrap_or_default();
        programs.push(Program {
            name: format!("{package}/{target}"),
            executable: executable.into(),
            folder: folder.to_owned(),
        });
    }
    programs.sort_by(|a, b| (&a.name, &a.executable).cmp(&(&b.name, &b.executable)));
    Ok(programs)
}

impl Program {
    /// Whether its tests passed.
    fn run(&self) -> bool {
        let start = Instant::now();
        let (came_to, output) = match self.output() {
            Ok((true, output)) => ("passed", output),
            Ok((false, output)) => ("FAILED", output),
            Err(error) => ("FAILED", error.to_string().into_bytes()),
        };
        let seconds = start.elapsed().as_secs_f64();
        let mut out = std::io::stdout().lock();
        // Where nobody reads it, the exit code still says it.
        drop(writeln!(out, "{}: {came_to} in {seconds:.1} s", self.name));
        drop(out.write_all(&output));
        came_to == "passed"
    }

    /// By way of a file beside the program: a pipe stays open for as long as any server that a test left behind.
    fn output(&self) -> Result<(bool, Vec<u8>)> {
        let log = self.executable.with_extension("log");
        let file = File::create(&log)?;
        let status = Command::new(&self.executable)
            .current_dir(&self.folder)
            .env("CARGO_MANIFEST_DIR", &self.folder)
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .status()?;
        Ok((status.success(), std::fs::read(&log)?))
    }
}
