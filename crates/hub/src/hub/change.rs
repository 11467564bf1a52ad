//! Changes to findings that are there: by people, by rules, by being gone.

use posture_store::sql::Transaction;
use serde_json::json;

use super::counts::Deltas;
use super::rows::{Known, Stored, time};
use super::write::{IMPORTED, apply, told};
use super::{Hub, args, clock_row};
use crate::HubError;
use crate::filter::Filters;
use crate::finding::{CustomerUpdate, Layers, RecordState, Unread, severity, shown};
use crate::rules::{Compiled, member_problems};

/// Findings that a person means.
#[derive(Debug, Clone)]
pub enum Selected {
    /// Of these numbers.
    Numbers(Vec<i64>),
    /// All that pass.
    Filters(Filters),
}

/// Findings in one transaction.
const PAGE: usize = 200;

impl Hub {
    /// What a person says of findings, as through `BatchUpdateFindings`: `UpdatedAt` stays. Returns how
    /// many findings that changed.
    ///
    /// # Errors
    /// Where a member can't be set so, or the database fails.
    pub async fn update(
        &self,
        selected: &Selected,
        update: &CustomerUpdate,
    ) -> Result<u64, HubError> {
        let problems = member_problems(&update.members);
        if !problems.is_empty() {
            return Err(HubError::AutomationRules(problems));
        }
        let now = self.now_text();
        let change = |_: &Stored, layers: &mut Layers| layers.update(update, &now);
        let mut changed = 0;
        match selected {
            Selected::Numbers(numbers) => {
                for page in numbers.chunks(PAGE) {
                    changed += self.change(page, &change).await?;
                }
            }
            Selected::Filters(filters) => {
                let mut after = 0;
                while let Some((page, last)) = self.next_page(filters, after).await? {
                    after = last;
                    let numbers: Vec<i64> = page.iter().map(|shown| shown.number).collect();
                    for page in numbers.chunks(PAGE) {
                        changed += self.change(page, &change).await?;
                    }
                }
            }
        }
        Ok(changed)
    }

    /// Applies automation rules to everything that is there.
    pub(super) async fn apply_rules(&self, rules: &Compiled) -> Result<u64, HubError> {
        let (mut after, mut changed) = (0, 0);
        let now = self.store.now();
        loop {
            let sql = "SELECT finding FROM findings WHERE finding > $1 ORDER BY finding LIMIT 200";
            let rows = self.store.database().rows(sql, args![after]).await?;
            let numbers: Result<Vec<i64>, _> = rows.iter().map(|row| row.int(0)).collect();
            let numbers = numbers?;
            let Some(last) = numbers.last() else {
                return Ok(changed);
            };
            after = *last;
            let change = |stored: &Stored, layers: &mut Layers| {
                if rules.may_change(layers) {
                    apply(rules, stored.asff.clone(), layers, now);
                }
            };
            changed += self.change(&numbers, &change).await?;
        }
    }

