//! What a scan says. The same input gives the same bytes.

use std::collections::BTreeMap;

use posture_rules::ComplianceType;
use serde::Serialize;

use crate::input::InputReport;

/// The result of a scan; `schema` names the form.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// `posture.scan/v1`.
    pub schema: &'static str,
    /// The clock of the evaluation, RFC 3339.
    pub evaluated_at: String,
    /// By account, Region, type, id, rule and parameters.
    pub evaluations: Vec<EvaluationRow>,
    /// The packs, in the order they were asked for.
    pub packs: Vec<PackResult>,
    /// What was read.
    pub inputs: Vec<InputReport>,
}

/// One verdict.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are AWS Config's")]
pub struct EvaluationRow {
    pub rule_name: &'static str,
    pub source_identifier: String,
    pub parameters: BTreeMap<&'static str, String>,
    pub packs: Vec<String>,
    pub account_id: String,
    pub aws_region: String,
    pub resource_type: String,
    pub resource_id: String,
    pub arn: Option<String>,
    pub compliance_type: &'static str,
    /// At most 256 characters, AWS Config's limit for an annotation.
    pub annotation: String,
    pub severity: &'static str,
    pub managed_by: &'static str,
}

/// How many verdicts there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are AWS Config's")]
pub struct Counts {
    pub compliant: usize,
    pub non_compliant: usize,
    pub not_applicable: usize,
    pub insufficient_data: usize,
}

/// A pack's result.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PackResult {
    /// The pack's short name.
    pub name: String,
    /// `COMPLIANT`, `NON_COMPLIANT` or `INSUFFICIENT_DATA`, as AWS Config aggregates.
    pub compliance_type: &'static str,
    /// The score and what it is made of.
    #[serde(flatten)]
    pub score: Score,
    /// Verdicts of the pack's rules.
    pub counts: Counts,
    /// Rules that the pack deploys.
    pub rules: usize,
    /// Identifiers that this version doesn't implement: never a pass.
    pub not_implemented: Vec<String>,
    /// Rules whose parameters can't be used, and why: never a pass.
    pub invalid_parameters: Vec<String>,
    /// Rules for which nothing in the input is in scope.
    pub without_resources: usize,
    /// Rules that are a manual process check: never passed by themselves.
    pub manual: usize,
}

/// AWS Config's conformance pack score: compliant rule-resource pairs by all pairs with a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// 0 to 100, two decimals; none where there is no verdict at all.
    pub score: Option<f64>,
    /// Compliant pairs.
    pub compliant_pairs: usize,
    /// Compliant and non-compliant pairs.
    pub total_pairs: usize,
    /// Share of pairs, 0 to 100, that could be decided: the rest lacked data. None without pairs.
    pub coverage: Option<f64>,
}

impl Counts {
    pub(crate) fn add(&mut self, compliance_type: ComplianceType) {
        match compliance_type {
            ComplianceType::Compliant => self.compliant += 1,
            ComplianceType::NonCompliant => self.non_compliant += 1,
            ComplianceType::NotApplicable => self.not_applicable += 1,
            ComplianceType::InsufficientData => self.insufficient_data += 1,
        }
    }

    /// The one score function (AWS Config API reference, `ConformancePackComplianceScore`).
    pub fn score(self) -> Score {
        let total_pairs = self.compliant + self.non_compliant;
        Score {
            score: percent(self.compliant, total_pairs),
            compliant_pairs: self.compliant,
            total_pairs,
            coverage: percent(total_pairs, total_pairs + self.insufficient_data),
        }
    }

    /// AWS Config's aggregate: a failure decides, `NOT_APPLICABLE` is left out, and data that is
    /// missing everywhere is `INSUFFICIENT_DATA`.
    pub fn compliance_type(self) -> ComplianceType {
        if self.non_compliant > 0 {
            return ComplianceType::NonCompliant;
        }
        if self.compliant > 0 {
            return ComplianceType::Compliant;
        }
        ComplianceType::InsufficientData
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn percent(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64 * 10_000.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_rules_on_five_resources_with_four_failures_score_84() {
        let counts = Counts {
            compliant: 21,
            non_compliant: 4,
            ..Counts::default()
        };
        assert_eq!(counts.score().score, Some(84.0));
    }

    #[test]
    fn no_data_is_no_score_and_never_100() {
        let counts = Counts {
            insufficient_data: 3,
            not_applicable: 2,
            ..Counts::default()
        };
        assert_eq!(counts.score().score, None);
        assert_eq!(counts.score().coverage, Some(0.0));
        assert_eq!(counts.compliance_type(), ComplianceType::InsufficientData);
    }
}
