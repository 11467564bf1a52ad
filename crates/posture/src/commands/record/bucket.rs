//! `posture record --config-bucket`: what AWS Config delivered.

use std::io::{Seek as _, Write as _};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use posture_engine::{Input, InputReport, read_items};
use posture_recorder::{Delivery, DeliveryBucket, DeliveryFilter};
use posture_store::{Observation, Recorded, Store};
use tracing::info;

use super::super::CommandError;
use super::super::reports::{refused, say_what_was_not_read};
use super::super::state::StatePlace;
use super::recorded;
use crate::exit::Outcome;
use crate::live::AwsArguments;
use crate::sink::Sink;

/// What is wanted of a delivery bucket.
pub(crate) struct FromBucket<'b> {
    pub(crate) url: &'b str,
    pub(crate) profile: Option<String>,
    pub(crate) filter: DeliveryFilter,
}

/// Objects one after the other that could not be read: then none can.
const FAILURES: usize = 10;

#[derive(Debug, Default)]
struct Imported {
    recorded: Recorded,
    objects: usize,
    known: usize,
    reports: Vec<InputReport>,
}

impl FromBucket<'_> {
    pub(crate) fn run(self, place: &StatePlace) -> Result<Outcome, CommandError> {
        let imported = place.with(|store| async move { self.import(store).await })?;
        let Imported {
            recorded,
            objects,
            known,
            reports,
        } = imported;
        let mut out = Sink::new(None)?;
        writeln!(
            out,
            "{objects} objects read, {known} known already: {} items, {} new versions",
            recorded.observations, recorded.versions
        )?;
        out.finish()?;
        let is_whole = say_what_was_not_read(&reports, "configuration item")?;
        Ok(match (is_whole, objects + known) {
            (_, 0) => Outcome::BadInput,
            (true, _) => Outcome::Clean,
            (false, _) => Outcome::Incomplete,
        })
    }

    async fn import(self, store: Store) -> Result<Imported, CommandError> {
        let client = AwsArguments::of_profile(self.profile).client().await;
        let bucket = DeliveryBucket::at(client, self.url)?;
        let deliveries = bucket.deliveries(&self.filter).await?;
        info!("{} objects are in {}", deliveries.len(), self.url);
        let mut imported = Imported::default();
        if deliveries.is_empty() {
            imported.reports.push(InputReport {
                name: self.url.to_owned(),
                ..InputReport::default()
            });
        }
        let mut failures = 0;
        for delivery in deliveries {
            let name = bucket.name(&delivery);
            if store.is_imported(&name, &delivery.etag).await? {
                imported.known += 1;
                continue;
            }
            if delivery.size == 0 {
                imported
                    .reports
                    .push(refused(name, "an object without a byte"));
                continue;
            }
            let mut file = tempfile::tempfile()?;
            if let Err(error) = bucket.fetch(&delivery, &mut file).await {
                failures += 1;
                if failures == FAILURES {
                    return Err(error.into());
                }
                imported.reports.push(refused(name, &error.to_string()));
                continue;
            }
            failures = 0;
            file.rewind()?;
            let input = Input::Open(name.clone(), Arc::new(file));
            // Once to see that it is whole: of what breaks off, nothing is recorded.
            let mut broken = read_items(&input, |_, _| Ok(()));
            if !broken.errors.is_empty() {
                broken.items = 0;
                imported.reports.push(broken);
                continue;
            }
            let now = crate::clock::now();
            let etag = delivery.etag.clone();
            let (recorded, reports) = recorded(&store, "record-config", move |sender| {
                vec![read_items(&input, |item, arena| {
                    is_of_its_folder(&delivery, item.account_id(), item.aws_region())?;
                    is_past(item.capture_time(), now)?;
                    let observation =
                        Observation::from_item(item, arena).map_err(|error| error.to_string())?;
                    sender(observation)
                })]
            })
            .await?;
            imported.recorded.observations += recorded.observations;
            imported.recorded.versions += recorded.versions;
            imported.objects += 1;
            if reports.iter().all(|report| report.errors.is_empty()) {
                store.set_imported(&name, &etag).await?;
            }
            imported.reports.extend(reports);
        }
        Ok(imported)
    }
}

/// Whoever may write to one account's folder must not tell of another's resources.
fn is_of_its_folder(delivery: &Delivery, account: &str, region: &str) -> Result<(), String> {
    let Delivery {
        account_id,
        aws_region,
        ..
    } = delivery;
    if account == account_id && (region == aws_region || region == "global") {
        return Ok(());
    }
    Err(format!(
        "not recorded: an item of {account}, {region} in the folder of {account_id}, {aws_region}"
    ))
}

/// An item of a time to come would stay the newest until then, whatever is recorded; one of no time
/// would be another one at each reading.
fn is_past(captured_at: Option<Timestamp>, now: Timestamp) -> Result<(), String> {
    match captured_at {
        Some(captured_at) if captured_at <= now => Ok(()),
        Some(captured_at) => Err(format!(
            "not recorded: an item captured at {captured_at}, which is to come"
        )),
        None => Err("not recorded: an item without a configurationItemCaptureTime".to_owned()),
    }
}

/// A day, as the command line gives it.
pub(crate) fn day(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| "expected a day, such as 2026-03-31".to_owned())
}
