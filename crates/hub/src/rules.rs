//! Automation rules, as Security Hub has them: criteria, and what then is set.
//!
//! They are judged on what the provider says, in `RuleOrder`, and a later one wins on a member that
//! both set. Source: automation-rules.html; API_CreateAutomationRule.html.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::HubError;
use crate::filter::Filters;
use crate::finding::{Layers, Object, SeverityLabel, WorkflowStatus};

/// A rule as `CreateAutomationRule` takes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct AutomationRule {
    /// Its name.
    pub rule_name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// 1 to 1000; the lowest is first.
    pub rule_order: i64,
    /// `ENABLED` (the default) or `DISABLED`.
    #[serde(default = "enabled")]
    pub rule_status: String,
    /// Whether no later rule is applied to what this one matches.
    #[serde(default)]
    pub is_terminal: bool,
    /// `AutomationRulesFindingFilters`.
    pub criteria: Value,
    /// What is set.
    pub actions: Vec<Action>,
}

/// An action of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Action {
    /// `FINDING_FIELDS_UPDATE`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// `AutomationRulesFindingFieldsUpdate`.
    pub finding_fields_update: Object,
}

fn enabled() -> String {
    "ENABLED".to_owned()
}

/// Members that a rule can set.
const SETTABLE: [&str; 9] = [
    "Confidence",
    "Criticality",
    "Note",
    "RelatedFindings",
    "Severity",
    "Types",
    "UserDefinedFields",
    "VerificationState",
    "Workflow",
];

/// The most rules there can be.
const MOST: usize = 100;

/// Rules in their order, ready to be applied.
#[derive(Debug, Clone, Default)]
pub(crate) struct Compiled(Vec<(AutomationRule, Filters)>);

impl Compiled {
    /// Checks rules and puts them in order.
    pub(crate) fn new(rules: &[AutomationRule]) -> Result<Compiled, HubError> {
        let mut problems = Vec::new();
        if rules.len() > MOST {
            problems.push(format!(
                "{} automation rules, at most {MOST} can be",
                rules.len()
            ));
        }
        let mut names = BTreeSet::new();
        let mut compiled = Vec::new();
        for rule in rules {
            let name = &rule.rule_name;
            if !names.insert(name) {
                problems.push(format!("two rules are named {name:?}"));
            }
            problems.extend(
                rule.problems()
                    .into_iter()
                    .map(|what| format!("rule {name:?}: {what}")),
            );
            match Filters::from_json(&rule.criteria) {
                Ok(filters) if rule.rule_status == "ENABLED" => {
                    compiled.push((rule.clone(), filters));
                }
                Ok(_) => {}
                Err(error) => problems.push(format!("rule {name:?}: {error}")),
            }
        }
        if !problems.is_empty() {
            return Err(HubError::AutomationRules(problems));
        }
        compiled.sort_by(|(a, _), (b, _)| {
            (a.rule_order, &a.rule_name).cmp(&(b.rule_order, &b.rule_name))
        });
        Ok(Compiled(compiled))
    }

    /// Whether they may say another thing of a finding than is said: without any, only where some did before.
    pub(crate) fn may_change(&self, layers: &Layers) -> bool {
        !self.0.is_empty() || !layers.rule_names.is_empty()
    }

    /// Sets what the rules say of a finding, and which did; nothing is left of what they said before.
    /// `asff` is the provider's finding with a workflow's status.
    pub(crate) fn apply(&self, asff: &Object, layers: &mut Layers, now: Timestamp) {
        layers.rules = Object::new();
        layers.rule_names.clear();
        for (rule, filters) in &self.0 {
            if !filters.accept(asff, now) {
                continue;
            }
            for action in &rule.actions {
                for (name, value) in &action.finding_fields_update {
                    layers.rules.insert(name.clone(), value.clone());
                }
            }
            layers.rule_names.push(rule.rule_name.clone());
            if rule.is_terminal {
                break;
            }
        }
    }
}

impl AutomationRule {
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if !(1..=1000).contains(&self.rule_order) {
            problems.push(format!(
                "RuleOrder is {}, expected 1 to 1000",
                self.rule_order
            ));
        }
        if !["ENABLED", "DISABLED"].contains(&self.rule_status.as_str()) {
            problems.push(format!(
                "RuleStatus is {:?}, expected ENABLED or DISABLED",
                self.rule_status
            ));
        }
        let [action] = self.actions.as_slice() else {
            problems.push(format!(
                "{} actions, expected exactly 1",
                self.actions.len()
            ));
            return problems;
        };
        if action.kind != "FINDING_FIELDS_UPDATE" {
            problems.push(format!(
                "action {:?}, expected FINDING_FIELDS_UPDATE",
                action.kind
            ));
        }
        problems.extend(member_problems(&action.finding_fields_update));
        problems
    }
}

/// What is wrong with members that are to be set on a finding.
pub(crate) fn member_problems(members: &Object) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, value) in members {
        if !SETTABLE.contains(&name.as_str()) {
            problems.push(format!("{name} can't be set, only {}", SETTABLE.join(", ")));
        }
        let word = |member: &str| value.get(member).and_then(Value::as_str);
        let is_known = match name.as_str() {
            "Workflow" => {
                word("Status").is_some_and(|word| WorkflowStatus::from_word(word).is_some())
            }
            "Severity" => match word("Label") {
                Some(label) => SeverityLabel::from_word(label).is_some(),
                None => value.get("Normalized").is_some_and(Value::is_number),
            },
            "Note" => word("Text").is_some() && word("UpdatedBy").is_some(),
            _ => true,
        };
        if !is_known {
            problems.push(format!(
                "{name} is {value}, which is none of Security Hub's"
            ));
        }
    }
    problems
}
