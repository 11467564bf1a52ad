//! A record as its leaf says it, and what other checks need of it.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, Visitor};

use crate::canonical;
use crate::merkle::Hash;
use crate::path::parse_hex;
use crate::report::{Problem, ProblemKind};
use crate::time;

/// Media type of a package's manifest.
const MANIFEST: &str = "application/vnd.posture.package-manifest+json";
/// Media type of calls with commitments to who made them.
const COMMITTED: &str = "application/vnd.posture.user-activity.committed+jsonl";
/// Media type of what opens commitments.
const OPENINGS: &str = "application/vnd.posture.openings+jsonl";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    ScanRun,
    VerdictChange,
    ConfigurationVersion,
    UserActivity,
    Upload,
    Decision,
    Remediation,
    Report,
    KeyRotation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    body: Option<WireBody<'a>>,
    #[serde(default, deserialize_with = "present")]
    detail: Option<Members>,
    index: u64,
    recorded: &'a str,
    #[serde(borrow, default, deserialize_with = "present")]
    removes: Option<Vec<&'a str>>,
    #[serde(borrow)]
    subject: Cow<'a, str>,
    #[serde(borrow, default, deserialize_with = "present")]
    times: Option<WireTimes<'a>>,
    #[serde(rename = "type")]
    kind: Kind,
    v: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireBody<'a> {
    #[serde(rename = "mediaType", borrow)]
    media_type: Cow<'a, str>,
    sha256: &'a str,
    #[serde(rename = "sizeBytes")]
    size_bytes: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireTimes<'a> {
    #[serde(default, deserialize_with = "present")]
    collected: Option<&'a str>,
    #[serde(default, deserialize_with = "present")]
    effective: Option<&'a str>,
    #[serde(default, deserialize_with = "present")]
    observed: Option<&'a str>,
    #[serde(default, deserialize_with = "present")]
    reviewed: Option<&'a str>,
    #[serde(default, deserialize_with = "present")]
    uploaded: Option<&'a str>,
}

/// An object, whatever its members are.
struct Members;

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Members, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Members;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Members)
            }
        }
        from.deserialize_map(Any)
    }
}

/// A member that may be absent, and is never null.
fn present<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(from).map(Some)
}

/// A body that a record names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Body {
    pub(crate) sha256: Hash,
    pub(crate) size_bytes: u64,
    /// Index of the record.
    pub(crate) index: u64,
}

/// What only a few records say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Statement {
    /// A key of the log or of a witness counts from here on.
    Key {
        role: String,
        key: String,
        replaces: Option<String>,
    },
    /// A scheduled run; times in milliseconds since 1970.
    Run {
        schedule: String,
        due: i64,
        next: i64,
    },
    /// Why runs that were due from one time until before another are not there.
    Explains {
        schedule: String,
        from: i64,
        until: i64,
    },
    /// The files of a package.
    Manifest(Body),
    /// A body whose lines commit to personal data.
    Commits(Body),
    /// A body that opens the commitments of another one, by its hash.
    Opens(Body, Hash),
    /// Bodies that are deleted, and the retention rule where the record names one.
    Removes(Vec<Hash>, Option<String>),
}

/// What was read from one leaf.
#[derive(Debug)]
pub(crate) struct Leaf {
    /// Milliseconds since 1970.
    pub(crate) recorded: i64,
    pub(crate) body: Option<Body>,
    pub(crate) statements: Vec<Statement>,
}

