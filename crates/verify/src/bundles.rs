//! The pass over all records: bundles, and level 0's tiles beside them, on several threads.

use std::io;
use std::thread;

use crate::leaf::{self, Body, Statement};
use crate::merkle::{Hash, WIDTH, leaf_hash, root};
use crate::path::Place;
use crate::report::{Problem, ProblemKind};
use crate::source::Source;

/// What was read of 256 records, or fewer at the log's end.
#[derive(Debug, Default)]
pub(crate) struct Bundle {
    /// Hashes of the records in the bundle; none where the bundle is missing or cut.
    pub(crate) computed: Option<Vec<Hash>>,
    /// Hashes of the tile, where they differ from `computed`.
    pub(crate) stored: Option<Vec<Hash>>,
    /// Root over the tile's hashes, where it is full and says the same as the bundle.
    pub(crate) root: Option<Hash>,
}

/// What all records say together.
#[derive(Debug, Default)]
pub(crate) struct Pass {
    pub(crate) bundles: Vec<Bundle>,
    /// When each record was recorded, milliseconds since 1970; none for one that could not be read.
    pub(crate) recorded: Vec<Option<i64>>,
    pub(crate) bodies: Vec<Body>,
    /// With the record's index.
    pub(crate) statements: Vec<(u64, Statement)>,
    pub(crate) problems: Vec<Problem>,
}

/// Reads every record of a log of `size` records. A size that the files at hand cannot reach ends
/// where they end.
pub(crate) fn read_all(source: &dyn Source, size: u64, threads: usize) -> Pass {
    let needed = size.div_ceil(WIDTH as u64);
    let last = source
        .files()
        .keys()
        .filter_map(|path| match Place::of(path) {
            Place::Bundle { number, .. }
            | Place::Tile {
                level: 0, number, ..
            } => Some(number + 1),
            _ => None,
        })
        .max();
    let count = needed.min(last.unwrap_or(0));
    let chunk = count.div_ceil(threads.max(1) as u64).max(1);
    let starts: Vec<u64> = (0..count)
        .step_by(usize::try_from(chunk).unwrap_or(1))
        .collect();
    let parts = thread::scope(|scope| {
        let work: Vec<_> = starts
            .into_iter()
            .map(|start| {
                let end = (start + chunk).min(count);
                scope.spawn(move || read_some(source, size, start..end))
            })
            .collect();
        work.into_iter()
            .map(thread::ScopedJoinHandle::join)
            .collect::<Vec<_>>()
    });
    let mut whole = Pass::default();
    for part in parts {
        match part {
            Ok(part) => whole.add(part),
            Err(_) => whole.problems.push(Problem::new(
                ProblemKind::Bundle,
                "tile/entries",
                "a part of it could not be checked: the verifier itself failed",
            )),
        }
    }
    if count < needed {
        whole.problems.push(Problem::new(
            ProblemKind::Bundle,
            "tile/entries",
            format!(
                "the checkpoint counts {size} records, but nothing is there from record {} on",
                count * WIDTH as u64
            ),
        ));
    }
    whole.check_order();
    whole
}

impl Pass {
    fn add(&mut self, part: Pass) {
        self.bundles.extend(part.bundles);
        self.recorded.extend(part.recorded);
        self.bodies.extend(part.bodies);
        self.statements.extend(part.statements);
        self.problems.extend(part.problems);
    }

    /// A record is never recorded before the one in front of it.
    fn check_order(&mut self) {
        let mut newest = i64::MIN;
        for (index, recorded) in self.recorded.iter().enumerate() {
            let Some(recorded) = recorded else { continue };
            if *recorded < newest {
                self.problems.push(Problem::new(
                    ProblemKind::Time,
                    format!("record {index}"),
                    "it is back-dated: it says that it was recorded before an earlier record",
                ));
            }
            newest = newest.max(*recorded);
        }
    }
}

