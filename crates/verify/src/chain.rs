//! The keys of the log, one after the other, and its witnesses, as the records name them.

use crate::leaf::Statement;
use crate::note::{LogVerifier, WitnessVerifier};
use crate::report::{Problem, ProblemKind};

/// Who may sign which checkpoint.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    /// With the index of the record that names it.
    keys: Vec<(u64, LogVerifier)>,
    pub(crate) witnesses: Vec<WitnessVerifier>,
}

impl Chain {
    /// Reads the chain from the records, and checks that it has no break and holds the pinned keys.
    pub(crate) fn read(
        statements: &[(u64, Statement)],
        pinned: &[LogVerifier],
        problems: &mut Vec<Problem>,
    ) -> Chain {
        let mut chain = Chain::default();
        for (index, statement) in statements {
            let Statement::Key {
                role,
                key,
                replaces,
            } = statement
            else {
                continue;
            };
            let added = match role.as_str() {
                "log" => chain.add(*index, key, replaces.as_deref()),
                "witness" => WitnessVerifier::parse(key)
                    .map(|key| chain.witnesses.push(key))
                    .map_err(|error| error.to_string()),
                _ => Err(format!("it names a key of an unknown role, {role:?}")),
            };
            if let Err(what) = added {
                problems.push(Problem::new(
                    ProblemKind::Key,
                    format!("record {index}"),
                    what,
                ));
            }
        }
        if chain.keys.first().is_none_or(|(index, _)| *index != 0) {
            problems.push(Problem::new(
                ProblemKind::Key,
                "record 0",
                "it does not name the log's first key",
            ));
        }
        for pin in pinned {
            if !chain.keys.iter().any(|(_, key)| key == pin) {
                problems.push(Problem::new(
                    ProblemKind::Key,
                    "checkpoint",
                    format!("this is not the log of the pinned key {}", pin.text()),
                ));
            }
        }
        chain
    }

    fn add(&mut self, index: u64, key: &str, replaces: Option<&str>) -> Result<(), String> {
        let key = LogVerifier::parse(key).map_err(|error| error.to_string())?;
        let current = self.keys.last().map(|(_, key)| key);
        if replaces != current.map(LogVerifier::text) {
            return Err("it does not replace the key that signed until then".to_owned());
        }
        if current.is_some_and(|current| current.name() != key.name()) {
            return Err("it names a key of another name".to_owned());
        }
        self.keys.push((index, key));
        Ok(())
    }

    /// The key that signs now.
    pub(crate) fn current(&self) -> Option<&LogVerifier> {
        self.keys.last().map(|(_, key)| key)
    }

    /// The keys that have to sign a checkpoint of this size: the one that counts then, and in front
    /// of it the one that it replaces, where the last record says so.
    pub(crate) fn signers(&self, size: u64) -> Vec<&LogVerifier> {
        let counting: Vec<_> = self
            .keys
            .iter()
            .take_while(|(index, _)| *index < size)
            .collect();
        let is_rotation =
            counting.len() > 1 && counting.last().is_some_and(|(index, _)| index + 1 == size);
        let skip = counting.len().saturating_sub(1 + usize::from(is_rotation));
        counting
            .into_iter()
            .skip(skip)
            .map(|(_, key)| key)
            .collect()
    }

    /// Sizes of the checkpoints in which one key hands over to the next.
    pub(crate) fn rotations(&self) -> impl Iterator<Item = u64> {
        self.keys.iter().skip(1).map(|(index, _)| index + 1)
    }
}