/// Reads the leaf at this place in the log, and says what is wrong with it by itself.
pub(crate) fn read(bytes: &[u8], index: u64) -> Result<Leaf, Problem> {
    let refuse = |kind, what: String| Problem::new(kind, format!("record {index}"), what);
    let malformed = |what: &str| refuse(ProblemKind::Record, what.to_owned());
    canonical::check(bytes).map_err(|(at, what)| {
        refuse(
            ProblemKind::Record,
            format!("it is not canonical JSON: {what} (byte {at})"),
        )
    })?;
    let wire: Wire<'_> = serde_json::from_slice(bytes)
        .map_err(|error| refuse(ProblemKind::Record, error.to_string()))?;
    if wire.v != 1 {
        return Err(malformed("it is of another version of the format"));
    }
    if wire.index != index {
        return Err(refuse(
            ProblemKind::Order,
            format!(
                "it says that it is record {}: records were dropped, doubled or moved",
                wire.index
            ),
        ));
    }
    if wire.subject.is_empty() {
        return Err(malformed("it has no subject"));
    }
    let recorded =
        time::parse(wire.recorded).ok_or_else(|| malformed("its time of recording is none"))?;
    if let Some(times) = &wire.times {
        check_times(times, recorded).map_err(|(kind, what)| refuse(kind, what))?;
    }
    let body = wire
        .body
        .as_ref()
        .map(|body| {
            parse_hex(body.sha256).map(|sha256| Body {
                sha256,
                size_bytes: body.size_bytes,
                index,
            })
        })
        .map(|body| body.ok_or_else(|| malformed("its body's hash is none")))
        .transpose()?;
    let statements = statements(bytes, &wire, body).map_err(|what| malformed(&what))?;
    Ok(Leaf {
        recorded,
        body,
        statements,
    })
}

