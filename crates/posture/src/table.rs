//! A scan for a person to read.

use std::io::{Result, Write};

use posture_engine::{EvaluationRow, Report};

/// Resources shown of each rule; `--format jsonl` has them all.
const EXAMPLES: usize = 2;

pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "As of {}\n", report.evaluated_at)?;
    writeln!(
        out,
        "{:<44} {:>7} {:>13} {:>9} {:>7} {:>9}  RESULT",
        "PACK", "SCORE", "PASSED/PAIRS", "COVERAGE", "NO DATA", "NOT IMPL."
    )?;
    for pack in &report.packs {
        let percent =
            |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.1}%"));
        writeln!(
            out,
            "{:<44} {:>7} {:>13} {:>9} {:>7} {:>9}  {}",
            pack.name,
            percent(pack.score.score),
            format!("{}/{}", pack.score.compliant_pairs, pack.score.total_pairs),
            percent(pack.score.coverage),
            pack.counts.insufficient_data,
            pack.not_implemented.len(),
            pack.compliance_type,
        )?;
        if pack.without_resources + pack.manual > 0 {
            writeln!(
                out,
                "    of {} rules, {} found no resource in the input, {} are for a person to check",
                pack.rules, pack.without_resources, pack.manual,
            )?;
        }
        for invalid in &pack.invalid_parameters {
            writeln!(out, "    parameters: {}", plain(invalid))?;
        }
    }
    let mut failures = rows(report, "NON_COMPLIANT");
    failures.sort_by_key(|row| std::cmp::Reverse(rank(row.severity)));
    section(out, "Failures", &failures)?;
    section(
        out,
        "Could not be checked",
        &rows(report, "INSUFFICIENT_DATA"),
    )
}

fn rows<'r>(report: &'r Report, compliance_type: &str) -> Vec<&'r EvaluationRow> {
    let of = |row: &&EvaluationRow| row.compliance_type == compliance_type;
    report.evaluations.iter().filter(of).collect()
}

/// A rule at a time, in the order of the rows, with its first resources.
fn section(out: &mut dyn Write, title: &str, rows: &[&EvaluationRow]) -> Result<()> {
    writeln!(out, "\n{title}: {}", rows.len())?;
    let mut rules: Vec<&str> = Vec::new();
    for row in rows {
        if !rules.contains(&row.rule_name) {
            rules.push(row.rule_name);
        }
    }
    for rule in &rules {
        let of_rule: Vec<_> = rows.iter().filter(|row| row.rule_name == *rule).collect();
        let severity = of_rule.first().map_or("", |row| row.severity);
        writeln!(out, "  {severity:<8} {rule}: {}", of_rule.len())?;
        for row in of_rule.iter().take(EXAMPLES) {
            writeln!(
                out,
                "      {} {} ({} {})\n        {}",
                plain(&row.resource_type),
                plain(&row.resource_id),
                plain(&row.account_id),
                plain(&row.aws_region),
                plain(&row.annotation),
            )?;
        }
        if of_rule.len() > EXAMPLES {
            writeln!(out, "      and {} more", of_rule.len() - EXAMPLES)?;
        }
    }
    Ok(())
}

fn rank(severity: &str) -> usize {
    ["low", "medium", "high", "critical"]
        .iter()
        .position(|known| *known == severity)
        .map_or(0, |index| index + 1)
}

/// Text from the input, with what could steer a terminal replaced: a resource's name is its
/// owner's, who may be an attacker.
pub(crate) fn plain(text: &str) -> String {
    let steers = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|letter| if steers(letter) { '\u{fffd}' } else { letter })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(
            plain("a\u{1b}[31m\nb\u{202e}c"),
            "a\u{fffd}[31m\u{fffd}b\u{fffd}c"
        );
    }
}
