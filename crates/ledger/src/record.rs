//! What is recorded, and the bytes of a leaf.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::blob::BodyRef;

/// Version of the leaf's form, `v` in its JSON.
const VERSION: u8 = 1;
/// An entry's length is a 16-bit number (C2SP tlog-tiles).
const MAX_LEAF_BYTES: usize = u16::MAX as usize;
/// Integers beyond this are not the same in every JSON reader (RFC 8785, appendix D).
const MAX_INTEGER: i64 = 9_007_199_254_740_991;
/// Levels of arrays and objects in a member of `detail`; a leaf has 64, and this is inside two.
const MAX_DEPTH: u32 = 60;

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordType {
    /// An evaluation run; see [`crate::ScanRun`].
    ScanRun,
    /// A rule's verdict about a resource changed.
    VerdictChange,
    /// A configuration that was seen for the first time; its item is the body.
    ConfigurationVersion,
    /// What somebody or something did, as CloudTrail or an API tells it.
    UserActivity,
    /// A file that a person added.
    Upload,
    /// What a person decided: an exception, a review, a sign-off, an explanation of an absence.
    Decision,
    /// A fix: its plan, its authority, what it did, how it was verified.
    Remediation,
    /// A report or package that was made.
    Report,
    /// A key of the log or of a witness that counts from here on. The ledger writes these itself.
    KeyRotation,
}

impl RecordType {
    /// The types whose records may have a body, sorted by name.
    pub fn of_bodies() -> impl Iterator<Item = RecordType> {
        [
            RecordType::ConfigurationVersion,
            RecordType::Decision,
            RecordType::Remediation,
            RecordType::Report,
            RecordType::ScanRun,
            RecordType::Upload,
            RecordType::UserActivity,
            RecordType::VerdictChange,
        ]
        .into_iter()
    }

    /// Its name in a leaf.
    pub fn as_str(self) -> &'static str {
        match self {
            RecordType::ScanRun => "scan-run",
            RecordType::VerdictChange => "verdict-change",
            RecordType::ConfigurationVersion => "configuration-version",
            RecordType::UserActivity => "user-activity",
            RecordType::Upload => "upload",
            RecordType::Decision => "decision",
            RecordType::Remediation => "remediation",
            RecordType::Report => "report",
            RecordType::KeyRotation => "key-rotation",
        }
    }
}

/// When what a record says happened; each is another question, none follows from another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    /// When the state was seen in AWS.
    pub observed: Option<Timestamp>,
    /// When it was fetched.
    pub collected: Option<Timestamp>,
    /// When a person added it.
    pub uploaded: Option<Timestamp>,
    /// From when on it holds; may lie in the future.
    pub effective: Option<Timestamp>,
    /// When a person looked at it.
    pub reviewed: Option<Timestamp>,
}

impl Times {
    /// Those that cannot be later than the record, with their names in the leaf.
    pub(crate) fn past(&self) -> [(&'static str, Option<Timestamp>); 4] {
        [
            ("collected", self.collected),
            ("observed", self.observed),
            ("reviewed", self.reviewed),
            ("uploaded", self.uploaded),
        ]
    }
}

/// The bytes that a record is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Stored together with the record.
    Bytes {
        /// IANA media type.
        media_type: String,
        /// The plain bytes.
        bytes: Vec<u8>,
    },
    /// Stored before, with [`crate::Log::put_body`].
    Stored(BodyRef),
}

/// A record that is not yet in the log. Its index and the time of recording are the log's to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What it is about.
    pub kind: RecordType,
    /// The one thing it is about: a run's id, an ARN, a control's id. No personal data.
    pub subject: String,
    /// When.
    pub times: Times,
    /// Small facts, by names of the type (`docs/formats/ledger.md`). Numbers are integers. No
    /// personal data: that belongs into a body.
    pub detail: Map<String, Value>,
    /// The bytes it is about.
    pub body: Option<Body>,
    /// SHA-256 (hex) of bodies that are deleted under a retention rule from here on.
    pub removes: Vec<String>,
}

impl Record {
    /// A record without times, detail and body.
    pub fn new(kind: RecordType, subject: impl Into<String>) -> Record {
        Record {
            kind,
            subject: subject.into(),
            times: Times::default(),
            detail: Map::new(),
            body: None,
            removes: Vec::new(),
        }
    }
}

/// A record in the log, as its leaf says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// The bytes it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<BodyRef>,
    /// Small facts, by names of the type.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub detail: Map<String, Value>,
    /// Place in the log, from 0.
    pub index: u64,
    /// When the log took it, UTC with milliseconds.
    pub recorded: String,
    /// Bodies deleted from here on, SHA-256 in hex, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removes: Vec<String>,
    /// The one thing it is about.
    pub subject: String,
    /// When what it says happened, by name.
    #[serde(default, skip_serializing_if = "LeafTimes::is_empty")]
    pub times: LeafTimes,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: RecordType,
    /// Version of this form.
    v: u8,
}

