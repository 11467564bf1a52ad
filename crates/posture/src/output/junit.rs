//! JUnit XML: each verdict a test case, its class the rule, so that CI systems group by rule.

use std::io::Write;

use posture_engine::{Disposition, Row, Scan, ScanError};
use posture_rules::ComplianceType;

enum Result {
    Passed,
    Failed,
    Error,
    Skipped,
}

fn result(compliance_type: ComplianceType, disposition: Disposition) -> Result {
    match (compliance_type, disposition) {
        (ComplianceType::NonCompliant, Disposition::Counted) => Result::Failed,
        (ComplianceType::InsufficientData, Disposition::Counted) => Result::Error,
        (ComplianceType::Compliant, Disposition::Counted) => Result::Passed,
        _ => Result::Skipped,
    }
}

pub(crate) fn write(scan: &Scan<'_>, out: &mut dyn Write) -> std::result::Result<(), ScanError> {
    let (mut tests, mut failures, mut errors, mut skipped) = (0, 0, 0, 0);
    for outline in scan.outlines() {
        tests += 1;
        match result(outline.compliance_type, outline.disposition) {
            Result::Passed => {}
            Result::Failed => failures += 1,
            Result::Error => errors += 1,
            Result::Skipped => skipped += 1,
        }
    }
    let counts = format!(
        "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\""
    );
    let now = scan.now();
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"posture\" {counts}>\n\
         <testsuite name=\"posture scan\" timestamp=\"{now}\" {counts}>"
    )
    .map_err(ScanError::Output)?;
    scan.write_rows(
        &|_| true,
        &|row, text| text.extend(case(row).into_bytes()),
        out,
    )?;
    writeln!(out, "</testsuite>\n</testsuites>").map_err(ScanError::Output)
}

fn case(row: &Row<'_>) -> String {
    let item = row.item;
    let name = format!(
        "{} {} ({} {})",
        item.type_name(),
        item.resource_id(),
        item.account_id(),
        item.aws_region()
    );
    let reason = escaped(&row.annotation());
    let severity = row.severity.as_str();
    let inside = match result(row.compliance_type, row.disposition) {
        Result::Passed => String::new(),
        Result::Failed => {
            format!(
                "<failure type=\"NON_COMPLIANT\" message=\"{reason}\">severity {severity}: {reason}</failure>"
            )
        }
        Result::Error => {
            format!("<error type=\"INSUFFICIENT_DATA\" message=\"{reason}\">{reason}</error>")
        }
        Result::Skipped => match row.exception {
            Some(exception) => format!(
                "<skipped message=\"{}: {}\"/>",
                row.disposition.as_str(),
                escaped(&exception.name)
            ),
            None => format!("<skipped message=\"{reason}\"/>"),
        },
    };
    format!(
        "<testcase classname=\"{}\" name=\"{}\">{inside}</testcase>\n",
        escaped(&row.rule.rule_name),
        escaped(&name),
    )
}

/// Text for XML 1.0, which has no way to write most control characters.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\n' => safe.push_str("&#10;"),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                safe.push('\u{fffd}');
            }
            letter => safe.push(letter),
        }
    }
    safe
}
