//! One file that works offline: no address in it is fetched, no script is needed to read it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use posture_engine::{Disposition, Outline, PackResult, Row, RuleResult, Scan, ScanError};
use posture_rules::{ComplianceType, Severity};

use super::exceptions::{self, ExceptionResult};
use super::terminal;

/// Verdicts in the page. More would make it too slow to open; the other formats have them all.
const ROWS: usize = 5_000;

pub(crate) fn write(scan: &Scan<'_>, out: &mut dyn Write) -> Result<(), ScanError> {
    let exceptions = exceptions::results(scan)?;
    let (numbers, left_out) = shown(scan);
    let packs: Vec<&str> = scan.packs.iter().map(|pack| pack.name.as_str()).collect();
    let rows = scan.collect_numbered(&numbers, &|row| {
        (rank(row), line(row, &packs).into_string())
    })?;
    let mut rows = rows;
    rows.sort_by_key(|(rank, _)| *rank);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Posture scan, " (scan.now()) }
                style { (PreEscaped(include_str!("style.css"))) }
            }
            body {
                (head(scan))
                main {
                    h2 { "Packs" }
                    div.cards { @for pack in &scan.packs { (card(pack)) } }
                    h2 { "Failures, and checks that could not run" }
                    @if left_out > 0 {
                        p.note {
                            (left_out) " more are not in this page; "
                            code { "--format csv" } " or " code { "jsonl" } " has them all."
                        }
                    }
                    (filters(scan, &packs))
                    (evaluations(&rows))
                    h2 { "Rules" }
                    (rules(scan))
                    (exceptions_section(&exceptions))
                    (inputs(scan))
                    footer { "Made by posture " (env!("CARGO_PKG_VERSION")) ". The same input gives the same bytes." }
                }
                script { (PreEscaped(include_str!("script.js"))) }
            }
        }
    };
    out.write_all(inert(&page.into_string()).as_bytes())
        .map_err(ScanError::Output)
}

/// Without what HTML forbids in a document, and what would show a name as another one. The page
/// itself has line breaks, and nothing else of the kind.
fn inert(page: &str) -> String {
    let shown = |letter| match letter {
        '\n' => letter,
        letter if terminal::steers(letter) => '\u{fffd}',
        letter => letter,
    };
    page.chars().map(shown).collect()
}

fn tells(outline: &Outline<'_>) -> bool {
    let compliance_type = outline.compliance_type;
    (compliance_type == ComplianceType::NonCompliant
        || compliance_type == ComplianceType::InsufficientData)
        && outline.disposition != Disposition::Excluded
}

/// The verdicts to show, the worst first, and how many there are beside them.
fn shown(scan: &Scan<'_>) -> (BTreeSet<u64>, usize) {
    let mut by_rank: BTreeMap<_, Vec<u64>> = BTreeMap::new();
    let mut total = 0;
    for outline in scan.outlines().filter(tells) {
        let kind = match outline.compliance_type {
            ComplianceType::NonCompliant => 0,
            ComplianceType::InsufficientData => 1,
            _ => continue,
        };
        total += 1;
        let numbers = by_rank
            .entry((kind, std::cmp::Reverse(outline.severity)))
            .or_default();
        if numbers.len() < ROWS {
            numbers.push(outline.number);
        }
    }
    let numbers: BTreeSet<u64> = by_rank.into_values().flatten().take(ROWS).collect();
    let left_out = total - numbers.len();
    (numbers, left_out)
}

/// Failures before what could not be checked, the worst first, then the order of the output.
fn rank(row: &Row<'_>) -> (u8, std::cmp::Reverse<Severity>, u64) {
    let kind = match (row.compliance_type, row.disposition) {
        (ComplianceType::NonCompliant, Disposition::Counted) => 0,
        (ComplianceType::InsufficientData, _) => 1,
        _ => 2,
    };
    (kind, std::cmp::Reverse(row.severity), row.number)
}

