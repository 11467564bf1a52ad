//! How many findings a control has of each kind, in each account and Region.

use std::collections::{BTreeMap, BTreeSet};

use posture_store::sql::{Transaction, Value};

use super::args;
use crate::HubError;
use crate::finding::{ComplianceStatus, RecordState, WorkflowStatus};

/// Failed, unknown, passed, suppressed, archived.
pub(super) const KINDS: usize = 5;

/// Changes of counts, by account, control and Region.
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
    pub(super) fn kind(&self) -> Option<usize> {
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
            finding.account_id.to_owned(),
            finding.control.to_owned(),
            finding.aws_region.to_owned(),
        );
        let counts = self.0.entry(key).or_default();
        if let Some(count) = counts.get_mut(kind) {
            *count += by;
        }
    }

    /// Writes them with the change that they follow from: the counts, their sums, and whose scores are
    /// to be computed anew.
    pub(crate) async fn write(self, transaction: &mut Transaction) -> Result<(), HubError> {
        let changed = self
            .0
            .into_iter()
            .filter(|(_, counts)| counts.iter().any(|by| *by != 0));
        let mut rows = Vec::new();
        let mut totals: BTreeMap<String, [i64; KINDS]> = BTreeMap::new();
        let mut accounts: BTreeSet<String> = BTreeSet::new();
        for ((account, control, region), counts) in changed {
            let total = totals.entry(control.clone()).or_default();
            for (total, by) in total.iter_mut().zip(counts) {
                *total += by;
            }
            if !accounts.contains(&account) {
                accounts.insert(account.clone());
            }
            let mut row = args![account, control, region];
            row.extend(counts.map(Value::from));
            rows.push(row);
        }
        add(
            transaction,
            "control_counts",
            "account_id, control, aws_region",
            rows,
        )
        .await?;
        let rows = totals.into_iter().map(|(control, counts)| {
            let mut row = args![control];
            row.extend(counts.map(Value::from));
            row
        });
        add(transaction, "control_totals", "control", rows.collect()).await?;
        unscored(transaction, accounts).await
    }
}

/// Adds counts to those of the same key.
async fn add(
    transaction: &mut Transaction,
    table: &str,
    key: &str,
    rows: Vec<Vec<Value>>,
) -> Result<(), HubError> {
    let into = format!("{table} ({key}, failed, unknown, passed, suppressed, archived)");
    let sums = ["failed", "unknown", "passed", "suppressed", "archived"]
        .map(|kind| format!("{kind} = {table}.{kind} + excluded.{kind}"));
    let after = format!("ON CONFLICT ({key}) DO UPDATE SET {}", sums.join(", "));
    transaction.insert(&into, rows, &after).await?;
    Ok(())
}

/// Notes that accounts' scores are to be computed anew; an empty one is all of them.
pub(crate) async fn unscored(
    transaction: &mut Transaction,
    accounts: impl IntoIterator<Item = String>,
) -> Result<(), HubError> {
    let rows = accounts.into_iter().map(|account| args![account]);
    let into = "unscored (account_id)";
    transaction
        .insert(into, rows.collect::<Vec<_>>(), "ON CONFLICT DO NOTHING")
        .await?;
    Ok(())
}
