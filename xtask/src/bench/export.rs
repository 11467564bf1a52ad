//! `cargo xtask bench export`: the package of a 91-day assessment of PCI DSS 4.0, which has more than 200
//! controls, over 10,000 resources, some of which change every day.
//!
//! The days are simulated with `faketime` (Debian's package), so that the shipped binary itself records
//! and judges each of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

use crate::test::cargo;

const RESOURCES: u32 = 10_000;
const FRAMEWORK: &str = "pci-dss-4.0";
/// April to June.
const DAYS: u32 = 91;
/// A resource that can change does so on one of so many days.
const EVERY: u32 = 20;

pub(crate) fn run() -> Result<()> {
    println!("goal: the package within 60 s and 512 MB");
    cargo(&[
        "build",
        "--profile",
        "dist",
        "-p",
        "posture",
        "-p",
        "posture-verify",
    ])?;
    super::in_folder("export", |folder| measure(Path::new(folder)))
}

fn measure(folder: &Path) -> Result<()> {
    let target = std::env::var("CARGO_TARGET_DIR");
    let target =
        target.unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../target").into());
    let programs = fs::canonicalize(target)?.join("dist");
    let place = Place {
        folder,
        posture: programs.join("posture"),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let items = items(&super::items_file(&root, RESOURCES)?)?;
    place.on(
        "2026-04-01 05:00:00",
        &[
            "keys",
            "new",
            "posture.example/bench",
            "--file",
            "state.key",
        ],
    )?;
    fs::create_dir(folder.join("state"))?;
    let start = Instant::now();
    for day in 0..DAYS {
        let date = date(day);
        let mut lines = String::new();
        for (number, item) in (0..).zip(&items) {
            lines.push_str(&on_day(item, number, day, &date));
            lines.push('\n');
        }
        fs::write(folder.join("items.jsonl"), lines)?;
        place.on(
            &format!("{date} 06:00:00"),
            &["record", "items.jsonl", "--state", "state"],
        )?;
        let pack = format!("framework:{FRAMEWORK}");
        let scan = ["scan", "--state", "state", "--pack", &pack];
        place.on(&format!("{date} 06:10:00"), &scan)?;
    }
    println!(
        "{DAYS} days simulated in {:.0} s",
        start.elapsed().as_secs_f64()
    );
    let new = [
        "assess",
        "new",
        "q2",
        "--framework",
        FRAMEWORK,
        "--period",
        "2026-Q2",
    ];
    let people = ["--owner", "Ann", "--by", "Ann", "--state", "state"];
    place.on("2026-07-01 08:00:00", &[new.as_slice(), &people].concat())?;
    let export = [
        "assess", "export", "q2", "--output", "q2.zip", "--state", "state",
    ];
    let (seconds, megabytes) = place.on("2026-07-01 09:00:00", &export)?;
    let size = fs::metadata(folder.join("q2.zip"))?.len() >> 20;
    println!("exported in {seconds:.1} s with {megabytes:.0} MB of memory: {size} MiB");
    let start = Instant::now();
    let status = Command::new(programs.join("posture-verify"))
        .arg(folder.join("q2.zip"))
        .stdout(Stdio::null())
        .status()?;
    ensure!(
        status.success(),
        "posture-verify says that the package does not hold"
    );
    println!("verified in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// Where the commands run.
struct Place<'p> {
    folder: &'p Path,
    posture: PathBuf,
}

impl Place<'_> {
    /// Runs a command at a time (UTC); seconds that it took, and megabytes of memory at most.
    fn on(&self, time: &str, arguments: &[&str]) -> Result<(f64, f64)> {
        let start = Instant::now();
        let output = Command::new("/usr/bin/time")
            .args(["-f", "%M", "faketime", "-f", &format!("@{time}")])
            .arg(&self.posture)
            .args(arguments)
            .current_dir(self.folder)
            .env("TZ", "UTC")
            .stdout(Stdio::null())
            .output()
            .context("time and faketime are needed")?;
        let seconds = start.elapsed().as_secs_f64();
        let said = String::from_utf8_lossy(&output.stderr);
        // 1 says that something failed: the resources, not the command.
        ensure!(
            matches!(output.status.code(), Some(0 | 1 | 3)),
            "{arguments:?} at {time}: {said}"
        );
        let kilobytes: f64 = said.lines().last().context("time's line")?.parse()?;
        Ok((seconds, kilobytes / 1024.0))
    }
}

/// The date of a day; the first is 0.
fn date(day: u32) -> String {
    match day {
        0..30 => format!("2026-04-{:02}", day + 1),
        30..61 => format!("2026-05-{:02}", day - 29),
        _ => format!("2026-06-{:02}", day - 60),
    }
}

fn items(file: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(file)?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// A resource as it is recorded on a day: every so often its versioning is suspended.
fn on_day(item: &str, number: u32, day: u32, date: &str) -> String {
    let (before, rest) = item
        .split_once("\"configurationItemCaptureTime\":\"")
        .unwrap_or((item, ""));
    let after = rest.split_once('"').map_or("", |(_, after)| after);
    let item = format!("{before}\"configurationItemCaptureTime\":\"{date}T05:00:00.000Z\"{after}");
    if number % EVERY != day % EVERY {
        return item;
    }
    item.replace(
        "\"BucketVersioningConfiguration\":{\"status\":\"Enabled\"",
        "\"BucketVersioningConfiguration\":{\"status\":\"Suspended\"",
    )
    .replace("\"encrypted\":true", "\"encrypted\":false")
}
