//! For job summaries and comments: what a reviewer needs, in a few lines.

use std::collections::BTreeMap;
use std::io::{self, Write};

use posture_engine::{Disposition, Outline, Row, Scan, ScanError};
use posture_rules::ComplianceType;

/// Failures listed; the other formats have them all.
const ROWS: usize = 50;

pub(crate) fn write(scan: &Scan<'_>, out: &mut dyn Write) -> Result<(), ScanError> {
    packs(scan, out).map_err(ScanError::Output)?;
    rows(scan, "Failures", ComplianceType::NonCompliant, out)?;
    rows(
        scan,
        "Could not be checked",
        ComplianceType::InsufficientData,
        out,
    )
}

fn packs(scan: &Scan<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Posture scan\n")?;
    writeln!(
        out,
        "As of {}: {} resources, {} rules.\n",
        scan.now(),
        scan.resources,
        scan.rules.len()
    )?;
    writeln!(
        out,
        "| Pack | Score | Passed / pairs | Coverage | No data | Not implemented |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |"
    )?;
    let percent =
        |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.1}%"));
    for pack in &scan.packs {
        writeln!(
            out,
            "| {} | {} | {} / {} | {} | {} | {} |",
            cell(&pack.name),
            percent(pack.score.score),
            pack.score.compliant_pairs,
            pack.score.total_pairs,
            percent(pack.score.coverage),
            pack.counts.insufficient_data,
            pack.not_implemented.len(),
        )?;
    }
    Ok(())
}

fn rows(
    scan: &Scan<'_>,
    title: &str,
    compliance_type: ComplianceType,
    out: &mut dyn Write,
) -> Result<(), ScanError> {
    let tells = |outline: &Outline<'_>| {
        outline.compliance_type == compliance_type && outline.disposition == Disposition::Counted
    };
    let mut by_severity: Vec<_> = scan
        .outlines()
        .filter(tells)
        .map(|outline| (std::cmp::Reverse(outline.severity), outline.number))
        .collect();
    let total = by_severity.len();
    by_severity.sort_unstable();
    by_severity.truncate(ROWS);
    let places: BTreeMap<u64, usize> = (0..)
        .zip(&by_severity)
        .map(|(place, (_, number))| (*number, place))
        .collect();
    let mut lines = scan.collect_numbered(&places.keys().copied().collect(), &|row| {
        (places.get(&row.number).copied(), line(row))
    })?;
    lines.sort();
    writeln!(out, "\n## {title}: {total}\n").map_err(ScanError::Output)?;
    if total == 0 {
        return writeln!(out, "None.").map_err(ScanError::Output);
    }
    writeln!(
        out,
        "| Severity | Rule | Resource | Why |\n| --- | --- | --- | --- |"
    )
    .map_err(ScanError::Output)?;
    for (_, line) in &lines {
        writeln!(out, "{line}").map_err(ScanError::Output)?;
    }
    if total > lines.len() {
        writeln!(out, "\n{} more are not shown.", total - lines.len())
            .map_err(ScanError::Output)?;
    }
    Ok(())
}

fn line(row: &Row<'_>) -> String {
    let item = row.item;
    format!(
        "| {} | `{}` | {} {} ({} {}) | {} |",
        row.severity.as_str(),
        cell(&row.rule.rule_name),
        cell(item.type_name()),
        cell(item.resource_id()),
        cell(item.account_id()),
        cell(item.aws_region()),
        cell(&row.annotation()),
    )
}

/// Text that can neither leave its cell nor be markup: a resource's name is its owner's.
fn cell(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in super::terminal::plain(text).chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '`' | '*' | '[' | ']' | '\\' | '#' | '~' | '@' | '!' | '$' => {
                safe.push('\\');
                safe.push(letter);
            }
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_can_be_no_markup() {
        assert_eq!(
            super::cell("a|b`c`<script>[x](y)\n@team"),
            "a\\|b\\`c\\`&lt;script&gt;\\[x\\](y)\u{fffd}\\@team"
        );
    }
}
