//! Bodies: is each there that a record names, and does it have its hash?

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::thread;

use sha2::{Digest as _, Sha256};

use crate::leaf::Body;
use crate::merkle::Hash;
use crate::path::Place;
use crate::report::{Problem, ProblemKind};
use crate::source::Source;

/// The skippable frame behind the body's own (RFC 8878, 3.1.2): 32 bytes, the frame's SHA-256.
const SEAL: [u8; 8] = [0x50, 0x2a, 0x4d, 0x18, 32, 0, 0, 0];
const SEAL_BYTES: u64 = 8 + 32;

/// Bodies that may be absent.
#[derive(Debug, Default)]
pub(crate) struct Absent {
    /// A record says that they are deleted: its index, the last where there are several.
    pub(crate) removed: BTreeMap<Hash, u64>,
    /// A manifest leaves them out of the package.
    pub(crate) omitted: BTreeSet<Hash>,
}

/// What was found of the bodies.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Number of bodies that are there and have their hash, and of their plain bytes.
    pub(crate) intact: (u64, u64),
    pub(crate) omitted: u64,
    /// By the record that says so; each with the first record that names it.
    pub(crate) removed: BTreeMap<u64, Vec<(u64, Hash)>>,
    /// Bodies that no record names.
    pub(crate) unnamed: Vec<String>,
    pub(crate) problems: Vec<Problem>,
    /// Whether nothing was unpacked, because it would have been too much.
    pub(crate) is_over_limit: bool,
}

/// Checks all bodies that records name, on several threads, and those that none names. More than
/// `limit` plain bytes are not unpacked.
pub(crate) fn check(
    source: &dyn Source,
    mut bodies: Vec<Body>,
    absent: &Absent,
    limit: u64,
    threads: usize,
) -> Found {
    let mut found = Found::default();
    // A record that names a body after its tombstone says that it is there again.
    let mut is_back = BTreeSet::new();
    for body in &bodies {
        let removed = absent.removed.get(&body.sha256);
        if removed.is_some_and(|tombstone| *tombstone < body.index) {
            is_back.insert(body.sha256);
        }
    }
    bodies.sort_unstable();
    bodies.dedup_by(|body, first| {
        let is_same = body.sha256 == first.sha256;
        if is_same && body.size_bytes != first.size_bytes {
            found.problems.push(Problem::new(
                ProblemKind::Body,
                format!("record {}", body.index),
                format!(
                    "it gives its body another length than record {} does",
                    first.index
                ),
            ));
        }
        is_same
    });
    let mut present = Vec::with_capacity(bodies.len());
    let mut total: u64 = 0;
    for body in &bodies {
        let path = Place::Blob(body.sha256).path();
        if source.files().contains_key(&path) {
            total = total.saturating_add(body.size_bytes);
            present.push((path, *body));
        } else if let Some(tombstone) = absent
            .removed
            .get(&body.sha256)
            .filter(|_| !is_back.contains(&body.sha256))
        {
            let of_tombstone = found.removed.entry(*tombstone).or_default();
            of_tombstone.push((body.index, body.sha256));
        } else if absent.omitted.contains(&body.sha256) {
            found.omitted += 1;
        } else {
            let what = format!("it is missing, and record {} names it", body.index);
            found
                .problems
                .push(Problem::new(ProblemKind::Body, path, what));
        }
    }
    if total > limit {
        found.is_over_limit = true;
        found.problems.push(Problem::new(
            ProblemKind::Body,
            "blobs",
            format!("unpacked they take {total} bytes, more than the {limit} allowed (--max-bytes); none was checked"),
        ));
        return found;
    }
    found.check_present(source, &present, threads);
    let named: BTreeSet<&str> = present.iter().map(|(path, _)| path.as_str()).collect();
    for path in source.files().keys() {
        let Place::Blob(_) = Place::of(path) else {
            continue;
        };
        if named.contains(path.as_str()) {
            continue;
        }
        found.unnamed.push(path.clone());
        if let Err(what) = check_seal(source, path) {
            found
                .problems
                .push(Problem::new(ProblemKind::Body, path.as_str(), what));
        }
    }
    found
}

