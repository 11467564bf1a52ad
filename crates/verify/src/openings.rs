//! Commitments to personal data, and what opens them: in the log, or given by who verifies.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::blobs;
use crate::leaf::{Body, Statement};
use crate::merkle::Hash;
use crate::path::{Place, hex};
use crate::report::{Opened, Problem, ProblemKind};
use crate::source::Source;

/// Room for a few hundred thousand lines.
const MAX_BYTES: u64 = 256 << 20;

/// A line of a body with commitments, as far as it matters here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Committed {
    #[serde(default)]
    event_id: String,
    /// By the name of the field.
    commitments: BTreeMap<String, String>,
}

/// A line that opens a commitment.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    commitment: String,
    name: String,
    salt: String,
    value: String,
}

impl Opening {
    /// Whether it is what its commitment was made of.
    fn holds(&self) -> bool {
        let mut hash = Sha256::new();
        hash.update("posture.commitment/v1\n");
        hash.update(format!("{}\n{}\n{}", self.salt, self.name, self.value));
        let is_salt = !self.salt.is_empty() && self.salt.bytes().all(|it| it.is_ascii_hexdigit());
        is_salt && hex(&hash.finalize()) == self.commitment
    }
}

/// What was found of commitments.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// How many there are, and how many of them are opened in the log.
    pub(crate) counts: (u64, u64),
    /// What was given, and what it opens.
    pub(crate) opened: Vec<Opened>,
}

/// Checks what opens commitments. A body that is absent opens nothing, and is told of elsewhere.
pub(crate) fn check(
    source: &dyn Source,
    statements: &[(u64, Statement)],
    given: &[Vec<u8>],
    problems: &mut Vec<Problem>,
) -> Found {
    let mut found = Found::default();
    let mut given = read_given(given, problems);
    let mut bodies: HashMap<Hash, Body> = HashMap::new();
    for (index, said) in statements {
        let Statement::Commits(body) = said else {
            continue;
        };
        bodies.insert(body.sha256, *body);
        let lines: Vec<Committed> = lines(source, body, problems);
        for line in lines {
            found.counts.0 += line.commitments.len() as u64;
            for (name, commitment) in line.commitments {
                if let Some(opening) = given.remove(&(name, commitment)) {
                    found.opened.push(Opened {
                        name: opening.name,
                        value: opening.value,
                        event: line.event_id.clone(),
                        record: *index,
                    });
                }
            }
        }
    }
    for ((name, commitment), _) in given {
        let what = format!("nothing in this log commits to {name} by {commitment}");
        problems.push(Problem::new(ProblemKind::Opening, "given opening", what));
    }
    for (index, said) in statements {
        let Statement::Opens(body, opens) = said else {
            continue;
        };
        let of = bodies.get(opens).filter(|of| of.index < body.index);
        let Some(of) = of else {
            let what = "it opens a body that no earlier record names";
            let place = format!("record {index}");
            problems.push(Problem::new(ProblemKind::Opening, place, what));
            continue;
        };
        found.counts.1 += check_body(source, body, of, problems);
    }
    found
}

/// Checks each line of a body that opens another one's commitments; how many it opens.
fn check_body(source: &dyn Source, body: &Body, of: &Body, problems: &mut Vec<Problem>) -> u64 {
    let openings: Vec<Opening> = lines(source, body, problems);
    if openings.is_empty() {
        return 0;
    }
    // What is wrong with it was told when it was counted.
    let committed: Vec<Committed> = lines(source, of, &mut Vec::new());
    let is_there = source.files().contains_key(&Place::Blob(of.sha256).path());
    let mut closed: std::collections::BTreeSet<(String, String)> = committed
        .into_iter()
        .flat_map(|line| line.commitments)
        .collect();
    let mut opened = 0;
    for (number, opening) in (1_u64..).zip(openings) {
        let holds = opening.holds();
        let is_of = closed.remove(&(opening.name, opening.commitment));
        if holds && (is_of || !is_there) {
            opened += u64::from(is_of);
            continue;
        }
        let what = format!(
            "line {number} opens no commitment of record {}: it was changed, or is of another",
            of.index
        );
        let path = Place::Blob(body.sha256).path();
        problems.push(Problem::new(ProblemKind::Opening, path, what));
    }
    opened
}

fn read_given(
    given: &[Vec<u8>],
    problems: &mut Vec<Problem>,
) -> BTreeMap<(String, String), Opening> {
    let mut openings = BTreeMap::new();
    let texts = given
        .iter()
        .flat_map(|text| text.split(|byte| *byte == b'\n'));
    for line in texts.filter(|line| !line.is_empty()) {
        match serde_json::from_slice::<Opening>(line) {
            Ok(opening) if opening.holds() => {
                let of = (opening.name.clone(), opening.commitment.clone());
                openings.insert(of, opening);
            }
            Ok(opening) => {
                let what = format!("it does not open the commitment {}", opening.commitment);
                problems.push(Problem::new(ProblemKind::Opening, "given opening", what));
            }
            Err(error) => {
                let what = format!("it is none: {error}");
                problems.push(Problem::new(ProblemKind::Opening, "given opening", what));
            }
        }
    }
    openings
}

/// The lines of a body; none where it is absent.
fn lines<T: DeserializeOwned>(
    source: &dyn Source,
    body: &Body,
    problems: &mut Vec<Problem>,
) -> Vec<T> {
    let path = Place::Blob(body.sha256).path();
    if !source.files().contains_key(&path) {
        return Vec::new();
    }
    let mut refuse = |what: String| {
        problems.push(Problem::new(ProblemKind::Opening, path.as_str(), what));
    };
    let bytes = match blobs::read(source, body, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(what) => {
            refuse(what);
            return Vec::new();
        }
    };
    let mut lines = Vec::new();
    for (number, line) in (1_u64..).zip(bytes.split(|byte| *byte == b'\n')) {
        if line.is_empty() {
            continue;
        }
        match serde_json::from_slice(line) {
            Ok(line) => lines.push(line),
            Err(error) => refuse(format!("its line {number} is none: {error}")),
        }
    }
    lines
}
