//! The order in which things are checked.

use std::collections::BTreeMap;
use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::blobs::{self, Absent};
use crate::bundles;
use crate::chain::Chain;
use crate::checkpoints::Checkpoints;
use crate::completeness;
use crate::error::VerifyError;
use crate::files::{self, Beside};
use crate::leaf::Statement;
use crate::merkle::Hash;
use crate::note::{Checkpoint, LogVerifier, WitnessVerifier};
use crate::openings;
use crate::path::hex;
use crate::report::{Expired, Gone, Problem, ProblemKind, Report};
use crate::source::{self, Source};
use crate::tiles;
use crate::time;
use crate::timestamp::Authorities;
use crate::timestamps;

/// What is known beforehand, and how much may be spent.
#[derive(Debug, Clone)]
pub struct Options {
    /// Keys of which the log has to be.
    pub keys: Vec<LogVerifier>,
    /// Checkpoints of this log that were kept elsewhere: signed notes.
    pub pins: Vec<Vec<u8>>,
    /// Witnesses that have to have seen the log.
    pub witnesses: Vec<WitnessVerifier>,
    /// Timestamp authorities that are trusted: one of them has to have stamped the log.
    pub authorities: Authorities,
    /// What opens commitments to personal data: JSON Lines.
    pub openings: Vec<Vec<u8>>,
    /// Bodies that unpack to more than this many bytes, all together, are not unpacked.
    pub max_bytes: u64,
    /// How many threads read.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            keys: Vec::new(),
            pins: Vec::new(),
            witnesses: Vec::new(),
            authorities: Authorities::default(),
            openings: Vec::new(),
            max_bytes: 64 << 30,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// Verifies the log or package at the path, a folder or a zip file.
///
/// # Errors
/// Nothing could be checked: there is no log, the zip file was refused, or the newest checkpoint is
/// none. Whatever does not hold is a problem in the report, not an error.
pub fn verify(path: &Path, options: &Options) -> Result<Report, VerifyError> {
    let source = source::open(path)?;
    let source = source.as_ref();
    let newest = read_newest(source, path)?;
    let mut problems = Vec::new();
    let size = newest.size;
    let mut report = Report {
        origin: newest.origin.clone(),
        size,
        root: BASE64_STANDARD.encode(newest.root),
        is_key_pinned: !options.keys.is_empty(),
        pins: options.pins.len() as u64,
        ..Report::default()
    };

    let mut pass = bundles::read_all(source, size, options.threads);
    problems.append(&mut pass.problems);
    let records = std::mem::take(&mut pass.bundles);
    let tree = tiles::rebuild(source, size, &newest.root, records, &mut problems);

    let chain = Chain::read(&pass.statements, &options.keys, &mut problems);
    let mut checkpoints = Checkpoints::read(source, newest, &mut problems);
    checkpoints.check_roots(&tree, &mut problems);
    checkpoints.check_signatures(&chain, options, &mut problems);
    checkpoints.check_witnessed_times(&pass.recorded, &mut problems);
    report.stamped =
        timestamps::check(source, &checkpoints, &pass.recorded, options, &mut problems);
    for pin in &options.pins {
        match Checkpoint::parse(pin) {
            Ok(pin) => checkpoints.check_pin(&pin, &tree, &mut problems),
            Err(what) => problems.push(Problem::new(
                ProblemKind::Consistency,
                "pinned checkpoint",
                what,
            )),
        }
    }

    let beside = Beside::read(source, &pass.statements, &mut problems);
    report.files = beside.check(source, &mut problems);
    let beyond = files::check_superseded(source, size, &tree, &mut problems);
    let (removed, mut tombstones) = removed(&pass.statements);
    let absent = Absent {
        removed,
        omitted: beside.omitted,
    };
    let mut found = blobs::check(
        source,
        std::mem::take(&mut pass.bodies),
        &absent,
        options.max_bytes,
        options.threads,
    );
    problems.append(&mut found.problems);
    for path in found.unnamed.iter().filter(|_| source.is_zip()) {
        let what = "no record names it";
        problems.push(Problem::new(ProblemKind::File, path.as_str(), what));
    }

    if !found.is_over_limit {
        let openings = openings::check(source, &pass.statements, &options.openings, &mut problems);
        (report.commitments, report.opened) = (openings.counts, openings.opened);
    }
    report.runs = completeness::check(&pass.statements, &pass.recorded, &mut problems);
    report.key = chain.current().map(|key| key.text().to_owned());
    report.recorded = span(&pass.recorded);
    report.checkpoints = checkpoints.count();
    report.bodies = found.intact;
    for tombstone in &mut tombstones {
        let gone = found.removed.remove(&tombstone.tombstone);
        tombstone.gone = gone_bodies(gone.unwrap_or_default());
    }
    tombstones.retain(|tombstone| !tombstone.gone.is_empty());
    let removed: usize = tombstones.iter().map(|one| one.gone.len()).sum();
    report.absent_bodies = (found.omitted, removed as u64);
    report.expired = tombstones;
    report.notes = notes(beyond, found.unnamed.len());
    problems.sort_unstable();
    problems.dedup();
    report.problems = problems;
    report.provable = provable(&report, &tree, checkpoints.proven);
    report.cosigned = checkpoints.cosigned;
    Ok(report)
}

fn read_newest(source: &dyn Source, path: &Path) -> Result<Checkpoint, VerifyError> {
    let bytes = source
        .read("checkpoint")
        .map_err(|cause| VerifyError::Read {
            path: path.join("checkpoint"),
            cause,
        })?
        .ok_or_else(|| VerifyError::NoLog {
            path: path.to_owned(),
        })?;
    Checkpoint::parse(&bytes).map_err(|why| VerifyError::Checkpoint {
        why: why.to_owned(),
    })
}

/// Bodies that are deleted, with the record that says so last; and what each such record says.
fn removed(statements: &[(u64, Statement)]) -> (BTreeMap<Hash, u64>, Vec<Expired>) {
    let (mut removed, mut tombstones) = (BTreeMap::new(), Vec::new());
    for (index, said) in statements {
        let Statement::Removes(bodies, rule) = said else {
            continue;
        };
        removed.extend(bodies.iter().map(|body| (*body, *index)));
        tombstones.push(Expired {
            tombstone: *index,
            rule: rule.clone(),
            gone: Vec::new(),
        });
    }
    (removed, tombstones)
}

/// In the order of the records that name them.
fn gone_bodies(mut found: Vec<(u64, Hash)>) -> Vec<Gone> {
    found.sort_unstable();
    let gone = found.into_iter().map(|(record, sha256)| Gone {
        record,
        sha256: hex(&sha256),
    });
    gone.collect()
}

fn span(recorded: &[Option<i64>]) -> Option<(String, String)> {
    let first = recorded.iter().flatten().next()?;
    let last = recorded.iter().rev().flatten().next()?;
    Some((time::text(*first), time::text(*last)))
}

/// Records below the largest size whose signed root was met, without those in damaged bundles. A
/// signature that does not verify leaves none.
fn provable(report: &Report, tree: &tiles::Tree, proven: u64) -> Vec<(u64, u64)> {
    if report.holds() || !report.is_free_of(&[ProblemKind::Signature, ProblemKind::Key]) {
        return Vec::new();
    }
    tree.intact(proven)
}

fn notes(beyond: u64, unnamed: usize) -> Vec<String> {
    let mut notes = Vec::new();
    if beyond > 0 {
        notes.push(format!(
            "{beyond} tiles lie beyond the newest checkpoint: a write was interrupted there, and nothing of it was published"
        ));
    }
    if unnamed > 0 {
        notes.push(format!(
            "{unnamed} bodies are named by no record: they were stored, and their records were not published"
        ));
    }
    notes
}
