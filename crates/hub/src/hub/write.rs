//! Findings into the hub.

use std::collections::HashMap;

use posture_store::Detail;
use posture_store::sql::{Transaction, Value};
use serde_json::json;

use super::content::decompressed;
use super::counts::{Counted, Deltas};
use super::prepare::Prepared;
use super::rows::{COLUMNS, FindingRow, Known, REPLACE};
use super::{Hub, args, clock_row};
use crate::HubError;
use crate::finding::{
    ComplianceStatus, Hash, Layers, Object, Origin, RecordState, Standing, WorkflowStatus, next,
    over, severity, text,
};
use crate::people::Clock;
use crate::rules::Compiled;

/// AWS's name for the event of a finding that is new or changed.
pub(super) const IMPORTED: &str = "Security Hub Findings - Imported";

/// The member of its detail.
const FINDINGS: &str = "findings";

/// How findings are written.
#[derive(Debug, Clone, Copy)]
pub struct WriteOptions {
    /// Whether each finding that is new or changed its standing is an event for the outbox.
    pub has_events: bool,
}

/// What an import came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Findings that were not there.
    pub created: u64,
    /// Findings that say something new.
    pub updated: u64,
    /// Findings that say nothing new.
    pub unchanged: u64,
}

impl std::ops::AddAssign for Imported {
    fn add_assign(&mut self, other: Imported) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
    }
}

/// One transaction's work.
#[derive(Default)]
struct Work {
    rows: HashMap<Hash, FindingRow>,
    deltas: Deltas,
    events: Vec<(&'static str, Detail)>,
    imported: Imported,
    /// Clocks that ended, by finding.
    ended: Vec<(i64, Clock)>,
}

impl Hub {
    /// Writes findings, with what follows from them: life cycle, automation rules, counts, events. A
    /// finding that says nothing new changes nothing, nor does another's word about a finding of our own scans.
    ///
    /// # Errors
    /// Where the database fails; then nothing of these is written.
    pub async fn write(
        &self,
        findings: Vec<Prepared>,
        options: WriteOptions,
    ) -> Result<Imported, HubError> {
        if findings.is_empty() {
            return Ok(Imported::default());
        }
        let rules = self.compiled_rules().await?;
        let mut ids = self.store.take_ids("finding", findings.len()).await?;
        let first_event = self.store.take_ids("event", findings.len()).await?.start;
        let now = self.store.now();
        let mut transaction = self.begin().await?;
        let keys = findings.iter().map(|one| Value::from(one.head.identity));
        let select = format!("{} WHERE identity IN", Known::SELECT);
        let mut known = HashMap::with_capacity(findings.len());
        for row in transaction.rows_in(&select, keys.collect()).await? {
            let (identity, finding) = Known::read(&row)?;
            known.insert(identity, finding);
        }
        let mut work = Work::default();
        for finding in findings {
            let id = ids.next().unwrap_or_default();
            work.take(finding, id, &mut known, &rules, options, now)?;
        }
        let imported = work.imported;
        work.write(&mut transaction, first_event, now).await?;
        transaction.commit().await?;
        Ok(imported)
    }

    /// Begins a transaction that writes findings; one at a time, whoever else writes.
    pub(super) async fn begin(&self) -> Result<Transaction, HubError> {
        let mut transaction = self.store.database().begin().await?;
        let sql = "UPDATE hub_writer SET turns = turns + 1 WHERE writer = 1";
        transaction.execute(sql, args![]).await?;
        Ok(transaction)
    }
}

impl Work {
    fn take(
        &mut self,
        finding: Prepared,
        id: i64,
        known: &mut HashMap<Hash, Known>,
        rules: &Compiled,
        options: WriteOptions,
        now: i64,
    ) -> Result<(), HubError> {
        let identity = finding.head.identity;
        let before = known.get(&identity);
        // What our own evaluation judged, only it judges anew: nobody else's word of the same name counts, neither
        // afterwards nor before.
        let is_of_scan = finding.origin == Origin::Scan;
        if !is_of_scan && before.is_some_and(|before| before.is_of_scan) {
            self.imported.unchanged += 1;
            return Ok(());
        }
        let heard = before.filter(|before| before.is_of_scan == is_of_scan);
        let is_new_word = heard.is_none_or(|before| finding.head.updated_at > before.updated_at);
        let mut layers = heard.map_or_else(Layers::default, |before| before.layers.clone());
        layers.hear(&finding, heard, is_new_word);
        let is_heard = is_new_word || finding.origin == Origin::SecurityHub;
        if is_heard && rules.may_change(&layers) {
            let asff = decompressed(id, &finding.content)?;
            apply(rules, asff, &mut layers, now);
        }
        let is_said_before = !is_new_word && heard.is_some_and(|before| before.layers == layers);
        if is_said_before {
            self.imported.unchanged += 1;
            return Ok(());
        }
        let over = over(finding.severity.as_ref(), &layers);
        let mut after = Known {
            finding: before.map_or(id, |before| before.finding),
            compliance: finding.head.compliance,
            record_state: finding.head.record_state,
            workflow: layers.effective_workflow(),
            control: finding.head.control.clone(),
            account_id: finding.head.account_id.clone(),
            aws_region: finding.head.aws_region.clone(),
            updated_at: finding.head.updated_at,
            layers: layers.clone(),
            clock: heard.map_or_else(Clock::default, |before| before.clock),
            is_of_scan,
        };
        let is_said = heard.is_some_and(|before| layers.is_said_since(&before.layers));
        // What fails again began when its provider says so.
        let is_again = heard.is_some() && !is_of_scan;
        let began_at = if is_again {
            after.updated_at
        } else {
            finding.began_at
        };
        if let Some(ended) = after.tick(is_said, began_at, now) {
            self.ended.push((after.finding, ended));
        }
        if before.is_some() {
            self.imported.updated += 1;
        } else {
            self.imported.created += 1;
        }
        self.count(before, &after);
        let severity = severity(over.get("Severity").or(finding.severity.as_ref()));
        if options.has_events && is_news(heard, &after) {
            let detail = Detail::Listed {
                name: FINDINGS.to_owned(),
                packed: finding.content.clone(),
                members: over,
            };
            self.events.push((IMPORTED, detail));
        }
        let is_new = before.is_none() || self.rows.get(&identity).is_some_and(|row| row.is_new);
        self.rows.insert(
            identity,
            FindingRow {
                finding: after.finding,
                is_new,
                head: finding.head,
                severity,
                workflow: after.workflow,
                origin: finding.origin.as_str(),
                layers: layers.to_stored().map_err(HubError::Setting)?,
                content: finding.content,
                clock: after.clock,
            },
        );
        known.insert(identity, after);
        Ok(())
    }

