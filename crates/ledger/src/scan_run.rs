//! The record of an evaluation run.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::record::{Body, Record, RecordType, time};

/// An evaluation run: what it looked at, with what, and the root over all it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanRun {
    /// The run's id; the record's subject.
    pub id: String,
    /// What was to be looked at: accounts, Regions, types, as the caller names them.
    pub scope: Map<String, Value>,
    /// The clock that every rule was given.
    pub clock: Timestamp,
    /// Listings that completed, and those that did not, with their reason.
    pub coverage: Map<String, Value>,
    /// Each rule's version, by rule id.
    pub rule_versions: BTreeMap<String, String>,
    /// Each pack's version, by pack name.
    pub pack_versions: BTreeMap<String, String>,
    /// Merkle root over all verdicts, SHA-256 in hex.
    pub verdict_root: String,
    /// How many verdicts that root covers.
    pub verdicts: u32,
    /// What is too large for a leaf, such as the list of rules with their parameters: content that is
    /// the same as in the run before is stored once.
    pub body: Option<Body>,
    /// The schedule that this run keeps; none where somebody started it.
    pub schedule: Option<Schedule>,
}

/// A run's place in a schedule. Each run says when the next one is due, so that the absence of one is
/// seen in the log alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The schedule's name.
    pub name: String,
    /// When this run was due: what the run before said in `next`.
    pub due: Timestamp,
    /// When the next run is due.
    pub next: Timestamp,
}

impl From<ScanRun> for Record {
    fn from(run: ScanRun) -> Record {
        let mut record = Record::new(RecordType::ScanRun, run.id);
        record.times.observed = Some(run.clock);
        record.body = run.body;
        let versions = |versions: BTreeMap<String, String>| {
            Value::Object(
                versions
                    .into_iter()
                    .map(|(name, version)| (name, Value::String(version)))
                    .collect(),
            )
        };
        let mut set = |name: &str, value: Value| record.detail.insert(name.to_owned(), value);
        set("clock", Value::String(time(run.clock)));
        set("coverage", Value::Object(run.coverage));
        set("packVersions", versions(run.pack_versions));
        set("ruleVersions", versions(run.rule_versions));
        set("scope", Value::Object(run.scope));
        set("verdictRoot", Value::String(run.verdict_root));
        set("verdicts", Value::from(run.verdicts));
        if let Some(schedule) = run.schedule {
            let members = [
                ("due", time(schedule.due)),
                ("name", schedule.name),
                ("next", time(schedule.next)),
            ];
            let members = members.map(|(name, text)| (name.to_owned(), Value::String(text)));
            set("schedule", Value::Object(members.into_iter().collect()));
        }
        record
    }
}
