//! `posture frameworks list`.

use std::io::Write as _;

use posture_content::frameworks::{Counts, Framework};

use super::embedded;
use crate::commands::CommandError;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Every built-in framework: its controls, and how far they are covered.
#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// For a person.
    Table,
    /// For machines.
    Json,
    /// A table for a page of documentation.
    Markdown,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'f> {
    name: &'f str,
    standard: &'f str,
    version: &'f str,
    title: &'f str,
    source: &'f str,
    #[serde(flatten)]
    counts: Counts,
}

impl List {
    pub(super) fn run(self) -> Result<Outcome, CommandError> {
        let mut out = Sink::new(None)?;
        let lines: Vec<Line<'_>> = embedded()?.iter().map(line).collect();
        match self.format {
            Format::Json => {
                serde_json::to_writer_pretty(&mut out, &lines)?;
                writeln!(out)?;
            }
            Format::Table => {
                writeln!(
                    out,
                    "{:<20} {:>8} {:>5} {:>8} {:>7} {:>14} {:>6} {:>12}",
                    "FRAMEWORK",
                    "CONTROLS",
                    "FULL",
                    "PARTIAL",
                    "MANUAL",
                    "NOT AUTOMATED",
                    "RULES",
                    "IMPLEMENTED"
                )?;
                for Line { name, counts, .. } in &lines {
                    writeln!(
                        out,
                        "{name:<20} {:>8} {:>5} {:>8} {:>7} {:>14} {:>6} {:>12}",
                        counts.controls,
                        counts.full,
                        counts.partial,
                        counts.manual,
                        counts.not_automated,
                        counts.rules,
                        counts.implemented
                    )?;
                }
                writeln!(out, "{} frameworks", lines.len())?;
            }
            Format::Markdown => {
                writeln!(
                    out,
                    "| Framework | Name | Controls | Full | Partial | Manual | Not automated | Rules |"
                )?;
                writeln!(
                    out,
                    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
                )?;
                for Line {
                    name,
                    title,
                    counts,
                    ..
                } in &lines
                {
                    writeln!(
                        out,
                        "| {title} | `{name}` | {} | {} | {} | {} | {} | {} |",
                        counts.controls,
                        counts.full,
                        counts.partial,
                        counts.manual,
                        counts.not_automated,
                        counts.rules
                    )?;
                }
            }
        }
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

fn line(framework: &Framework) -> Line<'_> {
    Line {
        name: &framework.name,
        standard: &framework.standard,
        version: &framework.version,
        title: &framework.title,
        source: &framework.source,
        counts: Counts::of(framework),
    }
}
