//! The `posture` command. Dispatches, and nothing else.

mod clock;
mod commands;
mod config;
mod exit;
mod live;
mod logs;
mod output;
mod sink;

use clap::Parser;

/// Trees of JSON are made by one thread and dropped by another: with glibc's allocator that is a third of the time of
/// an import of findings (docs/benchmarks.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Continuous compliance on AWS: what fails, why, where, and what to do.
#[derive(Debug, Parser)]
#[command(name = "posture", version)]
struct Arguments {
    #[command(flatten)]
    logs: logs::LogArguments,
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    logs::begin(arguments.logs);
    match commands::run(arguments.command) {
        Ok(outcome) => outcome.into(),
        Err(error) => exit::report(&error),
    }
}
