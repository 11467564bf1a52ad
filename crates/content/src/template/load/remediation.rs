//! `AWS::Config::RemediationConfiguration`.

use std::collections::BTreeMap;

use super::Loader;
use crate::packs::Remediation;
use crate::template::Place;
use crate::template::resolve::Scope;
use crate::yaml::{Kind, Problem, Value};

const REMEDIATION_PROPERTIES: [&str; 10] = [
    "Automatic",
    "ConfigRuleName",
    "ExecutionControls",
    "MaximumAutomaticAttempts",
    "Parameters",
    "ResourceType",
    "RetryAttemptSeconds",
    "TargetId",
    "TargetType",
    "TargetVersion",
];

impl Loader {
    pub(super) fn remediation(
        &mut self,
        properties: &Value,
        scope: &Scope<'_>,
    ) -> Option<(Place, Remediation)> {
        self.members(properties, "a remediation", &REMEDIATION_PROPERTIES);
        let mut text = |name: &str| {
            let value = properties.get(name)?;
            self.noted(scope.text(value)).flatten()
        };
        let (rule, target) = (text("ConfigRuleName"), text("TargetId"));
        let automatic = text("Automatic").is_some_and(|word| word.eq_ignore_ascii_case("true"));
        let target_version = text("TargetVersion");
        let attempts = text("MaximumAutomaticAttempts").and_then(|text| text.parse().ok());
        let seconds = text("RetryAttemptSeconds").and_then(|text| text.parse().ok());
        let (Some(rule), Some(target)) = (rule, target) else {
            let message = "a remediation has a ConfigRuleName and a TargetId";
            self.problems.push(Problem::new(properties.place, message));
            return None;
        };
        let place = properties
            .get("ConfigRuleName")
            .map_or(properties.place, |value| value.place);
        let mut parameters = BTreeMap::new();
        let given = properties.get("Parameters").and_then(Value::members);
        for (key, value) in given.unwrap_or_default() {
            if let Some(values) = self.remediation_parameter(value, scope) {
                parameters.insert(key.text.clone(), values);
            }
        }
        let remediation = Remediation {
            rule,
            target,
            target_version,
            automatic,
            maximum_automatic_attempts: attempts,
            retry_attempt_seconds: seconds,
            parameters,
        };
        Some((place, remediation))
    }

    /// `StaticValue` with values, or `ResourceValue`, which is `RESOURCE_ID`; one of the two.
    fn remediation_parameter(&mut self, value: &Value, scope: &Scope<'_>) -> Option<Vec<String>> {
        let values = value
            .get("StaticValue")
            .and_then(|inner| inner.get("Values"));
        let resource = value
            .get("ResourceValue")
            .and_then(|inner| inner.get("Value"));
        match (values, resource) {
            (Some(values), None) => {
                let listed = match &values.kind {
                    Kind::Sequence(elements) => elements.as_slice(),
                    _ => std::slice::from_ref(values),
                };
                let texts = listed
                    .iter()
                    .filter_map(|element| self.noted(scope.text_or_name(element)).flatten());
                Some(texts.collect())
            }
            (None, Some(resource)) => {
                let text = self.noted(scope.text(resource)).flatten()?;
                Some(vec![format!("{{{text}}}")])
            }
            _ => {
                let message = "expected exactly one of StaticValue.Values and ResourceValue.Value";
                self.problems.push(Problem::new(value.place, message));
                None
            }
        }
    }
}
