//! What was found.

/// What kind of thing does not hold. The names are stable: programs match on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// A checkpoint is not signed by the key that it should be signed by.
    Signature,
    /// The chain of the log's keys is broken, or a pinned key is not in it.
    Key,
    /// The records do not add up to the signed root.
    Root,
    /// A checkpoint that is kept, or was pinned, is not of this log.
    Consistency,
    /// A hash tile is missing or damaged.
    Tile,
    /// An entry bundle is missing or damaged.
    Bundle,
    /// A record is not in the format.
    Record,
    /// A record is not at its place: dropped, doubled or moved.
    Order,
    /// A record is dated before what came earlier, or after what it speaks of could be known.
    Time,
    /// A body is missing or damaged.
    Body,
    /// Runs that were due are missing, and no record explains it.
    Completeness,
    /// A timestamp does not hold, or none is of an authority that was given.
    Timestamp,
    /// What opens a commitment does not, or opens none that is there.
    Opening,
    /// A file that no record vouches for, or that is not as a record says.
    File,
}

impl ProblemKind {
    /// Its name in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            ProblemKind::Signature => "signature",
            ProblemKind::Key => "key",
            ProblemKind::Root => "root",
            ProblemKind::Consistency => "consistency",
            ProblemKind::Tile => "tile",
            ProblemKind::Bundle => "bundle",
            ProblemKind::Record => "record",
            ProblemKind::Order => "order",
            ProblemKind::Time => "time",
            ProblemKind::Body => "body",
            ProblemKind::Completeness => "completeness",
            ProblemKind::Timestamp => "timestamp",
            ProblemKind::Opening => "opening",
            ProblemKind::File => "file",
        }
    }
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Of what kind.
    pub kind: ProblemKind,
    /// Where: a path in the log, or `record N`.
    pub place: String,
    /// What does not hold, in plain words.
    pub what: String,
}

impl Problem {
    pub(crate) fn new(
        kind: ProblemKind,
        place: impl Into<String>,
        what: impl Into<String>,
    ) -> Problem {
        Problem {
            kind,
            place: place.into(),
            what: what.into(),
        }
    }
}

/// A witness' cosignature that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// Name of the witness.
    pub witness: String,
    /// Number of records that it saw.
    pub size: u64,
    /// When, RFC 3339.
    pub time: String,
    /// Whether the key was given by who verifies, not only named by the log.
    pub is_given: bool,
}

/// What was given to open a commitment, and does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opened {
    /// Name of the field.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Id of the event that it is of.
    pub event: String,
    /// Index of the record that commits to it.
    pub record: u64,
}

/// A timestamp (RFC 3161) that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// The subject of the signer's certificate, RFC 4514.
    pub authority: String,
    /// Number of records that were there.
    pub size: u64,
    /// When, RFC 3339.
    pub time: String,
    /// Whether the certificate leads to one that was given by who verifies.
    pub is_trusted: bool,
}

/// Bodies that a record says are deleted, and that are not there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expired {
    /// Index of the record that says so, the tombstone.
    pub tombstone: u64,
    /// The retention rule that it names.
    pub rule: Option<String>,
    /// The bodies that it names and that are not there, in the order of their records.
    pub gone: Vec<Gone>,
}

/// A body that is not there, as a record says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gone {
    /// Index of the first record that names it, and so proves its hash.
    pub record: u64,
    /// SHA-256 of its plain bytes, hex.
    pub sha256: String,
}

/// What holds and what does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The log's origin line.
    pub origin: String,
    /// Number of records.
    pub size: u64,
    /// The signed root over all records, base64.
    pub root: String,
    /// The key that signs now; none where the log names none.
    pub key: Option<String>,
    /// Whether a key was pinned.
    pub is_key_pinned: bool,
    /// When the first and the last record were recorded, RFC 3339.
    pub recorded: Option<(String, String)>,
    /// Number of checkpoints that are kept, the newest included.
    pub checkpoints: u64,
    /// Number of earlier checkpoints that were pinned.
    pub pins: u64,
    /// Cosignatures that verify, in the order of checkpoints.
    pub cosigned: Vec<Cosigned>,
    /// Timestamps that hold, in the order of checkpoints.
    pub stamped: Vec<Stamped>,
    /// Number of bodies that are there and have their hash, and of their plain bytes.
    pub bodies: (u64, u64),
    /// Number of bodies that a manifest leaves out, and of those that a record says are deleted.
    pub absent_bodies: (u64, u64),
    /// The latter by tombstone, in the order of the log.
    pub expired: Vec<Expired>,
    /// Number of commitments to personal data, and of those that are opened in the log.
    pub commitments: (u64, u64),
    /// What was given to open some, in the order of the log.
    pub opened: Vec<Opened>,
    /// Number of scheduled runs, and of schedules.
    pub runs: (u64, u64),
    /// Number of files beside the log that a manifest vouches for.
    pub files: u64,
    /// Records that can still be proven when something is damaged: first and last of each range.
    pub provable: Vec<(u64, u64)>,
    /// What does not hold, sorted by kind and place.
    pub problems: Vec<Problem>,
    /// What is worth knowing and breaks nothing.
    pub notes: Vec<String>,
}

impl Report {
    /// Whether everything holds.
    pub fn holds(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether nothing of these kinds was found.
    pub(crate) fn is_free_of(&self, kinds: &[ProblemKind]) -> bool {
        !self
            .problems
            .iter()
            .any(|problem| kinds.contains(&problem.kind))
    }
}
