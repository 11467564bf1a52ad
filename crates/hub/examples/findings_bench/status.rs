//! From one changed finding to the status of every standard, in a process that runs already.

use std::time::{Duration, Instant};

use posture_content::standards;
use posture_hub::{Finding, StatusScope, WriteOptions};
use serde_json::Value;

use crate::Outcome;
use crate::make::Maker;

/// Rounds before the clock counts: connections are made, statements prepared.
const UNMEASURED: u64 = 3;

/// Later than anything that [`Maker`] says, so that each round is a later one.
const FIRST_ROUND: u64 = 1_000;

#[derive(Default)]
struct Times {
    stored: Vec<Duration>,
    scored: Vec<Duration>,
    shown: Vec<Duration>,
    scored_and_shown: Vec<Duration>,
}

pub(crate) async fn run(state: &str, findings: u64, rounds: u64) -> Outcome {
    let hub = crate::hub(state).await?;
    let maker = Maker::new(hub.standards());
    let names: Vec<String> = standards::embedded()?
        .standards()
        .iter()
        .map(|one| one.name.clone())
        .collect();
    let mut times = Times::default();
    for round in 0..UNMEASURED + rounds {
        // Another one of a control each time, so that nothing is known from the round before.
        let number = (0..findings)
            .map(|step| (round * 7_919 + step) % findings)
            .find(|number| {
                maker
                    .finding(*number, 0)
                    .pointer("/Compliance/SecurityControlId")
                    .is_some()
            })
            .unwrap_or_default();
        let Value::Object(asff) = maker.finding(number, FIRST_ROUND + round) else {
            return Err("a finding is an object".into());
        };
        let begin = Instant::now();
        let prepared = hub.prepare(Finding::of_provider(asff))?;
        let written = hub
            .write(vec![prepared], WriteOptions { has_events: true })
            .await?;
        let stored = Instant::now();
        hub.refresh_scores().await?;
        let scored = Instant::now();
        let status = hub.status(&names, &StatusScope::default()).await?;
        let shown = Instant::now();
        if written.updated != 1 || status.standards.len() != names.len() {
            return Err(format!(
                "round {round}: {written:?}, {} standards",
                status.standards.len()
            )
            .into());
        }
        if round >= UNMEASURED {
            times.stored.push(stored - begin);
            times.scored.push(scored - stored);
            times.shown.push(shown - scored);
            times.scored_and_shown.push(shown - stored);
        }
    }
    for (what, times) in [
        ("one change stored", times.stored),
        ("scores kept", times.scored),
        ("status of every standard", times.shown),
        ("scores and status", times.scored_and_shown),
    ] {
        report(what, times);
    }
    Ok(())
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| {
        let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(place).copied().unwrap_or_default().as_secs_f64() * 1000.0
    };
    println!(
        "{what}: p50 {:.1} ms, p90 {:.1} ms, max {:.1} ms",
        at(50),
        at(90),
        at(100)
    );
}
