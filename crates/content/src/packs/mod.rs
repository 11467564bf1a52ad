//! Conformance packs as facts: rules, identifiers, parameters at their template's defaults.
//!
//! Carried over from awslabs/aws-config-rules (CC0-1.0); identifiers and values only.

mod embedded;

use std::collections::BTreeMap;

use posture_rules::catalogue::Entry;
use posture_rules::{Params, catalogue};
use serde::Deserialize;

/// A conformance pack.
#[derive(Debug, Clone, Deserialize)]
pub struct Pack {
    /// The short name.
    pub name: String,
    /// The file name of AWS's template.
    pub template: String,
    /// Its rules, in the template's order.
    pub rules: Vec<PackRule>,
}

/// A rule as a pack deploys it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PackRule {
    /// The rule's name in the pack.
    pub name: String,
    /// `AWS`, `CUSTOM_LAMBDA` or `CUSTOM_POLICY`.
    pub owner: String,
    /// AWS's identifier, or the function's ARN.
    pub identifier: String,
    /// Parameters as the pack sets them.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// The types in the rule's scope; empty where the rule's own apply.
    #[serde(default)]
    pub types: Vec<String>,
    /// The one resource in the rule's scope.
    #[serde(default)]
    pub resource_id: Option<String>,
    /// The tag that resources in the rule's scope have.
    #[serde(default)]
    pub tag_key: Option<String>,
    /// The value of that tag.
    #[serde(default)]
    pub tag_value: Option<String>,
    /// The controls that the pack maps the rule to.
    #[serde(default)]
    pub controls: Vec<String>,
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

/// Every embedded pack, sorted by file name.
///
/// # Errors
/// Where an embedded pack doesn't parse, which a test rules out.
pub fn all() -> Result<Vec<Pack>, serde_json::Error> {
    embedded::TEXTS
        .iter()
        .map(|text| serde_json::from_str(text))
        .collect()
}

#[cfg(test)]
mod tests {
    //! Oracle: `../shared/data/facts/conformance_pack_rules.csv`, parsed from AWS's templates.

    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_pack_names_the_identifiers_of_its_template() {
        let facts = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../shared/data/facts/conformance_pack_rules.csv");
        let Ok(text) = std::fs::read_to_string(&facts) else {
            println!("SKIPPED: {} is absent", facts.display());
            return;
        };
        let wanted: BTreeSet<(String, String)> = text
            .lines()
            .skip(1)
            .map(|line| {
                let columns: Vec<&str> = line.split(',').collect();
                (columns[0].to_owned(), columns[2].to_owned())
            })
            .collect();
        let mut found = BTreeSet::new();
        for pack in super::all().unwrap() {
            for rule in &pack.rules {
                if rule.owner == "AWS" {
                    found.insert((pack.template.clone(), rule.identifier.clone()));
                }
            }
        }
        let missing: Vec<_> = wanted.difference(&found).collect();
        let extra: Vec<_> = found.difference(&wanted).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{missing:?} {extra:?}"
        );
    }

    #[test]
    fn no_intrinsic_is_left_unresolved() {
        for pack in super::all().unwrap() {
            for rule in &pack.rules {
                let text = format!("{:?}", rule.parameters);
                assert!(
                    !text.contains("Fn::") && !text.contains("Ref"),
                    "{}: {text}",
                    pack.name
                );
            }
        }
    }

    #[test]
    fn every_parameter_of_every_pack_suits_its_rule() {
        for pack in super::all().unwrap() {
            for rule in &pack.rules {
                assert!(
                    rule.resolve().is_ok(),
                    "{}: {}: {:?}",
                    pack.name,
                    rule.name,
                    rule.resolve()
                );
            }
        }
    }
}
