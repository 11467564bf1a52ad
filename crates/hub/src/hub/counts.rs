//! How many findings a control has of each kind, in each account and Region.

use std::collections::BTreeMap;

use posture_store::sql::Transaction;

use super::args;
use crate::HubError;
use crate::finding::{ComplianceStatus, RecordState, WorkflowStatus};

/// Failed, unknown, passed, suppressed, archived.
const KINDS: usize = 5;

/// Changes of counts.
#[derive(Default)]
pub(crate) struct Deltas(BTreeMap<(String, String, String), [i64; KINDS]>);

/// What decides where a finding counts.
pub(crate) struct Counted<'c> {
    pub(crate) control: &'c str,
    pub(crate) account_id: &'c str,
    pub(crate) aws_region: &'c str,
    pub(crate) compliance: Option<ComplianceStatus>,
    pub(crate) record_state: RecordState,
    pub(crate) workflow: WorkflowStatus,
}

impl Counted<'_> {
    /// Archived and suppressed findings are no part of a control's status.
    fn kind(&self) -> Option<usize> {
        let compliance = self.compliance?;
        if self.control.is_empty() {
            return None;
        }
        Some(match (self.record_state, self.workflow, compliance) {
            (RecordState::Archived, _, _) => 4,
            (_, WorkflowStatus::Suppressed, _) => 3,
            (_, _, ComplianceStatus::Passed) => 2,
            (_, _, ComplianceStatus::Warning | ComplianceStatus::NotAvailable) => 1,
            (_, _, ComplianceStatus::Failed) => 0,
        })
    }
}

impl Deltas {
    /// Counts a finding in (1) or out (-1).
    pub(crate) fn add(&mut self, finding: &Counted<'_>, by: i64) {
        let Some(kind) = finding.kind() else {
            return;
        };
        let key = (
            finding.control.to_owned(),
            finding.account_id.to_owned(),
            finding.aws_region.to_owned(),
        );
        let counts = self.0.entry(key).or_default();
        if let Some(count) = counts.get_mut(kind) {
            *count += by;
        }
    }

    pub(crate) async fn write(self, transaction: &mut Transaction) -> Result<(), HubError> {
        let changed = self
            .0
            .into_iter()
            .filter(|(_, counts)| counts.iter().any(|by| *by != 0));
        let rows = changed.map(
            |((control, account, region), [failed, unknown, passed, suppressed, archived])| {
                args![
                    control, account, region, failed, unknown, passed, suppressed, archived
                ]
            },
        );
        let into = "control_counts (control, account_id, aws_region, failed, unknown, passed, \
                    suppressed, archived)";
        let after = "ON CONFLICT (control, account_id, aws_region) DO UPDATE SET \
                     failed = control_counts.failed + excluded.failed, \
                     unknown = control_counts.unknown + excluded.unknown, \
                     passed = control_counts.passed + excluded.passed, \
                     suppressed = control_counts.suppressed + excluded.suppressed, \
                     archived = control_counts.archived + excluded.archived";
        transaction.insert(into, rows.collect(), after).await?;
        Ok(())
    }
}
