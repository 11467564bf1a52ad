//! `posture findings import`.

use std::io::Write as _;

use jiff::Timestamp;
use posture_aws::{Client, Options};
use posture_engine::{Input, InputReport};
use posture_hub::{Hub, Imported, Prepared, WriteOptions, formats, pull};
use serde_json::json;

use super::super::pipe::{Hand, in_batches, piped};
use super::super::reports::say_what_was_not_read;
use super::super::state::StateArgument;
use super::super::{CommandError, paths};
use crate::exit::Outcome;
use crate::sink::Sink;

/// Takes findings of other tools in: ASFF, EventBridge events, GuardDuty, Inspector, Macie, IAM Access
/// Analyzer, Firewall Manager, AWS Config, OCSF, Prowler (OCSF or CSV), SARIF.
///
/// Each object says by itself what it is. Importing again changes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// Files, folders or globs, or - for the standard input; plain, gzip or Zstandard.
    #[arg(required_unless_present = "aws")]
    paths: Vec<String>,
    #[command(flatten)]
    state: StateArgument,
    /// Reads Security Hub (GetFindings) with the credentials that AWS's tools use.
    #[arg(long, conflicts_with = "paths")]
    aws: bool,
    /// With --aws: the Region. Default: as AWS's tools find it.
    #[arg(long, requires = "aws")]
    region: Option<String>,
    /// With --aws: the profile of `~/.aws/config`.
    #[arg(long, requires = "aws")]
    profile: Option<String>,
    /// With --aws: only findings that changed since this time. Default: since the last import from
    /// this Region, else all.
    #[arg(long, value_name = "TIME", requires = "aws")]
    since: Option<Timestamp>,
    /// Writes no events for rules and notifications: for the first import of what is long known.
    #[arg(long)]
    no_events: bool,
}

impl Import {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let options = WriteOptions {
            has_events: !self.no_events,
        };
        let place = self.state.place()?;
        let (imported, reports) = if self.aws {
            let imported = place.with(|store| async move {
                let hub = Hub::open(&store).await?;
                let imported = self.pulled(&hub, options).await?;
                hub.refresh_scores().await?;
                Ok(imported)
            })?;
            (imported, Vec::new())
        } else {
            let inputs = paths::inputs(&self.paths)?;
            place.with(|store| async move {
                let hub = Hub::open(&store).await?;
                let found = from_files(&hub, inputs, options).await?;
                hub.refresh_scores().await?;
                Ok(found)
            })?
        };
        let mut out = Sink::new(None)?;
        let Imported {
            created,
            updated,
            unchanged,
        } = imported;
        writeln!(
            out,
            "{} findings read: {created} new, {updated} updated, {unchanged} unchanged",
            created + updated + unchanged
        )?;
        out.finish()?;
        let is_whole = say_what_was_not_read(&reports, "finding")?;
        Ok(match (is_whole, created + updated + unchanged) {
            (true, _) => Outcome::Clean,
            (false, 0) => Outcome::BadInput,
            (false, _) => Outcome::Incomplete,
        })
    }

    async fn pulled(self, hub: &Hub, options: WriteOptions) -> Result<Imported, CommandError> {
        let mut settings = Options::default();
        settings.region = self.region;
        settings.profile = self.profile;
        let client = Client::load(settings).await;
        let since = match self.since {
            Some(since) => Some(since.to_string()),
            None => hub.pulled_until(client.region()).await?,
        };
        let mut imported = Imported::default();
        let mut until = since.clone();
        let filters = json!({});
        pull(&client, &filters, since.as_deref(), async |page| {
            let mut prepared = Vec::with_capacity(page.findings.len());
            for finding in page.findings {
                let updated_at = finding.asff.get("UpdatedAt").and_then(|time| time.as_str());
                until = until.take().max(updated_at.map(str::to_owned));
                let finding = hub.prepare(finding);
                prepared.push(finding.map_err(|error| CommandError::Pulled(error.to_string()))?);
            }
            imported += hub.write(prepared, options).await?;
            Ok::<(), CommandError>(())
        })
        .await?;
        if let Some(until) = until {
            hub.set_pulled_until(client.region(), &until).await?;
        }
        Ok(imported)
    }
}

async fn from_files(
    hub: &Hub,
    inputs: Vec<Input>,
    options: WriteOptions,
) -> Result<(Imported, Vec<InputReport>), CommandError> {
    let preparing = hub.clone();
    let read = move |take: &Hand<'_, Prepared>| {
        let of_input = |input| {
            formats::read(input, crate::clock::now(), |finding| {
                let prepared = preparing.prepare(finding);
                take(prepared.map_err(|error| error.to_string())?)
            })
        };
        inputs.iter().map(of_input).collect()
    };
    piped(read, async |coming| {
        let mut imported = Imported::default();
        let write = async |batch| {
            imported += hub.write(batch, options).await?;
            Ok(())
        };
        in_batches(coming, write).await?;
        Ok(imported)
    })
    .await
}
