//! An AWS of two values, for what needs none that is larger.

use std::collections::BTreeMap;
use std::sync::Mutex;

use posture_aws::Authorisation;
use posture_remediation::{Api, ApiError};
use serde_json::{Value, json};

use super::ssm::Ssm;

/// The retention of log groups, and the rotation of keys. Everything else is denied.
#[derive(Debug, Default)]
pub(crate) struct Fake {
    pub(crate) retention: Mutex<BTreeMap<String, i64>>,
    pub(crate) rotation: Mutex<BTreeMap<String, bool>>,
    /// Tags that every resource has.
    pub(crate) tags: Mutex<Vec<(String, String)>>,
    /// Systems Manager Automation.
    pub(crate) ssm: Mutex<Ssm>,
}

fn denied(service: &str, operation: &str) -> ApiError {
    ApiError {
        code: Some("AccessDenied".to_owned()),
        message: format!("{service}:{operation}: AccessDenied"),
        denied: Some(format!("{service}:{operation}")),
        may_have_happened: false,
    }
}

impl Fake {
    pub(crate) fn with_groups(names: &[&str]) -> Fake {
        let fake = Fake::default();
        for name in names {
            fake.retention.lock().unwrap().insert((*name).to_owned(), 0);
        }
        fake
    }

    pub(crate) fn retention_of(&self, name: &str) -> i64 {
        self.retention.lock().unwrap()[name]
    }

    pub(crate) fn set_retention(&self, name: &str, days: i64) {
        self.retention.lock().unwrap().insert(name.to_owned(), days);
    }
}

impl Api for Fake {
    async fn read(&self, service: &str, operation: &str, input: &Value) -> Result<Value, ApiError> {
        match (service, operation) {
            ("logs", "DescribeLogGroups") => {
                let prefix = input["logGroupNamePrefix"].as_str().unwrap_or_default();
                let groups = self.retention.lock().unwrap();
                let groups = groups
                    .iter()
                    .filter(|(name, _)| name.starts_with(prefix))
                    .map(|(name, days)| match days {
                        0 => json!({ "logGroupName": name }),
                        days => json!({ "logGroupName": name, "retentionInDays": days }),
                    });
                Ok(json!({ "logGroups": groups.collect::<Vec<_>>() }))
            }
            ("resourcegroupstaggingapi", "GetResources") => {
                let tags = self.tags.lock().unwrap();
                let tags = tags
                    .iter()
                    .map(|(key, value)| json!({ "Key": key, "Value": value }));
                Ok(json!({ "ResourceTagMappingList": [{
                    "ResourceARN": input["ResourceARNList"][0], "Tags": tags.collect::<Vec<_>>(),
                }] }))
            }
            ("kms", "GetKeyRotationStatus") => {
                let key = input["KeyId"].as_str().unwrap();
                let rotates = self.rotation.lock().unwrap().get(key).copied();
                Ok(json!({ "KeyRotationEnabled": rotates.unwrap_or(false) }))
            }
            ("ssm", operation) => {
                let mut retention = self.retention.lock().unwrap();
                self.ssm
                    .lock()
                    .unwrap()
                    .read(operation, input, &mut retention)
            }
            _ => Err(denied(service, operation)),
        }
    }

    async fn mutate(
        &self,
        _: &Authorisation,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> Result<Value, ApiError> {
        let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
        match (service, operation) {
            ("ssm", operation) => return self.ssm.lock().unwrap().mutate(operation, input),
            ("logs", "PutRetentionPolicy") => {
                let days = input["retentionInDays"].as_i64().unwrap();
                self.set_retention(&text("logGroupName"), days);
            }
            ("logs", "DeleteRetentionPolicy") => self.set_retention(&text("logGroupName"), 0),
            ("kms", "EnableKeyRotation" | "DisableKeyRotation") => {
                let rotates = operation == "EnableKeyRotation";
                self.rotation.lock().unwrap().insert(text("KeyId"), rotates);
            }
            _ => return Err(denied(service, operation)),
        }
        Ok(json!({}))
    }
}