fn check_times(times: &WireTimes<'_>, recorded: i64) -> Result<(), (ProblemKind, String)> {
    let named = [
        ("collected", times.collected, true),
        ("observed", times.observed, true),
        ("reviewed", times.reviewed, true),
        ("uploaded", times.uploaded, true),
        ("effective", times.effective, false),
    ];
    for (name, text, is_past) in named {
        let Some(text) = text else { continue };
        let time = time::parse(text)
            .ok_or_else(|| (ProblemKind::Record, format!("its time {name} is none")))?;
        if is_past && time > recorded {
            return Err((
                ProblemKind::Time,
                format!("it says {name} at {text}, after it was recorded"),
            ));
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Detailed<T> {
    detail: T,
}

#[derive(Deserialize)]
struct KeyDetail {
    key: String,
    replaces: Option<String>,
    role: String,
}

#[derive(Deserialize)]
struct RunDetail {
    schedule: Option<ScheduleDetail>,
}

#[derive(Deserialize)]
struct ScheduleDetail {
    name: String,
    due: String,
    next: String,
}

#[derive(Deserialize)]
struct DecisionDetail {
    explains: Option<ExplainsDetail>,
}

#[derive(Deserialize)]
struct OpensDetail {
    opens: String,
}

#[derive(Deserialize)]
struct RemovesDetail {
    rule: Option<String>,
}

#[derive(Deserialize)]
struct ExplainsDetail {
    schedule: String,
    from: String,
    until: String,
}

fn statements(bytes: &[u8], wire: &Wire<'_>, body: Option<Body>) -> Result<Vec<Statement>, String> {
    let mut found = Vec::new();
    match wire.kind {
        Kind::KeyRotation => {
            let KeyDetail {
                key,
                replaces,
                role,
            } = detail(bytes)?;
            found.push(Statement::Key {
                role,
                key,
                replaces,
            });
        }
        Kind::ScanRun => {
            if let Some(schedule) = detail::<RunDetail>(bytes)?.schedule {
                let (due, next) = interval(&schedule.due, &schedule.next)?;
                found.push(Statement::Run {
                    schedule: schedule.name,
                    due,
                    next,
                });
            }
        }
        Kind::Decision if wire.detail.is_some() => {
            if let Some(explains) = detail::<DecisionDetail>(bytes)?.explains {
                let (from, until) = interval(&explains.from, &explains.until)?;
                found.push(Statement::Explains {
                    schedule: explains.schedule,
                    from,
                    until,
                });
            }
        }
        Kind::Report => {
            let is_manifest = wire
                .body
                .as_ref()
                .is_some_and(|body| body.media_type == MANIFEST);
            found.extend(body.filter(|_| is_manifest).map(Statement::Manifest));
        }
        Kind::Decision
        | Kind::VerdictChange
        | Kind::ConfigurationVersion
        | Kind::UserActivity
        | Kind::Upload
        | Kind::Remediation => {}
    }
    let media_type = wire.body.as_ref().map(|body| &*body.media_type);
    match (body, media_type) {
        (Some(body), Some(COMMITTED)) => found.push(Statement::Commits(body)),
        (Some(body), Some(OPENINGS)) => {
            let opens = detail::<OpensDetail>(bytes)?.opens;
            let opens = parse_hex(&opens).ok_or("it opens a body whose hash is none")?;
            found.push(Statement::Opens(body, opens));
        }
        _ => {}
    }
    if let Some(removes) = &wire.removes {
        let hashes: Option<Vec<Hash>> = removes.iter().map(|hash| parse_hex(hash)).collect();
        let hashes = hashes.ok_or("it removes a body whose hash is none")?;
        let rule = match wire.detail {
            Some(_) => detail::<RemovesDetail>(bytes)?.rule,
            None => None,
        };
        found.push(Statement::Removes(hashes, rule));
    }
    Ok(found)
}

fn detail<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice::<Detailed<T>>(bytes)
        .map(|detailed| detailed.detail)
        .map_err(|error| format!("its detail is not as its type needs it: {error}"))
}

fn interval(from: &str, until: &str) -> Result<(i64, i64), String> {
    time::parse(from)
        .zip(time::parse(until))
        .filter(|(from, until)| from < until)
        .ok_or_else(|| format!("{from:?} to {until:?} is no interval"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAF: &str = r#"{"body":{"mediaType":"text/plain","sha256":"0000000000000000000000000000000000000000000000000000000000000000","sizeBytes":5},"detail":{},"index":3,"recorded":"2026-03-01T06:00:00.000Z","subject":"s","times":{"effective":"2027-01-01T00:00:00.000Z","observed":"2026-03-01T05:00:00.000Z"},"type":"upload","v":1}"#;

    #[test]
    fn record_is_read() {
        let leaf = read(LEAF.as_bytes(), 3).unwrap();
        assert_eq!(leaf.recorded, 1_772_344_800_000);
        assert_eq!(leaf.body.unwrap().size_bytes, 5);
    }

    #[test]
    fn records_that_are_none_are_said_to_be_so() {
        for (from, to, kind, what) in [
            ("\"v\":1", "\"v\":2", ProblemKind::Record, "another version"),
            ("\"index\":3", "\"index\":4", ProblemKind::Order, "record 4"),
            (
                "\"subject\":\"s\"",
                "\"subject\":\"\"",
                ProblemKind::Record,
                "no subject",
            ),
            (
                "\"detail\":{}",
                "\"detail\":[]",
                ProblemKind::Record,
                "an object",
            ),
            (
                "\"detail\":{}",
                "\"detail\":null",
                ProblemKind::Record,
                "an object",
            ),
            (
                "2026-03-01T05",
                "2026-03-01T07",
                ProblemKind::Time,
                "after it was recorded",
            ),
            (
                "2026-03-01T06:00:00.000Z",
                "2026-02-30T06:00:00.000Z",
                ProblemKind::Record,
                "none",
            ),
            ("upload", "uploads", ProblemKind::Record, "uploads"),
            ("\"v\":1", "\"v\":1,\"w\":1", ProblemKind::Record, "w"),
            ("\"0000", "\"00zz", ProblemKind::Record, "hash"),
        ] {
            let changed = LEAF.replacen(from, to, 1);
            let problem = read(changed.as_bytes(), 3).unwrap_err();
            assert_eq!(problem.kind, kind, "{changed}");
            assert!(problem.what.contains(what), "{}", problem.what);
        }
    }
}
