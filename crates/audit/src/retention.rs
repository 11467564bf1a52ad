//! How long the bodies of evidence are kept, and what keeps them longer.
//!
//! A body goes when every record that names it is past its type's rule and nothing holds it. What
//! goes is first said in the log, by a tombstone: a record that names the bodies and the rule.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::Offset;
use jiff::{Span, Timestamp};
use posture_ledger::{Leaf, LogReader, Record, RecordType};
use serde_json::Value;

use crate::act::subject;
use crate::assessment::Assessment;
use crate::error::AuditError;
use crate::hold::{self, Hold, HoldScope};
use crate::period::Period;

/// Leaves that are read at once.
const PAGE: u64 = 4096;

/// Bodies that one tombstone names: a leaf holds 65,535 bytes, and a hash takes 67 of them.
const PER_TOMBSTONE: usize = 500;

/// Subject of the tombstones.
const SUBJECT: &str = "retention";

/// How long bodies are kept, by the type of their records. What has no rule is kept.
#[derive(Debug, Clone, Default)]
pub struct RetentionRules(BTreeMap<RecordType, (String, Span)>);

impl RetentionRules {
    /// Adds a rule such as `400d`, `18mo` or `7y`; a month and a year are the calendar's, in UTC.
    ///
    /// # Errors
    /// The text is no time of whole days; says what it is.
    pub fn add(&mut self, kind: RecordType, text: &str) -> Result<(), String> {
        let refuse = || format!("{text:?} is no time of whole days, expected such as 400d or 7y");
        let span: Span = text.parse().map_err(|_| refuse())?;
        if !is_of_days(&span) || !span.is_positive() {
            return Err(refuse());
        }
        self.0.insert(kind, (text.to_owned(), span));
        Ok(())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rule under which a body of this type is past its time, in words; none where it is not.
    fn past(&self, kind: RecordType, recorded: Timestamp, now: Timestamp) -> Option<String> {
        let (text, span) = self.0.get(&kind)?;
        let end = Offset::UTC.to_datetime(recorded).checked_add(*span).ok()?;
        let end = Offset::UTC.to_timestamp(end).ok()?;
        (end <= now).then(|| format!("{} {text}", kind.as_str()))
    }
}

/// Whether a span is of whole days.
fn is_of_days(span: &Span) -> bool {
    let below = [
        i64::from(span.get_hours()),
        span.get_minutes(),
        span.get_seconds(),
        span.get_milliseconds(),
        span.get_microseconds(),
        span.get_nanoseconds(),
    ];
    below.iter().all(|count| *count == 0)
}

/// A body that is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiredBody {
    /// SHA-256 of its plain bytes, hex.
    pub sha256: String,
    /// The records that name it.
    pub records: Vec<u64>,
    /// The rule under which the last of them expired.
    pub rule: String,
}

/// What retention comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RetentionPlan {
    /// What is to go, sorted by hash.
    pub expired: Vec<ExpiredBody>,
    /// Bodies that are past their time and kept: why, and how many.
    pub kept: BTreeMap<String, u64>,
    /// Bodies that a tombstone names already and that may still be stored: a deletion may have been
    /// interrupted.
    pub entombed: BTreeSet<String>,
    /// The same, but something keeps them that came after the tombstone: why, and how many there were.
    pub spared: BTreeMap<String, u64>,
}

/// What is known of one body.
#[derive(Default)]
struct Body {
    records: Vec<u64>,
    /// Of the last record that expires.
    rule: String,
    /// Why it stays; the first reason that was found.
    kept: Option<String>,
    is_within: bool,
}

impl RetentionPlan {
    /// What the rules come to at a time, for a log and the assessments that there are.
    ///
    /// # Errors
    /// The log could not be read.
    pub fn of(
        reader: &LogReader<'_>,
        rules: &RetentionRules,
        assessments: &[Assessment],
        now: Timestamp,
    ) -> Result<RetentionPlan, AuditError> {
        let mut known = KnownBodies::default();
        known.read_on(reader)?;
        Ok(RetentionPlan::of_known(&known, rules, assessments, now))
    }

