//! Every file is vouched for: by the tree, by a record, or by a package's manifest.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::blobs;
use crate::bundles::{hashes, read_grown};
use crate::leaf::{Body, Statement};
use crate::merkle::Hash;
use crate::path::{Place, parse_hex};
use crate::report::{Problem, ProblemKind};
use crate::source::Source;
use crate::tiles::{Tree, width};

/// A manifest lists the files of a package; this is room for a million.
const MAX_MANIFEST_BYTES: u64 = 256 << 20;

#[derive(Deserialize)]
struct Manifest {
    files: Vec<Listed>,
    #[serde(default)]
    omits: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    path: String,
    sha256: String,
    size_bytes: u64,
}

/// The files beside the log, and what vouches for them.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    others: Vec<String>,
    listed: BTreeMap<String, (Hash, u64)>,
    pub(crate) omitted: BTreeSet<Hash>,
}

impl Beside {
    /// Finds the files that are not the log's own. Where there are some, this is a package, and the
    /// newest manifest in the log is its.
    pub(crate) fn read(
        source: &dyn Source,
        statements: &[(u64, Statement)],
        problems: &mut Vec<Problem>,
    ) -> Beside {
        let others: Vec<String> = source
            .files()
            .keys()
            .filter(|path| Place::of(path) == Place::Other)
            .cloned()
            .collect();
        let mut beside = Beside {
            others,
            ..Beside::default()
        };
        let manifest = statements.iter().rev().find_map(|(_, said)| match said {
            Statement::Manifest(body) => Some(*body),
            _ => None,
        });
        let Some(body) = manifest.filter(|_| source.is_zip() || !beside.others.is_empty()) else {
            return beside;
        };
        if let Err(what) = beside.read_manifest(source, &body) {
            let place = Place::Blob(body.sha256).path();
            let what = format!("as the package's manifest: {what}");
            problems.push(Problem::new(ProblemKind::File, place, what));
        }
        beside
    }

    fn read_manifest(&mut self, source: &dyn Source, body: &Body) -> Result<(), String> {
        const NO_HASH: &str = "it has a hash that is none";
        let bytes = blobs::read(source, body, MAX_MANIFEST_BYTES)?;
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        for file in manifest.files {
            let hash = parse_hex(&file.sha256).ok_or(NO_HASH)?;
            self.listed.insert(file.path, (hash, file.size_bytes));
        }
        for hash in manifest.omits {
            self.omitted.insert(parse_hex(&hash).ok_or(NO_HASH)?);
        }
        Ok(())
    }

    /// Compares each file with its line in the manifest; returns how many are as it says.
    pub(crate) fn check(&self, source: &dyn Source, problems: &mut Vec<Problem>) -> u64 {
        let mut intact = 0;
        for path in &self.others {
            let what = match self.listed.get(path) {
                None => "no record vouches for it".to_owned(),
                Some((expected, length)) => match digest(source, path) {
                    Ok(found) if found == (*expected, *length) => {
                        intact += 1;
                        continue;
                    }
                    Ok(_) => "it is not the file that was exported".to_owned(),
                    Err(error) => error.to_string(),
                },
            };
            problems.push(Problem::new(ProblemKind::File, path.as_str(), what));
        }
        for path in self.listed.keys() {
            if !source.files().contains_key(path) {
                problems.push(Problem::new(
                    ProblemKind::File,
                    path.as_str(),
                    "it was exported, and is missing",
                ));
            }
        }
        intact
    }
}

fn digest(source: &dyn Source, path: &str) -> io::Result<(Hash, u64)> {
    let mut hash = Sha256::new();
    let mut file = source.open(path)?;
    let mut buffer = vec![0; 1 << 16];
    let mut length = 0;
    loop {
        let count = io::Read::read(&mut file, &mut buffer)?;
        if count == 0 {
            return Ok((hash.finalize().into(), length));
        }
        hash.update(buffer.get(..count).unwrap_or_default());
        length += count as u64;
    }
}

/// Compares tiles and bundles that the newest checkpoint does not need: an earlier one needed them,
/// and they are the beginning of what is there now. Returns how many lie beyond the log.
pub(crate) fn check_superseded(
    source: &dyn Source,
    size: u64,
    tree: &Tree,
    problems: &mut Vec<Problem>,
) -> u64 {
    let mut beyond = 0;
    for path in source.files().keys() {
        let (kind, (level, number, held)) = match Place::of(path) {
            Place::Tile {
                level,
                number,
                width,
            } => (ProblemKind::Tile, (level, number, width)),
            Place::Bundle { number, width } => (ProblemKind::Bundle, (0, number, width)),
            _ => continue,
        };
        let now = width(level, number, size);
        if held == now {
            continue;
        }
        if held > now {
            beyond += 1;
            if source.is_zip() {
                let what = "it lies beyond the newest checkpoint";
                problems.push(Problem::new(ProblemKind::File, path.as_str(), what));
            }
            continue;
        }
        let is_beginning = match kind {
            ProblemKind::Tile => tile_is_beginning(source, path, level, number, held, tree),
            _ => bundle_is_beginning(source, path, number, now, held),
        };
        if !is_beginning {
            let what = "it is not the beginning of what is there now";
            problems.push(Problem::new(kind, path.as_str(), what));
        }
    }
    beyond
}

fn tile_is_beginning(
    source: &dyn Source,
    path: &str,
    level: u8,
    number: u64,
    held: u64,
    tree: &Tree,
) -> bool {
    let bytes = source.read(path).ok().flatten();
    let hashes = bytes.and_then(|bytes| hashes(&bytes));
    hashes.is_some_and(|hashes| {
        hashes.len() as u64 == held && tree.tile_begins_with(level, number, &hashes)
    })
}

fn bundle_is_beginning(source: &dyn Source, path: &str, number: u64, now: u64, held: u64) -> bool {
    let current = read_grown(source, now, |width| Place::Bundle { number, width });
    let (Ok(Some(bytes)), Ok(Some((current, _)))) = (source.read(path), current) else {
        return false;
    };
    current.starts_with(&bytes) && count(&bytes) == Some(held)
}

fn count(mut bundle: &[u8]) -> Option<u64> {
    let mut count = 0;
    while let Some((length, rest)) = bundle.split_first_chunk() {
        bundle = rest.get(u16::from_be_bytes(*length).into()..)?;
        count += 1;
    }
    bundle.is_empty().then_some(count)
}
