//! Findings that are late, or nearly, told to those who answer for them: by one process at a time.

use std::time::Duration;

use jiff::Timestamp;
use posture_hub::Hub;
use tracing::error;

use super::stop::Stop;
use super::worker::{HOLD, Worker, told};
use crate::commands::CommandError;

/// The one who reminds: kind and name.
const REMINDER: &str = "reminder";
/// How often clocks are looked at.
const EVERY: Duration = Duration::from_mins(1);

impl Worker {
    /// Tells of what is late, until it is time to end.
    pub(super) async fn remind(self, mut stop: Stop) {
        while !stop.is_wished() {
            if let Err(error) = self.remind_now().await {
                error!(
                    "nobody could be reminded of late findings: {}",
                    told(&error)
                );
            }
            tokio::select! {
                () = stop.wished() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// One look, unless another process is at it.
    pub(super) async fn remind_now(&self) -> Result<(), CommandError> {
        let taken = self.store.take_lease(REMINDER, &self.holder, HOLD).await?;
        let Ok(lease) = taken else {
            return Ok(());
        };
        let reminding = async {
            let hub = Hub::open(&self.store).await?;
            Ok(hub.remind(&self.people).await?)
        };
        let done = self.holding(std::slice::from_ref(&lease), reminding).await;
        let now = Some(Timestamp::UNIX_EPOCH);
        self.store.release_lease(&lease, now).await?;
        done.map(|_: usize| ())
    }
}
