//! Evaluations: asked for by whoever recorded something, and made by one process at a time, so that
//! a verdict's change is told once.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use posture_model::ResourceType;
use posture_store::Lease;
use tracing::{error, info};

use super::stop::Stop;
use super::sweep::later;
use super::worker::{HOLD, LOOK, RETRY, Worker, told, unwound};
use crate::commands::CommandError;

/// The one who evaluates: kind and name.
pub(crate) const EVALUATOR: &str = "evaluator";
/// Kind of the wish for an evaluation: of everything, or of what a type decides.
const EVALUATION: &str = "evaluation";
/// What a wish is about, where it is everything.
pub(super) const EVERYTHING: &str = "everything";
/// Wishes that are met together.
const TOGETHER: i64 = 10_000;

impl Worker {
    /// Makes sure that there is somebody to be who evaluates.
    pub(super) async fn announce_evaluator(&self) -> Result<(), CommandError> {
        let long_ago = Timestamp::UNIX_EPOCH;
        Ok(self.store.add_lease(EVALUATOR, EVALUATOR, long_ago).await?)
    }

    /// Asks for the evaluation of what these types decide, or of everything.
    pub(super) async fn announce_evaluation(
        &self,
        of: impl IntoIterator<Item = String>,
    ) -> Result<(), CommandError> {
        let now = crate::clock::now();
        let names = of
            .into_iter()
            .map(|of| (format!("{EVALUATION}/{of}"), now))
            .collect();
        self.store.add_leases(EVALUATION, &names).await?;
        self.evaluations.notify_one();
        Ok(())
    }

    /// Evaluates what is asked for, until it is time to end and nothing is asked for any more.
    pub(super) async fn evaluate(self, mut stop: Stop) {
        loop {
            let is_last = stop.is_wished();
            if let Err(error) = self.evaluate_now().await {
                error!("what is recorded could not be evaluated: {}", told(&error));
            }
            if is_last {
                return;
            }
            tokio::select! {
                () = stop.wished() => {}
                () = self.evaluations.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Evaluates what is asked for, unless another process is at it.
    async fn evaluate_now(&self) -> Result<(), CommandError> {
        if self.store.count_leases(EVALUATION).await?.due == 0 {
            return Ok(());
        }
        let evaluator = self
            .store
            .take_leases(EVALUATOR, &self.holder, 1, HOLD)
            .await?;
        let Some(evaluator) = evaluator.into_iter().next() else {
            return Ok(());
        };
        let done = self.evaluate_as(&evaluator).await;
        let now = Some(Timestamp::UNIX_EPOCH);
        self.store.release_lease(&evaluator, now).await?;
        done
    }

    /// Evaluates until nothing is asked for, or nobody else evaluates any more.
    pub(super) async fn evaluate_all(&self) -> Result<(), CommandError> {
        loop {
            let counts = self.store.count_leases(EVALUATION).await?;
            if counts.held + counts.due == 0 {
                return Ok(());
            }
            self.evaluate_now().await?;
            if counts.held > 0 {
                tokio::time::sleep(LOOK).await;
            }
        }
    }

    async fn evaluate_as(&self, evaluator: &Lease) -> Result<(), CommandError> {
        let wishes = self
            .store
            .take_leases(EVALUATION, &self.holder, TOGETHER, HOLD)
            .await?;
        if wishes.is_empty() {
            return Ok(());
        }
        let of = wishes
            .iter()
            .map(|wish| wish.name.split_once('/').map_or("", |(_, of)| of));
        // Of a type that is unknown here, another version may have recorded something: everything.
        let types: Option<BTreeSet<ResourceType>> = of.map(ResourceType::from_name).collect();
        let mut held = wishes.clone();
        held.push(evaluator.clone());
        let (judgement, lease) = (Arc::clone(&self.judgement), evaluator.clone());
        let evaluating = async {
            let evaluate = move || judgement.evaluate(types.as_ref(), lease);
            unwound(tokio::task::spawn_blocking(evaluate).await)
        };
        let done = self.holding(&held, evaluating).await;
        for wish in &wishes {
            let again = done.is_err().then(|| later(crate::clock::now(), RETRY));
            self.store.release_lease(wish, again).await?;
        }
        let changes = done?;
        if changes > 0 {
            info!("{changes} verdicts changed");
            self.fixes.notify_one();
            self.news.notify_one();
        }
        Ok(())
    }
}
