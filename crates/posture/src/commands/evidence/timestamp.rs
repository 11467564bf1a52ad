//! Timestamps of the evidence log's checkpoints by an authority (RFC 3161), and `posture evidence timestamp`.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use posture_aws::{Http, HttpError, HttpRequest};
use posture_ledger::{Checkpoint, LedgerError, Log, LogReader, TimestampRequest};
use posture_verify::{Authorities, Stamp, TimestampError, check_timestamp};

use super::super::CommandError;
use super::super::state::StateArgument;
use super::place::EvidencePlace;
use crate::config::{Config, TimestampConfig};
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// An authority answers within a second; what is recorded waits no longer than this for it.
const PATIENCE: Duration = Duration::from_secs(15);
/// A reply with its certificates has a few thousand bytes.
const LARGEST: usize = 1 << 20;
/// `posture-verify` bears no more between an authority's clock and the log's.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Why there is no timestamp.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoTimestamp {
    #[error("the authority that evidence.timestamp.url names was not reached")]
    Unreached(#[source] HttpError),
    #[error("the authority that evidence.timestamp.url names did not answer within {} s", PATIENCE.as_secs())]
    Silent,
    #[error(
        "the authority that evidence.timestamp.url names answered with HTTP status {0}, not 200"
    )]
    Status(u16),
    #[error("the authority's answer has {0} bytes, more than {LARGEST}")]
    Large(usize),
    #[error("the authority's answer was refused, and not kept")]
    Refused(#[from] TimestampError),
    #[error(
        "the certificate of {0} does not lead to one of evidence.timestamp.certificates: its answer was not kept"
    )]
    Untrusted(String),
    #[error(
        "the authority's clock says {said}, and this one {now}: its answer was not kept; set the clock that is wrong"
    )]
    Clock { said: String, now: Timestamp },
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// The authority that stamps a log's checkpoints.
#[derive(Debug, Clone)]
pub(crate) struct Stamper {
    config: TimestampConfig,
    authorities: Authorities,
}

impl Stamper {
    pub(crate) fn read(config: &TimestampConfig) -> Result<Stamper, CommandError> {
        Ok(Stamper {
            config: config.clone(),
            authorities: Authorities::read(&config.certificates)?,
        })
    }

    /// Stamps the newest checkpoint where the last timestamp is old enough.
    pub(crate) async fn stamp_when_due(&self, log: &Log) {
        let wanted = self.due(log, crate::clock::now());
        self.stamp_if(log, wanted).await;
    }

    /// Stamps the checkpoint of a package, where it is the newest and has no timestamp. One that is older
    /// has none to come: what is made now says nothing of then.
    pub(crate) async fn stamp_package(&self, log: &Log, size: u64) {
        let wanted = || -> Result<Option<Checkpoint>, LedgerError> {
            let reader = log.reader()?;
            let last = reader.timestamps()?.pop();
            let is_stamped = last.is_some_and(|(stamped, _)| stamped == size);
            let is_wanted = reader.size() == size && !is_stamped;
            Ok(is_wanted.then(|| reader.checkpoint().clone()))
        };
        self.stamp_if(log, wanted()).await;
    }

