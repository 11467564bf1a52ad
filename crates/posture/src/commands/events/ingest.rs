//! `posture events ingest`.

use std::io::Write as _;
use std::path::PathBuf;

use posture_engine::{Input, InputReport, open_text, read_events};
use posture_hub::{Hub, Prepared, WriteOptions, formats};
use posture_model::Call;
use posture_recorder::events::call_of;
use posture_store::Store;
use serde_json::Value;

use super::super::evidence::place::EvidencePlace;
use super::super::pipe::{Coming, Hand, in_batches, piped};
use super::super::reports::{refused, say_what_was_not_read};
use super::super::state::StateArgument;
use super::super::{CommandError, paths};
use crate::config::Config;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Takes events in: the log files of CloudTrail, so that a timeline says who did it, and events of
/// EventBridge that bring findings.
///
/// Of calls only those are kept that may have changed something, and of what they were made with
/// only hashes. Ingesting again changes nothing. Where there is an evidence log, new calls are filed in
/// it by account and day.
#[derive(Debug, clap::Args)]
pub(crate) struct Ingest {
    /// Files, folders or globs, or - for the standard input; plain, gzip or Zstandard.
    #[arg(required = true)]
    paths: Vec<String>,
    #[command(flatten)]
    state: StateArgument,
    /// The configuration that names the evidence log. Default: posture.yaml, where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// What an event tells of.
#[derive(Debug)]
enum Told {
    Call(Call),
    Finding(Box<Prepared>),
}

#[derive(Debug, Default)]
struct Ingested {
    calls: u64,
    findings: u64,
}

impl Ingest {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let inputs = paths::inputs(&self.paths)?;
        let place = self.state.place()?;
        let config = Config::load(self.config.as_deref())?;
        let evidence = EvidencePlace::find(&config, &place);
        let (ingested, reports) = place.with(|store| {
            let (evidence, place) = (&evidence, &place);
            async move {
                posture_audit::migrate(&store).await?;
                let told = ingest(store.clone(), inputs).await?;
                if let Some(evidence) = evidence {
                    evidence.publish(&store, place.now()).await?;
                }
                Ok(told)
            }
        })?;
        let read: usize = reports.iter().map(|report| report.items).sum();
        let mut out = Sink::new(None)?;
        writeln!(
            out,
            "{read} events read: {} new calls that changed something, {} new or updated findings",
            ingested.calls, ingested.findings
        )?;
        out.finish()?;
        let is_whole = say_what_was_not_read(&reports, "event")?;
        Ok(match (is_whole, read) {
            (true, _) => Outcome::Clean,
            (false, 0) => Outcome::BadInput,
            (false, _) => Outcome::Incomplete,
        })
    }
}

async fn ingest(
    store: Store,
    inputs: Vec<Input>,
) -> Result<(Ingested, Vec<InputReport>), CommandError> {
    let hub = Hub::open(&store).await?;
    let preparing = hub.clone();
    let read = move |take: &Hand<'_, Told>| {
        let of_input = |input: &Input| {
            let tell = |document: &[u8]| tell(&preparing, document, take);
            match open_text(input) {
                Ok(text) => read_events(input.name(), text, tell),
                Err(cause) => refused(input.name(), &cause.to_string()),
            }
        };
        inputs.iter().map(of_input).collect()
    };
    piped(read, async |coming| write(&store, &hub, coming).await).await
}

/// Hands over what an event tells of. One that tells of a call that changed nothing tells nothing.
fn tell(hub: &Hub, document: &[u8], take: &Hand<'_, Told>) -> Result<(), String> {
    let event: Value = serde_json::from_slice(document).map_err(|error| error.to_string())?;
    let record = event.get("detail").unwrap_or(&event);
    if record.get("eventSource").is_some() && record.get("eventName").is_some() {
        return call_of(&event).map_or(Ok(()), |call| take(Told::Call(call)));
    }
    for finding in formats::findings(event, false, crate::clock::now())? {
        let prepared = hub.prepare(finding).map_err(|error| error.to_string())?;
        take(Told::Finding(Box::new(prepared)))?;
    }
    Ok(())
}

async fn write(
    store: &Store,
    hub: &Hub,
    coming: &mut Coming<Told>,
) -> Result<Ingested, CommandError> {
    let mut ingested = Ingested::default();
    let options = WriteOptions { has_events: true };
    let write = async |batch| {
        let (mut calls, mut findings) = (Vec::new(), Vec::new());
        for told in batch {
            match told {
                Told::Call(call) => calls.push(call),
                Told::Finding(finding) => findings.push(*finding),
            }
        }
        ingested.calls += store.add_calls(&calls).await?;
        let written = hub.write(findings, options).await?;
        ingested.findings += written.created + written.updated;
        Ok(())
    };
    in_batches(coming, write).await?;
    if ingested.findings > 0 {
        hub.refresh_scores().await?;
    }
    Ok(ingested)
}
