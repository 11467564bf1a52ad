//! Tags on the resources of findings.
//!
//! Source: resourcegroupstagging API_TagResources.html: up to 20 ARNs, up to 50 tags, and failures in a
//! good answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::SendError;
use crate::event::finding;
use crate::grants::{Call, Grant};
use crate::outlet::{Message, Outlet, region_of};

/// Tags on the resources of findings: those whose id is an ARN.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tagging {
    /// The tags, by key.
    tags: BTreeMap<String, String>,
}

/// What it calls.
const CALL: Call = ("resourcegroupstaggingapi", "TagResources");

/// IAM knows no resource of it; each service asks for its own action besides.
pub(crate) fn grants() -> Vec<Grant> {
    vec![Grant::of(CALL, ["*".to_owned()])]
}

impl Tagging {
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.tags.is_empty() || self.tags.len() > 50 {
            problems.push(format!("tags has {}, expected 1 to 50", self.tags.len()));
        }
        if self.tags.keys().any(|key| key.starts_with("aws:")) {
            problems.push("tags whose key begins with aws: are AWS's".to_owned());
        }
        problems
    }

    pub(crate) async fn send(&self, outlet: &Outlet, message: &Message) -> Result<(), SendError> {
        let finding = finding(&message.event.detail);
        let resources = finding.and_then(|finding| finding.get("Resources"));
        let resources = resources.and_then(Value::as_array).into_iter().flatten();
        let arns: Vec<&str> = resources
            .filter_map(|resource| resource.get("Id")?.as_str())
            .filter(|id| id.starts_with("arn:"))
            .take(20)
            .collect();
        let Some(first) = arns.first() else {
            let what = "the event is no finding on a resource that has an ARN";
            return Err(SendError::Refused(what.to_owned()));
        };
        // A bucket's ARN has no Region.
        let region = region_of(first).unwrap_or(&message.event.region).to_owned();
        let input = json!({"ResourceARNList": arns, "Tags": self.tags});
        let answer = outlet.call(Some(&region), CALL.0, CALL.1, &input);
        failures(&answer.await?)
    }
}

fn failures(answer: &Value) -> Result<(), SendError> {
    let failed = answer.get("FailedResourcesMap").and_then(Value::as_object);
    let Some((arn, failure)) = failed.and_then(|failed| failed.iter().next()) else {
        return Ok(());
    };
    let text = |name| {
        failure
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let what = format!("{arn}: {} {}", text("ErrorCode"), text("ErrorMessage"));
    Err(if text("ErrorCode") == "InternalServiceException" {
        SendError::Failed(what)
    } else {
        SendError::Refused(what)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_may_fail_in_a_good_answer() {
        assert_eq!(failures(&json!({"FailedResourcesMap": {}})), Ok(()));
        let failed =
            json!({"FailedResourcesMap": {"arn:x": {"ErrorCode": "InvalidParameterException"}}});
        assert!(matches!(failures(&failed), Err(SendError::Refused(_))));
    }
}
