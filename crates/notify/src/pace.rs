//! How fast a target is sent to, and when it is tried again.

use posture_store::Store;

use crate::error::NotifyError;
use crate::queue::args;

/// A source of numbers in `0.0..1.0`. Injected, so that a test says them.
pub type Random = std::sync::Arc<dyn Fn() -> f64 + Send + Sync>;

const SECOND: i64 = 1_000_000;
/// The longest that is waited before another try.
const LONGEST: i64 = 300 * SECOND;

/// That a target is to be left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pause {
    /// For so many seconds, where it said so.
    pub(crate) retry_after: Option<u32>,
}

/// A target's pace, while its lease is held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Pace {
    /// When the next message conforms to the rate.
    pub(crate) arrival_at: i64,
    pub(crate) paused_until: i64,
    /// Times in a row that the target was down.
    pub(crate) failures: i64,
}

impl Pace {
    pub(crate) async fn read(store: &Store, target: &str) -> Result<Pace, NotifyError> {
        let sql = "SELECT arrival_at, paused_until, failures FROM target_pace WHERE target = $1";
        let rows = store.database().rows(sql, args![target]).await?;
        let Some(row) = rows.first() else {
            return Ok(Pace::default());
        };
        Ok(Pace {
            arrival_at: row.int(0)?,
            paused_until: row.int(1)?,
            failures: row.int(2)?,
        })
    }

    pub(crate) async fn write(self, store: &Store, target: &str) -> Result<(), NotifyError> {
        let sql = "INSERT INTO target_pace (target, arrival_at, paused_until, failures) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (target) DO UPDATE SET \
                   arrival_at = excluded.arrival_at, paused_until = excluded.paused_until, \
                   failures = excluded.failures";
        let values = args![target, self.arrival_at, self.paused_until, self.failures];
        let mut transaction = store.database().begin().await?;
        transaction.execute(sql, values).await?;
        Ok(transaction.commit().await?)
    }

    /// Takes leave for up to `wanted` messages now, at so many a minute: the generic cell rate
    /// algorithm, with the burst of one second's messages.
    pub(crate) fn take(&mut self, wanted: i64, per_minute: u32, now: i64) -> i64 {
        let interval = (60 * SECOND / i64::from(per_minute)).max(1);
        let burst = (SECOND - interval).max(0);
        let arrival_at = self.arrival_at.max(now);
        if arrival_at > now + burst {
            return 0;
        }
        let taken = wanted.min((now + burst - arrival_at) / interval + 1);
        self.arrival_at = arrival_at + taken * interval;
        taken
    }

    /// Leaves the target alone for a while: as long as it asked, or as [`backoff`] says.
    pub(crate) fn pause(&mut self, now: i64, pause: Pause, random: f64) {
        let asked = pause
            .retry_after
            .map(|seconds| i64::from(seconds).min(3600) * SECOND);
        self.paused_until = now + asked.unwrap_or_else(|| backoff(self.failures, random));
        self.failures += 1;
    }
}

/// Exponential back-off with full jitter: anything between nothing and a ceiling that doubles with each
/// failure. Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
pub(crate) fn backoff(failures: i64, random: f64) -> i64 {
    let doublings = u32::try_from(failures.clamp(0, 20)).unwrap_or(20);
    let ceiling = (SECOND << doublings).min(LONGEST);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "at most five minutes in microseconds"
    )]
    let wait = (ceiling as f64 * random) as i64;
    wait
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_takes_what_it_may_and_a_burst_more() {
        let mut pace = Pace::default();
        // One a second: never two at once.
        let taken: i64 = (0..60)
            .map(|second| pace.take(100, 60, second * SECOND))
            .sum();
        assert_eq!(taken, 60);
        // A hundred a second: in bursts of up to a second's.
        let mut pace = Pace::default();
        assert_eq!(pace.take(1000, 6000, 0), 100);
        assert_eq!(pace.take(1000, 6000, 0), 0);
        assert_eq!(pace.take(1000, 6000, SECOND / 2), 50);
        assert_eq!(pace.take(3, 6000, 10 * SECOND), 3);
    }

    #[test]
    fn the_ceiling_doubles_up_to_five_minutes() {
        let seconds = |failures| backoff(failures, 1.0) / SECOND;
        let ceilings: Vec<i64> = (0..11).map(seconds).collect();
        assert_eq!(ceilings, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(backoff(5, 0.0), 0);
        assert_eq!(backoff(63, 1.0), LONGEST);
    }

    #[test]
    fn a_target_that_says_how_long_is_left_alone_that_long() {
        let mut pace = Pace::default();
        let asked = Pause {
            retry_after: Some(30),
        };
        pace.pause(0, asked, 0.5);
        assert_eq!(pace.paused_until, 30 * SECOND);
        pace.pause(0, Pause { retry_after: None }, 0.5);
        assert_eq!((pace.paused_until, pace.failures), (SECOND, 2));
    }
}
