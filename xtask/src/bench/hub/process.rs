//! What a process used.

use std::fmt;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::postgres::Server;

/// What a run came to.
pub(super) struct Used {
    pub(super) output: String,
    seconds: f64,
    cpu_seconds: f64,
    server_seconds: Option<f64>,
    megabytes: f64,
}

/// Runs a command under GNU time. With a server, its processor time is told, too.
pub(super) fn measured(command: &mut Command, server: Option<&Server>) -> Result<Used> {
    let before = server.map(Server::cpu_seconds).transpose()?;
    let mut timed = Command::new("/usr/bin/time");
    timed
        .args(["-f", "%U %S %M"])
        .arg(command.get_program())
        .args(command.get_args());
    let start = Instant::now();
    let output = timed
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()?;
    let seconds = start.elapsed().as_secs_f64();
    let told = String::from_utf8(output.stderr)?;
    ensure!(output.status.success(), "{command:?}: {told}");
    let mut numbers = told
        .lines()
        .last()
        .context("time's line")?
        .split(' ')
        .map(str::parse::<f64>);
    let mut number = || {
        numbers
            .next()
            .context("time's line")?
            .context("time's line")
    };
    let cpu_seconds = number()? + number()?;
    let after = server.map(Server::cpu_seconds).transpose()?;
    Ok(Used {
        output: String::from_utf8(output.stdout)?,
        seconds,
        cpu_seconds,
        server_seconds: before.zip(after).map(|(before, after)| after - before),
        megabytes: number()? / 1024.0,
    })
}

impl fmt::Display for Used {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} s, CPU {:.1} s", self.seconds, self.cpu_seconds)?;
        if let Some(server) = self.server_seconds {
            write!(f, " + the server's {server:.1} s")?;
        }
        write!(f, ", {:.0} MB", self.megabytes)
    }
}

/// The machine's load over the last minute, five and fifteen.
pub(super) fn load() -> String {
    let told = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    told.split(' ').take(3).collect::<Vec<_>>().join(" ")
}
