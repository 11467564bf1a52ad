//! Quotas: one lane for each account, Region and service, shared by every task of the process.
//!
//! A lane is a token bucket that is refilled at its ceiling (a part of the published quota, so that production is never
//! starved). What was not called it may call later: [`SAVED`] seconds' worth, and no faster than at [`PACE`] times the
//! ceiling, as AWS's own buckets let through more at once than they are refilled by (EC2's five seconds' worth:
//! <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>). A throttled reply cuts the rate and takes what
//! was saved; calls that succeed raise the rate again, slowly. Calls that wait are let through in ticks that all lanes have in
//! common, so that the process is woken once for many of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Seconds whose calls may be saved up.
const SAVED: f64 = 10.0;
/// How often calls that wait are let through.
const TICK: Duration = Duration::from_millis(250);
/// Where the ceiling is a quarter of the quota, three eighths of it are left to others at every moment.
const PACE: f64 = 2.5;
/// After a throttled reply the rate is this part of what it was.
const CUT: f64 = 0.7;
/// Each success gives back this part of the ceiling.
const RECOVERY: f64 = 0.02;
/// However often a lane is throttled, it goes on at this rate.
const SLOWEST: f64 = 0.2;
/// The rate that a lane without a ceiling starts from once it is throttled.
const AFTER_FIRST_THROTTLE: f64 = 20.0;
/// The allowance for trying again, as the SDKs have it.
const RETRIES: u32 = 500;

