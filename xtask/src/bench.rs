//! `cargo xtask bench [ITEMS]`: speed and memory of a scan, as ratios in one run.

#![expect(clippy::print_stdout, reason = "its result")]

pub(crate) mod evidence;
pub(crate) mod export;
pub(crate) mod hub;
pub(crate) mod ledger;
pub(crate) mod router;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::test::cargo;

const SIX: [&str; 6] = [
    "hipaa-security",
    "pci-dss-4.0",
    "nist-800-53-r5",
    "cis-aws-v1.4-level-1",
    "cis-aws-v1.4-level-2",
    "nist-csf",
];

struct Run {
    seconds: f64,
    megabytes: f64,
}

pub(crate) fn run(items: u32) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("the workspace")?;
    cargo(&["build", "--profile", "dist", "-p", "posture"])?;
    cargo(&[
        "build",
        "--profile",
        "dist",
        "-p",
        "posture-model",
        "--example",
        "parse_limit",
    ])?;
    let bin = root.join("target/dist");
    let file = items_file(root, items)?;
    let bytes = fs::metadata(&file)?.len();
    let path = file.to_string_lossy().into_owned();
    println!("{items} items of gen_ci.py, {:.2} GB", to_f64(bytes) / 1e9);

    // Once unmeasured, so that the file is in memory for all.
    limit(&bin, &path)?;
    let limit = median([
        limit(&bin, &path)?,
        limit(&bin, &path)?,
        limit(&bin, &path)?,
    ]);
    println!("sonic-rs' own tree, every processor: {limit:.2} s");
    let one = scan(&bin, &path, &["nist-800-53-r5"], "table")?;
    report(
        "NIST 800-53 r5, table",
        &one,
        one.seconds / limit,
        "sonic-rs",
        3.0,
    );
    let lines = scan(&bin, &path, &["nist-800-53-r5"], "jsonl")?;
    report(
        "NIST 800-53 r5, JSON Lines",
        &lines,
        lines.seconds / one.seconds,
        "the table",
        2.0,
    );
    let six = scan(&bin, &path, &SIX, "table")?;
    report(
        "all six packs, table",
        &six,
        six.seconds / one.seconds,
        "NIST alone",
        1.3,
    );
    Ok(())
}

fn report(what: &str, run: &Run, ratio: f64, of: &str, goal: f64) {
    println!(
        "{what}: {:.2} s, {:.0} MB, {ratio:.2} x {of} (goal {goal})",
        run.seconds, run.megabytes
    );
}

/// Runs a crate's own bench, as what is shipped is built.
fn example(package: &str, name: &str, arguments: &[&str]) -> Result<()> {
    let mut words = vec!["run", "--quiet", "--profile", "dist", "-p", package];
    words.extend(["--example", name, "--"]);
    words.extend(arguments);
    cargo(&words)
}

/// Gives an empty folder, which is gone afterwards.
fn in_folder(name: &str, run: impl FnOnce(&str) -> Result<()>) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    let folder = root.join(format!("bench-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let result = run(&folder.to_string_lossy());
    fs::remove_dir_all(&folder)?;
    result
}

/// Made once for each count; the generator is deterministic.
fn items_file(root: &Path, items: u32) -> Result<PathBuf> {
    let file = root.join(format!("target/bench-{items}.jsonl"));
    if !file.exists() {
        let generator = root.join("../shared/tools/gen_ci.py");
        ensure!(generator.exists(), "{} is absent", generator.display());
        let part = file.with_extension("part");
        let out = fs::File::create(&part)?;
        let status = Command::new("python3")
            .arg(generator)
            .arg(items.to_string())
            .stdout(out)
            .status()?;
        ensure!(status.success(), "gen_ci.py failed");
        fs::rename(part, &file)?;
    }
    Ok(file)
}

fn limit(bin: &Path, path: &str) -> Result<f64> {
    let output = Command::new(bin.join("examples/parse_limit"))
        .arg(path)
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn median(mut times: [f64; 3]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[1]
}

/// The median of three runs, with the most memory of any.
fn scan(bin: &Path, path: &str, packs: &[&str], format: &str) -> Result<Run> {
    let mut runs = [0.0; 3];
    let mut megabytes: f64 = 0.0;
    for seconds in &mut runs {
        let mut command = Command::new("/usr/bin/time");
        command.args(["-f", "%M"]).arg(bin.join("posture"));
        command.args(["scan", path, "--format", format, "--as-of", "2030-01-01"]);
        for pack in packs {
            command.args(["--pack", pack]);
        }
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let start = Instant::now();
        let output = command.spawn()?.wait_with_output()?;
        *seconds = start.elapsed().as_secs_f64();
        let text = String::from_utf8(output.stderr)?;
        let kilobytes: f64 = text.lines().last().context("time's line")?.parse()?;
        megabytes = megabytes.max(kilobytes / 1024.0);
    }
    Ok(Run {
        seconds: median(runs),
        megabytes,
    })
}

#[expect(clippy::cast_precision_loss, reason = "a size to print")]
fn to_f64(bytes: u64) -> f64 {
    bytes as f64
}
