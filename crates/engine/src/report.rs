//! What a scan says beside its verdicts. The same input gives the same bytes.

use std::collections::BTreeMap;

use posture_rules::ComplianceType;
use serde::Serialize;

use crate::disposition::{Disposition, Mark};

/// How many verdicts there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Verdicts `COMPLIANT` that count.
    pub compliant: usize,
    /// Verdicts `NON_COMPLIANT` that count.
    pub non_compliant: usize,
    /// Verdicts `NOT_APPLICABLE`.
    pub not_applicable: usize,
    /// Checks that could not run.
    pub insufficient_data: usize,
    /// Verdicts on resources that are left out for who made them.
    pub excluded: usize,
    /// Failures that an exception suppresses.
    pub suppressed: usize,
    /// Failures whose risk somebody bears.
    pub risk_accepted: usize,
}

/// A pack's result.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PackResult {
    /// The pack's short name, or its file.
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
    /// Rules left out by `--rule` or `--severity`.
    pub filtered: usize,
}

/// A rule's result.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleResult {
    /// The rule's name.
    pub rule_name: String,
    /// AWS's identifier, or a function's ARN.
    pub source_identifier: String,
    /// What is true when it passes.
    pub title: String,
    /// The parameters as resolved.
    pub parameters: BTreeMap<String, String>,
    /// The packs that deploy it so.
    pub packs: Vec<String>,
    /// The controls that these packs map it to.
    pub controls: Vec<String>,
    /// `low`, `medium`, `high` or `critical`.
    pub severity: &'static str,
    /// `COMPLIANT`, `NON_COMPLIANT` or `INSUFFICIENT_DATA`, as AWS Config aggregates.
    pub compliance_type: &'static str,
    /// Its verdicts.
    pub counts: Counts,
    /// What it is narrowed to.
    #[serde(skip)]
    pub limits: RuleLimits,
}

/// What a rule is narrowed to (CloudFormation, `AWS::Config::ConfigRule Scope`).
#[derive(Debug, Default, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleLimits {
    /// Only resources of these types; all that the rule is about where there are none.
    pub types: Vec<String>,
    /// Only this resource.
    pub resource_id: Option<String>,
    /// Only resources with this tag.
    pub tag_key: Option<String>,
    /// Only where the tag has this value.
    pub tag_value: Option<String>,
}

/// AWS Config's conformance pack score: compliant rule-resource pairs by all pairs with a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Score {
    /// 0 to 100, two decimals; none where there is no verdict at all.
    pub score: Option<f64>,
    /// Compliant pairs.
    pub compliant_pairs: usize,
    /// Compliant and non-compliant pairs.
    pub total_pairs: usize,
    /// Pairs left out of the score: excluded, suppressed, or with accepted risk.
    pub excluded_pairs: usize,
    /// Share of pairs, 0 to 100, that could be decided: the rest lacked data. None without pairs.
    pub coverage: Option<f64>,
}

impl Counts {
    pub(crate) fn add(&mut self, mark: Mark) {
        let Some(compliance_type) = mark.compliance_type() else {
            return;
        };
        match (compliance_type, mark.disposition()) {
            (ComplianceType::NotApplicable, _) => self.not_applicable += 1,
            (_, Disposition::Excluded) => self.excluded += 1,
            (_, Disposition::Suppressed) => self.suppressed += 1,
            (_, Disposition::RiskAccepted) => self.risk_accepted += 1,
            (ComplianceType::Compliant, _) => self.compliant += 1,
            (ComplianceType::NonCompliant, _) => self.non_compliant += 1,
            (ComplianceType::InsufficientData, _) => self.insufficient_data += 1,
        }
    }

    fn add_all(&mut self, other: &Counts) {
        self.compliant += other.compliant;
        self.non_compliant += other.non_compliant;
        self.not_applicable += other.not_applicable;
        self.insufficient_data += other.insufficient_data;
        self.excluded += other.excluded;
        self.suppressed += other.suppressed;
        self.risk_accepted += other.risk_accepted;
    }

    /// The one score function (AWS Config API reference, `ConformancePackComplianceScore`).
    pub fn score(self) -> Score {
        let total_pairs = self.compliant + self.non_compliant;
        Score {
            score: percent(self.compliant, total_pairs),
            compliant_pairs: self.compliant,
            total_pairs,
            excluded_pairs: self.excluded + self.suppressed + self.risk_accepted,
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

impl PackResult {
    pub(crate) fn new(name: &str, rules: usize) -> PackResult {
        PackResult {
            name: name.to_owned(),
            compliance_type: ComplianceType::InsufficientData.as_str(),
            score: Counts::default().score(),
            counts: Counts::default(),
            rules,
            not_implemented: Vec::new(),
            invalid_parameters: Vec::new(),
            without_resources: 0,
            manual: 0,
            filtered: 0,
        }
    }

    pub(crate) fn add(&mut self, rule: &Counts) {
        if *rule == Counts::default() {
            self.without_resources += 1;
        }
        self.counts.add_all(rule);
    }

    pub(crate) fn finish(&mut self) {
        self.score = self.counts.score();
        self.compliance_type = self.counts.compliance_type().as_str();
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
            suppressed: 4,
            ..Counts::default()
        };
        assert_eq!(counts.score().score, None);
        assert_eq!(counts.score().coverage, Some(0.0));
        assert_eq!(counts.compliance_type(), ComplianceType::InsufficientData);
    }
}
