//! A scan for a person to read.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use posture_engine::{Disposition, Outline, PackResult, Row, RuleResult, Scan, ScanError};
use posture_rules::{ComplianceType, Severity};

use super::exceptions;
use super::terminal::{Look, Style, plain};

/// Resources shown of each rule; the other formats have them all.
const EXAMPLES: usize = 2;

/// Rules shown in each section.
const RULES: usize = 40;

/// With `news`, the numbers of verdicts that are others than the last time, only these are shown one by one.
pub(crate) fn write(
    scan: &Scan<'_>,
    news: Option<&BTreeSet<u64>>,
    look: Look,
    out: &mut dyn Write,
) -> Result<(), ScanError> {
    writeln!(
        out,
        "As of {}: {} resources, {} rules\n",
        scan.now(),
        scan.resources,
        scan.rules.len()
    )
    .map_err(ScanError::Output)?;
    packs(scan, look, out).map_err(ScanError::Output)?;
    for section in [
        Section {
            title: "Failures",
            compliance_type: ComplianceType::NonCompliant,
            style: Style::Bad,
            news,
        },
        Section {
            title: "Could not be checked",
            compliance_type: ComplianceType::InsufficientData,
            style: Style::Warning,
            news,
        },
    ] {
        section.write(scan, look, out)?;
    }
    let results = exceptions::results(scan)?;
    write_exceptions(&results, look, out).map_err(ScanError::Output)
}

fn packs(scan: &Scan<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    // Score, pairs, coverage, checks without data and identifiers without a rule take 54 columns.
    let longest = scan
        .packs
        .iter()
        .map(|pack| pack.name.chars().count())
        .max();
    let name_width = longest
        .unwrap_or(4)
        .clamp(4, look.width.saturating_sub(54).max(16));
    let heads = format!(
        "{:<name_width$} {:>6} {:>15} {:>8} {:>8} {:>9}",
        "PACK", "SCORE", "PASSED/PAIRS", "COVERAGE", "NO DATA", "NOT IMPL."
    );
    writeln!(out, "{}", look.paint(Style::Bold, &heads))?;
    for pack in &scan.packs {
        // An alert under 90, an incident under 80.
        let style = match pack.score.score {
            Some(score) if score >= 90.0 => Style::Good,
            Some(score) if score < 80.0 => Style::Bad,
            _ => Style::Warning,
        };
        let name = fitted(&plain(&pack.name), name_width);
        let score = look.paint(style, &format!("{:>6}", percent(pack.score.score)));
        writeln!(
            out,
            "{name:<name_width$} {score} {:>15} {:>8} {:>8} {:>9}",
            format!("{}/{}", pack.score.compliant_pairs, pack.score.total_pairs),
            percent(pack.score.coverage),
            pack.counts.insufficient_data,
            pack.not_implemented.len(),
        )?;
        let notes = notes(pack);
        if !notes.is_empty() {
            let line = look.wrapped(&notes.join(", "), 4);
            writeln!(out, "    {}", look.paint(Style::Dim, &line))?;
        }
        for invalid in &pack.invalid_parameters {
            writeln!(out, "    parameters: {}", plain(invalid))?;
        }
    }
    Ok(())
}

/// What the score leaves out.
fn notes(pack: &PackResult) -> Vec<String> {
    let counts = &pack.counts;
    [
        (
            pack.without_resources,
            "rules without a resource in the input",
        ),
        (pack.manual, "manual"),
        (pack.filtered, "rules filtered out"),
        (counts.not_applicable, "pairs not applicable"),
        (counts.excluded, "pairs excluded (made by AWS)"),
        (counts.suppressed, "failures suppressed"),
        (counts.risk_accepted, "failures with accepted risk"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, words)| format!("{count} {words}"))
    .collect()
}

fn percent(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.1}%"))
}

fn fitted(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(width - 1).collect();
    cut.push('…');
    cut
}

