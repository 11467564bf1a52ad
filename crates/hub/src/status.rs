//! The status of standards and controls, as it is told.

use posture_content::standards::{SecurityControl, Standard};

use crate::hub::DisabledControl;
use crate::score::{ControlStatus, FindingCounts, Score, ratio};

/// The status of some standards.
#[derive(Debug, Clone)]
pub struct Status {
    /// Each, by name.
    pub standards: Vec<StandardStatus>,
    /// Over all their controls, each once.
    pub summary: Score,
}

/// A standard's status.
#[derive(Debug, Clone)]
pub struct StandardStatus {
    /// The standard.
    pub standard: &'static Standard,
    /// Its controls, by id.
    pub controls: Vec<ControlRow>,
}

/// A control's status in a standard.
#[derive(Debug, Clone)]
pub struct ControlRow {
    /// The control.
    pub control: &'static SecurityControl,
    /// What it is for in this standard.
    pub requirements: &'static [String],
    /// What its findings come to.
    pub status: ControlStatus,
    /// Its findings.
    pub counts: FindingCounts,
    /// Whether our own scan can check it.
    pub is_implemented: bool,
    /// Who turned it off, and why.
    pub disabled: Option<DisabledControl>,
}

impl StandardStatus {
    /// The score.
    pub fn score(&self) -> Score {
        Score::of(self.controls.iter().map(|row| row.status))
    }

    /// Controls of which nothing is known because our scan can't check them and nobody else did. With
    /// any of them the score is partial.
    pub fn not_implemented(&self) -> Vec<&'static str> {
        self.controls
            .iter()
            .filter(|row| row.status == ControlStatus::NoData && !row.is_implemented)
            .map(|row| row.control.id.as_str())
            .collect()
    }

    /// Findings of its controls.
    pub fn findings(&self) -> FindingCounts {
        let mut all = FindingCounts::default();
        for row in &self.controls {
            if row.status != ControlStatus::Disabled {
                all += row.counts;
            }
        }
        all
    }

    /// The share of findings that passed, 0 to 100: how many resources fail, which the score doesn't
    /// say. None without findings.
    pub fn findings_percent(&self) -> Option<i64> {
        let all = self.findings();
        ratio(all.passed, all.total())
    }
}
