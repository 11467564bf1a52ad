//! The pages of a package: they work offline, fetch nothing, run nothing. Files that people added are
//! named by their hash, and never shown.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use posture_content::frameworks::{Control, Framework, testing_procedure};

use crate::assessment::{Assessment, ControlRecord};
use crate::control_history::{ControlHistory, Evidence};
use crate::evidence_pages;
use crate::failures::Failure;
use crate::folder::Folder;
use crate::gone::GoneBodies;

const STYLE: &str = ":root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:75em;margin:2em auto;padding:0 1em}\
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #8886;padding:.25em .5em;\
text-align:left;vertical-align:top;overflow-wrap:break-word}.dim{opacity:.7}";

pub(crate) fn page(title: &str, body: &Markup) -> Vec<u8> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { h1 { (title) } (body) }
        }
    };
    inert(&page.into_string()).into_bytes()
}

/// Without what would show a name as another one: controls, and marks that turn the direction.
pub(crate) fn inert(page: &str) -> String {
    let steers = |letter: char| {
        letter != '\n'
            && (letter.is_control()
                || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    };
    page.chars()
        .map(|letter| if steers(letter) { '\u{fffd}' } else { letter })
        .collect()
}

/// The table of what came from Audit Manager.
pub(crate) const IMPORTED: &str = "imported.csv";

/// Of a control, the name of its page: ids have signs that no file has everywhere.
pub(crate) fn file_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for letter in id.chars() {
        if letter.is_ascii_alphanumeric() || letter == '.' || letter == '-' {
            name.push(letter);
        } else {
            name.extend(["_", &format!("{:x}", u32::from(letter))]);
        }
    }
    name
}

