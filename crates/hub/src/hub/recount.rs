//! Counters against a count of the findings themselves.

use std::collections::BTreeMap;

use super::counts::{Counted, KINDS};
use super::{Hub, args};
use crate::HubError;
use crate::finding::{ComplianceStatus, RecordState, WorkflowStatus};

/// What a recount came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recount {
    /// How many counters there are that are not zero.
    pub counters: usize,
    /// Those that are not what the findings say, in words, in order.
    pub wrong: Vec<String>,
}

/// Counts by account, control and Region; the sums under a control alone.
type Counters = BTreeMap<Vec<String>, [i64; KINDS]>;

impl Hub {
    /// Counts all findings, and compares that with the counters that are kept with every change. Reads
    /// every finding's columns: for tests, and for who doubts a score.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn recount(&self) -> Result<Recount, HubError> {
        // One transaction, so that nobody writes between what is compared.
        let mut transaction = self.begin().await?;
        let sql = "SELECT account_id, control, aws_region, compliance, record_state, workflow, COUNT(*) \
                   FROM findings GROUP BY account_id, control, aws_region, compliance, record_state, \
                   workflow";
        let mut counted = Counters::new();
        for row in transaction.rows(sql, args![]).await? {
            let (account, control, region) = (row.text(0)?, row.text(1)?, row.text(2)?);
            let state = RecordState::from_word(&row.text(4)?).unwrap_or(RecordState::Active);
            let kind = Counted {
                control: &control,
                account_id: &account,
                aws_region: &region,
                compliance: ComplianceStatus::from_word(&row.text(3)?),
                record_state: state,
                workflow: WorkflowStatus::from_word(&row.text(5)?).unwrap_or(WorkflowStatus::New),
            }
            .kind();
            let Some(kind) = kind else { continue };
            for key in [vec![control.clone()], vec![account, control, region]] {
                if let Some(count) = counted.entry(key).or_default().get_mut(kind) {
                    *count += row.int(6)?;
                }
            }
        }
        let mut kept = Counters::new();
        for (key, table) in [
            ("account_id, control, aws_region", "control_counts"),
            ("control", "control_totals"),
        ] {
            let width = key.split(", ").count();
            let sql =
                format!("SELECT {key}, failed, unknown, passed, suppressed, archived FROM {table}");
            for row in transaction.rows(&sql, args![]).await? {
                let key: Result<Vec<String>, _> =
                    (0..width).map(|column| row.text(column)).collect();
                let mut counts = [0; KINDS];
                for (column, count) in counts.iter_mut().enumerate() {
                    *count = row.int(width + column)?;
                }
                if counts != [0; KINDS] {
                    kept.insert(key?, counts);
                }
            }
        }
        Ok(compared(&counted, &kept))
    }
}

fn compared(counted: &Counters, kept: &Counters) -> Recount {
    let keys = counted
        .keys()
        .chain(kept.keys().filter(|key| !counted.contains_key(*key)));
    let mut wrong: Vec<String> = keys
        .filter(|key| counted.get(*key) != kept.get(*key))
        .map(|key| {
            let (counted, kept) = (counted.get(key), kept.get(key));
            format!("{}: {counted:?} findings, kept as {kept:?}", key.join(" "))
        })
        .collect();
    wrong.sort();
    Recount {
        counters: counted.len(),
        wrong,
    }
}
