//! Checkpoints: who signed them, whether they are of this log, and what witnesses say about time.

use crate::chain::Chain;
use crate::note::{Checkpoint, WitnessVerifier};
use crate::path::Place;
use crate::report::{Cosigned, Problem, ProblemKind};
use crate::source::Source;
use crate::tiles::Tree;
use crate::time;
use crate::verify::Options;

/// A witness' clock and the log's may differ by this much (milliseconds).
pub(crate) const SKEW: i64 = 5 * 60 * 1000;
/// A record may be made while a checkpoint is on its way to a witness; longer than this it is not on
/// its way (milliseconds).
const ON_ITS_WAY: i64 = 60 * 60 * 1000;

/// The checkpoints of a log, by size, the newest last.
pub(crate) struct Checkpoints {
    all: Vec<(String, Checkpoint)>,
    /// The largest size at which the rebuilt tree has the signed root.
    pub(crate) proven: u64,
    pub(crate) cosigned: Vec<Cosigned>,
}

impl Checkpoints {
    /// Reads those that are kept beside the newest one.
    pub(crate) fn read(
        source: &dyn Source,
        newest: Checkpoint,
        problems: &mut Vec<Problem>,
    ) -> Checkpoints {
        let mut kept: Vec<(u64, &String)> = source
            .files()
            .keys()
            .filter_map(|path| match Place::of(path) {
                Place::Kept(size) => Some((size, path)),
                _ => None,
            })
            .collect();
        kept.sort_unstable();
        let mut all = Vec::with_capacity(kept.len() + 1);
        for (size, path) in kept {
            match read_kept(source, path, size, &newest) {
                Ok(checkpoint) => all.push((path.clone(), checkpoint)),
                Err(what) => {
                    problems.push(Problem::new(ProblemKind::Consistency, path.as_str(), what));
                }
            }
        }
        all.push(("checkpoint".to_owned(), newest));
        Checkpoints {
            all,
            proven: 0,
            cosigned: Vec::new(),
        }
    }

    /// The text of the checkpoint of this size, without signatures.
    pub(crate) fn text(&self, size: u64) -> Option<&[u8]> {
        let found = self.all.iter().rev().find(|(_, head)| head.size == size);
        found.map(|(_, head)| head.text.as_bytes())
    }

    pub(crate) fn count(&self) -> u64 {
        self.all.len() as u64
    }

    /// Compares every root with the rebuilt tree's.
    pub(crate) fn check_roots(&mut self, tree: &Tree, problems: &mut Vec<Problem>) {
        let sizes: Vec<u64> = self.all.iter().map(|(_, head)| head.size).collect();
        for ((path, head), rebuilt) in self.all.iter().zip(tree.roots(&sizes)) {
            if rebuilt == Some(head.root) {
                self.proven = self.proven.max(head.size);
                continue;
            }
            let kind = match path.as_str() {
                "checkpoint" => ProblemKind::Root,
                _ => ProblemKind::Consistency,
            };
            let what = match rebuilt {
                Some(_) => format!(
                    "its root is not that of the first {} records: something was changed after it was signed, or it is of another log",
                    head.size
                ),
                None => format!("the first {} records are not all there", head.size),
            };
            problems.push(Problem::new(kind, path.as_str(), what));
        }
    }

