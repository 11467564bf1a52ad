//! `posture events ingest`.

use std::io::Write as _;
use std::thread;

use posture_engine::{Input, InputError, InputReport, open_text, read_events};
use posture_hub::{Hub, Prepared, WriteOptions, formats};
use posture_recorder::events::call_of;
use posture_store::{Call, Store};
use serde_json::Value;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::reports::say_what_was_not_read;
use super::state::StateArgument;
use super::{CommandError, paths};
use crate::exit::Outcome;
use crate::live::kept_call;
use crate::sink::Sink;

/// Takes events in: the log files of CloudTrail, so that a timeline says who did it, and events of
/// EventBridge that bring findings.
///
/// Of calls only those are kept that may have changed something, and of what they were made with
/// only hashes. Ingesting again changes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Ingest {
    /// Files, folders or globs, or - for the standard input; plain, gzip or Zstandard.
    #[arg(required = true)]
    paths: Vec<String>,
    #[command(flatten)]
    state: StateArgument,
}

/// Events in one transaction.
const BATCH: usize = 500;

/// Batches on their way from the reading thread, at most.
const WAITING: usize = 4;

#[derive(Debug, Default)]
struct Batch {
    calls: Vec<Call>,
    findings: Vec<Prepared>,
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
        let (ingested, reports) = place.with(|store| ingest(store, inputs))?;
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

/// One thread reads; this one writes.
async fn ingest(
    store: Store,
    inputs: Vec<Input>,
) -> Result<(Ingested, Vec<InputReport>), CommandError> {
    let hub = Hub::open(&store).await?;
    let (sender, mut receiver) = channel(WAITING);
    let preparing = hub.clone();
    let reader = thread::spawn(move || read(&preparing, &inputs, &sender));
    let written = write(&store, &hub, &mut receiver).await;
    // A reader that still waits to hand something over goes on, and ends.
    receiver.close();
    drop(receiver);
    let reports = reader
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    Ok((written?, reports))
}

fn read(hub: &Hub, inputs: &[Input], sender: &Sender<Batch>) -> Vec<InputReport> {
    let mut batch = Batch::default();
    let send = |batch: &mut Batch| {
        let full = std::mem::take(batch);
        sender
            .blocking_send(full)
            .map_err(|_| "not ingested: the state could not be written".to_owned())
    };
    let mut reports = Vec::with_capacity(inputs.len());
    for input in inputs {
        let take = |document: &[u8]| {
            add(hub, document, &mut batch)?;
            if batch.calls.len() + batch.findings.len() < BATCH {
                return Ok(());
            }
            send(&mut batch)
        };
        reports.push(match open_text(input) {
            Ok(text) => read_events(input.name(), text, take),
            Err(cause) => failed(input, cause.to_string()),
        });
    }
    if let (Err(message), Some(last)) = (send(&mut batch), reports.last_mut()) {
        last.errors.push(InputError { offset: 0, message });
    }
    reports
}

fn failed(input: &Input, message: String) -> InputReport {
    InputReport {
        name: input.name(),
        errors: vec![InputError { offset: 0, message }],
        ..InputReport::default()
    }
}

/// Adds what an event tells of. One that tells of a call that changed nothing adds nothing.
fn add(hub: &Hub, document: &[u8], batch: &mut Batch) -> Result<(), String> {
    let event: Value = serde_json::from_slice(document).map_err(|error| error.to_string())?;
    let record = event.get("detail").unwrap_or(&event);
    if record.get("eventSource").is_some() && record.get("eventName").is_some() {
        batch.calls.extend(call_of(&event).map(kept_call));
        return Ok(());
    }
    for finding in formats::findings(event, false, crate::clock::now())? {
        let prepared = hub.prepare(finding).map_err(|error| error.to_string())?;
        batch.findings.push(prepared);
    }
    Ok(())
}

async fn write(
    store: &Store,
    hub: &Hub,
    receiver: &mut Receiver<Batch>,
) -> Result<Ingested, CommandError> {
    let mut ingested = Ingested::default();
    let options = WriteOptions { has_events: true };
    while let Some(batch) = receiver.recv().await {
        ingested.calls += store.add_calls(&batch.calls).await?;
        if !batch.findings.is_empty() {
            let written = hub.write(batch.findings, options).await?;
            ingested.findings += written.created + written.updated;
        }
    }
    if ingested.findings > 0 {
        hub.refresh_scores().await?;
    }
    Ok(ingested)
}