impl Found {
    fn check_present(&mut self, source: &dyn Source, present: &[(String, Body)], threads: usize) {
        let chunk = present.len().div_ceil(threads.max(1)).max(1);
        let results: Vec<_> = thread::scope(|scope| {
            let work: Vec<_> = present
                .chunks(chunk)
                .map(|part| {
                    scope.spawn(move || {
                        part.iter()
                            .map(|(path, body)| check_one(source, path, body))
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            work.into_iter()
                .map(|work| work.join().unwrap_or_default())
                .collect()
        });
        let mut results = results.into_iter().flatten();
        for (path, body) in present {
            let result = results.next().unwrap_or_else(|| {
                Err("it could not be checked: the verifier itself failed".to_owned())
            });
            match result {
                Ok(()) => {
                    self.intact.0 += 1;
                    self.intact.1 += body.size_bytes;
                }
                Err(what) => {
                    let what = format!("{what} (record {} names it)", body.index);
                    self.problems
                        .push(Problem::new(ProblemKind::Body, path.as_str(), what));
                }
            }
        }
    }
}

/// The plain bytes of a body that is not large.
pub(crate) fn read(source: &dyn Source, body: &Body, limit: u64) -> Result<Vec<u8>, String> {
    if body.size_bytes > limit {
        return Err(format!("it is larger than {limit} bytes"));
    }
    let path = Place::Blob(body.sha256).path();
    let mut plain = Vec::new();
    unpack(source, &path, body.size_bytes, |bytes| {
        plain.extend_from_slice(bytes);
    })?;
    Ok(plain)
}

fn check_one(source: &dyn Source, path: &str, body: &Body) -> Result<(), String> {
    let mut hash = Sha256::new();
    unpack(source, path, body.size_bytes, |bytes| hash.update(bytes))?;
    if Hash::from(hash.finalize()) != body.sha256 {
        return Err("its bytes have another hash".to_owned());
    }
    Ok(())
}

/// Gives out the plain bytes of a stored body, at most one more than it should have.
fn unpack(
    source: &dyn Source,
    path: &str,
    size_bytes: u64,
    mut visit: impl FnMut(&[u8]),
) -> Result<(), String> {
    let io = |error: io::Error| error.to_string();
    check_seal(source, path)?;
    let length = source.files().get(path).copied().unwrap_or(0);
    let frame = source.open(path).map_err(io)?.take(length - SEAL_BYTES);
    let decoder = zstd::stream::Decoder::new(frame).map_err(io)?;
    let mut decoder = decoder.take(size_bytes.saturating_add(1));
    let mut buffer = vec![0; 1 << 16];
    let mut count = 0;
    loop {
        let read = decoder.read(&mut buffer).map_err(io)?;
        if read == 0 {
            break;
        }
        count += read as u64;
        visit(buffer.get(..read).unwrap_or_default());
    }
    if count != size_bytes {
        return Err(format!("it does not hold {size_bytes} bytes"));
    }
    Ok(())
}

/// That not one bit of the stored form was changed, those included that unpack to the same.
fn check_seal(source: &dyn Source, path: &str) -> Result<(), String> {
    let io = |error: io::Error| error.to_string();
    let length = source.files().get(path).copied().unwrap_or(0);
    let frame = length
        .checked_sub(SEAL_BYTES)
        .ok_or("it is too short for a body")?;
    let mut file = source.open(path).map_err(io)?;
    let mut hash = Sha256::new();
    io::copy(&mut (&mut file).take(frame), &mut HashWriter(&mut hash)).map_err(io)?;
    let mut seal = Vec::new();
    file.read_to_end(&mut seal).map_err(io)?;
    let expected = hash.finalize();
    if seal.strip_prefix(&SEAL) != Some(expected.as_slice()) {
        return Err("it is damaged: its seal is not that of its bytes".to_owned());
    }
    Ok(())
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
