//! The verdicts on what is recorded, brought up to date.

use jiff::Timestamp;
use posture_content::packs::Pack;
use posture_engine::{Exceptions, Filter, Options, scan};

use crate::commands::CommandError;
use crate::commands::evidence_place::EvidencePlace;
use crate::commands::state::{Kept, StatePlace};

/// What is evaluated, and where.
pub(super) struct Judgement {
    pub(super) packs: Vec<Pack>,
    pub(super) exceptions: Exceptions,
    pub(super) place: StatePlace,
    pub(super) evidence: Option<EvidencePlace>,
}

impl Judgement {
    /// Evaluates everything that is recorded, and keeps the verdicts that changed. How many failures
    /// count.
    pub(super) fn evaluate(&self) -> Result<usize, CommandError> {
        let now = crate::clock::now();
        let filter = Filter {
            keeps_global: true,
            ..Filter::default()
        };
        let input = self.place.items(&filter, now, Timestamp::MAX)?;
        let listed = self.place.listed(now, Timestamp::MAX)?;
        let options = Options {
            now,
            filter,
            exceptions: &self.exceptions,
            listed: &listed,
            progress: None,
        };
        let inputs = [input];
        let scanned = scan(&inputs, &self.packs, options)?;
        let kept = Kept {
            evidence: self.evidence.as_ref(),
            schedule: None,
            has_findings: true,
        };
        self.place.keep_verdicts(&scanned, kept)?;
        Ok(scanned.failures_by_severity().values().sum())
    }
}
