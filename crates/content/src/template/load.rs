//! From a template to a pack, with every mistake in it.
//!
//! The grammar is CloudFormation's, as conformance packs use it (AWS Config developer guide,
//! "Custom conformance packs"; CloudFormation template reference, `AWS::Config::ConfigRule` and
//! `AWS::Config::RemediationConfiguration`).

mod remediation;
mod source;

use std::collections::BTreeMap;

use super::resolve::Scope;
use crate::packs::{Pack, PackRule};
use crate::yaml::{self, Key, Kind, Problem, Value};

const SECTIONS: [&str; 9] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
];
const RULE: &str = "AWS::Config::ConfigRule";
const REMEDIATION: &str = "AWS::Config::RemediationConfiguration";
const RESOURCE: [&str; 9] = [
    "Condition",
    "Controls",
    "DeletionPolicy",
    "DependsOn",
    "Description",
    "Metadata",
    "Properties",
    "Type",
    "UpdateReplacePolicy",
];
const RULE_PROPERTIES: [&str; 8] = [
    "Compliance",
    "ConfigRuleName",
    "Description",
    "EvaluationModes",
    "InputParameters",
    "MaximumExecutionFrequency",
    "Scope",
    "Source",
];
const SCOPE: [&str; 4] = [
    "ComplianceResourceId",
    "ComplianceResourceTypes",
    "TagKey",
    "TagValue",
];

/// Reads a template. `params` replace the defaults of its parameters; those that it does not
/// declare are left to other packs. `name` is what reports call the pack.
///
/// # Errors
/// Every mistake, in the order of the text.
pub fn load(text: &str, name: &str, params: &[(String, String)]) -> Result<Pack, Vec<Problem>> {
    let root = yaml::read(text).map_err(|problem| vec![problem])?;
    let mut loader = Loader {
        problems: Vec::new(),
    };
    let pack = loader.pack(&root, name, params);
    loader.problems.sort();
    match pack {
        Some(pack) if loader.problems.is_empty() => Ok(pack),
        _ => Err(loader.problems),
    }
}

/// The parameters that a template declares, with their defaults.
///
/// # Errors
/// Where the text is not YAML.
pub fn declared_parameters(text: &str) -> Result<BTreeMap<String, Option<String>>, Problem> {
    let root = yaml::read(text)?;
    let declared = root.get("Parameters").and_then(Value::members);
    let default = |value: &Value| {
        value
            .get("Default")
            .and_then(Value::text)
            .map(str::to_owned)
    };
    Ok(declared
        .unwrap_or_default()
        .iter()
        .map(|(key, value)| (key.text.clone(), default(value)))
        .collect())
}

struct Loader {
    problems: Vec<Problem>,
}

