//! The evidence log of a state: where it is, and who signs it.

use std::path::PathBuf;

use jiff::Timestamp;
use posture_audit::Published;
use posture_ledger::{Directory, KeyFile, LedgerError, Log, LogReader};
use posture_store::Store;

use super::{CommandError, StatePlace};
use crate::config::Config;

/// In the state's folder, where nothing else is configured: the log.
const LOG: &str = "log";
/// Beside that folder, and never in it: whoever is given the state is not given the key.
const KEY: &str = "key";

/// An evidence log and the key that signs it.
#[derive(Debug, Clone)]
pub(crate) struct EvidencePlace {
    pub(crate) log: PathBuf,
    pub(crate) key: PathBuf,
}

impl EvidencePlace {
    /// That of `posture.yaml`; else the state's own, where there is a key beside it; else none.
    pub(crate) fn find(config: &Config, state: &StatePlace) -> Option<EvidencePlace> {
        if let Some(evidence) = &config.evidence {
            return Some(EvidencePlace {
                log: evidence.log.clone(),
                key: evidence.key.clone(),
            });
        }
        let beside = EvidencePlace::beside(state)?;
        beside.key.exists().then_some(beside)
    }

    /// The log in the folder of a state that is a file, and the key beside that folder: `state.key` for
    /// `state/`.
    pub(crate) fn beside(state: &StatePlace) -> Option<EvidencePlace> {
        let folder = std::path::absolute(state.folder()?).ok()?;
        Some(EvidencePlace {
            log: folder.join(LOG),
            key: folder.with_added_extension(KEY),
        })
    }

    /// Opens the log, and makes it where there is none.
    pub(crate) fn open(&self, now: Timestamp) -> Result<Log, CommandError> {
        let key = KeyFile::new(&self.key).load()?;
        let storage = Directory::new(&self.log);
        let is_new = matches!(LogReader::open(&storage), Err(LedgerError::NoLog { .. }));
        let storage = Box::new(storage);
        Ok(if is_new {
            Log::create(storage, key, now)?
        } else {
            Log::open(storage, key)?
        })
    }

    /// Appends what waits in the state, the calls among it that CloudTrail told of.
    pub(crate) async fn publish(&self, store: &Store, now: Timestamp) -> Result<(), CommandError> {
        posture_audit::file_activity(store).await?;
        // What was filed just now is no later than the log's clock.
        let now = now.max(posture_audit::now(store));
        let log = self.open(now)?;
        match posture_audit::publish(store, &log, now).await? {
            // Whoever holds the lease takes what was queued here too, or the next command does.
            Published::All(_) | Published::Elsewhere(_) => Ok(()),
        }
    }
}
