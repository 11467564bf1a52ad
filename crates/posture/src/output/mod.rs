//! The forms of a scan's result, a file each. Machine forms are versioned: a v1 may gain members,
//! never lose or change one.

pub(crate) mod csv;
mod evaluation;
mod exceptions;
mod html;
mod json;
mod junit;
mod markdown;
pub(crate) mod remediation;
mod sarif;
pub(crate) mod schema;
pub(crate) mod table;
pub(crate) mod terminal;

use std::collections::BTreeSet;
use std::io::Write;

use posture_engine::{Scan, ScanError};

use crate::live::CoverageV1;

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For a person at a terminal.
    Table,
    /// One document with everything, `posture.scan/v1`.
    Json,
    /// One verdict a line.
    Jsonl,
    /// One verdict a row, safe to open in a spreadsheet.
    Csv,
    /// For the test reports of CI systems.
    Junit,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// One file that works offline.
    Html,
    /// For job summaries and comments.
    Markdown,
}

/// Writes a scan in a form. Colour, width and `news` concern the table only. `coverage` is there where
/// AWS itself was read.
pub(crate) fn write(
    scan: &Scan<'_>,
    coverage: Option<&[CoverageV1<'_>]>,
    news: Option<&BTreeSet<u64>>,
    format: Format,
    look: terminal::Look,
    out: &mut dyn Write,
) -> Result<(), ScanError> {
    match format {
        Format::Table => table::write(scan, news, look, out),
        Format::Json => json::write(scan, coverage, out),
        Format::Jsonl => json::write_lines(scan, out),
        Format::Csv => csv::write(scan, out),
        Format::Junit => junit::write(scan, out),
        Format::Sarif => sarif::write(scan, out),
        Format::Html => html::write(scan, out),
        Format::Markdown => markdown::write(scan, out),
    }
}
