//! Deleting what is past its time, while others write.

use std::collections::BTreeMap;

use jiff::Timestamp;
use posture_ledger::{Erased, LedgerError, Log};

use crate::assessment::Assessment;
use crate::error::AuditError;
use crate::retention::{KnownBodies, RetentionPlan, RetentionRules};

/// How often others may append before it is given up; nothing is half done then.
const ATTEMPTS: usize = 64;

/// What was deleted, and what was kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expiry {
    /// What the rules came to.
    pub plan: RetentionPlan,
    /// Number of bodies that were removed.
    pub removed: u64,
    /// Bodies that a tombstone names and that something keeps which came after it: why, and how many.
    pub spared: BTreeMap<String, u64>,
}

/// Deletes the bodies that the rules let go: first a tombstone is in the log for each, then it goes.
///
/// A tombstone is appended only to the log on which the plan rests, so none follows a hold on what it
/// names. Right before each deletion the log is looked at once more: what is held by then stays, though
/// its tombstone was there before.
///
/// # Errors
/// The log could not be read or written, or others kept appending. What is deleted has its tombstone.
pub fn expire(
    log: &Log,
    rules: &RetentionRules,
    assessments: &[Assessment],
    now: Timestamp,
) -> Result<Expiry, AuditError> {
    let mut known = KnownBodies::default();
    let plan = entomb(log, &mut known, rules, assessments, now)?;
    let mut expiry = Expiry {
        plan,
        ..Expiry::default()
    };
    let mut eraser = log.eraser()?;
    // Each round ends because somebody appended, and takes at least one look at what they did.
    'changed: loop {
        known.read_on(&log.reader()?)?;
        let due = RetentionPlan::of_known(&known, rules, assessments, now);
        for sha256 in &due.entombed {
            match eraser.erase(sha256)? {
                Erased::Gone => expiry.removed += 1,
                Erased::Absent | Erased::Named => {}
                Erased::Grown => continue 'changed,
            }
        }
        expiry.spared = due.spared;
        return Ok(expiry);
    }
}

/// What is due at a time, without what the place of the log keeps itself: a tombstone for that would say
/// what is not so.
///
/// # Errors
/// The log could not be read, or its place not asked.
pub fn due(
    log: &Log,
    rules: &RetentionRules,
    assessments: &[Assessment],
    now: Timestamp,
) -> Result<RetentionPlan, AuditError> {
    let mut plan = RetentionPlan::of(&log.reader()?, rules, assessments, now)?;
    keep_locked(log, &mut plan, now)?;
    Ok(plan)
}

/// Appends the tombstones to the log from which they follow.
fn entomb(
    log: &Log,
    known: &mut KnownBodies,
    rules: &RetentionRules,
    assessments: &[Assessment],
    now: Timestamp,
) -> Result<RetentionPlan, AuditError> {
    for _ in 0..ATTEMPTS {
        known.read_on(&log.reader()?)?;
        let mut plan = RetentionPlan::of_known(known, rules, assessments, now);
        keep_locked(log, &mut plan, now)?;
        match log.append_at(known.size, plan.tombstones(), now) {
            Ok(_) => return Ok(plan),
            Err(LedgerError::Grown { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(LedgerError::Contended.into())
}

fn keep_locked(log: &Log, plan: &mut RetentionPlan, now: Timestamp) -> Result<(), AuditError> {
    let mut free = Vec::with_capacity(plan.expired.len());
    for body in std::mem::take(&mut plan.expired) {
        match log.body_held_until(&body.sha256)? {
            Some(until) if until > now => {
                let why = "the bucket's Object Lock holds them".to_owned();
                *plan.kept.entry(why).or_default() += 1;
            }
            _ => free.push(body),
        }
    }
    plan.expired = free;
    Ok(())
}
