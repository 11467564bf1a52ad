//! The plan that waits for somebody's word, as much of it as a message holds.

use posture_store::{JournalRow, Store};
use serde_json::Value;

use crate::error::NotifyError;
use crate::notice::{Notice, cut};

/// Characters of a value before and after.
const VALUE: usize = 300;
/// Calls that are named.
const CALLS: usize = 10;

/// What a plan that came so far waits for nobody's word any more.
const SETTLED: [&str; 3] = ["Denied", "Finished", "RunStarted"];

/// Adds what the plan of a notice would do. One that ran meanwhile, as plans do that need no approval, asks nobody.
pub(crate) async fn complete(notice: &mut Notice, store: &Store) -> Result<(), NotifyError> {
    let Some(id) = &notice.plan else {
        return Ok(());
    };
    let journal = store.journal(id).await?;
    if let Some(plan) = journal.first().and_then(|row| row.body.get("plan")) {
        notice.facts.extend(facts(plan));
    }
    let last = journal.last().map(|row| row.kind.as_str());
    let is_answered = |row: &JournalRow| SETTLED.contains(&row.kind.as_str());
    if last != Some("Waiting") && journal.iter().any(is_answered) {
        notice.waits_no_more();
    }
    Ok(())
}

fn facts(plan: &Value) -> Vec<(&'static str, String)> {
    let text = |name: &str| {
        let found = plan.get(name).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    let list = |name: &str| {
        plan.get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let mut facts: Vec<(&'static str, String)> = list("changes")
        .map(|change| {
            let shown = |name: &str| {
                let value = change.get(name).unwrap_or(&Value::Null);
                cut(&value.to_string(), VALUE)
            };
            let name = change.get("name").and_then(Value::as_str);
            let name = name.unwrap_or_default();
            let words = format!("{name}: {} → {}", shown("before"), shown("after"));
            ("Change", words)
        })
        .collect();
    let mut calls: Vec<String> = list("calls")
        .take(CALLS)
        .map(|call| {
            let part = |name: &str| call.get(name).and_then(Value::as_str).unwrap_or_default();
            format!("{}:{}", part("service"), part("api"))
        })
        .collect();
    let more = list("calls").count().saturating_sub(CALLS);
    if more > 0 {
        calls.push(format!("{more} more"));
    }
    facts.extend([
        ("Calls", calls.join(", ")),
        ("Region", text("awsRegion")),
        ("Effect", text("effect")),
        ("Safety", text("safety")),
        ("Because", text("because")),
        ("Reversible", text("reversible")),
        ("Not undone", text("note")),
        ("Managed by", text("managedBy")),
        ("Asked for by", text("requestedBy")),
        ("Until", text("expiresAt")),
    ]);
    facts.retain(|(_, value)| !value.is_empty());
    facts
}
