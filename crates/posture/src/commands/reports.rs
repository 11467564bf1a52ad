//! What could not be read of files.

use std::io::Write as _;

use posture_engine::{InputError, InputReport};

use crate::output::terminal::plain;

/// Says on stderr what could not be read, and where nothing of what was expected was there. Whether
/// everything was read.
pub(crate) fn say_what_was_not_read(
    reports: &[InputReport],
    expected: &str,
) -> Result<bool, std::io::Error> {
    let mut stderr = std::io::stderr().lock();
    let mut is_whole = true;
    for report in reports {
        let name = plain(&report.name);
        for error in &report.errors {
            is_whole = false;
            writeln!(stderr, "{name}: {}", plain(&error.to_string()))?;
        }
        if report.further_errors > 0 {
            writeln!(stderr, "{name}: and {} more errors", report.further_errors)?;
        }
        if report.items == 0 && report.errors.is_empty() {
            writeln!(stderr, "{name}: holds no {expected}")?;
        }
    }
    Ok(is_whole)
}

/// The report of a file of which nothing was read.
pub(crate) fn refused(name: String, why: &str) -> InputReport {
    let message = why.to_owned();
    InputReport {
        name,
        errors: vec![InputError { offset: 0, message }],
        ..InputReport::default()
    }
}
