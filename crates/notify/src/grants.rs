//! What a target's credentials have to be allowed, as its own call declares it.

use std::collections::BTreeSet;

use posture_aws::{Service, action_of};
use serde_json::Value;

use crate::config::TargetConfig;
use crate::targets::{TargetKind, tagging};

/// A call of a target: the service and the operation, as the AWS CLI names them.
pub(crate) type Call = (&'static str, &'static str);

/// An action, on a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The IAM action.
    pub action: String,
    /// Patterns of ARNs; `*` where IAM knows no resource of the action, or none is named.
    pub resources: BTreeSet<String>,
    /// The service that a role may be passed to, where the action passes one.
    pub passed_to: Option<&'static str>,
}

impl Grant {
    pub(crate) fn of((service, operation): Call, resources: impl Into<BTreeSet<String>>) -> Grant {
        let action = Service::named(service).map(|service| action_of(service, operation));
        Grant {
            action: action.unwrap_or_else(|_| format!("{service}:{operation}")),
            resources: resources.into(),
            passed_to: None,
        }
    }
}

impl TargetConfig {
    /// Everything that its credentials have to be allowed; nothing where it is no service of AWS, and its secrets are
    /// elsewhere.
    pub fn grants(&self) -> Vec<Grant> {
        let mut grants = match &self.kind {
            TargetKind::Sns(sns) => sns.grants(),
            TargetKind::Sqs(sqs) => sqs.grants(),
            TargetKind::EventBridge(event_bridge) => event_bridge.grants(),
            TargetKind::Lambda(lambda) => lambda.grants(),
            TargetKind::StepFunctions(step_functions) => step_functions.grants(),
            TargetKind::Ssm(ssm) => ssm.grants(),
            TargetKind::Tagging(_) => tagging::grants(),
            TargetKind::SecurityHub(security_hub) => security_hub.grants(),
            TargetKind::Slack(_)
            | TargetKind::Teams(_)
            | TargetKind::PagerDuty(_)
            | TargetKind::Jira(_)
            | TargetKind::ServiceNow(_)
            | TargetKind::GitHub(_)
            | TargetKind::Email(_)
            | TargetKind::Webhook(_) => Vec::new(),
        };
        let mut secrets = BTreeSet::new();
        if let Ok(written) = serde_json::to_value(&self.kind) {
            secrets_of(&written, &mut secrets);
        }
        if !secrets.is_empty() {
            grants.push(Grant::of(("secretsmanager", "GetSecretValue"), secrets));
        }
        grants
    }
}

/// The secrets that a value refers to, wherever they stand in it.
fn secrets_of(value: &Value, secrets: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str() {
                    Some(secret) if name == "secretsManager" => {
                        // The ARN of a name has six characters more.
                        let named = format!("arn:*:secretsmanager:*:*:secret:{secret}-??????");
                        let is_arn = secret.starts_with("arn:");
                        secrets.insert(if is_arn { secret.to_owned() } else { named });
                    }
                    _ => secrets_of(member, secrets),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|one| secrets_of(one, secrets)),
        _ => {}
    }
}

/// An ARN as it is; a name, as the last part of one.
pub(crate) fn arn(service: &str, kind: &str, name: &str) -> String {
    if name.starts_with("arn:") {
        return name.to_owned();
    }
    format!("arn:*:{service}:*:*:{kind}{name}")
}