struct Section<'n> {
    title: &'static str,
    compliance_type: ComplianceType,
    style: Style,
    news: Option<&'n BTreeSet<u64>>,
}

struct Example {
    rule: usize,
    resource: String,
    reason: String,
}

impl Section<'_> {
    fn holds(&self, outline: &Outline<'_>) -> bool {
        outline.compliance_type == self.compliance_type
            && outline.disposition == Disposition::Counted
            && self.news.is_none_or(|news| news.contains(&outline.number))
    }

    /// A rule at a time, the worst first, with its first resources.
    fn write(&self, scan: &Scan<'_>, look: Look, out: &mut dyn Write) -> Result<(), ScanError> {
        let counts = self.counts(scan);
        let (total, rules) = Self::rules(scan, &counts);
        let shown: BTreeSet<&str> = rules
            .iter()
            .take(RULES)
            .map(|(rule, ..)| rule.rule_name.as_str())
            .collect();
        let numbers = self.examples(scan, &counts, &shown);
        let examples = scan.collect_numbered(&numbers, &|row| example(row, scan))?;
        self.print(total, &rules, &examples, scan, look, out)
            .map_err(ScanError::Output)
    }

    /// The numbers of the first verdicts of each of these rules.
    fn examples(&self, scan: &Scan<'_>, counts: &[usize], rules: &BTreeSet<&str>) -> BTreeSet<u64> {
        // What is still wanted of a rule, which may run with several parameters.
        let mut wanted: BTreeMap<&str, usize> =
            rules.iter().map(|name| (*name, EXAMPLES)).collect();
        let mut is_wanted: Vec<bool> = scan
            .rules
            .iter()
            .zip(counts)
            .map(|(rule, count)| rules.contains(rule.rule_name.as_str()) && *count > 0)
            .collect();
        let mut numbers = BTreeSet::new();
        for outline in scan.outlines() {
            let rule_index = outline.rule_index as usize;
            if is_wanted.get(rule_index) != Some(&true) || !self.holds(&outline) {
                continue;
            }
            let name = outline.rule.rule_name.as_str();
            let Some(left) = wanted.get_mut(name) else {
                continue;
            };
            numbers.insert(outline.number);
            *left -= 1;
            if *left == 0 {
                wanted.remove(name);
                for (is_wanted, rule) in is_wanted.iter_mut().zip(&scan.rules) {
                    *is_wanted &= rule.rule_name != name;
                }
                if wanted.is_empty() {
                    break;
                }
            }
        }
        numbers
    }

    /// How many verdicts this section has of each rule, in the scan's order.
    fn counts(&self, scan: &Scan<'_>) -> Vec<usize> {
        let Some(news) = self.news else {
            let all = scan.rules.iter().map(|rule| self.all(rule));
            return all.collect();
        };
        let mut counts = vec![0; scan.rules.len()];
        if news.is_empty() {
            return counts;
        }
        for outline in scan.outlines().filter(|outline| self.holds(outline)) {
            if let Some(count) = counts.get_mut(outline.rule_index as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// How many it would have of a rule, news or not.
    fn all(&self, rule: &RuleResult) -> usize {
        match self.compliance_type {
            ComplianceType::NonCompliant => rule.counts.non_compliant,
            _ => rule.counts.insufficient_data,
        }
    }

    /// How many verdicts there are, and of which rules, the worst and most frequent first.
    fn rules<'s>(
        scan: &'s Scan<'_>,
        counts: &[usize],
    ) -> (usize, Vec<(&'s RuleResult, Severity, usize)>) {
        let mut by_name: BTreeMap<&str, (&RuleResult, Severity, usize)> = BTreeMap::new();
        let mut total = 0;
        for ((rule, severity), count) in scan.rules_with_severity().zip(counts) {
            if *count > 0 {
                total += count;
                by_name
                    .entry(&rule.rule_name)
                    .or_insert((rule, severity, 0))
                    .2 += count;
            }
        }
        let mut rules: Vec<_> = by_name.into_values().collect();
        rules.sort_by_key(|(rule, severity, count)| {
            (
                std::cmp::Reverse((*severity, *count)),
                rule.rule_name.clone(),
            )
        });
        (total, rules)
    }

    fn print(
        &self,
        total: usize,
        rules: &[(&RuleResult, Severity, usize)],
        examples: &[Example],
        scan: &Scan<'_>,
        look: Look,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let title = if self.news.is_some() {
            let all: usize = scan.rules.iter().map(|rule| self.all(rule)).sum();
            let before = all.saturating_sub(total);
            format!("{}: {total} new, {before} as before", self.title)
        } else {
            format!("{}: {total}", self.title)
        };
        writeln!(out, "\n{}", look.paint(Style::Bold, &title))?;
        for (rule, severity, count) in rules.iter().take(RULES) {
            let severity = severity_word(*severity, self.compliance_type, look);
            writeln!(out, "  {severity} {}: {count}", plain(&rule.rule_name))?;
            let of_rule = |example: &&Example| {
                scan.rules
                    .get(example.rule)
                    .is_some_and(|known| known.rule_name == rule.rule_name)
            };
            for example in examples.iter().filter(of_rule) {
                writeln!(out, "      {}", look.wrapped(&example.resource, 6))?;
                let reason = look.wrapped(&example.reason, 8);
                writeln!(out, "        {}", look.paint(self.style, &reason))?;
            }
            if *count > EXAMPLES {
                let more = format!("and {} more", count - EXAMPLES);
                writeln!(out, "      {}", look.paint(Style::Dim, &more))?;
            }
        }
        if rules.len() > RULES {
            writeln!(
                out,
                "  and {} more rules; --format jsonl has every verdict",
                rules.len() - RULES
            )?;
        }
        Ok(())
    }
}

fn example(row: &Row<'_>, scan: &Scan<'_>) -> Example {
    let item = row.item;
    let rule = scan
        .rules
        .iter()
        .position(|known| std::ptr::eq(known, row.rule));
    let of_name = scan
        .rules
        .iter()
        .filter(|known| known.rule_name == row.rule.rule_name);
    // One resource may fail a rule with some parameters and not with others.
    let parameters = if of_name.count() > 1 {
        let pairs = row.rule.parameters.iter();
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!(" with {}", pairs.join(", "))
    } else {
        String::new()
    };
    Example {
        rule: rule.unwrap_or(usize::MAX),
        resource: plain(&format!(
            "{} {} ({} {}){}",
            item.type_name(),
            item.resource_id(),
            item.account_id(),
            item.aws_region(),
            if parameters == " with " {
                " with no parameters"
            } else {
                &parameters
            },
        )),
        reason: plain(&row.annotation()),
    }
}

/// A check that could not run is as loud whatever its rule's severity.
fn severity_word(severity: Severity, compliance_type: ComplianceType, look: Look) -> String {
    let word = format!("{:<8}", severity.as_str());
    if compliance_type == ComplianceType::InsufficientData {
        return look.paint(Style::Warning, &word);
    }
    let style = match severity {
        Severity::Critical => Style::Worst,
        Severity::High => Style::Bad,
        Severity::Medium => Style::Warning,
        Severity::Low => Style::Dim,
    };
    look.paint(style, &word)
}

fn write_exceptions(
    results: &[exceptions::ExceptionResult<'_>],
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    if results.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", look.paint(Style::Bold, "Exceptions"))?;
    for result in results {
        let exception = result.exception;
        let state = if result.state == "expired" {
            look.paint(Style::Bad, "expired")
        } else {
            result.state.to_owned()
        };
        writeln!(
            out,
            "  {state:<8} {}: {} failures, {} until {}",
            plain(&exception.name),
            result.failures,
            plain(&exception.owner),
            exception.expires,
        )?;
    }
    Ok(())
}
