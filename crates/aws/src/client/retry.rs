//! When to try again, and after how long: the SDKs' standard mode.
//! Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>.

use std::time::Duration;

use super::limit::Lane;

const LONGEST: Duration = Duration::from_secs(20);
/// Tokens that a retry takes from the lane's allowance, and that its success gives back.
const COST: u32 = 5;
const COST_OF_TIMEOUT: u32 = 10;

/// The attempts of one call.
#[derive(Debug)]
pub(super) struct Attempts {
    most: u32,
    made: u32,
    /// What the latest retry cost.
    spent: u32,
}

impl Attempts {
    pub(super) fn new(most: u32) -> Self {
        Self {
            most: most.max(1),
            made: 1,
            spent: 0,
        }
    }

    /// After a failure: how long to wait before the next attempt, or nothing when there is to be none, because there
    /// were enough or because the whole lane fails too often to make it worse.
    pub(super) fn pause(&mut self, lane: &Lane, timed_out: bool) -> Option<Duration> {
        if self.made >= self.most {
            return None;
        }
        let cost = if timed_out { COST_OF_TIMEOUT } else { COST };
        if !lane.take_retry(cost) {
            return None;
        }
        self.spent = cost;
        self.made += 1;
        Some(backoff(self.made - 2, fastrand::f64()))
    }

    pub(super) fn succeeded(&self, lane: &Lane) {
        lane.give_retry(self.spent.max(1));
        lane.succeeded();
    }
}

/// Full jitter: anything between nothing and the ceiling, which doubles with every retry.
fn backoff(retry: u32, random: f64) -> Duration {
    let ceiling = Duration::from_secs(1)
        .saturating_mul(2u32.saturating_pow(retry))
        .min(LONGEST);
    ceiling.mul_f64(random)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::limit::Limits;

    #[test]
    fn the_ceiling_doubles_to_twenty_seconds_and_jitter_is_full() {
        let ceilings: Vec<u64> = (0..7).map(|retry| backoff(retry, 1.0).as_secs()).collect();
        assert_eq!(ceilings, [1, 2, 4, 8, 16, 20, 20]);
        assert_eq!(backoff(3, 0.0), Duration::ZERO);
        assert_eq!(backoff(3, 0.5), Duration::from_secs(4));
        assert_eq!(backoff(u32::MAX, 1.0), LONGEST);
    }

    #[test]
    fn three_attempts_are_two_pauses() {
        let lane = Limits::new(None).lane("1", "eu-west-1", "ec2");
        let mut attempts = Attempts::new(3);
        assert!(attempts.pause(&lane, false).is_some());
        assert!(attempts.pause(&lane, false).is_some());
        assert!(attempts.pause(&lane, false).is_none());
    }

    #[test]
    fn a_lane_that_only_fails_stops_trying_again() {
        let lane = Limits::new(None).lane("1", "eu-west-1", "ec2");
        let retried = (0..1000)
            .filter(|_| Attempts::new(2).pause(&lane, false).is_some())
            .count();
        assert_eq!(retried, 100, "500 tokens at 5 each");
        Attempts::new(3).succeeded(&lane);
        assert!(
            Attempts::new(2).pause(&lane, false).is_none(),
            "one token is not enough"
        );
    }
}