impl Loader {
    /// Notes a mistake, and goes on without the value.
    fn noted<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    fn members<'v>(&mut self, value: &'v Value, what: &str, known: &[&str]) -> &'v [(Key, Value)] {
        let Some(members) = value.members() else {
            let message = format!("{what} is {}, expected a mapping", value.kind_name());
            self.problems.push(Problem::new(value.place, message));
            return &[];
        };
        for (key, _) in members {
            if !known.contains(&key.text.as_str()) {
                let problem = Problem::unknown(
                    key.place,
                    &format!("{what} has no member"),
                    &key.text,
                    known.iter().copied(),
                );
                self.problems.push(problem);
            }
        }
        members
    }

    fn pack(&mut self, root: &Value, name: &str, params: &[(String, String)]) -> Option<Pack> {
        if root.members().is_none() {
            let message = format!("a template is a mapping, and this is {}", root.kind_name());
            self.problems.push(Problem::new(root.place, message));
            return None;
        }
        self.members(root, "a template", &SECTIONS);
        let scope = self.scope(root, params);
        let Some(resources) = root.get("Resources") else {
            let message = "a template has Resources, and this has none";
            self.problems.push(Problem::new(root.place, message));
            return None;
        };
        let mut pack = Pack {
            name: name.to_owned(),
            template: name.to_owned(),
            ..Pack::default()
        };
        let mut remediated = Vec::new();
        for (key, resource) in resources.members().unwrap_or_default() {
            self.resource(key, resource, &scope, &mut pack, &mut remediated);
        }
        // A rule that could not be read would be missed here too.
        let remediated = if self.problems.is_empty() {
            remediated
        } else {
            Vec::new()
        };
        for (at, rule_name) in remediated {
            let names = || pack.rules.iter().map(|rule| rule.name.as_str());
            if !names().any(|known| known == rule_name) {
                let what = "the template has no rule named";
                self.problems
                    .push(Problem::unknown(at, what, &rule_name, names()));
            }
        }
        Some(pack)
    }

    fn scope<'t>(&mut self, root: &'t Value, params: &[(String, String)]) -> Scope<'t> {
        let mut parameters = BTreeMap::new();
        let declared = root.get("Parameters").and_then(Value::members);
        for (key, value) in declared.unwrap_or_default() {
            let given = params.iter().rev().find(|(name, _)| *name == key.text);
            let default = value.get("Default").and_then(Value::text);
            let chosen = given.map(|(_, value)| value.as_str()).or(default);
            if let Some(chosen) = chosen {
                self.allowed(key, value, chosen);
            }
            parameters.insert(key.text.clone(), chosen.map(str::to_owned));
        }
        let conditions = root.get("Conditions").and_then(Value::members);
        Scope {
            parameters,
            conditions: conditions
                .unwrap_or_default()
                .iter()
                .map(|(key, value)| (key.text.as_str(), value))
                .collect(),
        }
    }

    fn allowed(&mut self, key: &Key, declaration: &Value, chosen: &str) {
        let Some(Kind::Sequence(allowed)) = declaration.get("AllowedValues").map(|v| &v.kind)
        else {
            return;
        };
        let allowed: Vec<&str> = allowed.iter().filter_map(Value::text).collect();
        if !allowed.contains(&chosen) {
            let message = format!(
                "parameter {} is {chosen:?}, expected one of {}",
                key.text,
                allowed.join(", ")
            );
            self.problems.push(Problem::new(key.place, message));
        }
    }

    fn resource(
        &mut self,
        key: &Key,
        resource: &Value,
        scope: &Scope<'_>,
        pack: &mut Pack,
        remediated: &mut Vec<(super::Place, String)>,
    ) {
        self.members(resource, &format!("resource {}", key.text), &RESOURCE);
        if let Some(condition) = resource.get("Condition")
            && self.noted(scope.condition_named(condition, 0)) == Some(false)
        {
            return;
        }
        let Some(properties) = resource.get("Properties") else {
            let message = format!("resource {} has no Properties", key.text);
            self.problems.push(Problem::new(key.place, message));
            return;
        };
        let type_value = resource.get("Type");
        match type_value.and_then(Value::text) {
            Some(RULE) => {
                let controls = controls(resource);
                let rule = self.rule(key, properties, scope, controls);
                pack.rules.extend(rule);
            }
            Some(REMEDIATION) => {
                let remediation = self.remediation(properties, scope);
                if let Some((place, remediation)) = remediation {
                    remediated.push((place, remediation.rule.clone()));
                    pack.remediations.push(remediation);
                }
            }
            Some(other) => {
                let place = type_value.map_or(key.place, |value| value.place);
                let what = "a conformance pack has no resources of type";
                self.problems
                    .push(Problem::unknown(place, what, other, [RULE, REMEDIATION]));
            }
            None => {
                let message = format!("resource {} has no Type", key.text);
                self.problems.push(Problem::new(key.place, message));
            }
        }
    }

    fn rule(
        &mut self,
        key: &Key,
        properties: &Value,
        scope: &Scope<'_>,
        controls: Vec<String>,
    ) -> Option<PackRule> {
        let what = format!("rule {}", key.text);
        self.members(properties, &what, &RULE_PROPERTIES);
        let name = match properties.get("ConfigRuleName") {
            Some(name) => self.noted(scope.text(name))?,
            None => None,
        };
        let mut rule = PackRule {
            name: name.unwrap_or_else(|| key.text.clone()),
            controls,
            ..PackRule::default()
        };
        let Some(source) = properties.get("Source") else {
            let message = format!("{what} has no Source");
            self.problems.push(Problem::new(properties.place, message));
            return None;
        };
        let given = match self.member(properties, "InputParameters", scope) {
            Some(given) => self.parameters(given, scope, &mut rule),
            None => Vec::new(),
        };
        self.source(source, scope, &mut rule);
        self.suits(source, &given, &rule);
        if let Some(narrowed) = self.member(properties, "Scope", scope) {
            self.rule_scope(narrowed, scope, &mut rule);
        }
        if let Some(frequency) = properties.get("MaximumExecutionFrequency") {
            rule.frequency = self.noted(scope.text(frequency)).flatten();
        }
        Some(rule)
    }

    /// A member that may stand inside `Fn::If`.
    fn member<'v>(&mut self, of: &'v Value, name: &str, scope: &Scope<'_>) -> Option<&'v Value> {
        let value = of.get(name)?;
        self.noted(scope.chosen(value)).flatten()
    }

    /// Reads the parameters, and returns the place of each name.
    fn parameters<'v>(
        &mut self,
        given: &'v Value,
        scope: &Scope<'_>,
        rule: &mut PackRule,
    ) -> Vec<&'v Key> {
        let mut places = Vec::new();
        for (key, value) in given.members().unwrap_or_default() {
            places.push(key);
            // AWS's templates give an empty text for what is not set.
            let text = self.noted(scope.text(value)).flatten();
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                rule.parameters.insert(key.text.clone(), text);
            }
        }
        places
    }

    fn rule_scope(&mut self, narrowed: &Value, scope: &Scope<'_>, rule: &mut PackRule) {
        self.members(narrowed, "a Scope", &SCOPE);
        let mut text = |name: &str| {
            let value = narrowed.get(name)?;
            self.noted(scope.text(value)).flatten()
        };
        rule.resource_id = text("ComplianceResourceId");
        rule.tag_key = text("TagKey");
        rule.tag_value = text("TagValue");
        let Some(types) = narrowed.get("ComplianceResourceTypes") else {
            return;
        };
        let listed = match &types.kind {
            Kind::Sequence(elements) => elements.as_slice(),
            _ => std::slice::from_ref(types),
        };
        for element in listed {
            rule.types.extend(self.noted(scope.text(element)).flatten());
        }
    }
}

/// `Controls`, which some of AWS's templates carry beside the properties.
fn controls(resource: &Value) -> Vec<String> {
    let Some(controls) = resource.get("Controls") else {
        return Vec::new();
    };
    match &controls.kind {
        Kind::Sequence(elements) => elements
            .iter()
            .filter_map(Value::text)
            .map(str::to_owned)
            .collect(),
        Kind::Text(text) => vec![text.clone()],
        _ => Vec::new(),
    }
}