    /// Changes the layers of findings, and what follows from that.
    async fn change(
        &self,
        numbers: &[i64],
        change: &(dyn Fn(&Stored, &mut Layers) + Sync),
    ) -> Result<u64, HubError> {
        let first_event = self.store.take_ids("event", numbers.len()).await?.start;
        let now = self.store.now();
        let mut transaction = self.begin().await?;
        let keys = || numbers.iter().map(|number| (*number).into()).collect();
        let select = format!("{} WHERE finding IN", Known::SELECT);
        let mut known = std::collections::HashMap::new();
        for row in transaction.rows_in(&select, keys()).await? {
            let (_, finding) = Known::read(&row)?;
            known.insert(finding.finding, finding);
        }
        let select = format!("{} WHERE finding IN", Stored::SELECT);
        let (mut deltas, mut events, mut changed) = (Deltas::default(), Vec::new(), 0);
        for row in transaction.rows_in(&select, keys()).await? {
            let stored = Stored::read(&row)?;
            let Some(before) = known.get(&stored.finding) else {
                continue;
            };
            let mut layers = stored.layers.clone();
            change(&stored, &mut layers);
            if layers == stored.layers {
                continue;
            }
            changed += 1;
            let mut after = before.clone();
            after.workflow = layers.effective_workflow();
            let is_said = layers.is_said_since(&stored.layers)
                || layers.workflow() != stored.layers.workflow();
            if let Some(ended) = after.tick(is_said, now, now) {
                clock_row::keep(&mut transaction, stored.finding, &ended).await?;
            }
            deltas.add(&before.counted(), -1);
            deltas.add(&after.counted(), 1);
            let whole = shown(stored.asff, &layers);
            let sql = "UPDATE findings SET layers = $2, workflow = $3, severity = $4, \
                       recorded_at = $5, began_at = $6, opened_at = $7, acknowledged_at = $8, \
                       closed_at = $9, closed_as = $10 WHERE finding = $1";
            let mut values = args![
                stored.finding,
                layers.to_stored().map_err(HubError::Setting)?,
                after.workflow.as_str(),
                severity(whole.get("Severity")).rank(),
                now,
            ];
            values.extend(clock_row::values(&after.clock));
            transaction.execute(sql, values).await?;
            events.push((IMPORTED, told(whole)));
        }
        deltas.write(&mut transaction).await?;
        transaction.send(first_event, now, events).await?;
        transaction.commit().await?;
        Ok(changed)
    }

    /// Archives findings whose check was made and did not come to them any more.
    pub(super) async fn archive(&self, numbers: &[i64]) -> Result<(), HubError> {
        for page in numbers.chunks(PAGE) {
            let first_event = self.store.take_ids("event", page.len()).await?.start;
            let now = self.store.now();
            let mut transaction = self.begin().await?;
            let select = format!("{} WHERE finding IN", Known::SELECT);
            let keys = page.iter().map(|number| (*number).into()).collect();
            let (mut deltas, mut events) = (Deltas::default(), Vec::new());
            for row in transaction.rows_in(&select, keys).await? {
                let (_, before) = Known::read(&row)?;
                if before.record_state == RecordState::Archived {
                    continue;
                }
                let mut after = before.clone();
                after.record_state = RecordState::Archived;
                deltas.add(&before.counted(), -1);
                deltas.add(&after.counted(), 1);
                if let Some(ended) = after.tick(false, now, now) {
                    clock_row::keep(&mut transaction, after.finding, &ended).await?;
                }
                let archived = archive_one(&mut transaction, &after, now);
                events.extend(archived.await?);
            }
            deltas.write(&mut transaction).await?;
            transaction.send(first_event, now, events).await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}

/// Archives a finding; returns the event that tells of it.
async fn archive_one(
    transaction: &mut Transaction,
    after: &Known,
    now: i64,
) -> Result<Option<(&'static str, serde_json::Value)>, HubError> {
    let finding = after.finding;
    let select = format!("{} WHERE finding = $1", Stored::SELECT);
    let rows = transaction.rows(&select, args![finding]).await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let Stored {
        mut asff, layers, ..
    } = Stored::read(row)?;
    asff.insert("RecordState".to_owned(), json!("ARCHIVED"));
    asff.insert("UpdatedAt".to_owned(), json!(time(now)));
    let content = super::content::compressed(&asff, &Unread::default())?;
    let sql = "UPDATE findings SET record_state = $2, updated_at = $3, recorded_at = $3, \
               content = $4, began_at = $5, opened_at = $6, acknowledged_at = $7, \
               closed_at = $8, closed_as = $9 WHERE finding = $1";
    let mut values = args![finding, RecordState::Archived.as_str(), now, content];
    values.extend(clock_row::values(&after.clock));
    transaction.execute(sql, values).await?;
    Ok(Some((IMPORTED, told(shown(asff, &layers)))))
}
