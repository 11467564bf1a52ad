//! `posture record`.

use std::io::Write as _;
use std::thread;

use posture_engine::{Input, InputReport, read_items};
use posture_store::{Observation, Recorded, Store};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::reports::say_what_was_not_read;
use super::selection::Selection;
use super::state::StateArgument;
use super::{CommandError, paths};
use crate::config::Config;
use crate::exit::Outcome;
use crate::live::{
    AwsArguments, Wanted, into_state, is_incomplete, needs_of, say_gaps, write_plan,
};
use crate::sink::Sink;

/// Takes what AWS Config delivered, or AWS itself with --aws, into the recorded history.
///
/// Items of AWS Config count by their capture time.
///
/// What is already recorded changes nothing, so the same files may be given again, in any order.
#[derive(Debug, clap::Args)]
pub(crate) struct Record {
    /// Files, folders or globs of configuration items, or - for the standard input: snapshots,
    /// history, events, JSON Lines; plain, gzip or Zstandard.
    #[arg(required_unless_present = "aws")]
    paths: Vec<String>,
    #[command(flatten)]
    live: AwsArguments,
    #[command(flatten)]
    selection: Selection,
    /// With --aws: only this account; repeatable.
    #[arg(long = "account", value_name = "ID", requires = "aws")]
    accounts: Vec<String>,
    /// With --aws: only this Region; repeatable. What belongs to no Region is recorded all the same.
    #[arg(long = "region", value_name = "REGION", requires = "aws")]
    regions: Vec<String>,
    #[command(flatten)]
    state: StateArgument,
}

/// Observations on their way from the reading thread, at most: what waits for the database.
const WAITING: usize = 2048;

impl Record {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        if self.live.aws {
            return self.run_live();
        }
        let inputs = paths::inputs(&self.paths)?;
        let (recorded, reports) = self.state.place()?.with(|store| record(store, inputs))?;
        let mut out = Sink::new(None)?;
        writeln!(
            out,
            "{} items read, {} new versions",
            recorded.observations, recorded.versions
        )?;
        out.finish()?;
        let is_whole = say_what_was_not_read(&reports, "configuration item")?;
        Ok(match (is_whole, recorded.observations) {
            (true, _) => Outcome::Clean,
            (false, 0) => Outcome::BadInput,
            (false, _) => Outcome::Incomplete,
        })
    }
}

impl Record {
    /// Records what the packs' rules need of AWS itself.
    fn run_live(&self) -> Result<Outcome, CommandError> {
        let config = Config::load(self.selection.config.as_deref())?;
        let packs = self.selection.packs(&config)?;
        let wanted = Wanted {
            arguments: &self.live,
            needs: needs_of(&packs, &[]),
            estate: config.accounts()?,
            accounts: &self.accounts,
            regions: &self.regions,
        };
        if self.live.dry_run {
            write_plan(&wanted)?;
            return Ok(Outcome::Clean);
        }
        let report = into_state(&wanted, &self.state.place()?)?;
        let gaps = report.gaps().count();
        let mut out = Sink::new(None)?;
        writeln!(
            out,
            "{} facts read, {gaps} not",
            report.coverage.len() - gaps
        )?;
        out.finish()?;
        say_gaps(&report)?;
        Ok(if is_incomplete(&report) {
            Outcome::Incomplete
        } else {
            Outcome::Clean
        })
    }
}

/// One thread reads, parses and hashes; this one writes.
async fn record(
    store: Store,
    inputs: Vec<Input>,
) -> Result<(Recorded, Vec<InputReport>), CommandError> {
    let recording = store.begin_run("record").await?;
    let (sender, mut receiver) = channel(WAITING);
    let reader = thread::spawn(move || read(&inputs, &sender));
    let written = write(&recording, &mut receiver).await;
    // A reader that still waits to hand something over goes on, and ends.
    receiver.close();
    drop(receiver);
    let reports = reader
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let recorded = written?;
    recording.end("finished").await?;
    Ok((recorded, reports))
}

fn read(inputs: &[Input], sender: &Sender<Observation>) -> Vec<InputReport> {
    inputs
        .iter()
        .map(|input| {
            read_items(input, |item, arena| {
                let observation =
                    Observation::from_item(item, arena).map_err(|error| error.to_string())?;
                sender
                    .blocking_send(observation)
                    .map_err(|_| "not recorded: the state could not be written".to_owned())
            })
        })
        .collect()
}

async fn write(
    recording: &posture_store::Recording,
    receiver: &mut Receiver<Observation>,
) -> Result<Recorded, CommandError> {
    let mut observer = recording.observe();
    while let Some(observation) = receiver.recv().await {
        observer.take(observation).await?;
    }
    Ok(observer.finish().await?)
}
