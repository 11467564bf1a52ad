//! `posture record`.

mod aggregator;
mod bucket;

use std::io::Write as _;

use jiff::civil::Date;
use posture_engine::{Input, InputReport, read_items};
use posture_recorder::{DeliveryFilter, Report};
use posture_store::{Observation, Recorded, Store};

use super::pipe::{Coming, Hand, piped};
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
use bucket::FromBucket;

/// Takes what AWS Config delivered, or AWS itself with --aws, into the recorded history.
///
/// Items of AWS Config count by their capture time.
///
/// What is already recorded changes nothing, so the same files may be given again, in any order.
#[derive(Debug, clap::Args)]
pub(crate) struct Record {
    /// Files, folders or globs of configuration items, or - for the standard input: snapshots,
    /// history, events, JSON Lines; plain, gzip or Zstandard.
    #[arg(required_unless_present_any = ["aws", "config_bucket", "config_aggregator"])]
    paths: Vec<String>,
    #[command(flatten)]
    live: AwsArguments,
    #[command(flatten)]
    selection: Selection,
    /// Takes in what AWS Config delivered to this bucket, as s3://BUCKET or s3://BUCKET/PREFIX. Objects
    /// that were taken in before are not read again.
    #[arg(long, value_name = "URL", conflicts_with_all = ["paths", "aws"])]
    config_bucket: Option<String>,
    /// Takes in what this aggregator of AWS Config has of the types that the rules need, in the Region
    /// that AWS's tools find.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["paths", "aws", "config_bucket", "accounts", "regions"])]
    config_aggregator: Option<String>,
    /// With --config-bucket: only what was delivered on this day and later.
    #[arg(long, value_name = "DAY", requires = "config_bucket", value_parser = bucket::day)]
    since: Option<Date>,
    /// With --aws or --config-bucket: only this account; repeatable.
    #[arg(long = "account", value_name = "ID", conflicts_with = "paths")]
    accounts: Vec<String>,
    /// With --aws or --config-bucket: only this Region; repeatable. What belongs to no Region is
    /// recorded all the same.
    #[arg(long = "region", value_name = "REGION", conflicts_with = "paths")]
    regions: Vec<String>,
    #[command(flatten)]
    state: StateArgument,
}

impl Record {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        if self.live.aws {
            return self.run_live();
        }
        if let Some(url) = &self.config_bucket {
            let wanted = FromBucket {
                url,
                profile: self.live.profile.clone(),
                filter: DeliveryFilter {
                    accounts: self.accounts.clone(),
                    regions: self.regions.clone(),
                    since: self.since,
                },
            };
            return wanted.run(&self.state.place()?);
        }
        if let Some(name) = &self.config_aggregator {
            return self.run_aggregator(name);
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
            needs: needs_of(&packs),
            estate: config.accounts()?,
            accounts: &self.accounts,
            regions: &self.regions,
        };
        if self.live.dry_run {
            write_plan(&wanted)?;
            return Ok(Outcome::Clean);
        }
        said(&into_state(&wanted, &self.state.place()?)?)
    }

    fn run_aggregator(&self, name: &str) -> Result<Outcome, CommandError> {
        let config = Config::load(self.selection.config.as_deref())?;
        let needs = needs_of(&self.selection.packs(&config)?);
        let profile = self.live.profile.clone();
        said(&aggregator::record(
            name,
            profile,
            &needs,
            &self.state.place()?,
        )?)
    }
}

/// What was read of AWS, and what not.
fn said(report: &Report) -> Result<Outcome, CommandError> {
    let gaps = report.gaps().count();
    let mut out = Sink::new(None)?;
    writeln!(
        out,
        "{} facts read, {gaps} not",
        report.coverage.len() - gaps
    )?;
    out.finish()?;
    say_gaps(report)?;
    Ok(if is_incomplete(report) {
        Outcome::Incomplete
    } else {
        Outcome::Clean
    })
}

async fn record(
    store: Store,
    inputs: Vec<Input>,
) -> Result<(Recorded, Vec<InputReport>), CommandError> {
    recorded(&store, "record", move |take| {
        let of_input = |input| {
            read_items(input, |item, arena| {
                let observation =
                    Observation::from_item(item, arena).map_err(|error| error.to_string())?;
                take(observation)
            })
        };
        inputs.iter().map(of_input).collect()
    })
    .await
}

/// Records, in a run of this kind, what a thread of its own reads.
pub(crate) async fn recorded(
    store: &Store,
    kind: &str,
    read: impl FnOnce(&Hand<'_, Observation>) -> Vec<InputReport> + Send + 'static,
) -> Result<(Recorded, Vec<InputReport>), CommandError> {
    let recording = store.begin_run(kind).await?;
    let write = async |coming: &mut Coming<Observation>| {
        let mut observer = recording.observe();
        while let Some(observation) = coming.next().await {
            observer.take(observation).await?;
        }
        Ok(observer.finish().await?)
    };
    let done = piped(read, write).await?;
    recording.end("finished").await?;
    Ok(done)
}
