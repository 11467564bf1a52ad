//! A refusal with its reason, as an exception for posture.yaml: somebody has to own the risk, until a day.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use posture_engine::{Effect, Exception, Selector};
use posture_remediation::{Entry, Record};
use posture_rules::{Remedy, catalogue};

use super::super::CommandError;

/// For how many days a draft accepts the risk, where nobody changes it.
const DAYS: i32 = 90;

/// The exception that follows from a plan that was refused: for the rule that asked, or those that its document is for.
/// None of any other plan, and none where no rule is known: it would hold for everything.
pub(super) fn exception(record: &Record) -> Option<Exception> {
    let denied = record
        .entries
        .iter()
        .rev()
        .find_map(|past| match &past.entry {
            Entry::Denied { by, reason } => Some((past.at, by, reason)),
            _ => None,
        });
    let (at, by, reason) = denied?;
    let plan = &record.plan;
    let failure = plan.failure.as_ref();
    let rules = match failure {
        Some(failure) => vec![failure.rule_name.clone()],
        None => rules_of(&plan.document),
    };
    if rules.is_empty() {
        return None;
    }
    let resource = failure.map_or(&plan.resource_id, |failure| &failure.resource_id);
    let resource_type = failure.map_or(&plan.resource_type, |failure| &failure.resource_type);
    Some(Exception {
        name: format!("denied-{}", plan.plan_id),
        effect: Effect::AcceptRisk,
        selector: Selector {
            accounts: vec![plan.account_id.clone()],
            rules,
            types: vec![globset::escape(resource_type)],
            resources: vec![globset::escape(resource)],
            ..Selector::default()
        },
        owner: by.clone(),
        reason: reason.clone(),
        ticket: None,
        approver: Some(by.clone()),
        expires: last_day(at),
    })
}

/// The rules that name a document as what fixes their failures.
fn rules_of(document: &str) -> Vec<String> {
    let entries = catalogue::entries().iter();
    let named = entries
        .filter(|entry| matches!(entry.rule.remedy, Remedy::Automation(name) if name == document));
    let mut rules: Vec<String> = named.map(|entry| entry.rule.id.to_owned()).collect();
    rules.sort();
    rules
}

/// As lines of posture.yaml.
pub(super) fn yaml(exception: &Exception) -> Result<String, CommandError> {
    serde_saphyr::to_string(&[exception]).map_err(|error| CommandError::Yaml(error.to_string()))
}

fn last_day(at: Timestamp) -> jiff::civil::Date {
    let day = TimeZone::UTC.to_datetime(at).date();
    day.saturating_add(DAYS.days())
}