    /// Nothing that was recorded depends on a timestamp: where there is none, that is said.
    async fn stamp_if(&self, log: &Log, wanted: Result<Option<Checkpoint>, LedgerError>) {
        let stamped = match wanted {
            Ok(Some(checkpoint)) => self.stamp(log, &checkpoint).await.map(drop),
            Ok(None) => Ok(()),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = stamped {
            tracing::warn!(
                "no timestamp of the evidence log, which is asked for again at the next checkpoint: {}",
                plain(&told(&error))
            );
        }
    }

    fn due(&self, log: &Log, now: Timestamp) -> Result<Option<Checkpoint>, LedgerError> {
        let reader = log.reader()?;
        let newest = reader.checkpoint().clone();
        let Some((stamped, reply)) = reader.newest_timestamp()? else {
            return Ok(Some(newest));
        };
        if stamped.size == newest.size {
            return Ok(None);
        }
        let every = SignedDuration::from_hours(i64::from(self.config.every_hours));
        // One that does not hold is no reason to wait.
        let last = check_timestamp(&reply, stamped.text(), None, &Authorities::default())
            .ok()
            .and_then(|stamp| Timestamp::from_millisecond(stamp.at_millis).ok());
        let is_due = last.is_none_or(|last| now.duration_since(last) >= every);
        Ok(is_due.then_some(newest))
    }

    /// Asks for a timestamp of the checkpoint, checks it, and keeps it.
    pub(crate) async fn stamp(
        &self,
        log: &Log,
        checkpoint: &Checkpoint,
    ) -> Result<Stamp, NoTimestamp> {
        let request = TimestampRequest::of(checkpoint)?;
        let reply = tokio::time::timeout(PATIENCE, self.ask(&request))
            .await
            .unwrap_or(Err(NoTimestamp::Silent))?;
        let (text, nonce) = (checkpoint.text(), &request.nonce[..]);
        let stamp = check_timestamp(&reply, text, Some(nonce), &self.authorities)?;
        if !self.authorities.is_empty() && !stamp.is_trusted {
            return Err(NoTimestamp::Untrusted(stamp.authority));
        }
        let now = crate::clock::now();
        let said = Timestamp::from_millisecond(stamp.at_millis);
        if !said.is_ok_and(|said| now.duration_since(said).abs() <= SKEW) {
            let said = stamp.at();
            return Err(NoTimestamp::Clock { said, now });
        }
        log.add_timestamp(checkpoint, &reply)?;
        Ok(stamp)
    }

    /// RFC 3161, 3.4.
    async fn ask(&self, request: &TimestampRequest) -> Result<Vec<u8>, NoTimestamp> {
        let kind = "application/timestamp-query".to_owned();
        let answer = Http::new()
            .send(HttpRequest {
                method: "POST",
                url: &self.config.url,
                headers: vec![("content-type", kind)],
                body: request.bytes.clone(),
            })
            .await
            .map_err(NoTimestamp::Unreached)?;
        if answer.status != 200 {
            return Err(NoTimestamp::Status(answer.status));
        }
        if answer.body.len() > LARGEST {
            return Err(NoTimestamp::Large(answer.body.len()));
        }
        Ok(answer.body)
    }
}

/// The newest timestamp of a log, in words; none where it has none.
pub(super) fn newest(reader: &LogReader<'_>) -> Result<Option<String>, LedgerError> {
    let Some((checkpoint, reply)) = reader.newest_timestamp()? else {
        return Ok(None);
    };
    let checked = check_timestamp(&reply, checkpoint.text(), None, &Authorities::default());
    Ok(Some(match checked {
        Ok(stamp) => sentence(checkpoint.size, &stamp),
        Err(error) => format!(
            "a timestamp of the first {} records does not hold: {}",
            checkpoint.size,
            plain(&error.to_string())
        ),
    }))
}

fn sentence(size: u64, stamp: &Stamp) -> String {
    format!(
        "the first {size} records were stamped at {} by {}",
        stamp.at(),
        plain(&stamp.authority)
    )
}

fn told(error: &NoTimestamp) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// Asks the authority of `evidence.timestamp` for a timestamp of the newest checkpoint, now, and keeps
/// it beside the log. Without this command that happens at most every `everyHours`.
#[derive(Debug, clap::Args)]
pub(crate) struct TimestampCommand {
    #[command(flatten)]
    state: StateArgument,
    /// The configuration with the log and `evidence.timestamp`. Default: posture.yaml, where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl TimestampCommand {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let place = self.state.place()?;
        let config = Config::load(self.config.as_deref())?;
        let evidence = EvidencePlace::find(&config, &place).ok_or(CommandError::NoEvidenceLog)?;
        let stamper = evidence.stamper()?.ok_or(CommandError::NoAuthority)?;
        let now = place.now();
        let said = place.with(|store| async move {
            posture_audit::migrate(&store).await?;
            // Without a word about a timestamp: this command has its own.
            evidence.publish_only(&store, now).await?;
            let log = evidence.open(now)?;
            let checkpoint = log.reader()?.checkpoint().clone();
            if let Some((stamped, _)) = log.reader()?.newest_timestamp()?
                && stamped.size == checkpoint.size
            {
                return Ok(newest(&log.reader()?)?.unwrap_or_default());
            }
            let stamp = stamper.stamp(&log, &checkpoint).await?;
            Ok(sentence(checkpoint.size, &stamp))
        })?;
        let mut out = Sink::new(None)?;
        writeln!(out, "{said}")?;
        out.finish()?;
        Ok(Outcome::Clean)
    }
}