    fn count(&mut self, before: Option<&Known>, after: &Known) {
        if let Some(before) = before {
            self.deltas.add(&before.counted(), -1);
        }
        self.deltas.add(&after.counted(), 1);
    }

    async fn write(
        self,
        transaction: &mut Transaction,
        first_event: i64,
        now: i64,
    ) -> Result<(), HubError> {
        let mut rows: Vec<FindingRow> = self.rows.into_values().collect();
        rows.sort_by_key(|row| row.finding);
        let (new, known): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.is_new);
        let into = format!("findings ({COLUMNS})");
        for (rows, after) in [(new, ""), (known, REPLACE)] {
            let rows = rows.into_iter().map(|row| row.values(now));
            transaction.insert(&into, rows, after).await?;
        }
        for (finding, ended) in &self.ended {
            clock_row::keep(transaction, *finding, ended).await?;
        }
        self.deltas.write(transaction).await?;
        transaction.send(first_event, now, self.events).await?;
        Ok(())
    }
}

/// The detail of the event that tells of a finding.
pub(super) fn told(whole: Object) -> serde_json::Value {
    let findings = serde_json::Value::Array(vec![serde_json::Value::Object(whole)]);
    serde_json::Value::Object(Object::from_iter([(FINDINGS.to_owned(), findings)]))
}

/// What automation rules make of a provider's finding, which they see as new.
pub(super) fn apply(rules: &Compiled, mut seen: Object, layers: &mut Layers, now: i64) {
    let passes = text(&seen, &["Compliance", "Status"]) == Some("PASSED");
    let status = if passes {
        WorkflowStatus::Resolved
    } else {
        WorkflowStatus::New
    };
    seen.insert("Workflow".to_owned(), json!({"Status": status.as_str()}));
    for (name, value) in &layers.upstream {
        seen.insert(name.clone(), value.clone());
    }
    let now = jiff::Timestamp::from_microsecond(now).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    rules.apply(&seen, layers, now);
}

/// Whether it is worth an event: a finding that somebody may have to act on, or one whose standing is
/// another than before.
fn is_news(before: Option<&Known>, after: &Known) -> bool {
    match before {
        None => {
            after.record_state == RecordState::Active
                && after.compliance != Some(ComplianceStatus::Passed)
                && after.workflow != WorkflowStatus::Suppressed
        }
        Some(before) => {
            (before.compliance, before.record_state, before.workflow)
                != (after.compliance, after.record_state, after.workflow)
        }
    }
}

impl Layers {
    /// Takes in what a finding says of the work on it, and lets the life cycle go on.
    fn hear(&mut self, finding: &Prepared, before: Option<&Known>, is_new_word: bool) {
        let said =
            text(&finding.customer, &["Workflow", "Status"]).and_then(WorkflowStatus::from_word);
        let hears = before.is_none() || finding.origin == Origin::SecurityHub;
        if hears {
            self.upstream.clone_from(&finding.customer);
            self.upstream.remove("Workflow");
        }
        if is_new_word {
            let standing = Standing {
                record_state: finding.head.record_state,
                compliance: finding.head.compliance,
                workflow: said.unwrap_or(WorkflowStatus::New),
            };
            self.set_workflow(next(before.map(Known::standing), standing));
        }
        // Security Hub's own life cycle has gone on there already.
        if let Some(said) = said
            && finding.origin == Origin::SecurityHub
            && !self.is_workflow_ours
        {
            self.set_workflow(said);
        }
        if finding.origin == Origin::Scan {
            self.exception.clone_from(&finding.exception);
        }
    }
}

impl Known {
    pub(super) fn counted(&self) -> Counted<'_> {
        Counted {
            control: &self.control,
            account_id: &self.account_id,
            aws_region: &self.aws_region,
            compliance: self.compliance,
            record_state: self.record_state,
            workflow: self.workflow,
        }
    }
}
