//! A verdict as machines read it.

use std::collections::BTreeMap;

use posture_engine::{Facts, Row};

/// One verdict: a rule on a resource.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Evaluation")]
pub(crate) struct EvaluationV1<'r> {
    /// The same for the same rule, parameters and resource, in every scan.
    pub(crate) evaluation_id: String,
    /// The rule's name.
    pub(crate) rule_name: &'r str,
    /// AWS's identifier, or a function's ARN.
    pub(crate) source_identifier: &'r str,
    /// The parameters as resolved.
    pub(crate) parameters: &'r BTreeMap<String, String>,
    /// The packs that deploy the rule so.
    pub(crate) packs: &'r [String],
    /// The controls that these packs map the rule to.
    pub(crate) controls: &'r [String],
    /// The account.
    pub(crate) account_id: &'r str,
    /// The Region.
    pub(crate) aws_region: &'r str,
    /// The type, as AWS spells it.
    pub(crate) resource_type: &'r str,
    /// The id.
    pub(crate) resource_id: &'r str,
    /// The name, where there is one.
    pub(crate) resource_name: Option<&'r str>,
    /// The ARN, where the item has one.
    pub(crate) arn: Option<&'r str>,
    /// Who made the resource, as far as its item shows.
    pub(crate) managed_by: &'static str,
    /// When the item was captured, RFC 3339.
    pub(crate) configuration_item_capture_time: Option<String>,
    /// `COMPLIANT`, `NON_COMPLIANT`, `NOT_APPLICABLE` or `INSUFFICIENT_DATA`.
    pub(crate) compliance_type: &'static str,
    /// `counted`, `excluded`, `suppressed` or `risk-accepted`.
    pub(crate) disposition: &'static str,
    /// The exception that decided the disposition.
    pub(crate) exception: Option<&'r str>,
    /// The reason, in at most 256 characters.
    pub(crate) annotation: String,
    /// `low`, `medium`, `high` or `critical`.
    pub(crate) severity: &'static str,
    /// The place looked at, what was found there and what was expected.
    pub(crate) facts: &'r Facts,
}

impl<'r> EvaluationV1<'r> {
    pub(crate) fn new(row: &'r Row<'_>) -> EvaluationV1<'r> {
        let item = row.item;
        EvaluationV1 {
            evaluation_id: row.evaluation_id(),
            rule_name: &row.rule.rule_name,
            source_identifier: &row.rule.source_identifier,
            parameters: &row.rule.parameters,
            packs: &row.rule.packs,
            controls: &row.rule.controls,
            account_id: item.account_id(),
            aws_region: item.aws_region(),
            resource_type: item.type_name(),
            resource_id: item.resource_id(),
            resource_name: item.resource_name(),
            arn: item.arn(),
            managed_by: item.managed_by().as_str(),
            configuration_item_capture_time: item.capture_time().map(|time| time.to_string()),
            compliance_type: row.compliance_type.as_str(),
            disposition: row.disposition.as_str(),
            exception: row.exception.map(|exception| exception.name.as_str()),
            annotation: row.annotation(),
            severity: row.severity.as_str(),
            facts: row.facts(),
        }
    }
}
