//! `posture.scan/v1`: one document, or one verdict a line.

use std::io::Write;

use posture_engine::{Row, Scan, ScanError};
use serde::Serialize;

use super::evaluation::EvaluationV1;
use super::exceptions;
use crate::live::CoverageV1;

pub(crate) const SCHEMA: &str = "posture.scan/v1";

pub(crate) fn write(
    scan: &Scan<'_>,
    coverage: Option<&[CoverageV1<'_>]>,
    out: &mut dyn Write,
) -> Result<(), ScanError> {
    let exceptions = exceptions::results(scan)?;
    let now = scan.now().to_string();
    let mut text = String::from("{");
    member(&mut text, "schema", &SCHEMA)?;
    member(&mut text, "postureVersion", &env!("CARGO_PKG_VERSION"))?;
    member(&mut text, "evaluatedAt", &now)?;
    member(&mut text, "resources", &scan.resources)?;
    member(&mut text, "packs", &scan.packs)?;
    member(&mut text, "rules", &scan.rules)?;
    member(&mut text, "exceptions", &exceptions)?;
    member(&mut text, "inputs", &scan.inputs)?;
    if let Some(coverage) = coverage {
        member(&mut text, "coverage", &coverage)?;
    }
    text.push_str("\"evaluations\":[");
    out.write_all(text.as_bytes()).map_err(ScanError::Output)?;
    let mut separated = Separated {
        out,
        is_first: true,
    };
    scan.write_rows(&|_| true, &render, &mut separated)?;
    out.write_all(b"]}\n").map_err(ScanError::Output)
}

pub(crate) fn write_lines(scan: &Scan<'_>, out: &mut dyn Write) -> Result<(), ScanError> {
    let line = |row: &Row<'_>, text: &mut Vec<u8>| {
        to_json(text, &EvaluationV1::new(row));
        text.push(b'\n');
    };
    scan.write_rows(&|_| true, &line, out)
}

/// Each verdict begins with the comma that the first one doesn't have.
fn render(row: &Row<'_>, text: &mut Vec<u8>) {
    text.extend_from_slice(b",\n");
    to_json(text, &EvaluationV1::new(row));
}

fn to_json(text: &mut Vec<u8>, value: &impl Serialize) {
    // Writing to memory can't fail, and no member has a key that JSON doesn't allow.
    drop(sonic_rs::to_writer(text, value));
}

fn member(text: &mut String, name: &str, value: &impl Serialize) -> Result<(), ScanError> {
    let json = serde_json::to_string(value).map_err(|error| ScanError::Output(error.into()))?;
    text.extend(["\"", name, "\":", &json, ",\n"]);
    Ok(())
}

/// Drops the first byte of what is written.
struct Separated<'o> {
    out: &'o mut dyn Write,
    is_first: bool,
}

impl Write for Separated<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let Some((_, rest)) = bytes.split_first().filter(|_| self.is_first) else {
            return self.out.write(bytes);
        };
        self.is_first = false;
        self.out.write_all(rest)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
