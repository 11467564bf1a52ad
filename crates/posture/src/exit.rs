//! Exit codes, all of them.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

/// How a command ended. Where several hold, the order is: usage, findings, incomplete, clean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// 0: nothing found.
    Clean,
    /// 1: findings at or above `--fail-on`.
    Findings,
    /// 1: `events test`: the event does not match.
    NoMatch,
    /// 2: usage, or no input could be read.
    BadInput,
    /// 3: some of what was asked for could not be read.
    Incomplete,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Findings | Outcome::NoMatch => 1,
            Outcome::BadInput => 2,
            Outcome::Incomplete => 3,
        })
    }
}

/// Ends the process at once, as one that an interrupt ended: 130.
#[expect(clippy::exit, reason = "a second interrupt wants no destructors")]
pub(crate) fn interrupted() -> ! {
    std::process::exit(130)
}

/// Says on stderr why a command could not run. A closed pipe on our output is no error of ours.
pub(crate) fn report(error: &crate::commands::CommandError) -> ExitCode {
    let mut stderr = std::io::stderr().lock();
    match writeln!(stderr, "error: {}", with_causes(error)) {
        Ok(()) | Err(_) => Outcome::BadInput.into(),
    }
}

/// What went wrong, and why, in one line.
pub(crate) fn with_causes(error: &crate::commands::CommandError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
