//! `posture record --config-aggregator`: what an aggregator of AWS Config has.

use std::sync::Arc;

use jiff::Timestamp;
use posture_model::{CoverageState, ResourceType};
use posture_recorder::{Aggregator, Needs, Place, Report};
use posture_store::{CoverageRow, Store};

use super::super::CommandError;
use super::super::state::StatePlace;
use crate::live::{AwsArguments, recorded};

/// Records the types that are needed.
pub(crate) fn record(
    name: &str,
    profile: Option<String>,
    needs: &Needs,
    place: &StatePlace,
) -> Result<Report, CommandError> {
    place.with(|store: Store| async move {
        let client = AwsArguments::of_profile(profile).client().await;
        let aggregator = Aggregator::new(client, name, Arc::new(crate::clock::now));
        let rows = store.coverage(crate::clock::now(), Timestamp::MAX).await?;
        let known: Vec<Place> = rows.iter().filter_map(known).collect();
        let record = async |sink| Ok(aggregator.record(needs, &known, sink).await?);
        recorded(&store, "record-aggregator", record).await
    })
}

/// A place that was listed completely before.
fn known(row: &CoverageRow) -> Option<Place> {
    let is_listing = row.coverage.fact.is_empty();
    let is_complete = row.coverage.state == CoverageState::Complete;
    (is_listing && is_complete).then_some(())?;
    Some(Place {
        account_id: row.scope.account_id.clone(),
        aws_region: row.scope.aws_region.clone(),
        resource_type: ResourceType::from_name(&row.scope.resource_type)?,
    })
}
