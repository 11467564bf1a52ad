//! The evidence log of a state: where it is, and who signs it.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use posture_audit::Published;
use posture_ledger::{
    Bucket, BucketUrl, Directory, KeyFile, LedgerError, Log, LogReader, ObjectLock, Storage,
    retained_until,
};
use posture_store::Store;

use super::super::{CommandError, StatePlace};
use super::timestamp::Stamper;
use crate::config::{Config, ConfigError, LockMode, RetentionConfig, TimestampConfig};

/// In the state's folder, where nothing else is configured: the log.
const LOG: &str = "log";
/// Beside that folder, and never in it: whoever is given the state is not given the key.
const KEY: &str = "key";

/// An evidence log and the key that signs it.
#[derive(Debug, Clone)]
pub(crate) struct EvidencePlace {
    pub(crate) log: LogPlace,
    pub(crate) key: PathBuf,
    /// Who stamps its checkpoints.
    timestamp: Option<TimestampConfig>,
}

/// Where a log is: a folder, or a bucket by its URL.
#[derive(Debug, Clone)]
pub(crate) struct LogPlace {
    text: String,
    retention: Option<RetentionConfig>,
}

impl LogPlace {
    /// A place that an argument names; where it is that of `posture.yaml`, with what stands there.
    pub(crate) fn named(text: &str) -> Result<LogPlace, CommandError> {
        let known = Config::load(None)?
            .evidence
            .filter(|evidence| evidence.log == text);
        Ok(LogPlace {
            text: text.to_owned(),
            retention: known.and_then(|evidence| evidence.retention),
        })
    }

    /// The folder; none where the log is in a bucket.
    pub(crate) fn folder(&self) -> Option<&Path> {
        (!self.is_bucket()).then(|| Path::new(&self.text))
    }

    /// As it was named.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn is_bucket(&self) -> bool {
        self.text.starts_with("s3://")
    }

    /// Opens the place. What is written into a bucket is kept from now on.
    pub(crate) fn storage(&self, now: Timestamp) -> Result<Box<dyn Storage>, CommandError> {
        if !self.is_bucket() {
            if self.retention.is_some() {
                let what = "Object Lock is S3's, and the log is in a folder".to_owned();
                let place = "retention".to_owned();
                return Err(ConfigError::Evidence { place, what }.into());
            }
            return Ok(Box::new(Directory::new(&self.text)));
        }
        let url = BucketUrl::parse(&self.text).ok_or_else(|| CommandError::LogPlace {
            text: self.text.clone(),
        })?;
        let lock = self.retention.map(|retention| ObjectLock {
            is_compliance: retention.mode == LockMode::Compliance,
            until: retained_until(now, retention.days),
        });
        let load = async { posture_aws::Client::load(posture_aws::Options::default()).await };
        let bucket =
            Bucket::open(load, &url, lock).map_err(|cause| CommandError::EvidenceBucket {
                place: self.text.clone(),
                cause,
            })?;
        Ok(Box::new(bucket))
    }
}

impl EvidencePlace {
    /// That of `posture.yaml`; else the state's own, where there is a key beside it; else none.
    pub(crate) fn find(config: &Config, state: &StatePlace) -> Option<EvidencePlace> {
        if let Some(evidence) = &config.evidence {
            return Some(EvidencePlace {
                log: LogPlace {
                    text: evidence.log.clone(),
                    retention: evidence.retention,
                },
                key: evidence.key.clone(),
                timestamp: evidence.timestamp.clone(),
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
            log: LogPlace {
                text: folder.join(LOG).display().to_string(),
                retention: None,
            },
            key: folder.with_added_extension(KEY),
            timestamp: None,
        })
    }

    /// Opens the log, and makes it where there is none.
    pub(crate) fn open(&self, now: Timestamp) -> Result<Log, CommandError> {
        let key = KeyFile::new(&self.key).load()?;
        let storage = self.log.storage(now)?;
        let is_new = matches!(
            LogReader::open(storage.as_ref()),
            Err(LedgerError::NoLog { .. })
        );
        Ok(if is_new {
            Log::create(storage, key, now)?
        } else {
            Log::open(storage, key)?
        })
    }

    /// Who stamps the log's checkpoints; none where nobody does.
    pub(crate) fn stamper(&self) -> Result<Option<Stamper>, CommandError> {
        self.timestamp.as_ref().map(Stamper::read).transpose()
    }

    /// Appends what waits in the state, the calls among it that CloudTrail told of, and has the log
    /// stamped when that is due.
    pub(crate) async fn publish(&self, store: &Store, now: Timestamp) -> Result<(), CommandError> {
        let stamper = self.stamper()?;
        let log = self.publish_only(store, now).await?;
        if let Some(stamper) = stamper {
            stamper.stamp_when_due(&log).await;
        }
        Ok(())
    }

    /// Appends what waits in the state, and returns the log.
    pub(crate) async fn publish_only(
        &self,
        store: &Store,
        now: Timestamp,
    ) -> Result<Log, CommandError> {
        posture_audit::file_activity(store).await?;
        // What was filed just now is no later than the log's clock.
        let now = now.max(posture_audit::now(store));
        let log = self.open(now)?;
        match posture_audit::publish(store, &log, now).await? {
            // Whoever holds the lease takes what was queued here too, or the next command does.
            Published::All(_) | Published::Elsewhere(_) => Ok(log),
        }
    }
}
