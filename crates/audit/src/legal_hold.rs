//! Holds, put on the objects themselves where the log's place can do that: S3's legal hold. Then nobody
//! removes them by another way than Posture either.
//!
//! An object has one legal hold, which says not whose it is. So the log says which objects Posture put
//! under it, before it does, and those alone are released.

use std::collections::BTreeSet;

use jiff::Timestamp;
use posture_ledger::{Body, Log, Record, RecordType};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::assessment::Assessment;
use crate::error::AuditError;
use crate::hold::{self, LEGAL_HOLD};
use crate::retention::{KnownBodies, is_under};

const PLACED: &str = "legal-hold-placed";
const RELEASED: &str = "legal-hold-released";

/// What came of the holds on the objects themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LegalHolds {
    /// Bodies that a hold is on.
    pub held: u64,
    /// Of these, those that were put under legal hold now.
    pub placed: u64,
    /// Of these, those that somebody else had put under legal hold; that is left to them.
    pub of_others: u64,
    /// Bodies on which no hold is any more, and whose legal hold was ended.
    pub released: u64,
}

/// Bodies that were put under legal hold, or released.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bodies {
    /// SHA-256 in hex, sorted.
    bodies: Vec<String>,
}

/// Puts the bodies on which a hold is in force under the legal hold of the log's place, and releases those
/// on which none is any more and that Posture had put under it. Whoever was interrupted calls it again.
/// None where the place has no legal hold.
///
/// # Errors
/// The log could not be read or written, or its place refused.
pub fn apply_holds(
    log: &Log,
    assessments: &[Assessment],
    now: Timestamp,
) -> Result<Option<LegalHolds>, AuditError> {
    if !log.has_legal_hold()? {
        return Ok(None);
    }
    let mut known = KnownBodies::default();
    known.read_on(&log.reader()?)?;
    let wanted: Vec<String> = held(&known, assessments).into_iter().collect();
    let ours = ours(log, &known)?;
    let mut done = LegalHolds {
        held: wanted.len() as u64,
        ..LegalHolds::default()
    };
    let is_held = log.legally_held(&wanted)?;
    let mut place = Vec::new();
    for (sha256, is_held) in wanted.iter().zip(is_held) {
        if is_held {
            done.of_others += u64::from(!ours.contains(sha256));
        } else {
            place.push(sha256.clone());
        }
    }
    let new: Vec<String> = place
        .iter()
        .filter(|one| !ours.contains(*one))
        .cloned()
        .collect();
    said(log, PLACED, new, now)?;
    log.set_legal_hold(&place, true)?;
    done.placed = place.len() as u64;
    let wanted: BTreeSet<String> = wanted.into_iter().collect();
    let release: Vec<String> = ours.difference(&wanted).cloned().collect();
    log.set_legal_hold(&release, false)?;
    done.released = release.len() as u64;
    said(log, RELEASED, release, now)?;
    Ok(Some(done))
}

/// The bodies on which a hold is, but for those that only say which these are.
fn held(known: &KnownBodies, assessments: &[Assessment]) -> BTreeSet<String> {
    let holds = hold::in_force(&known.leaves);
    let mut held = BTreeSet::new();
    for leaf in &known.leaves {
        for sha256 in &leaf.removes {
            held.remove(sha256);
        }
        let Some(body) = &leaf.body else { continue };
        let is_held = holds.iter().any(|hold| is_under(leaf, hold, assessments));
        if is_held && body.media_type != LEGAL_HOLD {
            held.insert(body.sha256.clone());
        }
    }
    held
}

/// The bodies that the log says Posture put under legal hold, and did not release.
fn ours(log: &Log, known: &KnownBodies) -> Result<BTreeSet<String>, AuditError> {
    let mut ours = BTreeSet::new();
    for leaf in &known.leaves {
        let act = leaf.detail.get("act").and_then(Value::as_str);
        let Some(body) = leaf
            .body
            .as_ref()
            .filter(|one| one.media_type == LEGAL_HOLD)
        else {
            continue;
        };
        let mut bytes = Vec::new();
        log.read_body(body, &mut bytes)?;
        let told: Bodies = serde_json::from_slice(&bytes)?;
        match act {
            Some(PLACED) => ours.extend(told.bodies),
            Some(RELEASED) => {
                let released: BTreeSet<String> = told.bodies.into_iter().collect();
                ours.retain(|one| !released.contains(one));
            }
            _ => {}
        }
    }
    Ok(ours)
}

fn said(log: &Log, act: &str, bodies: Vec<String>, now: Timestamp) -> Result<(), AuditError> {
    if bodies.is_empty() {
        return Ok(());
    }
    let mut record = Record::new(RecordType::Decision, "hold");
    record.detail.insert("act".to_owned(), Value::from(act));
    let count = bodies.len();
    record.detail.insert("count".to_owned(), Value::from(count));
    record.body = Some(Body::Bytes {
        media_type: LEGAL_HOLD.to_owned(),
        bytes: serde_json_canonicalizer::to_vec(&Bodies { bodies })?,
    });
    log.append(vec![record], now)?;
    Ok(())
}
