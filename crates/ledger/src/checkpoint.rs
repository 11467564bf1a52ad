//! Checkpoints: signed notes whose text is a tree's head (C2SP tlog-checkpoint, signed-note).

use jiff::Timestamp;
use signed_note::{Note, Signature, Signer, Verifier, VerifierList};
use tlog_tiles::Hash;

use crate::error::LedgerError;
use crate::key::LogKey;
use crate::layout::CHECKPOINT;
use crate::witness::WitnessKey;

/// A tree's head, and who signed it.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// The log's origin line.
    pub origin: String,
    /// Number of records.
    pub size: u64,
    /// Root over all of them (RFC 6962, 2.1).
    pub root: [u8; 32],
    text: Vec<u8>,
    signatures: Vec<Signature>,
}

/// A witness' statement that it saw this checkpoint, and no larger tree, at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// Name of the witness.
    pub name: String,
    /// When it saw the checkpoint.
    pub time: Timestamp,
}

impl Checkpoint {
    /// Signs a tree's head with all of the keys.
    pub(crate) fn sign(
        origin: &str,
        size: u64,
        root: Hash,
        keys: &[&LogKey],
    ) -> Result<Checkpoint, LedgerError> {
        let refuse = |what: String| LedgerError::damaged(CHECKPOINT, what);
        let head = tlog_tiles::Checkpoint::new(origin, size, root, "")
            .map_err(|error| refuse(error.to_string()))?;
        let mut note =
            Note::new(&head.to_bytes(), &[]).map_err(|error| refuse(error.to_string()))?;
        let signers: Vec<&dyn Signer> = keys.iter().map(|key| key.signer()).collect();
        note.add_sigs(&signers)
            .map_err(|error| refuse(error.to_string()))?;
        Checkpoint::parse(&note.to_bytes(), CHECKPOINT)
    }

    /// Reads a checkpoint; `path` is where it was, for messages. Checks no signature.
    pub(crate) fn parse(bytes: &[u8], path: &str) -> Result<Checkpoint, LedgerError> {
        let note = Note::from_bytes(bytes)
            .map_err(|error| LedgerError::damaged(path, error.to_string()))?;
        let head = tlog_tiles::Checkpoint::from_bytes(note.text())
            .map_err(|error| LedgerError::damaged(path, error.to_string()))?;
        let signatures = bytes
            .get(note.text().len() + 1..)
            .unwrap_or_default()
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(Signature::from_bytes)
            .collect::<Result<_, _>>()
            .map_err(|error| LedgerError::damaged(path, error.to_string()))?;
        Ok(Checkpoint {
            origin: head.origin().to_owned(),
            size: head.size(),
            root: head.hash().0,
            text: note.text().to_owned(),
            signatures,
        })
    }

    /// The signed note.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.text.clone();
        bytes.push(b'\n');
        for signature in &self.signatures {
            bytes.extend(signature.to_bytes());
        }
        bytes
    }

    /// The text that is signed: origin, size and root, a line each. Timestamps are of this.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Names and ids (`<name>+<id>`) of all who signed, unchecked.
    pub fn signers(&self) -> Vec<String> {
        self.signatures
            .iter()
            .map(|signature| format!("{}+{:08x}", signature.name(), signature.id()))
            .collect()
    }

    /// The cosignatures of these witnesses that verify.
    pub fn cosignatures(&self, witnesses: &[WitnessKey]) -> Vec<Cosignature> {
        let mut found = Vec::new();
        for signature in &self.signatures {
            for witness in witnesses.iter().filter(|witness| witness.is_of(signature)) {
                if let Some(time) = witness.verify(&self.text, signature) {
                    found.push(Cosignature {
                        name: witness.name().to_owned(),
                        time,
                    });
                }
            }
        }
        found
    }

    /// Refuses a checkpoint that this key did not sign.
    pub(crate) fn require_signature(&self, key: &LogKey) -> Result<(), LedgerError> {
        let verifier = key.verifier()?;
        let not_signed = LedgerError::NotSigned {
            origin: self.origin.clone(),
            key: format!("{}+{:08x}", verifier.name(), verifier.key_id()),
        };
        let note = Note::new(&self.text, &self.signatures)
            .map_err(|error| LedgerError::damaged(CHECKPOINT, error.to_string()))?;
        match note.verify(&VerifierList::new(vec![Box::new(verifier)])) {
            Ok(_) if self.origin == key.name() => Ok(()),
            _ => Err(not_signed),
        }
    }

    pub(crate) fn root_hash(&self) -> Hash {
        Hash(self.root)
    }

    pub(crate) fn has_text_of(&self, other: &Checkpoint) -> bool {
        self.text == other.text
    }

    /// Adds signature lines by witnesses, in the form in which a witness answers `add-checkpoint`
    /// (C2SP tlog-witness). Lines of others are refused: what is stored can be checked.
    ///
    /// An older cosignature of the same witness is replaced.
    pub(crate) fn cosign(
        &mut self,
        lines: &str,
        witnesses: &[WitnessKey],
    ) -> Result<Vec<Cosignature>, LedgerError> {
        let mut accepted = Vec::new();
        for line in lines.lines().filter(|line| !line.is_empty()) {
            let signature = Signature::from_bytes(line.as_bytes()).map_err(|error| {
                LedgerError::Cosignature {
                    name: "a line".to_owned(),
                    why: error.to_string(),
                }
            })?;
            let refuse = |why: &str| LedgerError::Cosignature {
                name: signature.name().to_owned(),
                why: why.to_owned(),
            };
            let witness = witnesses
                .iter()
                .find(|witness| witness.is_of(&signature))
                .ok_or_else(|| refuse("the log names no witness of this name and key id"))?;
            let time = witness
                .verify(&self.text, &signature)
                .ok_or_else(|| refuse("it is not of this checkpoint"))?;
            self.signatures.retain(|other| !witness.is_of(other));
            self.signatures.push(signature);
            accepted.push(Cosignature {
                name: witness.name().to_owned(),
                time,
            });
        }
        Ok(accepted)
    }
}
