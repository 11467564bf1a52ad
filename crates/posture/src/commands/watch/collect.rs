//! API calls for assessments, made by one process at a time.

use jiff::SignedDuration;
use posture_audit::Frequency;
use tracing::{error, info, warn};

use super::stop::Stop;
use super::sweep::later;
use super::worker::{HOLD, LOOK, RETRY, Worker, told};
use crate::commands::CommandError;
use crate::commands::assess::framework_of;
use crate::commands::retrievals::{Wanted, calls_named, collect};
use crate::output::terminal::plain;

/// The work of asking: kind and name.
const COLLECTION: &str = "api-calls";
/// How often it is looked whether something is due. What is due is due once a day at most.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);

impl Worker {
    /// Makes sure that somebody asks.
    pub(super) async fn announce_collection(&self) -> Result<(), CommandError> {
        let now = crate::clock::now();
        let next = later(now, AGAIN);
        Ok(self
            .store
            .schedule_lease(COLLECTION, COLLECTION, now, next)
            .await?)
    }

    /// Asks what is due, until it is time to end; what is not asked by then is due later.
    pub(super) async fn collect(self, mut stop: Stop) {
        while !stop.is_wished() {
            if let Err(error) = Box::pin(self.collect_if_due(&mut stop)).await {
                error!(
                    "API calls for assessments could not be made: {}",
                    told(&error)
                );
            }
            tokio::select! {
                () = stop.wished() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    async fn collect_if_due(&self, stop: &mut Stop) -> Result<(), CommandError> {
        let leases = self.store.take_leases(COLLECTION, &self.holder, 1, HOLD);
        let Some(lease) = leases.await?.into_iter().next() else {
            return Ok(());
        };
        let held = std::slice::from_ref(&lease);
        let done = tokio::select! {
            done = self.holding(held, self.collect_now()) => done.map(Some),
            () = stop.wished() => Ok(None),
        };
        let now = crate::clock::now();
        let next = match &done {
            Ok(Some(_)) => later(now, AGAIN),
            Ok(None) => now,
            Err(_) => later(now, RETRY),
        };
        self.store.release_lease(&lease, Some(next)).await?;
        done.map(|_| ())
    }

    /// Asks what is due now for the assessments that are open. Whether all was answered.
    pub(super) async fn collect_now(&self) -> Result<bool, CommandError> {
        posture_audit::migrate(&self.store).await?;
        let now = crate::clock::now();
        let assessments = posture_audit::assessments(&self.store).await?;
        let mut wanted = Vec::new();
        for assessment in &assessments {
            let scope = &assessment.scope;
            let is_open = assessment.status == "ACTIVE" && scope.period.contains(now);
            if !is_open || scope.api_calls == Frequency::Never {
                continue;
            }
            // One that can't be asked for keeps no other from being.
            let framework = framework_of(&self.store, assessment).await;
            match framework.and_then(|framework| calls_named(&framework, &[])) {
                Ok(calls) => {
                    wanted.push(Wanted::of(&self.store, assessment, calls, false).await?);
                }
                Err(error) => warn!("no API calls for {}: {}", assessment.name, told(&error)),
            }
        }
        if wanted.is_empty() {
            return Ok(true);
        }
        let Some(evidence) = &self.judgement.evidence else {
            warn!("no API calls are made for assessments: there is no evidence log");
            return Ok(true);
        };
        let log = evidence.open(now)?;
        let entries = self.entries().await?;
        let say = |_, one: &posture_audit::Retrieval| {
            if !one.outcome.is_answer() {
                let why = one.denied_action.as_deref().unwrap_or(&one.code);
                warn!(
                    "{}_{} in {} {}: {}: {}",
                    one.service,
                    one.operation,
                    one.account_id,
                    one.aws_region,
                    one.outcome.as_str(),
                    plain(why)
                );
            }
            Ok(())
        };
        let collected = Box::pin(collect(&self.store, &log, &entries, &wanted, say)).await?;
        if collected.kept > 0 {
            info!("{} API calls were kept for assessments", collected.kept);
            evidence.publish(&self.store, crate::clock::now()).await?;
        }
        Ok(collected.is_whole)
    }
}
