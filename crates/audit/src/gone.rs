//! Bodies that retention rules deleted, as a package names them.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use posture_ledger::{Leaf, Log, LogReader, RecordType};
use serde_json::Value;

use crate::act::subject;
use crate::assessment::Assessment;
use crate::error::AuditError;

/// The table of them.
pub(crate) const FILE: &str = "expired.csv";

pub(crate) const COLUMNS: [&str; 8] = [
    "sha256",
    "records",
    "type",
    "mediaType",
    "sizeBytes",
    "rule",
    "tombstone",
    "tombstoneRecorded",
];

/// Rows that a page or text shows; the table has all.
const SHOWN: usize = 100;

/// Leaves that are read at once.
const PAGE: u64 = 4096;

/// A body that is gone, and what is left of it: its hash in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoneBody {
    /// SHA-256 of its plain bytes, hex.
    pub sha256: String,
    /// The records that name it, in the log's order.
    pub records: Vec<u64>,
    /// The type of the first of them.
    pub kind: RecordType,
    /// IANA media type.
    pub media_type: String,
    /// Number of its plain bytes.
    pub size_bytes: u64,
    /// The rule that the tombstone names; empty where it names none.
    pub rule: String,
    /// The record that says that it is deleted.
    pub tombstone: u64,
    /// When the log took that record, UTC.
    pub since: String,
}

/// The bodies of an assessment's package that are gone, by hash.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoneBodies(BTreeMap<String, GoneBody>);

/// The bodies of a log that are gone and concern an assessment: one that belongs to other assessments
/// alone is none of its auditor's business. One that is still stored, for its deletion was interrupted
/// or a hold came before it, is not gone.
///
/// # Errors
/// The log could not be read.
pub fn gone_bodies(log: &Log, assessment: &Assessment) -> Result<GoneBodies, AuditError> {
    GoneBodies::of(&log.reader()?, &subject(assessment.number))
}

impl GoneBodies {
    fn of(reader: &LogReader<'_>, subject: &str) -> Result<GoneBodies, AuditError> {
        let mut known: BTreeMap<String, GoneBody> = BTreeMap::new();
        let mut removed: BTreeSet<String> = BTreeSet::new();
        let mut next = 0;
        while next < reader.size() {
            for leaf in reader.leaves(next, PAGE)? {
                entomb(&leaf, &mut known, &mut removed);
                let is_others = leaf.subject.starts_with("assessment-") && leaf.subject != subject;
                if let Some(body) = leaf.body.filter(|_| !is_others) {
                    // Named again after its tombstone: another life.
                    removed.remove(&body.sha256);
                    let one = known
                        .entry(body.sha256.clone())
                        .or_insert_with(|| GoneBody {
                            sha256: body.sha256,
                            records: Vec::new(),
                            kind: leaf.kind,
                            media_type: body.media_type,
                            size_bytes: body.size_bytes,
                            rule: String::new(),
                            tombstone: 0,
                            since: String::new(),
                        });
                    one.records.push(leaf.index);
                }
            }
            next += PAGE;
        }
        let mut gone = BTreeMap::new();
        for sha256 in removed {
            if let Some(one) = known.remove(&sha256)
                && !reader.has_body(&sha256)?
            {
                gone.insert(sha256, one);
            }
        }
        Ok(GoneBodies(gone))
    }

    /// The body with this hash, where it is gone.
    pub fn get(&self, sha256: &str) -> Option<&GoneBody> {
        self.0.get(sha256)
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Rows of the table, sorted by hash.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Vec<String>> {
        self.0.values().map(|one| {
            vec![
                one.sha256.clone(),
                one.records_text(),
                one.kind.as_str().to_owned(),
                one.media_type.clone(),
                one.size_bytes.to_string(),
                one.rule.clone(),
                one.tombstone.to_string(),
                one.since.clone(),
            ]
        })
    }

    /// What the index says of them; nothing where there are none.
    pub(crate) fn section(&self) -> Markup {
        html! {
            @if !self.0.is_empty() {
                h2 { "Deleted under retention rules: " (self.0.len()) }
                p {
                    "Their time was over before this package was made. What they said cannot be read any more; their SHA-256 "
                    "is in the records of the log that name them, and is proven. All of them: " a href=(FILE) { (FILE) } "."
                }
                table {
                    tr { th { "SHA-256" } th { "Records" } th { "Type" } th { "Rule" } th { "Deleted by" } }
                    @for one in self.0.values().take(SHOWN) {
                        tr {
                            td { code { (one.sha256) } div.dim { (one.media_type) ", " (one.size_bytes) " bytes" } }
                            td { (one.records_text()) } td { (one.kind.as_str()) } td { (one.rule) }
                            td { "record " (one.tombstone) div.dim { (one.since) } }
                        }
                    }
                }
                @if self.0.len() > SHOWN { p { (self.0.len() - SHOWN) " more are in " a href=(FILE) { (FILE) } "." } }
            }
        }
    }

    /// What the auditor's instructions say of them; nothing where there are none.
    pub(crate) fn lines(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let count = self.0.len();
        let mut text = format!(
            "\nThe bodies of these records were deleted under retention rules before this package was made. They cannot\n\
             be read any more; their hashes are still proven, and posture-verify says under which rule each went.\n\
             {FILE} has all {count}:\n\n"
        );
        let line = |one: &GoneBody| {
            let records = one.records_text();
            format!("    {}  record {records}  {}\n", one.sha256, one.rule)
        };
        text.extend(self.0.values().take(SHOWN).map(line));
        let more = count.checked_sub(SHOWN).filter(|more| *more > 0);
        text.extend(more.map(|more| format!("    and {more} more\n")));
        text
    }
}

impl GoneBody {
    fn records_text(&self) -> String {
        let records: Vec<String> = self.records.iter().map(u64::to_string).collect();
        records.join(" ")
    }

    /// What a page says in place of where the body is.
    pub(crate) fn said(&self) -> String {
        format!(
            "deleted under rule {}, record {} of the log; the hash is still proven",
            self.rule, self.tombstone
        )
    }
}

/// Notes what a tombstone deletes.
fn entomb(leaf: &Leaf, known: &mut BTreeMap<String, GoneBody>, removed: &mut BTreeSet<String>) {
    let rule = leaf.detail.get("rule").and_then(Value::as_str);
    for sha256 in &leaf.removes {
        let Some(one) = known.get_mut(sha256) else {
            continue;
        };
        // One line of a text.
        let letters = rule.unwrap_or_default().chars();
        one.rule = letters.filter(|letter| !letter.is_control()).collect();
        one.tombstone = leaf.index;
        one.since.clone_from(&leaf.recorded);
        removed.insert(sha256.clone());
    }
}
