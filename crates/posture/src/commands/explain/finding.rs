//! `posture explain FINDING`: why a finding of the hub is shown as it is.

use std::io::Write;

use posture_hub::{AutomationRule, Changed, ChangedBy, Explained, Hub, People};
use serde_json::Value;

use super::super::findings::StandingV1;
use super::super::{CommandError, StatePlace};
use crate::output::terminal::{Look, plain};
use crate::sink::Sink;

/// Explains the findings of this number or id.
pub(super) fn explain(place: &StatePlace, name: &str, people: &People) -> Result<(), CommandError> {
    let (hub, found, rules) = place.with(|store| async move {
        let hub = Hub::open(&store).await?;
        let found = hub.explain(name).await?;
        if found.is_empty() {
            return Err(CommandError::UnknownFinding {
                name: name.to_owned(),
            });
        }
        let rules = hub.automation_rules().await?;
        Ok((hub, found, rules))
    })?;
    let mut out = Sink::new(None)?;
    for one in &found {
        let standing = StandingV1::of(&hub, people, &one.shown);
        write(one, &standing, &rules, &mut out)?;
    }
    out.finish()?;
    Ok(())
}

fn write(
    one: &Explained,
    standing: &StandingV1,
    rules: &[AutomationRule],
    out: &mut impl Write,
) -> std::io::Result<()> {
    let look = Look::of_stdout();
    let text = |path: &[&str]| one.shown.text(path);
    let mut fact = |name: &str, value: &str| {
        if value.is_empty() {
            return Ok(());
        }
        writeln!(out, "  {name:<12} {}", look.wrapped(&plain(value), 15))
    };
    let head = format!("finding {}: {}", one.shown.number, text(&["Title"]));
    fact("what", &head)?;
    fact("resource", one.shown.resource("Id"))?;
    fact("control", &one.shown.control)?;
    fact("check", text(&["Compliance", "Status"]))?;
    fact("severity", text(&["Severity", "Label"]))?;
    let status = text(&["Workflow", "Status"]);
    fact("status", &format!("{status}: {}", one.because))?;
    let times = [
        ("began", &standing.began_at),
        ("detected", &standing.opened_at),
        ("acknowledged", &standing.acknowledged_at),
    ];
    for (name, time) in times {
        fact(name, time.as_deref().unwrap_or_default())?;
    }
    if let (Some(at), Some(closed)) = (&standing.closed_at, standing.closed_as) {
        fact("closed", &format!("{at}, {closed}"))?;
    }
    fact("people", &standing.line())?;
    for name in &one.shown.rule_names {
        fact("rule", &rule(name, rules))?;
    }
    for change in &one.changes {
        fact(change.by.as_str(), &changed(change))?;
    }
    if let Some(exception) = &one.shown.exception {
        fact("exception", &format!("{exception}, by posture.yaml"))?;
    }
    writeln!(out)
}

/// An automation rule by its name, which may be another one by now.
fn rule(name: &str, rules: &[AutomationRule]) -> String {
    let Some(rule) = rules.iter().find(|rule| rule.rule_name == name) else {
        return format!("{name}, which is no longer there");
    };
    let description = rule.description.as_deref().unwrap_or_default();
    let set: Vec<String> = rule
        .actions
        .iter()
        .flat_map(|action| &action.finding_fields_update)
        .map(|(member, value)| format!("{member} {value}"))
        .collect();
    let colon = if description.is_empty() { "" } else { ": " };
    format!(
        "{name} (order {}){colon}{description}; sets {}",
        rule.rule_order,
        set.join(", ")
    )
}

fn changed(change: &Changed) -> String {
    let before = match &change.provided {
        Some(before) => format!(", where its provider says {}", words(before)),
        None => String::new(),
    };
    let is_note = change.member == "Note" && change.by == ChangedBy::Person;
    if is_note {
        let of = |name: &str| {
            change
                .value
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        return format!("{} at {}: {}", of("UpdatedBy"), of("UpdatedAt"), of("Text"));
    }
    format!("{} is {}{before}", change.member, words(&change.value))
}

fn words(value: &Value) -> String {
    let label = value.get("Label").and_then(Value::as_str);
    label.map_or_else(|| value.to_string(), str::to_owned)
}