fn read_some(source: &dyn Source, size: u64, numbers: std::ops::Range<u64>) -> Pass {
    let mut pass = Pass::default();
    for number in numbers {
        let first = number * WIDTH as u64;
        let width = (size - first).min(WIDTH as u64);
        let computed = read_bundle(source, number, width, &mut pass);
        let stored = read_tile(source, 0, number, width, &mut pass.problems);
        let agrees = computed.is_some() && computed == stored;
        let is_full = width == WIDTH as u64;
        let tree = computed.as_deref().filter(|_| agrees && is_full).map(root);
        pass.bundles.push(Bundle {
            computed,
            stored: if agrees { None } else { stored },
            root: tree,
        });
    }
    pass
}

fn read_bundle(source: &dyn Source, number: u64, width: u64, pass: &mut Pass) -> Option<Vec<Hash>> {
    let path = Place::Bundle { number, width }.path();
    let first = number * WIDTH as u64;
    let mut hashes = Vec::with_capacity(WIDTH);
    let mut what = None;
    match read_grown(source, width, |width| Place::Bundle { number, width }) {
        Ok(None) => what = Some("it is missing".to_owned()),
        Err(error) => what = Some(error.to_string()),
        Ok(Some((bytes, held))) => match split(&bytes).filter(|all| all.len() as u64 == held) {
            None => what = Some(format!("it does not hold {width} records")),
            Some(leaves) => {
                for (index, bytes) in (first..first + width).zip(leaves) {
                    hashes.push(leaf_hash(bytes));
                    pass.take(leaf::read(bytes, index), index);
                }
            }
        },
    }
    let Some(what) = what else {
        return Some(hashes);
    };
    pass.problems
        .push(Problem::new(ProblemKind::Bundle, path, what));
    pass.recorded.extend((0..width).map(|_| None));
    None
}

impl Pass {
    fn take(&mut self, leaf: Result<leaf::Leaf, Problem>, index: u64) {
        match leaf {
            Ok(leaf) => {
                self.recorded.push(Some(leaf.recorded));
                self.bodies.extend(leaf.body);
                self.statements
                    .extend(leaf.statements.into_iter().map(|said| (index, said)));
            }
            Err(problem) => {
                self.recorded.push(None);
                self.problems.push(problem);
            }
        }
    }
}

/// The hashes of a tile; none, and a problem, where it is missing or of another length.
pub(crate) fn read_tile(
    source: &dyn Source,
    level: u8,
    number: u64,
    width: u64,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Hash>> {
    let path = Place::Tile {
        level,
        number,
        width,
    }
    .path();
    let place = |width| Place::Tile {
        level,
        number,
        width,
    };
    let what = match read_grown(source, width, place) {
        Ok(Some((bytes, held))) => match hashes(&bytes).filter(|all| all.len() as u64 == held) {
            Some(mut hashes) => {
                hashes.truncate(usize::try_from(width).unwrap_or(WIDTH));
                return Some(hashes);
            }
            None => format!("it does not hold {width} hashes"),
        },
        Ok(None) => "it is missing".to_owned(),
        Err(error) => error.to_string(),
    };
    problems.push(Problem::new(ProblemKind::Tile, path, what));
    None
}

/// The bytes of a tile or bundle, and its width: of a wider one, which begins with the same, where the one
/// of this width is not there any more.
pub(crate) fn read_grown(
    source: &dyn Source,
    width: u64,
    place: impl Fn(u64) -> Place,
) -> io::Result<Option<(Vec<u8>, u64)>> {
    let mut widths = width..=WIDTH as u64;
    let held = widths.find(|width| source.files().contains_key(&place(*width).path()));
    let held = held.unwrap_or(width);
    let bytes = source.read(&place(held).path())?;
    Ok(bytes.map(|bytes| (bytes, held)))
}

pub(crate) fn hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.to_vec())
}

/// The records of a bundle: each a big-endian 16-bit length and that many bytes.
fn split(mut bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let mut leaves = Vec::with_capacity(WIDTH);
    while let Some((length, rest)) = bundle.split_first_chunk() {
        let (leaf, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        leaves.push(leaf);
        bundle = rest;
    }
    bundle.is_empty().then_some(leaves)
}
