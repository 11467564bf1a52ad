//! Events a second on one core: `cargo xtask bench router`, which builds and runs this.
//!
//! 1,000 realistic patterns, event-ruler's own rules and events, its big event, and the slowest of its
//! scenarios of large arrays.

#![expect(
    clippy::print_stdout,
    clippy::panic,
    reason = "its output is its purpose"
)]

mod aws;
mod city_lots;
mod rate;
#[path = "../../tests/support/scenarios.rs"]
mod scenarios;

use std::time::Instant;

use aws::Dice;
use posture_router::{Pattern, PatternError, RuleSet};
use rate::report;
use serde_json::Value;

const PATTERNS: usize = 1_000;
const EVENTS: usize = 200;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut dice = Dice(42);
    let patterns: Vec<Value> = (0..PATTERNS).map(|_| aws::pattern(&mut dice)).collect();
    let rules = rule_set(&patterns)?;
    let start = Instant::now();
    let mut matcher = rules.matcher();
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    println!("automaton of {PATTERNS} patterns: {milliseconds:.1} ms");
    let texts: Vec<String> = (0..EVENTS)
        .map(|number| aws::event(&mut dice, number).to_string())
        .collect();
    report("1,000 patterns", &mut matcher, &texts)?;

    let texts: Vec<String> = (0..EVENTS)
        .map(|_| city_lots::event(&mut dice).to_string())
        .collect();
    for (kind, patterns) in city_lots::rules()? {
        let rules = rule_set(&patterns)?;
        report(&format!("lots, {kind}"), &mut rules.matcher(), &texts)?;
    }

    let folder = std::env::var("POSTURE_SHARED").unwrap_or_else(|_| "/work/shared".to_owned());
    let read = |name: &str| {
        std::fs::read_to_string(format!("{folder}/data/event-patterns/event-ruler/{name}"))
    };
    let (Ok(rule), Ok(big), Ok(scenarios)) = (
        read("bigEventRule.json"),
        read("bigEvent.json"),
        read("perf-scenarios.json"),
    ) else {
        println!("SKIPPED: event-ruler's own files; set POSTURE_SHARED to the shared folder");
        return Ok(());
    };
    let mut rules = RuleSet::new();
    rules.add("big", Pattern::parse(&rule)?);
    report("event-ruler's big event", &mut rules.matcher(), &[big])?;
    large_arrays(&serde_json::from_str(&scenarios)?)
}

fn rule_set(patterns: &[Value]) -> Result<RuleSet, PatternError> {
    let mut rules = RuleSet::new();
    for (index, pattern) in patterns.iter().enumerate() {
        let pattern = Pattern::parse(&pattern.to_string())?;
        rules.add(&format!("rule-{index:04}"), pattern);
    }
    Ok(rules)
}

/// event-ruler's scenarios, each at its largest size.
fn large_arrays(scenarios: &Value) -> Result<(), Box<dyn std::error::Error>> {
    for scenario in scenarios.as_array().into_iter().flatten() {
        let rules = rule_set(std::slice::from_ref(&scenario["rule"]))?;
        let generator = scenario["generator"].as_str().unwrap_or_default();
        let sizes = scenario["sizes"].as_array().into_iter().flatten();
        let size = sizes.filter_map(Value::as_u64).max().unwrap_or_default();
        let text = scenarios::generated(generator, size).to_string();
        let name = scenario["name"].as_str().unwrap_or_default();
        report(&format!("{name}, {size}"), &mut rules.matcher(), &[text])?;
    }
    Ok(())
}