/// [`Times`] as written in a leaf: UTC with milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeafTimes {
    /// See [`Times::collected`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected: Option<String>,
    /// See [`Times::effective`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
    /// See [`Times::observed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<String>,
    /// See [`Times::reviewed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<String>,
    /// See [`Times::uploaded`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uploaded: Option<String>,
}

impl LeafTimes {
    fn is_empty(&self) -> bool {
        *self == LeafTimes::default()
    }
}

impl From<&Times> for LeafTimes {
    fn from(times: &Times) -> LeafTimes {
        LeafTimes {
            collected: times.collected.map(time),
            effective: times.effective.map(time),
            observed: times.observed.map(time),
            reviewed: times.reviewed.map(time),
            uploaded: times.uploaded.map(time),
        }
    }
}

impl Leaf {
    pub(crate) fn new(
        record: Record,
        body: Option<BodyRef>,
        index: u64,
        recorded: Timestamp,
    ) -> Leaf {
        let mut removes = record.removes;
        removes.sort_unstable();
        removes.dedup();
        Leaf {
            body,
            detail: record.detail,
            index,
            recorded: time(recorded),
            removes,
            subject: record.subject,
            times: LeafTimes::from(&record.times),
            kind: record.kind,
            v: VERSION,
        }
    }

    /// The leaf's bytes: RFC 8785 canonical JSON. Says what does not fit the format.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, String> {
        if self.subject.is_empty() {
            return Err("has no subject".to_owned());
        }
        for (name, value) in &self.detail {
            check(value, MAX_DEPTH).map_err(|what| format!("has {what} in detail.{name}"))?;
        }
        let bytes = serde_json_canonicalizer::to_vec(self).map_err(|error| error.to_string())?;
        if bytes.len() > MAX_LEAF_BYTES {
            return Err(format!(
                "takes {} bytes, and a leaf holds {MAX_LEAF_BYTES}; what is large belongs into its body",
                bytes.len()
            ));
        }
        Ok(bytes)
    }

    /// Reads a leaf's bytes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Leaf, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}

/// UTC with milliseconds, always 24 characters, so that text order is time order.
pub(crate) fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

fn check(value: &Value, depth: u32) -> Result<(), String> {
    let inside = depth.checked_sub(1).ok_or("something nested too deeply");
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(integer) if integer.abs() <= MAX_INTEGER => Ok(()),
            _ => Err(format!(
                "{number}, and numbers are integers of up to 53 bits,"
            )),
        },
        Value::Array(items) => {
            let inside = inside?;
            items.iter().try_for_each(|item| check(item, inside))
        }
        Value::Object(members) => {
            let inside = inside?;
            members
                .values()
                .try_for_each(|member| check(member, inside))
        }
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(record: Record) -> Leaf {
        let recorded = "2026-03-01T06:00:00.5Z".parse().unwrap();
        Leaf::new(record, None, 7, recorded)
    }

    #[test]
    fn leaf_is_canonical_and_reads_back() {
        let mut record = Record::new(RecordType::VerdictChange, "arn:aws:s3:::b");
        record.times.observed = Some("2026-03-01T05:59:59Z".parse().unwrap());
        record.detail.insert("z".to_owned(), Value::from(1));
        record
            .detail
            .insert("a\u{20ac}".to_owned(), Value::from("\u{1}\"/"));
        let bytes = leaf(record).to_bytes().unwrap();
        assert_eq!(
            String::from_utf8(bytes.clone()).unwrap(),
            "{\"detail\":{\"a\u{20ac}\":\"\\u0001\\\"/\",\"z\":1},\"index\":7,\
             \"recorded\":\"2026-03-01T06:00:00.500Z\",\"subject\":\"arn:aws:s3:::b\",\
             \"times\":{\"observed\":\"2026-03-01T05:59:59.000Z\"},\"type\":\"verdict-change\",\"v\":1}"
        );
        assert_eq!(Leaf::from_bytes(&bytes).unwrap().index, 7);
    }

    #[test]
    fn what_does_not_fit_a_leaf_is_said() {
        let mut record = Record::new(RecordType::Decision, "x");
        record.detail.insert("share".to_owned(), Value::from(0.5));
        let error = leaf(record.clone()).to_bytes().unwrap_err();
        assert_eq!(
            error,
            "has 0.5, and numbers are integers of up to 53 bits, in detail.share"
        );

        let deep = (0..100).fold(Value::from(1), |inner, _| Value::from(vec![inner]));
        record.detail.insert("share".to_owned(), deep);
        let error = leaf(record.clone()).to_bytes().unwrap_err();
        assert_eq!(error, "has something nested too deeply in detail.share");

        record
            .detail
            .insert("share".to_owned(), Value::from("y".repeat(70_000)));
        let error = leaf(record).to_bytes().unwrap_err();
        assert!(error.ends_with("belongs into its body"), "{error}");

        assert_eq!(
            leaf(Record::new(RecordType::Decision, ""))
                .to_bytes()
                .unwrap_err(),
            "has no subject"
        );
    }
}
