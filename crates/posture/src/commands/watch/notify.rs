//! Events on their way to where rules say.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use posture_notify::{Deliverer, Routes};
use tracing::{error, info};

use super::stop::Stop;
use super::sweep::later;
use super::worker::{LOOK, Worker, told};
use crate::commands::CommandError;
use crate::commands::notifications::deliverer;

/// After a look that failed.
const PAUSE: Duration = Duration::from_secs(5);
/// How long events are kept where nobody has a rule for any.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How often those are forgotten.
const FORGETTING: Duration = Duration::from_hours(1);

impl Worker {
    /// Sends events until it is time to end. Without rules it only forgets what is old: another process
    /// may have rules.
    pub(super) async fn notify(self, routes: Arc<Routes>, mut stop: Stop) {
        while !stop.is_wished() {
            let pause = match self.notify_while(&routes, &mut stop).await {
                Ok(pause) => pause,
                Err(error) => {
                    error!("events could not be sent: {}", told(&error));
                    PAUSE
                }
            };
            tokio::select! {
                () = stop.wished() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn notify_while(
        &self,
        routes: &Arc<Routes>,
        stop: &mut Stop,
    ) -> Result<Duration, CommandError> {
        if routes.is_empty() {
            let before = later(crate::clock::now(), -KEPT);
            let forgotten = self.store.forget_events(before).await?;
            if forgotten > 0 {
                info!(
                    "{forgotten} events of more than a week ago were forgotten: there is no rule"
                );
            }
            return Ok(FORGETTING);
        }
        let client = self.source.client.clone();
        let deliverer = deliverer(&self.store, Arc::clone(routes), client).await?;
        while !stop.is_wished() {
            if !is_busy(&deliverer).await? {
                tokio::select! {
                    () = stop.wished() => {}
                    () = self.news.notified() => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        }
        Ok(Duration::ZERO)
    }
}

/// One look. Whether there was something to do.
async fn is_busy(deliverer: &Deliverer) -> Result<bool, CommandError> {
    let routed = deliverer.route().await?;
    let round = deliverer.deliver().await?;
    Ok(routed > 0 || round.sent > 0)
}
