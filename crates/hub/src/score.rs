//! Control status and security score, as Security Hub computes them. The one place that does.
//!
//! Source: controls-overall-status.html, standards-security-score.html.

use serde::Serialize;

/// What a control's findings come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ControlStatus {
    /// A finding failed.
    Failed,
    /// None failed, and one could not be decided.
    Unknown,
    /// All passed.
    Passed,
    /// No finding counts.
    NoData,
    /// Somebody turned the control off.
    Disabled,
}

/// How many findings a control has of each kind. One that is archived or suppressed counts there only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingCounts {
    /// `FAILED`.
    pub failed: i64,
    /// `WARNING` or `NOT_AVAILABLE`.
    pub unknown: i64,
    /// `PASSED`.
    pub passed: i64,
    /// Suppressed.
    pub suppressed: i64,
    /// Archived.
    pub archived: i64,
}

/// A security score with what it is made of: controls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// The numerator.
    pub passed: i64,
    /// In the denominator.
    pub failed: i64,
    /// In the denominator.
    pub unknown: i64,
    /// Left out.
    pub no_data: i64,
    /// Left out.
    pub disabled: i64,
}

impl ControlStatus {
    /// A control's status from its findings.
    pub fn of(counts: FindingCounts, is_disabled: bool) -> ControlStatus {
        match counts {
            _ if is_disabled => ControlStatus::Disabled,
            FindingCounts { failed: 1.., .. } => ControlStatus::Failed,
            FindingCounts { unknown: 1.., .. } => ControlStatus::Unknown,
            FindingCounts { passed: 1.., .. } => ControlStatus::Passed,
            _ => ControlStatus::NoData,
        }
    }

    /// AWS's word in its console.
    pub fn as_str(self) -> &'static str {
        match self {
            ControlStatus::Failed => "Failed",
            ControlStatus::Unknown => "Unknown",
            ControlStatus::Passed => "Passed",
            ControlStatus::NoData => "No data",
            ControlStatus::Disabled => "Disabled",
        }
    }
}

impl std::ops::AddAssign for FindingCounts {
    fn add_assign(&mut self, other: FindingCounts) {
        self.failed += other.failed;
        self.unknown += other.unknown;
        self.passed += other.passed;
        self.suppressed += other.suppressed;
        self.archived += other.archived;
    }
}

impl FindingCounts {
    /// Findings that count.
    pub fn total(self) -> i64 {
        self.failed + self.unknown + self.passed
    }
}

impl Score {
    /// The score of controls.
    pub fn of(statuses: impl Iterator<Item = ControlStatus>) -> Score {
        let mut score = Score::default();
        for status in statuses {
            *match status {
                ControlStatus::Passed => &mut score.passed,
                ControlStatus::Failed => &mut score.failed,
                ControlStatus::Unknown => &mut score.unknown,
                ControlStatus::NoData => &mut score.no_data,
                ControlStatus::Disabled => &mut score.disabled,
            } += 1;
        }
        score
    }

    /// Controls that are enabled and have data.
    pub fn denominator(self) -> i64 {
        self.passed + self.failed + self.unknown
    }

    /// 0 to 100, rounded to the nearest whole number; none where no control has data.
    pub fn percent(self) -> Option<i64> {
        ratio(self.passed, self.denominator())
    }

    /// The share of enabled controls that have data, 0 to 100; none where none is enabled.
    pub fn coverage(self) -> Option<i64> {
        ratio(self.denominator(), self.denominator() + self.no_data)
    }
}

/// 0 to 100, rounded to the nearest whole number; none of nothing.
pub(crate) fn ratio(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (200 * part + whole) / (2 * whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle: the scoring example of standards-security-score.html.
    #[test]
    fn the_scores_of_the_page() {
        for (passed, failed, percent) in [
            (168, 22, 88),
            (8, 29, 22),
            (6, 35, 15),
            (159, 56, 74),
            (28, 17, 62),
            (357, 515 - 357, 69),
        ] {
            let score = Score {
                passed,
                failed,
                ..Score::default()
            };
            assert_eq!(score.percent(), Some(percent));
        }
    }

    #[test]
    fn unknown_is_in_the_denominator_and_no_data_is_not() {
        let statuses = [
            ControlStatus::Passed,
            ControlStatus::Unknown,
            ControlStatus::NoData,
            ControlStatus::NoData,
            ControlStatus::Disabled,
        ];
        let score = Score::of(statuses.into_iter());
        assert_eq!(score.percent(), Some(50));
        assert_eq!(score.coverage(), Some(50));
    }

    #[test]
    fn no_data_is_no_score_and_never_100() {
        let score = Score::of([ControlStatus::NoData, ControlStatus::Disabled].into_iter());
        assert_eq!(score.percent(), None);
        assert_eq!(score.coverage(), Some(0));
    }
}
