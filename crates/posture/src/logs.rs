//! Logs: what long-running commands say of themselves, on stderr.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// An object a line.
    Json,
}

/// How much is said beside the output.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct LogArguments {
    /// Says nothing beside the output but what went wrong: no progress, no log of what is done.
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    /// How the log of watch and worker is written, on stderr.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    log_format: LogFormat,
}

static QUIET: AtomicBool = AtomicBool::new(false);

/// Whether somebody looks who wants to know how far it is.
pub(crate) fn shows_progress() -> bool {
    !QUIET.load(Ordering::Relaxed) && std::io::stderr().is_terminal()
}

/// Writes from now on. Only what this program says of itself: what libraries say of requests may hold
/// what is nobody's business.
pub(crate) fn begin(arguments: LogArguments) {
    QUIET.store(arguments.quiet, Ordering::Relaxed);
    let level = if arguments.quiet {
        Level::WARN
    } else {
        Level::INFO
    };
    let ours = Targets::new().with_target("posture", level);
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = match arguments.log_format {
        LogFormat::Text => lines.with_ansi(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    // Only a second call would fail, and there is none.
    drop(
        tracing_subscriber::registry()
            .with(lines.with_filter(ours))
            .try_init(),
    );
}
