//! What was retrieved in a period, and which turns of the schedule have nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use posture_store::{Store, sql};
use serde::Serialize;

use super::call::parts;
use super::collect::RetrievalOutcome;
use crate::error::AuditError;
use crate::period::{Period, day};
use crate::schema::{args, time};
use crate::scope::{Frequency, Scope};

/// A retrieval that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RetrievalRecord {
    /// Its number.
    pub retrieval: i64,
    /// botocore's name of the service.
    pub service: String,
    /// The operation.
    pub operation: String,
    /// The account.
    pub account_id: String,
    /// The Region; `global` for what has none.
    pub aws_region: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended: then the reply was collected.
    pub ended_at: Timestamp,
    /// How many calls.
    pub calls: i64,
    /// How many pages were answered.
    pub pages: i64,
    /// How many rows were in them. None is a result.
    pub rows: i64,
    /// What came of it.
    pub outcome: RetrievalOutcome,
    /// AWS's error code, where there was one.
    pub code: String,
    /// The IAM action that was missing.
    pub denied_action: Option<String>,
    /// SHA-256 of what was asked, by whom, with all request ids: a body of the evidence log.
    pub document: String,
    /// SHA-256 of the reply: a body of the evidence log.
    pub reply: String,
    /// Its record in the evidence log, where there is one.
    pub log_record: Option<i64>,
}

/// The retrievals of a period.
#[derive(Debug, Clone, Default)]
pub struct Retrievals {
    /// By service and operation, each by time.
    by_call: BTreeMap<(String, String), Vec<RetrievalRecord>>,
    turns: Vec<Date>,
    frequency: Frequency,
}

/// A call over a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallHistory {
    /// As the framework names it.
    pub call: String,
    /// How often it is to be asked.
    pub frequency: Frequency,
    /// Turns of the period that have begun.
    pub turns: usize,
    /// Turns in which every place that was asked answered completely, but for those in which the
    /// service is not there.
    pub answered: usize,
    /// The first days of the turns without that. A turn that is over stays so.
    pub missed: Vec<Date>,
    /// Retrievals, by time and place.
    pub retrievals: Vec<RetrievalRecord>,
}

/// The stored word. One of a later version is no success.
pub(super) fn outcome_of(word: &str) -> RetrievalOutcome {
    RetrievalOutcome::ALL
        .into_iter()
        .find(|outcome| outcome.as_str() == word)
        .unwrap_or(RetrievalOutcome::Failed)
}

/// What of a retrieval is read, and where from.
pub(super) const COLUMNS: &str = "r.retrieval, r.service, r.operation, r.account_id, r.aws_region, \
     r.started_at, r.ended_at, r.calls, r.pages, r.row_count, r.outcome, r.code, r.denied_action, \
     r.document, r.reply, q.leaf";
pub(super) const FROM: &str =
    "FROM audit_retrievals r LEFT JOIN audit_queue q ON q.entry = r.entry";

/// The row of a retrieval.
pub(super) fn read(row: &sql::Row) -> Result<RetrievalRecord, AuditError> {
    Ok(RetrievalRecord {
        retrieval: row.int(0)?,
        service: row.text(1)?,
        operation: row.text(2)?,
        account_id: row.text(3)?,
        aws_region: row.text(4)?,
        started_at: time(row.int(5)?),
        ended_at: time(row.int(6)?),
        calls: row.int(7)?,
        pages: row.int(8)?,
        rows: row.int(9)?,
        outcome: outcome_of(&row.text(10)?),
        code: row.text(11)?,
        denied_action: row.text_or_null(12)?,
        document: row.text(13)?,
        reply: row.text(14)?,
        log_record: row.int_or_null(15)?,
    })
}

impl Retrievals {
    /// Loads what was retrieved in scope.
    ///
    /// # Errors
    /// Where the state fails.
    pub async fn load(
        store: &Store,
        scope: &Scope,
        as_of: Timestamp,
    ) -> Result<Retrievals, AuditError> {
        let frequency = scope.api_calls;
        let mut all = Retrievals {
            by_call: BTreeMap::new(),
            turns: frequency.turns(&scope.period, as_of),
            frequency,
        };
        let sql = format!(
            "SELECT {COLUMNS} {FROM} WHERE r.started_at >= $1 AND r.started_at < $2 \
             ORDER BY r.started_at, r.retrieval"
        );
        let Period { from, until } = scope.period;
        let values = args![from.as_microsecond(), until.as_microsecond()];
        for row in store.database().rows(&sql, values).await? {
            let record = read(&row)?;
            if scope.has(&record.account_id, &record.aws_region) {
                let key = (record.service.clone(), record.operation.clone());
                all.by_call.entry(key).or_default().push(record);
            }
        }
        Ok(all)
    }

    /// A call's retrievals over the period, by the name that a framework has for it. A name that is no
    /// call has none.
    pub fn of(&self, name: &str) -> CallHistory {
        let retrievals = self.named(name).to_vec();
        let missed: Vec<Date> = self
            .turns
            .iter()
            .copied()
            .filter(|turn| !self.is_answered(*turn, &retrievals))
            .collect();
        CallHistory {
            call: name.to_owned(),
            frequency: self.frequency,
            turns: self.turns.len(),
            answered: self.turns.len() - missed.len(),
            missed,
            retrievals,
        }
    }

    /// Whether every place that was asked in a turn answered completely at least once, but for those
    /// in which the service is not there.
    fn is_answered(&self, turn: Date, retrievals: &[RetrievalRecord]) -> bool {
        let mut places: BTreeMap<(&str, &str), bool> = BTreeMap::new();
        let mut is_complete = false;
        for one in retrievals {
            if self.frequency.turn(day(one.started_at)) == Some(turn) {
                let place = (one.account_id.as_str(), one.aws_region.as_str());
                is_complete |= one.outcome == RetrievalOutcome::Complete;
                *places.entry(place).or_default() |= one.outcome.is_answer();
            }
        }
        is_complete && places.values().all(|is_answered| *is_answered)
    }

    /// The retrievals of a call, by the name that a framework has for it.
    fn named(&self, name: &str) -> &[RetrievalRecord] {
        let key = parts(name).map(|(service, of)| (service.to_owned(), of.to_owned()));
        let found = key.and_then(|key| self.by_call.get(&key));
        found.map_or(&[], Vec::as_slice)
    }

    /// The retrievals of these calls on a day: those that are complete, and the others.
    pub(crate) fn counts_on(&self, names: &[String], date: Date) -> (usize, usize) {
        let mut counts = (0, 0);
        let wanted: BTreeSet<&String> = names.iter().collect();
        for name in wanted {
            for one in self.named(name) {
                if day(one.started_at) != date {
                    continue;
                }
                if one.outcome == RetrievalOutcome::Complete {
                    counts.0 += 1;
                } else {
                    counts.1 += 1;
                }
            }
        }
        counts
    }
}

impl CallHistory {
    /// The newest retrieval of each place.
    pub fn newest(&self) -> Vec<&RetrievalRecord> {
        let mut newest: BTreeMap<(&str, &str), &RetrievalRecord> = BTreeMap::new();
        for one in &self.retrievals {
            newest.insert((&one.account_id, &one.aws_region), one);
        }
        newest.into_values().collect()
    }
}
