//! EventBridge events that bring findings.
//!
//! Source: securityhub-cwe-event-formats.html, guardduty_findings_eventbridge.html,
//! access-analyzer-eventbridge.html, monitor-config-with-cloudwatchevents.html.

use serde_json::Value;

use super::{asff, config, native, text};
use crate::finding::Finding;

/// Kinds (`detail-type`) of the events that bring findings.
///
/// Sources: the EventBridge events reference's pages of Security Hub, AWS Config, GuardDuty, Inspector,
/// Macie and IAM Access Analyzer.
pub const EVENTS_WITH_FINDINGS: [&str; 8] = [
    "Security Hub Findings - Imported",
    "Security Hub Findings - Custom Action",
    "Security Hub Findings - API Action",
    "Config Rules Compliance Change",
    "GuardDuty Finding",
    "Inspector2 Finding",
    "Macie Finding",
    "Access Analyzer Finding",
];

/// Whether an event brings findings.
pub(super) fn brings_findings(event: &Value) -> bool {
    EVENTS_WITH_FINDINGS.contains(&text(event, &["detail-type"]))
}

pub(super) fn findings(mut event: Value) -> Result<Vec<Finding>, String> {
    let kind = text(&event, &["detail-type"]).to_owned();
    match kind.as_str() {
        "Security Hub Findings - Imported"
        | "Security Hub Findings - Custom Action"
        | "Security Hub Findings - API Action" => {
            let list = event.pointer_mut("/detail/findings").map(Value::take);
            let Some(Value::Array(list)) = list else {
                return Err(format!("an event {kind:?} without detail.findings"));
            };
            list.into_iter()
                .map(|finding| asff::finding(finding, true))
                .collect()
        }
        "Config Rules Compliance Change" => config::finding(&event).map(|finding| vec![finding]),
        _ => {
            let Some(detail) = event.get("detail") else {
                return Err(format!("an event {kind:?} without detail"));
            };
            native(detail, Some(&event))
                .map_err(|_| format!("an event {kind:?}, which holds no finding"))
        }
    }
}