fn head(scan: &Scan<'_>) -> Markup {
    let failures: usize = scan.failures_by_severity().values().sum();
    html! {
        header {
            div {
                h1 { "Posture scan" }
                p {
                    "As of " time { (scan.now()) } ": " (scan.resources) " resources, "
                    (scan.rules.len()) " rules, " (failures) " failures."
                }
            }
        }
    }
}

fn percent(value: Option<f64>) -> String {
    value.map_or("no data".to_owned(), |value| format!("{value:.1}%"))
}

fn card(pack: &PackResult) -> Markup {
    // An alert under 90, an incident under 80.
    let style = match pack.score.score {
        Some(score) if score >= 90.0 => "good",
        Some(score) if score < 80.0 => "bad",
        _ => "warning",
    };
    let counts = &pack.counts;
    let facts = [
        (
            "Passed / pairs",
            format!(
                "{} / {}",
                pack.score.compliant_pairs, pack.score.total_pairs
            ),
        ),
        ("Coverage", percent(pack.score.coverage)),
        ("Not checked", counts.insufficient_data.to_string()),
        ("Not applicable", counts.not_applicable.to_string()),
        (
            "Exceptions",
            (counts.suppressed + counts.risk_accepted).to_string(),
        ),
        ("Made by AWS", counts.excluded.to_string()),
        ("Rules", pack.rules.to_string()),
        ("…without a resource", pack.without_resources.to_string()),
        ("…manual", pack.manual.to_string()),
        ("…not implemented", pack.not_implemented.len().to_string()),
    ];
    html! {
        section.card {
            h3 { (pack.name) }
            div.score.(style) { (percent(pack.score.score)) }
            div.bar.(style) { span style=(format!("width:{}%", pack.score.score.unwrap_or(0.0))) {} }
            dl { @for (name, value) in &facts { dt { (name) } dd { (value) } } }
            @if !pack.not_implemented.is_empty() {
                details {
                    summary { "Not implemented: never a pass" }
                    @for identifier in &pack.not_implemented { div { code { (identifier) } } }
                }
            }
            @for invalid in &pack.invalid_parameters { p.note { "Parameters: " (invalid) } }
        }
    }
}

fn filters(scan: &Scan<'_>, packs: &[&str]) -> Markup {
    let accounts: BTreeSet<&str> = scan.accounts().collect();
    let select = |name: &str, all: &str, values: &mut dyn Iterator<Item = (String, String)>| {
        html! {
            select name=(name) aria-label=(all) {
                option value="" { (all) }
                @for (value, label) in values { option value=(value) { (label) } }
            }
        }
    };
    let same = |text: &str| (text.to_owned(), text.to_owned());
    html! {
        div.filters.script-only {
            input #search type="search" placeholder="Search resources, rules, reasons…" aria-label="Search";
            (select("severity", "Every severity", &mut ["critical", "high", "medium", "low"].into_iter().map(same)))
            (select("verdict", "Every verdict", &mut [
                ("NON_COMPLIANT", "Failed"),
                ("INSUFFICIENT_DATA", "Could not be checked"),
                ("suppressed", "Suppressed"),
                ("risk-accepted", "Risk accepted"),
            ].into_iter().map(|(value, label)| (value.to_owned(), label.to_owned()))))
            (select("account", "Every account", &mut accounts.into_iter().map(same)))
            (select("packs", "Every pack", &mut (0..).zip(packs).map(|(index, name): (usize, _)| (index.to_string(), (*name).to_owned()))))
            span.dim #count {}
        }
    }
}

fn evaluations<R>(rows: &[(R, String)]) -> Markup {
    html! {
        div.table {
            @if rows.is_empty() {
                p.empty { "Nothing failed, and every check could run." }
            } @else {
                table #evaluations {
                    thead { tr { th { "Severity" } th { "Verdict" } th { "Rule" } th { "Resource" } th { "Why" } } }
                    tbody { @for (_, row) in rows { (PreEscaped(row)) } }
                }
                p.empty #nothing hidden { "Nothing matches these filters." }
            }
        }
    }
}

