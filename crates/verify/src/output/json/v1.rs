//! Version 1 of the JSON report. It may gain members; none is changed or lost.

use serde::Serialize;

use crate::report::{Expired, ProblemKind, Report};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    version: u8,
    holds: bool,
    origin: &'a str,
    size: u64,
    root: &'a str,
    key: Option<&'a str>,
    key_pinned: bool,
    first_recorded: Option<&'a str>,
    last_recorded: Option<&'a str>,
    checkpoints: u64,
    pins: u64,
    cosignatures: Vec<Cosignature<'a>>,
    timestamps: Vec<Timestamp<'a>>,
    bodies: u64,
    body_bytes: u64,
    bodies_omitted: u64,
    bodies_removed: u64,
    tombstones: Vec<Tombstone<'a>>,
    commitments: u64,
    commitments_opened: u64,
    openings: Vec<Opening<'a>>,
    scheduled_runs: u64,
    schedules: u64,
    files: u64,
    provable: Vec<[u64; 2]>,
    problems: Vec<Problem<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cosignature<'a> {
    witness: &'a str,
    size: u64,
    time: &'a str,
    key_given: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Timestamp<'a> {
    authority: &'a str,
    size: u64,
    time: &'a str,
    authority_pinned: bool,
}

#[derive(Serialize)]
struct Opening<'a> {
    event: &'a str,
    name: &'a str,
    value: &'a str,
    record: u64,
}

#[derive(Serialize)]
struct Tombstone<'a> {
    record: u64,
    rule: Option<&'a str>,
    bodies: u64,
    gone: Vec<Gone<'a>>,
}

#[derive(Serialize)]
struct Gone<'a> {
    record: u64,
    sha256: &'a str,
}

#[derive(Serialize)]
struct Problem<'a> {
    kind: ProblemKind,
    place: &'a str,
    what: &'a str,
}

/// The report as one line of JSON. Times are RFC 3339, `root` is base64, `provable` holds first and
/// last record of each range and is empty where everything holds.
///
/// # Errors
/// None that a report can cause; the serialiser's own.
pub fn document(report: &Report) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Document {
        version: 1,
        holds: report.holds(),
        origin: &report.origin,
        size: report.size,
        root: &report.root,
        key: report.key.as_deref(),
        key_pinned: report.is_key_pinned,
        first_recorded: report.recorded.as_ref().map(|(first, _)| first.as_str()),
        last_recorded: report.recorded.as_ref().map(|(_, last)| last.as_str()),
        checkpoints: report.checkpoints,
        pins: report.pins,
        cosignatures: report
            .cosigned
            .iter()
            .map(|cosigned| Cosignature {
                witness: &cosigned.witness,
                size: cosigned.size,
                time: &cosigned.time,
                key_given: cosigned.is_given,
            })
            .collect(),
        timestamps: report
            .stamped
            .iter()
            .map(|stamped| Timestamp {
                authority: &stamped.authority,
                size: stamped.size,
                time: &stamped.time,
                authority_pinned: stamped.is_trusted,
            })
            .collect(),
        bodies: report.bodies.0,
        body_bytes: report.bodies.1,
        bodies_omitted: report.absent_bodies.0,
        bodies_removed: report.absent_bodies.1,
        tombstones: report.expired.iter().map(tombstone).collect(),
        commitments: report.commitments.0,
        commitments_opened: report.commitments.1,
        openings: report
            .opened
            .iter()
            .map(|opened| Opening {
                event: &opened.event,
                name: &opened.name,
                value: &opened.value,
                record: opened.record,
            })
            .collect(),
        scheduled_runs: report.runs.0,
        schedules: report.runs.1,
        files: report.files,
        provable: report
            .provable
            .iter()
            .map(|(first, last)| [*first, *last])
            .collect(),
        problems: report
            .problems
            .iter()
            .map(|problem| Problem {
                kind: problem.kind,
                place: &problem.place,
                what: &problem.what,
            })
            .collect(),
        notes: &report.notes,
    })
}

fn tombstone(expired: &Expired) -> Tombstone<'_> {
    let gone = expired.gone.iter().map(|one| Gone {
        record: one.record,
        sha256: &one.sha256,
    });
    Tombstone {
        record: expired.tombstone,
        rule: expired.rule.as_deref(),
        bodies: expired.gone.len() as u64,
        gone: gone.collect(),
    }
}