    /// The same of records that are read already.
    pub(crate) fn of_known(
        known: &KnownBodies,
        rules: &RetentionRules,
        assessments: &[Assessment],
        now: Timestamp,
    ) -> RetentionPlan {
        let holds = hold::in_force(&known.leaves);
        let mut bodies: BTreeMap<String, Body> = BTreeMap::new();
        let mut entombed: BTreeMap<String, Option<String>> = BTreeMap::new();
        for leaf in &known.leaves {
            for sha256 in &leaf.removes {
                let body = bodies.remove(sha256);
                let why = body.and_then(|body| body.kept);
                let kept = entombed.entry(sha256.clone()).or_default();
                *kept = kept.take().or(why);
            }
            let Some(of_leaf) = &leaf.body else { continue };
            // Stored anew after its tombstone: another life.
            entombed.remove(&of_leaf.sha256);
            let body = bodies.entry(of_leaf.sha256.clone()).or_default();
            body.records.push(leaf.index);
            match rules.past(leaf.kind, recorded(leaf), now) {
                Some(rule) if !hold::is_of_holds(leaf) => body.rule = rule,
                _ => body.is_within = true,
            }
            if body.kept.is_none() {
                body.kept = kept_because(leaf, assessments, &holds);
            }
        }
        let mut plan = RetentionPlan::default();
        for (sha256, kept) in entombed {
            match kept {
                Some(why) => *plan.spared.entry(why).or_default() += 1,
                None => drop(plan.entombed.insert(sha256)),
            }
        }
        for (sha256, body) in bodies {
            match body.kept {
                _ if body.is_within => {}
                Some(why) => *plan.kept.entry(why).or_default() += 1,
                None => plan.expired.push(ExpiredBody {
                    sha256,
                    records: body.records,
                    rule: body.rule,
                }),
            }
        }
        plan
    }

    /// The records that say what goes, and under which rule.
    pub fn tombstones(&self) -> Vec<Record> {
        let mut by_rule: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for body in &self.expired {
            let of_rule = by_rule.entry(&body.rule).or_default();
            of_rule.push(body.sha256.clone());
        }
        let mut records = Vec::new();
        for (rule, hashes) in by_rule {
            for part in hashes.chunks(PER_TOMBSTONE) {
                let mut record = Record::new(RecordType::Decision, SUBJECT);
                let mut set = |name: &str, value: &str| {
                    record.detail.insert(name.to_owned(), Value::from(value));
                };
                set("act", "expired");
                set("rule", rule);
                record.removes = part.to_vec();
                records.push(record);
            }
        }
        records
    }
}

/// Why something past its time is kept: an assessment that is not closed may still need what was
/// recorded since its period began, and a hold keeps what it names.
fn kept_because(leaf: &Leaf, assessments: &[Assessment], holds: &[Hold]) -> Option<String> {
    for one in assessments {
        let is_needed = is_of(leaf, one.number, &one.scope.period);
        if is_needed && one.status == "ACTIVE" {
            return Some(format!("assessment {} is open", one.name));
        }
    }
    let mut holding = holds
        .iter()
        .filter(|hold| is_under(leaf, hold, assessments));
    holding.next().map(|hold| format!("hold {}", hold.record))
}

/// Whether a hold is on what a record names.
pub(crate) fn is_under(leaf: &Leaf, hold: &Hold, assessments: &[Assessment]) -> bool {
    match &hold.scope {
        HoldScope::All => true,
        HoldScope::Assessment(number) => assessments
            .iter()
            .filter(|one| one.number == *number)
            .any(|one| is_of(leaf, *number, &one.scope.period)),
    }
}

/// Whether a record belongs to an assessment: it is about it, or it was recorded or observed in its
/// period or later, when what was found in the period was fixed or explained.
fn is_of(leaf: &Leaf, assessment: i64, period: &Period) -> bool {
    let observed = leaf.times.observed.as_ref();
    let observed = observed.and_then(|time| time.parse::<Timestamp>().ok());
    leaf.subject == subject(assessment)
        || (!leaf.subject.starts_with("assessment-")
            && (recorded(leaf) >= period.from || observed.is_some_and(|at| at >= period.from)))
}

/// A leaf that says no time says that it was recorded just now: it is kept.
fn recorded(leaf: &Leaf) -> Timestamp {
    leaf.recorded.parse().unwrap_or(Timestamp::MAX)
}

/// The records of a log that have a body or remove some, read once and then only what follows.
#[derive(Default)]
pub(crate) struct KnownBodies {
    pub(crate) leaves: Vec<Leaf>,
    /// Number of records that were read.
    pub(crate) size: u64,
}

impl KnownBodies {
    /// Reads what the log has beyond.
    pub(crate) fn read_on(&mut self, reader: &LogReader<'_>) -> Result<(), AuditError> {
        while self.size < reader.size() {
            // Most leaves have neither: what is not needed is not kept in memory.
            let page = reader.leaves(self.size, PAGE)?;
            self.size += page.len() as u64;
            self.leaves.extend(
                page.into_iter()
                    .filter(|leaf| leaf.body.is_some() || !leaf.removes.is_empty()),
            );
        }
        Ok(())
    }
}