    /// Checks every signature line of every checkpoint.
    pub(crate) fn check_signatures(
        &mut self,
        chain: &Chain,
        options: &Options,
        problems: &mut Vec<Problem>,
    ) {
        for (path, head) in &self.all {
            let mut refuse = |what: String| {
                problems.push(Problem::new(ProblemKind::Signature, path.as_str(), what));
            };
            let signers = chain.signers(head.size);
            for signer in &signers {
                if signer.name() != head.origin {
                    refuse(format!(
                        "its origin is not {}, its key's name",
                        signer.name()
                    ));
                }
                let line = head.signatures.iter().find(|line| signer.is_of(line));
                match line {
                    None => refuse(format!("it is not signed by {}", signer.text())),
                    Some(line) if !signer.verifies(line, &head.text) => {
                        refuse(format!(
                            "the signature of {} is not of this text",
                            line.signer()
                        ));
                    }
                    Some(_) => {}
                }
            }
            for (place, line) in head.signatures.iter().enumerate() {
                let before = head.signatures.iter().take(place);
                if before.clone().any(|other| other.signer() == line.signer()) {
                    refuse(format!("{} signed it twice", line.signer()));
                }
                if signers.iter().any(|signer| signer.is_of(line)) {
                    continue;
                }
                let witness = known(chain, options).find(|(witness, _)| witness.is_of(line));
                let Some((witness, is_given)) = witness else {
                    refuse(format!(
                        "{} signed it, a key that counts neither for the log then nor as a witness",
                        line.signer()
                    ));
                    continue;
                };
                match witness.seen(line, &head.text) {
                    Some(seen) => self.cosigned.push(Cosigned {
                        witness: witness.name().to_owned(),
                        size: head.size,
                        time: time::text(seen),
                        is_given,
                    }),
                    None => refuse(format!(
                        "the cosignature of {} is not of this text",
                        line.signer()
                    )),
                }
            }
        }
        for size in chain.rotations() {
            if !self.all.iter().any(|(_, head)| head.size == size) {
                problems.push(Problem::new(
                    ProblemKind::Key,
                    format!("record {}", size - 1),
                    "the checkpoint in which both keys sign its rotation is not there",
                ));
            }
        }
        for witness in &options.witnesses {
            let has_signed =
                |cosigned: &Cosigned| cosigned.is_given && cosigned.witness == witness.name();
            if !self.cosigned.iter().any(has_signed) {
                problems.push(Problem::new(
                    ProblemKind::Signature,
                    "checkpoint",
                    format!(
                        "no checkpoint has a cosignature of the witness {}",
                        witness.name()
                    ),
                ));
            }
        }
    }

    /// Compares what witnesses saw, and when, with when records say they were recorded.
    pub(crate) fn check_witnessed_times(
        &self,
        recorded: &[Option<i64>],
        problems: &mut Vec<Problem>,
    ) {
        let at = |index: u64| {
            let index = usize::try_from(index).ok()?;
            recorded.get(index).copied().flatten()
        };
        for cosigned in &self.cosigned {
            let seen = format!("{}.000Z", cosigned.time.trim_end_matches('Z'));
            let Some(seen) = time::parse(&seen) else {
                continue;
            };
            let (size, witness, when) = (cosigned.size, &cosigned.witness, &cosigned.time);
            if let Some(last) = size.checked_sub(1)
                && at(last).is_some_and(|recorded| recorded > seen + SKEW)
            {
                problems.push(Problem::new(
                    ProblemKind::Time,
                    format!("record {last}"),
                    format!("it says that it was recorded after {witness} had seen it, at {when}"),
                ));
            }
            if at(size).is_some_and(|recorded| recorded < seen - ON_ITS_WAY) {
                problems.push(Problem::new(
                    ProblemKind::Time,
                    format!("record {size}"),
                    format!("it is back-dated: at {when} {witness} saw a log of {size} records, without it"),
                ));
            }
        }
    }

    /// Compares a checkpoint that the auditor kept.
    pub(crate) fn check_pin(&self, pin: &Checkpoint, tree: &Tree, problems: &mut Vec<Problem>) {
        let Some((_, newest)) = self.all.last() else {
            return;
        };
        let what = if pin.origin != newest.origin {
            format!("it is of another log, {}", pin.origin)
        } else if pin.size > newest.size {
            format!(
                "it counts {} records, and only {} are left: records were dropped",
                pin.size, newest.size
            )
        } else if tree.roots(&[pin.size]) != [Some(pin.root)] {
            format!(
                "the first {} records are not those that it was signed for",
                pin.size
            )
        } else {
            return;
        };
        problems.push(Problem::new(
            ProblemKind::Consistency,
            "pinned checkpoint",
            what,
        ));
    }
}

/// Given witnesses first: what they say counts for more.
fn known<'a>(
    chain: &'a Chain,
    options: &'a Options,
) -> impl Iterator<Item = (&'a WitnessVerifier, bool)> {
    let given = options.witnesses.iter().map(|witness| (witness, true));
    given.chain(chain.witnesses.iter().map(|witness| (witness, false)))
}

fn read_kept(
    source: &dyn Source,
    path: &str,
    size: u64,
    newest: &Checkpoint,
) -> Result<Checkpoint, String> {
    let bytes = source.read(path).map_err(|error| error.to_string())?;
    let checkpoint = Checkpoint::parse(&bytes.unwrap_or_default())?;
    if checkpoint.size != size {
        return Err(format!("it counts {} records, not {size}", checkpoint.size));
    }
    if checkpoint.origin != newest.origin {
        return Err(format!("it is of another log, {}", checkpoint.origin));
    }
    if size > newest.size {
        return Err(format!(
            "it counts {size} records, and the newest one {}: records were dropped",
            newest.size
        ));
    }
    Ok(checkpoint)
}
