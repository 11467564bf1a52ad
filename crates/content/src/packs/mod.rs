//! Conformance packs: rules, identifiers, parameters, controls, remediations.
//!
//! The embedded ones are facts carried over from awslabs/aws-config-rules (CC0-1.0) by
//! `cargo xtask packs`: identifiers and values only.

mod embedded;

use std::collections::BTreeMap;

use posture_rules::catalogue::Entry;
use posture_rules::{Params, catalogue};
use serde::{Deserialize, Serialize};

/// A conformance pack, its parameters resolved.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pack {
    /// The short name, or the template's file.
    pub name: String,
    /// The file name of the template.
    pub template: String,
    /// Its rules, in the template's order.
    pub rules: Vec<PackRule>,
    /// What to do about failures of its rules.
    pub remediations: Vec<Remediation>,
}

/// A rule as a pack deploys it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PackRule {
    /// The rule's name in the pack.
    pub name: String,
    /// `AWS`, `CUSTOM_LAMBDA` or `CUSTOM_POLICY`.
    pub owner: String,
    /// AWS's identifier, or the function's ARN.
    pub identifier: String,
    /// Parameters as the pack sets them.
    pub parameters: BTreeMap<String, String>,
    /// The types in the rule's scope; empty where the rule's own apply.
    pub types: Vec<String>,
    /// The one resource in the rule's scope.
    pub resource_id: Option<String>,
    /// The tag that resources in the rule's scope have.
    pub tag_key: Option<String>,
    /// The value of that tag.
    pub tag_value: Option<String>,
    /// How often AWS Config would run it, in its words.
    pub frequency: Option<String>,
    /// The Guard policy of a `CUSTOM_POLICY` rule.
    pub policy: Option<Policy>,
    /// The controls that the pack maps the rule to.
    pub controls: Vec<String>,
}

/// A Guard policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The text, in Guard's language.
    pub text: String,
}

/// `AWS::Config::RemediationConfiguration`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Remediation {
    /// The name of the rule whose failures it fixes.
    pub rule: String,
    /// The SSM Automation document.
    pub target: String,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_version: Option<String>,
    /// Whether it runs without being asked.
    #[serde(default)]
    pub automatic: bool,
    /// How often it is tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_automatic_attempts: Option<u32>,
    /// Within how many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_attempt_seconds: Option<u32>,
    /// Values of the document's parameters; `{RESOURCE_ID}` stands for the resource.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Vec<String>>,
}

/// An embedded pack, its parameters open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmbeddedPack {
    /// The short name.
    pub name: String,
    /// The file name of AWS's template.
    pub template: String,
    /// The template's parameters, with their defaults.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// Its rules, in the template's order.
    pub rules: Vec<EmbeddedRule>,
    /// What to do about failures of its rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remediations: Vec<Remediation>,
}

/// A rule of an embedded pack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmbeddedRule {
    /// The rule's name in the pack.
    pub name: String,
    /// AWS's identifier, or the function's ARN.
    pub identifier: String,
    /// `CUSTOM_LAMBDA`, where it is not `AWS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Where it is deployed only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<EmbeddedCondition>,
    /// Its parameters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, EmbeddedValue>,
    /// The types in the rule's scope.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// How often AWS Config would run it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<String>,
    /// The controls that the rule is mapped to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<String>,
}

/// That a parameter of the template has a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmbeddedCondition {
    /// The parameter.
    pub parameter: String,
    /// The value.
    pub equals: String,
}

/// A parameter's value: a text, or the name of the template's parameter that gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EmbeddedValue {
    /// A text.
    Text(String),
    /// The value of a parameter of the template; where that is empty, none.
    Parameter {
        /// Its name.
        #[serde(rename = "ref")]
        name: String,
    },
}

impl PackRule {
    /// The implementation and its resolved parameters; none where this version has none.
    ///
    /// # Errors
    /// What is wrong with the parameters, in words.
    pub fn resolve(&self) -> Result<Option<(&'static Entry, Params)>, String> {
        let Some(entry) = catalogue::by_identifier(&self.identifier) else {
            return Ok(None);
        };
        let given = self
            .parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        match Params::resolve(entry.rule.parameters, given) {
            Ok(params) => Ok(Some((entry, params))),
            Err(errors) => {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                Err(errors.join("; "))
            }
        }
    }
}

impl EmbeddedPack {
    /// The pack, with the template's defaults but for `params`.
    pub fn resolved(&self, params: &[(String, String)]) -> Pack {
        let value_of = |name: &str| {
            let given = params.iter().rev().find(|(known, _)| known == name);
            given
                .map(|(_, value)| value)
                .or_else(|| self.parameters.get(name))
        };
        let resolve = |value: &EmbeddedValue| match value {
            EmbeddedValue::Text(text) => Some(text.clone()),
            EmbeddedValue::Parameter { name } => {
                value_of(name).filter(|value| !value.is_empty()).cloned()
            }
        };
        let rule = |rule: &EmbeddedRule| PackRule {
            name: rule.name.clone(),
            owner: rule.owner.clone().unwrap_or_else(|| "AWS".to_owned()),
            identifier: rule.identifier.clone(),
            parameters: rule
                .parameters
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), resolve(value)?)))
                .collect(),
            types: rule.types.clone(),
            frequency: rule.frequency.clone(),
            controls: rule.controls.clone(),
            ..PackRule::default()
        };
        let is_deployed = |rule: &&EmbeddedRule| {
            rule.condition
                .as_ref()
                .is_none_or(|condition| value_of(&condition.parameter) == Some(&condition.equals))
        };
        Pack {
            name: self.name.clone(),
            template: self.template.clone(),
            rules: self.rules.iter().filter(is_deployed).map(rule).collect(),
            remediations: self.remediations.clone(),
        }
    }
}

/// Every embedded pack, sorted by name.
///
/// # Errors
/// Where an embedded pack doesn't parse, which a test rules out.
pub fn embedded() -> Result<Vec<EmbeddedPack>, serde_json::Error> {
    embedded::TEXTS
        .iter()
        .map(|text| serde_json::from_str(text))
        .collect()
}
