//! Parts of a package's pages about what was done, what was asked of AWS, and what the auditor asked.

use maud::{Markup, html};

use crate::activity::ActivityRecord;
use crate::assessment::Assessment;
use crate::control_history::{ControlHistory, Evidence};
use crate::pages::{file_name, page};
use crate::requests::RequestStatus;
use crate::retrieval::{CallHistory, RetrievalRecord};
use crate::rule_history::RuleHistory;

/// Columns of the calls that CloudTrail told of.
pub const ACTIVITY_COLUMNS: [&str; 9] = [
    "at",
    "eventId",
    "eventName",
    "eventSource",
    "accountId",
    "awsRegion",
    "principal",
    "collected",
    "logRecord",
];

/// Columns of the API calls that were made for evidence.
pub const RETRIEVAL_COLUMNS: [&str; 15] = [
    "retrieval",
    "call",
    "accountId",
    "awsRegion",
    "startedAt",
    "endedAt",
    "outcome",
    "code",
    "deniedAction",
    "calls",
    "pages",
    "rows",
    "document",
    "reply",
    "logRecord",
];

/// The file of a control's user activity.
pub(crate) fn activity_file(control: &str) -> String {
    format!("activity/{}.csv", file_name(control))
}

/// A call that CloudTrail told of as a row of the table.
pub fn activity_cells(one: &ActivityRecord) -> Vec<String> {
    vec![
        one.at.to_string(),
        one.event_id.clone(),
        one.event_name.clone(),
        one.event_source.clone(),
        one.account_id.clone(),
        one.aws_region.clone(),
        one.principal.clone(),
        one.collected.to_string(),
        number(one.log_record),
    ]
}

/// An API call that was made for evidence as a row of the table.
pub fn retrieval_cells(one: &RetrievalRecord) -> Vec<String> {
    vec![
        one.retrieval.to_string(),
        format!("{}_{}", one.service, one.operation),
        one.account_id.clone(),
        one.aws_region.clone(),
        one.started_at.to_string(),
        one.ended_at.to_string(),
        one.outcome.as_str().to_owned(),
        one.code.clone(),
        one.denied_action.clone().unwrap_or_default(),
        one.calls.to_string(),
        one.pages.to_string(),
        one.rows.to_string(),
        one.document.clone(),
        one.reply.clone(),
        number(one.log_record),
    ]
}

fn number(record: Option<i64>) -> String {
    record.map_or(String::new(), |record| record.to_string())
}

/// A control's user activity and API calls; nothing where it names none.
pub(crate) fn of_control(
    assessment: &Assessment,
    evidence: &Evidence,
    history: &ControlHistory<'_>,
) -> Markup {
    let control = history.control;
    let found = evidence.activity.of(&control.cloudtrail);
    let with = evidence.activity.days_with(&assessment.scope.period);
    let days = assessment.scope.period.days().count();
    html! {
        @if !control.cloudtrail.is_empty() {
            h2 { "User activity: " (found.len()) }
            p {
                "Calls named " (control.cloudtrail.join(", ")) ": "
                a href=(format!("../{}", activity_file(&control.id))) { "who, when and where" } ". "
                "CloudTrail's events were taken in of " (with) " of " (days) " days; of the others nothing is known."
            }
            table {
                tr { th { "Event" } th { "Calls" } }
                @for name in &control.cloudtrail {
                    tr { td { (name) } td { (found.iter().filter(|one| one.event_name == *name).count()) } }
                }
            }
        }
        @if !control.api_calls.is_empty() {
            h2 { "API calls" }
            table {
                tr { th { "Call" } th { "Turns" } th { "Last outcomes" } }
                @for name in &control.api_calls { (call_row(&evidence.retrievals.of(name))) }
            }
            p { "Each with its reply: " a href="../api-calls.csv" { "api-calls.csv" } "; replies are under blobs/, by their SHA-256." }
        }
    }
}

fn call_row(history: &CallHistory) -> Markup {
    html! {
        tr {
            td { (history.call) div.dim { (history.frequency.as_str()) } }
            td {
                (history.answered) " of " (history.turns) " answered"
                @if !history.missed.is_empty() { div.dim { "the others have none, and cannot get any" } }
            }
            td {
                @for one in history.newest() {
                    div {
                        (one.account_id) " " (one.aws_region) ": " (one.outcome.as_str())
                        @if let Some(action) = &one.denied_action { " (" (action) ")" }
                        ", " (one.rows) " rows, " (one.ended_at)
                    }
                }
            }
        }
    }
}

/// The two counts of what came and went in a rule's population, each difference explained.
pub(crate) fn reconciled(evidence: &Evidence, rule: &RuleHistory) -> Markup {
    html! {
        @for one in evidence.reconciled(rule) {
            div.dim {
                @if one.at_first > 0 { (one.at_first) " were there when " (one.resource_type) " was first listed; " }
                "came " (one.came.listed) " by the listings, "
                @if one.has_events {
                    (one.came.called) " by CloudTrail, " (one.came.both) " by both; "
                    "went " (one.went.listed) ", " (one.went.called) ", " (one.went.both)
                } @else {
                    "went " (one.went.listed) "; CloudTrail's events were not taken in: one count only"
                }
                @for count in &one.config {
                    div { "AWS Config counted " (count.counted) " in " (count.account_id) " " (count.aws_region) " at " (count.at) ", the history has " (count.known) }
                }
                @for what in one.came.differences.iter().chain(&one.went.differences) { div { (what) } }
            }
        }
    }
}

/// The page of the auditor's requests. Whether one is overdue is not there: that changes by itself.
pub(crate) fn requests(assessment: &Assessment, all: &[RequestStatus]) -> Vec<u8> {
    let body = html! {
        p { a href="index.html" { "All controls" } ", " a href="requests.csv" { "as a table" } }
        table {
            tr { th { "Request" } th { "State" } th { "Owner, due" } th { "What answers it" } }
            @for one in all {
                tr {
                    td {
                        (one.title)
                        div.dim { (one.id) }
                        div {
                            @for control in &one.controls {
                                a href=(format!("controls/{}.html", file_name(control))) { (control) } " "
                            }
                        }
                    }
                    td { (one.state.as_str()) }
                    td { (one.owner) @if let Some(due) = one.due { div { (due) } } }
                    td {
                        @for source in &one.sources {
                            div { (source.name) ": " (source.state.as_str()) div.dim { (source.what) } }
                        }
                        @for flag in &one.flags { div { (flag) } }
                        @for file in &one.uploads {
                            div { (file.upload.file_name) ", SHA-256 " code { (file.upload.body.sha256) } }
                        }
                    }
                }
            }
        }
    };
    page(&format!("Requests of {}", assessment.name), &body)
}
