//! What a package without personal data shows and holds of user activity.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use posture_ledger::{BodyRef, Contents, LedgerError, Log, RecordType};
use serde::Deserialize;

use super::file::{COMMITTED, OPENINGS};
use super::known::Activity;
use super::opening::Opening;
use crate::error::AuditError;

/// Leaves that are read at once.
const PAGE: u64 = 4096;

/// The note in a package about what it does not hold.
const NOTE: &str = "REDACTED.txt";

/// A line of a body with commitments, as far as it is needed here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    event_id: String,
    commitments: BTreeMap<String, String>,
}

/// Bodies of user activity in a log, by what they hold.
#[derive(Debug, Default)]
struct Bodies {
    committed: Vec<BodyRef>,
    openings: Vec<BodyRef>,
    /// From before there were commitments.
    plain: Vec<BodyRef>,
}

impl Bodies {
    fn of(log: &Log) -> Result<Bodies, AuditError> {
        let mut bodies = Bodies::default();
        let reader = log.reader()?;
        let mut next = 0;
        while next < reader.size() {
            for leaf in reader.leaves(next, PAGE)? {
                let Some(body) = leaf.body.filter(|_| leaf.kind == RecordType::UserActivity) else {
                    continue;
                };
                match body.media_type.as_str() {
                    COMMITTED => bodies.committed.push(body),
                    OPENINGS => bodies.openings.push(body),
                    _ => bodies.plain.push(body),
                }
            }
            next += PAGE;
        }
        Ok(bodies)
    }
}

/// What is left out of a package, and what stands in its place.
#[derive(Debug)]
pub struct Redaction {
    bodies: Bodies,
    /// The commitment to who made a call, by the event's id.
    principals: BTreeMap<String, String>,
}

impl Redaction {
    /// Reads from the log what its records commit to.
    ///
    /// # Errors
    /// The log could not be read.
    pub fn of(log: &Log) -> Result<Redaction, AuditError> {
        let bodies = Bodies::of(log)?;
        let mut principals = BTreeMap::new();
        for body in &bodies.committed {
            for line in lines::<Line>(log, body)? {
                if let Some(commitment) = line.commitments.get(PRINCIPAL) {
                    principals.insert(line.event_id, commitment.clone());
                }
            }
        }
        Ok(Redaction { bodies, principals })
    }

    /// Puts commitments in the place of who made the calls; where there is none, it says so.
    pub fn apply(&self, activity: &mut Activity) {
        activity.each(|record| {
            record.principal = match self.principals.get(&record.event_id) {
                Some(commitment) => format!("commitment {commitment}"),
                None => "withheld: recorded without a commitment".to_owned(),
            };
        });
    }

    /// Leaves the bodies out that hold who made calls, and adds a note that says so.
    ///
    /// # Errors
    /// The note could not be written into the folder.
    pub fn leave_out(&self, contents: &mut Contents, folder: &Path) -> Result<(), AuditError> {
        let Bodies {
            committed,
            openings,
            plain,
        } = &self.bodies;
        let left_out = openings.iter().chain(plain);
        contents
            .omits
            .extend(left_out.map(|body| body.sha256.clone()));
        let file = folder.join(NOTE);
        std::fs::write(&file, note(committed.len(), openings.len(), plain.len()))?;
        contents.files.insert(NOTE.to_owned(), file);
        Ok(())
    }
}

/// The field of a call that is personal data: who made it.
pub(super) const PRINCIPAL: &str = "principal";

fn note(committed: usize, openings: usize, plain: usize) -> String {
    let mut text = format!(
        "Personal data in user activity was left out of this package: who made the calls that CloudTrail
told of. In its place stands a commitment, SHA-256 of the value with a salt. What the log proves did not
change: {committed} bodies with commitments are here and have their hashes.

Left out: {openings} bodies with what opens the commitments. Whoever has the log can open single ones
(`posture evidence open EVENT-ID`); `posture-verify PACKAGE --opening FILE` checks them against this package.
"
    );
    if plain > 0 {
        let left_out = format!(
            "
Left out whole: {plain} bodies of user activity from before there were commitments. Their hashes are in the
log, so that they can be shown later and compared; from this package nobody can tell what is in them.
"
        );
        text.push_str(&left_out);
    }
    text.push_str(
        "
Not left out: names of those who signed off, commented, uploaded or approved something in the assessment.
",
    );
    text
}

/// What opens the commitments of these events, in the order of the log.
///
/// # Errors
/// An event is in no record with commitments, what opens it was deleted, or the log could not be read.
pub fn openings(log: &Log, events: &BTreeSet<String>) -> Result<Vec<Opening>, AuditError> {
    let bodies = Bodies::of(log)?;
    let mut wanted: BTreeMap<String, String> = BTreeMap::new();
    for body in &bodies.committed {
        for line in lines::<Line>(log, body)? {
            if events.contains(&line.event_id) {
                for commitment in line.commitments.into_values() {
                    wanted.insert(commitment, line.event_id.clone());
                }
            }
        }
    }
    let mut found = Vec::new();
    for body in &bodies.openings {
        for opening in lines::<Opening>(log, body)? {
            if wanted.remove(&opening.commitment).is_some() {
                found.push(opening);
            }
        }
    }
    let closed: BTreeSet<&String> = wanted.values().collect();
    for event in events {
        if closed.contains(event) {
            let event = event.clone();
            return Err(AuditError::Redacted { event });
        }
    }
    if found.len() < events.len() {
        let known = Redaction::of(log)?.principals;
        let unknown = events.iter().find(|event| !known.contains_key(*event));
        if let Some(event) = unknown.cloned() {
            return Err(AuditError::NotCommitted { event });
        }
    }
    Ok(found)
}

/// The lines of a body; none where it was deleted.
fn lines<T: for<'de> Deserialize<'de>>(log: &Log, body: &BodyRef) -> Result<Vec<T>, AuditError> {
    let mut bytes = Vec::new();
    match log.read_body(body, &mut bytes) {
        Ok(()) => {}
        Err(LedgerError::NoBody { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    }
    let mut lines = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if !line.is_empty() {
            lines.push(serde_json::from_slice(line)?);
        }
    }
    Ok(lines)
}
