//! What timestamp authorities say of checkpoints, and when.

use sha2::{Digest as _, Sha256};

use crate::checkpoints::{Checkpoints, SKEW};
use crate::path::Place;
use crate::report::{Problem, ProblemKind, Stamped};
use crate::source::Source;
use crate::timestamp::{self, Stamp};
use crate::verify::Options;

/// A reply with its certificates has a few thousand bytes.
const LARGEST: u64 = 1 << 20;

/// Checks every timestamp; returns those that hold, by size and time. `recorded` is when each record says
/// that it was recorded.
pub(crate) fn check(
    source: &dyn Source,
    checkpoints: &Checkpoints,
    recorded: &[Option<i64>],
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Vec<Stamped> {
    let mut found: Vec<(u64, i64, Stamped)> = Vec::new();
    for (path, length) in source.files() {
        let Place::Timestamp { size, hash } = Place::of(path) else {
            continue;
        };
        let mut refuse = |kind: ProblemKind, what: String| {
            problems.push(Problem::new(kind, path.as_str(), what));
        };
        let Some(text) = checkpoints.text(size) else {
            let what = format!("no checkpoint of {size} records is there");
            refuse(ProblemKind::Timestamp, what);
            continue;
        };
        let stamp = match read(source, path, *length, &hash, text, options) {
            Ok(stamp) => stamp,
            Err(what) => {
                refuse(ProblemKind::Timestamp, what);
                continue;
            }
        };
        let last = size.checked_sub(1).and_then(|last| {
            let index = usize::try_from(last).ok()?;
            recorded.get(index).copied().flatten()
        });
        if last.is_some_and(|recorded| recorded > stamp.at_millis.saturating_add(SKEW)) {
            let what = format!(
                "record {} says that it was recorded after this was made, at {}",
                size - 1,
                stamp.at()
            );
            refuse(ProblemKind::Time, what);
        }
        let stamped = Stamped {
            time: stamp.at(),
            authority: stamp.authority,
            size,
            is_trusted: stamp.is_trusted,
        };
        found.push((size, stamp.at_millis, stamped));
    }
    let has_trusted = found.iter().any(|(_, _, stamped)| stamped.is_trusted);
    if !options.authorities.is_empty() && !has_trusted {
        let what = "no checkpoint has a timestamp of an authority that was given";
        problems.push(Problem::new(ProblemKind::Timestamp, "timestamps/", what));
    }
    found.sort_by_key(|(size, at, _)| (*size, *at));
    found.into_iter().map(|(_, _, stamped)| stamped).collect()
}

fn read(
    source: &dyn Source,
    path: &str,
    length: u64,
    hash: &[u8; 32],
    text: &[u8],
    options: &Options,
) -> Result<Stamp, String> {
    if length > LARGEST {
        return Err(format!("it has {length} bytes, more than {LARGEST}"));
    }
    let bytes = source.read(path).map_err(|error| error.to_string())?;
    let bytes = bytes.unwrap_or_default();
    if Sha256::digest(&bytes).as_slice() != hash {
        return Err("it has not the hash that its name says".to_owned());
    }
    timestamp::check(&bytes, text, None, &options.authorities).map_err(|error| error.to_string())
}
