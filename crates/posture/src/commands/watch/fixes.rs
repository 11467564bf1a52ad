//! Remediation configurations, after each evaluation: by one process at a time.

use std::time::Duration;

use jiff::Timestamp;
use tracing::error;

use super::stop::Stop;
use super::worker::{HOLD, Worker, told, unwound};
use crate::commands::CommandError;
use crate::commands::remediate::Tells;

/// The one who fixes: kind and name.
const FIXER: &str = "fixer";
/// How often open findings are looked at where no verdict changes: attempts are repeated, windows open.
const EVERY: Duration = Duration::from_secs(30);

impl Worker {
    /// Takes on what remediation configurations are about, until it is time to end.
    pub(super) async fn fix(self, mut stop: Stop) {
        if self.fixing.is_none() {
            return;
        }
        while !stop.is_wished() {
            if let Err(error) = self.fix_now().await {
                error!("findings could not be taken on: {}", told(&error));
            }
            tokio::select! {
                () = stop.wished() => {}
                () = self.fixes.notified() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// One pass, unless another process is at it.
    pub(super) async fn fix_now(&self) -> Result<(), CommandError> {
        let Some(place) = self.fixing.clone() else {
            return Ok(());
        };
        let taken = self.store.take_lease(FIXER, &self.holder, HOLD).await?;
        let Ok(lease) = taken else {
            return Ok(());
        };
        let passing = async {
            let pass = move || place.pass("posture watch", Tells::News);
            unwound(tokio::task::spawn_blocking(pass).await)
        };
        let done = self.holding(std::slice::from_ref(&lease), passing).await;
        let now = Some(Timestamp::UNIX_EPOCH);
        self.store.release_lease(&lease, now).await?;
        done.map(|_| ())
    }
}
