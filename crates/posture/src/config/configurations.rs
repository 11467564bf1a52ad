//! `remediation.configurations` of `posture.yaml`: AWS Config's remediation configurations.

use std::collections::BTreeMap;

use posture_content::packs::{self, PackRule};
use posture_remediation::{ParameterValue, RemediationConfiguration};
use posture_rules::catalogue;
use serde::{Deserialize, Serialize};

use super::ConfigError;

/// AWS's defaults and limits (API reference of `RemediationConfiguration`).
const ATTEMPTS: u32 = 5;
const MOST_ATTEMPTS: u32 = 25;
const SECONDS: u32 = 60;
const MOST_SECONDS: u32 = 2_678_000;
const CONCURRENT: u32 = 10;
const ERRORS: u32 = 50;

/// What is done about the failures of a rule.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ConfigurationConfig {
    /// The managed rule, by name or identifier.
    rule: String,
    /// The automation document.
    target_id: String,
    /// Values of the document's parameters.
    #[serde(default)]
    parameters: BTreeMap<String, ValueConfig>,
    /// Whether it runs without approval; only a document whose safety is `safe` does.
    #[serde(default)]
    automatic: bool,
    /// Failed attempts after which there is a remediation exception, 1 to 25. 5 where nothing is said.
    maximum_automatic_attempts: Option<u32>,
    /// The seconds over which these attempts are spread. 60 where nothing is said.
    retry_attempt_seconds: Option<u32>,
    /// Limits of one pass.
    #[serde(default)]
    execution_controls: ControlsConfig,
}

/// Limits of one pass, in an account and a Region.
#[derive(Debug, Clone, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct ControlsConfig {
    /// Runs at the same time in per cent of the failing resources, at most, and one at least. 10 where nothing is said.
    concurrent_execution_rate_percentage: Option<u32>,
    /// Failed runs in per cent of the failing resources, above which the others wait. 50 where nothing is said.
    error_percentage: Option<u32>,
}

/// A value: the resource's, or the same for all.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
enum ValueConfig {
    /// `RESOURCE_ID`.
    ResourceValue(ResourceValue),
    /// Texts.
    StaticValue(Vec<String>),
}

/// What of the resource a parameter gets.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, schemars::JsonSchema)]
enum ResourceValue {
    /// Its id, as the document takes it.
    #[serde(rename = "RESOURCE_ID")]
    ResourceId,
}

impl ConfigurationConfig {
    /// The configuration, checked.
    pub(super) fn read(&self) -> Result<RemediationConfiguration, ConfigError> {
        let wrong = |what: String| ConfigError::Remediation {
            place: format!("configurations.{}", self.rule),
            what,
        };
        let entry = catalogue::find(&self.rule).or_else(|| catalogue::by_identifier(&self.rule));
        let entry = entry.ok_or_else(|| wrong("no rule has this name".to_owned()))?;
        let within = |name: &str, given: Option<u32>, default: u32, most: u32| {
            let value = given.unwrap_or(default);
            if (1..=most).contains(&value) {
                return Ok(value);
            }
            Err(wrong(format!("{name} is {value}, expected 1 to {most}")))
        };
        let parameters = self.parameters.iter().map(|(name, value)| {
            let value = match value {
                ValueConfig::ResourceValue(ResourceValue::ResourceId) => ParameterValue::ResourceId,
                ValueConfig::StaticValue(values) => ParameterValue::Static(values.clone()),
            };
            (name.clone(), value)
        });
        Ok(RemediationConfiguration {
            rule_name: entry.rule.id.to_owned(),
            target_id: self.target_id.clone(),
            is_automatic: self.automatic,
            parameters: parameters.collect(),
            maximum_automatic_attempts: within(
                "maximumAutomaticAttempts",
                self.maximum_automatic_attempts,
                ATTEMPTS,
                MOST_ATTEMPTS,
            )?,
            retry_attempt_seconds: within(
                "retryAttemptSeconds",
                self.retry_attempt_seconds,
                SECONDS,
                MOST_SECONDS,
            )?,
            concurrent_execution_rate_percentage: within(
                "executionControls.concurrentExecutionRatePercentage",
                self.execution_controls.concurrent_execution_rate_percentage,
                CONCURRENT,
                100,
            )?,
            error_percentage: within(
                "executionControls.errorPercentage",
                self.execution_controls.error_percentage,
                ERRORS,
                100,
            )?,
        })
    }
}

/// Those of packs. That one of them is automatic counts where `posture.yaml` lets its document run by itself.
pub(super) fn of_pack(
    rules: &[PackRule],
    remediation: &packs::Remediation,
) -> Option<RemediationConfiguration> {
    let rule = rules.iter().find(|rule| rule.name == remediation.rule)?;
    let entry = catalogue::by_identifier(&rule.identifier)?;
    let value = |values: &Vec<String>| match values.as_slice() {
        [one] if one == "{RESOURCE_ID}" => ParameterValue::ResourceId,
        _ => ParameterValue::Static(values.clone()),
    };
    let given = remediation.parameters.iter();
    Some(RemediationConfiguration {
        rule_name: entry.rule.id.to_owned(),
        target_id: remediation.target.clone(),
        is_automatic: remediation.automatic,
        parameters: given
            .map(|(name, values)| (name.clone(), value(values)))
            .collect(),
        maximum_automatic_attempts: remediation.maximum_automatic_attempts.unwrap_or(ATTEMPTS),
        retry_attempt_seconds: remediation.retry_attempt_seconds.unwrap_or(SECONDS),
        concurrent_execution_rate_percentage: CONCURRENT,
        error_percentage: ERRORS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RemediationConfiguration, String> {
        let config: ConfigurationConfig = serde_saphyr::from_str(text).unwrap();
        config.read().map_err(|error| error.to_string())
    }

    #[test]
    fn defaults_are_those_of_aws_config_and_limits_are_told() {
        let text = "{rule: S3_BUCKET_VERSIONING_ENABLED, targetId: AWS-ConfigureS3BucketVersioning, \
                    parameters: {BucketName: {resourceValue: RESOURCE_ID}, VersioningState: {staticValue: [Enabled]}}}";
        let read_ = read(text).unwrap();
        assert_eq!(read_.rule_name, "s3-bucket-versioning-enabled");
        assert_eq!(
            (
                read_.maximum_automatic_attempts,
                read_.retry_attempt_seconds
            ),
            (5, 60)
        );
        assert_eq!((read_.is_automatic, read_.error_percentage), (false, 50));
        // 10 % of 25 is two and a half: no more than that.
        assert_eq!(
            (read_.concurrent_runs(25), read_.concurrent_runs(1)),
            (2, 1)
        );
        assert_eq!(read_.parameters["BucketName"], ParameterValue::ResourceId);
        let told =
            read("{rule: restricted-ssh, targetId: X, maximumAutomaticAttempts: 26}").unwrap_err();
        assert_eq!(
            told,
            "remediation.configurations.restricted-ssh: maximumAutomaticAttempts is 26, expected 1 to 25"
        );
        assert!(
            read("{rule: no-such-rule, targetId: X}")
                .unwrap_err()
                .contains("no rule has this name")
        );
    }
}
