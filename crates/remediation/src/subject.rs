//! Which resource a document is about.

use std::collections::BTreeMap;

use fancy_regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which resource a run is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subject {
    /// AWS Config's type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// The parameter that names it; none where it is the account or the Region.
    pub parameter: Option<String>,
    /// A regular expression of the parameter's whole value, such as an ARN; what a group `(?<Name>…)` in it matches is
    /// `{{ resource.Name }}` in this file.
    pub pattern: Option<String>,
    /// Its ARN, a template; with it the resource's tags are read, to see whether code manages it.
    pub arn: Option<String>,
}

impl Subject {
    /// What a group of the pattern matches in the parameter's value.
    pub(crate) fn part(&self, name: &str, arguments: &BTreeMap<String, Value>) -> Option<String> {
        let value = one(arguments.get(self.parameter.as_ref()?)?)?;
        let pattern = compiled(self.pattern.as_ref()?).ok()?;
        let found = pattern.captures(value).ok()??;
        Some(found.name(name)?.as_str().to_owned())
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        let Some(pattern) = &self.pattern else {
            return Ok(());
        };
        if self.parameter.is_none() {
            return Err(
                "resource.pattern is of a parameter, and resource.parameter is missing".to_owned(),
            );
        }
        compiled(pattern).map(drop).map_err(|error| {
            format!("resource.pattern {pattern:?} is no regular expression: {error}")
        })
    }
}

/// A text, or the only one in a list.
pub(crate) fn one(value: &Value) -> Option<&str> {
    match value {
        Value::Array(elements) => match elements.as_slice() {
            [element] => element.as_str(),
            _ => None,
        },
        value => value.as_str(),
    }
}

fn compiled(pattern: &str) -> Result<Regex, String> {
    Regex::new(&format!("^(?:{pattern})$")).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_groups_of_the_pattern_are_parts_of_the_parameter() {
        let subject = |pattern: &str, parameter: Option<&str>| Subject {
            resource_type: "AWS::ApiGateway::Stage".to_owned(),
            parameter: parameter.map(str::to_owned),
            pattern: Some(pattern.to_owned()),
            arn: None,
        };
        let stage = subject(
            "arn:.+::/restapis/(?<Api>[^/]+)/stages/(?<Stage>.+)",
            Some("Arn"),
        );
        let part =
            |name: &str, arn: &str| stage.part(name, &[("Arn".to_owned(), json!(arn))].into());
        let arn = "arn:aws:apigateway:eu-west-1::/restapis/abc/stages/prod";
        assert_eq!(part("Api", arn).as_deref(), Some("abc"));
        assert_eq!(part("Stage", arn).as_deref(), Some("prod"));
        assert_eq!(part("Region", arn), None);
        assert_eq!(
            part("Api", "arn:aws:apigateway:eu-west-1::/apis/abc/stages/prod"),
            None
        );
        let list = [("Arn".to_owned(), json!([arn]))].into();
        assert_eq!(stage.part("Stage", &list).as_deref(), Some("prod"));
        assert_eq!(stage.check(), Ok(()));
        let missing = subject("(?<A>.+)", None).check().unwrap_err();
        assert!(
            missing.contains("resource.parameter is missing"),
            "{missing}"
        );
        let broken = subject("(", Some("Arn")).check().unwrap_err();
        assert!(broken.contains("no regular expression"), "{broken}");
    }
}