fn line(row: &Row<'_>, packs: &[&str]) -> Markup {
    let item = row.item;
    let (verdict, word, style) = match (row.compliance_type, row.disposition) {
        (_, Disposition::Suppressed) => ("suppressed", "suppressed", "dim"),
        (_, Disposition::RiskAccepted) => ("risk-accepted", "risk accepted", "warning"),
        (ComplianceType::InsufficientData, _) => ("INSUFFICIENT_DATA", "not checked", "warning"),
        _ => ("NON_COMPLIANT", "failed", "bad"),
    };
    let of: Vec<String> = packs
        .iter()
        .enumerate()
        .filter(|(_, name)| row.rule.packs.iter().any(|pack| pack == *name))
        .map(|(index, _)| index.to_string())
        .collect();
    html! {
        tr data-severity=(row.severity.as_str()) data-verdict=(verdict) data-account=(item.account_id()) data-packs=(of.join(" ")) {
            td { span.pill.(severity_style(row.severity.as_str())) { (row.severity.as_str()) } }
            td { span.pill.(style) { (word) } }
            td.rule { code { (row.rule.rule_name) } div.dim { (row.rule.title) } }
            td.resource { (item.resource_id()) div.dim { (item.type_name()) br; (item.account_id()) " " (item.aws_region()) } }
            td.reason {
                (row.annotation())
                @if let Some(exception) = row.exception {
                    div.dim { "Exception " (exception.name) ", " (exception.owner) ", until " (exception.expires) ": " (exception.reason) }
                }
                @if let Some(exception) = row.expired_exception {
                    div.dim { "Exception " (exception.name) " expired on " (exception.expires) "." }
                }
            }
        }
    }
}

fn severity_style(severity: &str) -> &'static str {
    match severity {
        "critical" => "worst",
        "high" => "bad",
        "medium" => "warning",
        _ => "dim",
    }
}

fn rules(scan: &Scan<'_>) -> Markup {
    html! {
        div.table {
            table {
                thead {
                    tr {
                        th { "Rule" } th { "Severity" }
                        th.number { "Passed" } th.number { "Failed" } th.number { "No data" }
                        th.number { "Not applicable" } th.number { "Left out" }
                    }
                }
                tbody { @for rule in &scan.rules { (rule_line(rule)) } }
            }
        }
    }
}

fn rule_line(rule: &RuleResult) -> Markup {
    let counts = &rule.counts;
    let parameters: Vec<String> = rule
        .parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    html! {
        tr {
            td.rule {
                code { (rule.rule_name) } " " span.dim { (rule.title) }
                @if !parameters.is_empty() { div.dim { (parameters.join(", ")) } }
            }
            td { span.pill.(severity_style(rule.severity)) { (rule.severity) } }
            td.number { (counts.compliant) }
            td.number { (counts.non_compliant) }
            td.number { (counts.insufficient_data) }
            td.number { (counts.not_applicable) }
            td.number { (counts.excluded + counts.suppressed + counts.risk_accepted) }
        }
    }
}

fn exceptions_section(exceptions: &[ExceptionResult<'_>]) -> Markup {
    html! {
        @if !exceptions.is_empty() {
            h2 { "Exceptions" }
            div.table {
                table {
                    thead { tr { th { "Exception" } th { "State" } th { "Owner" } th { "Until" } th.number { "Failures" } th { "Why" } } }
                    tbody {
                        @for result in exceptions {
                            @let exception = result.exception;
                            tr {
                                td { (exception.name) }
                                td { span.pill.(if result.state == "expired" { "bad" } else { "good" }) { (result.state) } }
                                td { (exception.owner) }
                                td { (exception.expires) }
                                td.number { (result.failures) }
                                td { (exception.reason) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn inputs(scan: &Scan<'_>) -> Markup {
    html! {
        h2 { "Inputs" }
        div.table {
            table {
                thead { tr { th { "Input" } th.number { "Items" } th { "Not read" } } }
                tbody {
                    @for input in &scan.inputs {
                        tr {
                            td { (input.name) }
                            td.number { (input.items) }
                            td {
                                @for error in &input.errors { div.bad { (error) } }
                                @if input.further_errors > 0 { div.bad { "and " (input.further_errors) " more" } }
                            }
                        }
                    }
                }
            }
        }
    }
}
