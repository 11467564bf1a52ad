//! `posture frameworks diff`.

use std::io::Write as _;

use posture_content::frameworks::{Change, diff};

use super::framework;
use crate::commands::{CommandError, ListFormat};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// What changed from one framework, or version of it, to another.
///
/// A control that has another id but the same title has moved: publishers renumber.
#[derive(Debug, clap::Args)]
pub(super) struct Diff {
    /// The first framework's name, or a file.
    from: String,
    /// The second's.
    to: String,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

impl Diff {
    pub(super) fn run(self) -> Result<Outcome, CommandError> {
        let (before, after) = (framework(&self.from)?, framework(&self.to)?);
        let changes = diff(&before, &after);
        let mut out = Sink::new(None)?;
        match self.format {
            ListFormat::Json => {
                serde_json::to_writer_pretty(&mut out, &changes)?;
                writeln!(out)?;
            }
            ListFormat::Table => {
                for change in &changes {
                    writeln!(out, "{}", plain(&words(change)))?;
                }
                let count =
                    |is: fn(&Change) -> bool| changes.iter().filter(|change| is(change)).count();
                writeln!(
                    out,
                    "{} added, {} removed, {} moved, {} changed",
                    count(|change| matches!(change, Change::Added { .. })),
                    count(|change| matches!(change, Change::Removed { .. })),
                    count(|change| matches!(change, Change::Moved { .. })),
                    count(|change| matches!(change, Change::Changed { .. })),
                )?;
            }
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

fn words(change: &Change) -> String {
    match change {
        Change::Added { to, title } => format!("+ {to} {title}"),
        Change::Removed { from, title } => format!("- {from} {title}"),
        Change::Moved { from, to, title } => format!("> {from} is now {to} {title}"),
        Change::Changed {
            to,
            field,
            before,
            after,
        } => format!("~ {to} {field}: {} → {}", said(before), said(after)),
    }
}

fn said(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}
