//! The status of controls as it changes.

use std::collections::BTreeMap;

use posture_store::sql::Transaction;
use serde_json::{Value, json};

use super::{Hub, args};
use crate::HubError;
use crate::score::ControlStatus;

/// The event of a control whose status is another one than before.
const CHANGED: &str = "Posture Control Status Change";

impl Hub {
    /// Keeps the status of controls and returns the events of those that changed. A control's first
    /// status is no change.
    pub(super) async fn keep_statuses(
        &self,
        transaction: &mut Transaction,
        statuses: &BTreeMap<&'static str, ControlStatus>,
    ) -> Result<Vec<(&'static str, Value)>, HubError> {
        let mut known = BTreeMap::new();
        let sql = "SELECT control, status FROM control_statuses";
        for row in transaction.rows(sql, args![]).await? {
            known.insert(row.text(0)?, row.text(1)?);
        }
        let (mut rows, mut events) = (Vec::new(), Vec::new());
        for (control, status) in statuses {
            let status = status.as_str();
            let before = known.get(*control).map(String::as_str);
            if before == Some(status) {
                continue;
            }
            rows.push(args![*control, status]);
            let Some(before) = before else {
                continue;
            };
            let known = self.standards.control(control);
            let severity = known.map(|one| &one.severity);
            let detail = json!({
                "securityControlId": control,
                "severity": severity,
                "status": status,
                "previousStatus": before,
            });
            events.push((CHANGED, detail));
        }
        let into = "control_statuses (control, status)";
        let replace = "ON CONFLICT (control) DO UPDATE SET status = excluded.status";
        transaction.insert(into, rows, replace).await?;
        Ok(events)
    }
}