/// The page that lists the controls.
pub(crate) fn index(
    assessment: &Assessment,
    framework: &Framework,
    evidence: &Evidence,
    histories: &[ControlHistory<'_>],
) -> Vec<u8> {
    let period = &assessment.scope.period;
    let (with, days) = evidence.completeness(period);
    let body = html! {
        p { (framework.title) ", " (period.from) " until " (period.until) "; owner " (assessment.owner) "." }
        p {
            "Evidence on " (with) " of " (days) " days. "
            @if with < days { "The other days have none, and cannot get any: nobody looked." }
        }
        @if let Some(standing) = &assessment.imported {
            p {
                "Imported from AWS Audit Manager: " (standing.name) ", " (standing.status) " there, account "
                (standing.account_id) ", " (standing.aws_region) ". Its evidence was collected by AWS and seen by no run of "
                "Posture; it decides about no result below: " a href=(IMPORTED) { (IMPORTED) } "."
            }
        }
        p { "How to check this package without us: README.txt. Timestamps of the log, where an authority made some, are in timestamps/: README.txt too. Failures: " a href="failures.csv" { "failures.csv" } ". What you asked for: " a href="requests.html" { "requests" } "." }
        table {
            tr { th { "Control" } th { "Result" } th { "Status" } th { "Owner" } th { "Coverage" } }
            @for history in histories {
                @let control = history.control;
                @let record = assessment.control(&control.id);
                tr {
                    td { a href=(format!("controls/{}.html", file_name(&control.id))) { (control.id) } " " (control.title) }
                    td { (history.outcome(Some(assessment), period).as_str()) }
                    td { (record.status.as_str()) }
                    td { (assessment.owner_of(&control.set, &control.id)) }
                    td { (control.coverage.as_str()) @if let Some(because) = &control.because { div.dim { (because) } } }
                }
            }
        }
        (evidence.gone.section())
        h2 { "Runs" }
        table {
            tr { th { "Looked at" } th { "Verdicts" } th { "Root over all verdicts" } th { "Record in the log" } }
            @for run in &evidence.history.runs {
                tr {
                    td { (run.evaluated_at) } td { (run.verdicts) } td { code { (run.verdict_root) } }
                    td { @if let Some(leaf) = run.leaf { (leaf) } @else { "none" } }
                }
            }
        }
    };
    page(&format!("Assessment {}", assessment.name), &body)
}

/// A control's page.
pub(crate) fn control(
    assessment: &Assessment,
    evidence: &Evidence,
    history: &ControlHistory<'_>,
    (folders, imported): (&[Folder], usize),
    failures: &[&Failure],
    population_of: &dyn Fn(&crate::rule_history::RuleHistory) -> String,
) -> Vec<u8> {
    let control: &Control = history.control;
    let record = assessment.control(&control.id);
    let period = &assessment.scope.period;
    let body = html! {
        p { a href="../index.html" { "All controls" } }
        p {
            "Result over the period: " strong { (history.outcome(Some(assessment), period).as_str()) }
            "; status " (record.status.as_str())
            @if let Some((by, at)) = &record.status_by { " (" (by) ", " (at) ")" }
            "; owner " (assessment.owner_of(&control.set, &control.id)) "."
        }
        @if let Some(because) = &control.because { p { "Not shown by rules: " (because) } }
        h2 { "Testing" }
        @if let Some(testing) = testing_procedure(control) { p { (testing) } }
        h2 { "Timeline" }
        table {
            tr { th { "From" } th { "Until" } th { "Known" } th { "Why" } }
            @for one in &history.intervals {
                tr { td { (one.from) } td { (one.until) } td { (one.state.as_str()) } td { (one.reason) } }
            }
        }
        h2 { "Tests and populations" }
        table {
            tr { th { "Rule" } th { "Parameters" } th { "Worth" } th { "Population" } th { "Completeness" } }
            @for test in &history.tests {
                @if test.rules.is_empty() {
                    tr { td { (test.mapping.rule) } td {} td { (test.mapping.strength.as_str()) } td { "never evaluated: unknown" } td {} }
                }
                @for rule in &test.rules {
                    tr {
                        td { (rule.rule.rule_name) }
                        td { @for (name, value) in &rule.rule.parameters { div { (name) "=" (value) } } }
                        td { (test.mapping.strength.as_str()) @if !test.mapping.decides() { ", does not decide" } }
                        td { a href=(format!("../populations/{}", population_of(rule))) { (rule.members.len()) } }
                        td {
                            (rule.listed.complete) " of " (rule.listed.listings) " listings complete; the last ones counted "
                            (rule.listed.counted) ", the history has " (rule.listed.known)
                            @if rule.listed.unlisted_scopes > 0 { "; " (rule.listed.unlisted_scopes) " scopes are delivered by AWS Config" }
                            (evidence_pages::reconciled(evidence, rule))
                        }
                    }
                }
            }
        }
        h2 { "Failures: " (failures.len()) }
        table {
            tr { th { "Rule, resource" } th { "From" } th { "Until" } th { "Why" } th { "What changed" } }
            @for one in failures {
                tr {
                    td { (one.rule_name) div { (one.resource_id) } div.dim { (one.account_id) " " (one.aws_region) } }
                    td { (one.from) @if one.began_before { div.dim { "or before" } } }
                    td { @match one.until { Some(at) => { (at) ", then " (one.then) } None => "still at the end" } }
                    td { (one.reason) }
                    td {
                        @for path in &one.began_with { div { "began: " (path) } }
                        @for path in &one.ended_with { div { "ended: " (path) } }
                        @for plan in &one.remediations { div { (plan) } }
                    }
                }
            }
        }
        (evidence_pages::of_control(assessment, evidence, history))
        (files(&record, &evidence.gone))
        @if imported > 0 {
            h2 { "Imported from Audit Manager: " (imported) }
            p { "Collected by AWS, seen by no run here: " a href=(format!("../{IMPORTED}")) { (IMPORTED) } ", whose bytes are under blobs/." }
        }
        (folder_table(folders))
    };
    page(&format!("{} {}", control.id, control.title), &body)
}

fn files(record: &ControlRecord, gone: &GoneBodies) -> Markup {
    html! {
        h2 { "Files" }
        @for one in &record.uploads {
            @let upload = &one.upload;
            p {
                (upload.file_name) ", " (upload.body.size_bytes) " bytes, for " (upload.effective_from) " to "
                (upload.effective_until) ", added by " (one.uploader) " at " (one.uploaded_at) ": " (upload.note)
                br; "SHA-256 " code { (upload.body.sha256) } ", "
                @match gone.get(&upload.body.sha256) { Some(one) => { (one.said()) } None => "under blobs/" }
            }
        }
        h2 { "Comments" }
        @for one in &record.comments { p { (one.posted_at) " " (one.author) ": " (one.text) } }
    }
}

fn folder_table(folders: &[Folder]) -> Markup {
    html! {
        h2 { "Evidence folders" }
        table {
            tr { th { "Day" } th { "Known" } th { "Runs" } th { "Checks" } th { "Issues" } th { "Inconclusive" } th { "Configurations" } th { "Calls" } th { "API calls" } th { "Files" } th { "Imported" } th { "Its issues" } }
            @for one in folders {
                tr {
                    td { (one.date) }
                    td { @if one.runs == 0 && one.imported > 0 { "imported" } @else if one.runs == 0 { "no evidence" } @else { (one.state.as_str()) } }
                    td { (one.runs) } td { (one.compliance_checks) } td { (one.compliance_check_issues) }
                    td { (one.inconclusive) } td { (one.configuration_data) }
                    td { (one.user_activity) }
                    td { (one.api_calls) @if one.api_call_issues > 0 { ", " (one.api_call_issues) " not answered" } }
                    td { (one.manual) }
                    td { (one.imported) } td { (one.imported_issues) }
                }
            }
        }
    }
}

/// The auditor's instructions.
pub(crate) const README: &str = "\
This package holds what was found, decided and added in one assessment, and the evidence log that proves
that none of it was changed since it was recorded.

Open index.html in a browser, offline. Populations and failures are CSV files. oscal/ has the plan and the
results as OSCAL.

To check everything, the pages and tables too, without trusting who made this:

    posture-verify PACKAGE.zip --key KEY

Get KEY from a person whom you know, not from this package. Keep the file `checkpoint`: at your next visit
`--pin checkpoint` shows that nothing before it was rewritten. Where there are files in timestamps/, an
authority has stamped checkpoints (RFC 3161): `--tsa-cert FILE`, its certificate, shows what was there when.

Times are UTC. `unknown` means that nobody could look, or nobody did: it is never a pass.
A file that was added is blobs/<first two digits>/<SHA-256>.zst: `zstd -d` opens it. Nobody looked for
malware in it.
";