/// Account, Region, service.
type Key = (String, String, &'static str);

#[derive(Debug)]
pub(super) struct Limits {
    default: Option<f64>,
    /// What the ticks are counted from.
    start: Instant,
    ceilings: Mutex<BTreeMap<&'static str, f64>>,
    lanes: Mutex<BTreeMap<Key, Arc<Lane>>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Limits {
    pub(super) fn new(default: Option<f64>) -> Self {
        Self {
            default,
            start: Instant::now(),
            ceilings: Mutex::default(),
            lanes: Mutex::default(),
        }
    }

    /// Lanes that are already in use take the new ceiling over.
    pub(super) fn set_ceiling(&self, service: &'static str, calls_per_second: f64) {
        locked(&self.ceilings).insert(service, calls_per_second);
        for ((_, _, name), lane) in locked(&self.lanes).iter() {
            if *name == service {
                locked(&lane.state).set_ceiling(Some(calls_per_second));
            }
        }
    }

    pub(super) fn lane(&self, account: &str, region: &str, service: &'static str) -> Arc<Lane> {
        let key = (account.to_owned(), region.to_owned(), service);
        let ceiling = locked(&self.ceilings).get(service).copied();
        let mut lanes = locked(&self.lanes);
        let lane = lanes.entry(key);
        let ceiling = ceiling.or(self.default);
        let lane = lane.or_insert_with(|| Arc::new(Lane::new(ceiling, self.start)));
        Arc::clone(lane)
    }
}

#[derive(Debug)]
pub(super) struct Lane {
    start: Instant,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    ceiling: Option<f64>,
    /// Calls a second; none without a limit.
    rate: Option<f64>,
    /// Calls that were saved up; negative while calls wait.
    saved: f64,
    /// Calls that may be made at once; negative while calls wait.
    at_once: f64,
    counted: Instant,
    retries: u32,
}

/// Adds what came in to a bucket of so many tokens and takes one; how long until there is one.
fn take(tokens: &mut f64, depth: f64, passed: f64, rate: f64) -> f64 {
    *tokens = (*tokens + passed * rate).min(depth.max(1.0)) - 1.0;
    -tokens.min(0.0) / rate
}

impl Lane {
    fn new(ceiling: Option<f64>, start: Instant) -> Self {
        let mut state = State {
            ceiling: None,
            rate: None,
            saved: f64::MAX,
            at_once: f64::MAX,
            counted: Instant::now(),
            retries: RETRIES,
        };
        state.set_ceiling(ceiling);
        Self {
            start,
            state: Mutex::new(state),
        }
    }

    /// Waits for this call's turn. Turns are given in the order of asking.
    pub(super) async fn wait(&self) {
        let now = Instant::now();
        let pause = locked(&self.state).reserve(now);
        if !pause.is_zero() {
            tokio::time::sleep_until(self.tick(now + pause)).await;
        }
    }

    /// The next tick from then on, whole milliseconds counted: timers know nothing smaller.
    fn tick(&self, due: Instant) -> Instant {
        let since = due.saturating_duration_since(self.start).as_millis();
        let ticks = since.div_ceil(TICK.as_millis());
        self.start + TICK * u32::try_from(ticks).unwrap_or(u32::MAX)
    }

    pub(super) fn throttled(&self) {
        let mut state = locked(&self.state);
        let rate = state.rate.unwrap_or(AFTER_FIRST_THROTTLE);
        state.rate = Some((rate * CUT).max(SLOWEST));
        state.counted = Instant::now();
        state.saved = state.saved.min(0.0);
        state.at_once = state.at_once.min(0.0);
    }

    pub(super) fn succeeded(&self) {
        let mut state = locked(&self.state);
        let Some(rate) = state.rate else {
            return;
        };
        let ceiling = state.ceiling.unwrap_or(f64::INFINITY);
        let step = RECOVERY * state.ceiling.unwrap_or(AFTER_FIRST_THROTTLE);
        state.rate = Some((rate + step).min(ceiling));
    }

    /// Takes from the allowance for trying again, if there is enough.
    pub(super) fn take_retry(&self, cost: u32) -> bool {
        let mut state = locked(&self.state);
        match state.retries.checked_sub(cost) {
            Some(left) => {
                state.retries = left;
                true
            }
            None => false,
        }
    }

    pub(super) fn give_retry(&self, tokens: u32) {
        let mut state = locked(&self.state);
        state.retries = (state.retries + tokens).min(RETRIES);
    }
}

impl State {
    fn set_ceiling(&mut self, ceiling: Option<f64>) {
        let ceiling = ceiling.map(|ceiling| ceiling.max(SLOWEST));
        self.ceiling = ceiling;
        self.rate = ceiling;
    }

    fn reserve(&mut self, now: Instant) -> Duration {
        let passed = now.saturating_duration_since(self.counted).as_secs_f64();
        self.counted = now;
        let Some(rate) = self.rate else {
            return Duration::ZERO;
        };
        let saved = take(&mut self.saved, rate * SAVED, passed, rate);
        let at_once = take(&mut self.at_once, rate, passed, rate * PACE);
        Duration::from_secs_f64(saved.max(at_once))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds until so many calls more were let through.
    async fn seconds(lane: &Lane, calls: usize) -> f64 {
        let start = Instant::now();
        for _ in 0..calls {
            lane.wait().await;
        }
        start.elapsed().as_secs_f64()
    }

    fn about(expected: f64, seen: f64) {
        assert!((seen - expected).abs() < 0.1, "{seen} s, not {expected} s");
    }

    #[tokio::test(start_paused = true)]
    async fn a_lane_spends_what_it_saved_faster_than_its_rate_and_then_goes_at_its_rate() {
        let limits = Limits::new(Some(10.0));
        let lane = limits.lane("1", "eu-west-1", "ec2");
        about(0.0, seconds(&lane, 10).await);
        // 100 saved and 10 each second, spent by 25 each second after the first 10.
        about(6.0, seconds(&lane, 150).await);
        about(5.0, seconds(&lane, 50).await);
        tokio::time::sleep(Duration::from_mins(5)).await;
        about(6.0, seconds(&lane, 160).await);
        about(5.0, seconds(&lane, 50).await);
    }

    #[tokio::test(start_paused = true)]
    async fn tasks_share_a_lane_and_lanes_do_not_share() {
        let limits = Arc::new(Limits::new(Some(5.0)));
        let start = Instant::now();
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let limits = Arc::clone(&limits);
                tokio::spawn(async move {
                    let lane = limits.lane("1", "eu-west-1", "ec2");
                    seconds(&lane, 40).await
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        // 160 calls less the 50 that were saved, 5 a second.
        about(22.0, start.elapsed().as_secs_f64());
        limits.lane("2", "eu-west-1", "ec2").wait().await;
        limits.lane("1", "us-east-1", "ec2").wait().await;
        limits.lane("1", "eu-west-1", "iam").wait().await;
        about(22.0, start.elapsed().as_secs_f64());
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_wait_are_let_through_together_whatever_lane_they_wait_in() {
        let limits = Limits::new(None);
        let start = Instant::now();
        tokio::time::sleep(Duration::from_millis(70)).await;
        let mut waiting = tokio::task::JoinSet::new();
        for (service, ceiling) in [("ec2", 8.0), ("iam", 5.0)] {
            limits.set_ceiling(service, ceiling);
            let lane = limits.lane("1", "eu-west-1", service);
            for _ in 0..30 {
                let lane = Arc::clone(&lane);
                waiting.spawn(async move {
                    lane.wait().await;
                    start.elapsed().as_millis()
                });
            }
        }
        let times = waiting.join_all().await;
        let waited = times.iter().filter(|time| **time > 400);
        assert!(waited.clone().count() > 40, "{times:?}");
        assert!(waited.clone().all(|time| time % 250 == 0), "{times:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttled_lane_has_nothing_saved() {
        let lane = Limits::new(Some(10.0)).lane("1", "eu-west-1", "ec2");
        lane.throttled();
        about(2.0, seconds(&lane, 14).await);
    }

    #[tokio::test(start_paused = true)]
    async fn throttling_slows_a_lane_and_success_speeds_it_up_to_its_ceiling() {
        let limits = Limits::new(Some(10.0));
        let lane = limits.lane("1", "eu-west-1", "ec2");
        for _ in 0..100 {
            lane.throttled();
        }
        assert_eq!(locked(&lane.state).rate, Some(SLOWEST));
        for _ in 0..1000 {
            lane.succeeded();
        }
        assert_eq!(locked(&lane.state).rate, Some(10.0));
        limits.set_ceiling("ec2", 3.0);
        assert_eq!(locked(&lane.state).rate, Some(3.0));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_ceiling_a_lane_is_free_until_it_is_throttled() {
        let lane = Limits::new(None).lane("1", "eu-west-1", "ec2");
        let start = Instant::now();
        for _ in 0..1000 {
            lane.wait().await;
        }
        assert_eq!(start.elapsed().as_millis(), 0);
        tokio::time::sleep(Duration::from_mins(1)).await;
        lane.throttled();
        about(1.0, seconds(&lane, 14).await);
    }
}
