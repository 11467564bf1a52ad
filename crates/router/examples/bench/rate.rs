//! Rates of one core.

use std::hint::black_box;
use std::time::{Duration, Instant};

use posture_model::tree::{self, Bump, Node, SyntaxError};
use posture_router::Matcher;

/// Inputs between two looks at the clock.
const FEW: usize = 200;
const DURATION: Duration = Duration::from_millis(1_500);

/// The time that this thread has run on a processor, so that others' work does not count (Linux); the
/// time of day elsewhere.
fn worked(start: Instant) -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// Runs rounds over all inputs until the time is up; inputs a second.
fn rate<T>(inputs: &[T], mut one: impl FnMut(&T) -> usize) -> f64 {
    let clock = Instant::now();
    let start = worked(clock);
    let mut count = 0_u32;
    // Reading the clock takes as long as some events.
    let rounds = (FEW / inputs.len()).max(1);
    while worked(clock).saturating_sub(start) < DURATION {
        for _ in 0..rounds {
            for input in inputs {
                black_box(one(input));
                count += 1;
            }
        }
    }
    f64::from(count) / worked(clock).saturating_sub(start).as_secs_f64()
}

/// Events a second, beside those that only become trees of nodes in the same time.
pub(crate) fn report(
    name: &str,
    matcher: &mut Matcher<'_>,
    texts: &[String],
) -> Result<(), SyntaxError> {
    let arena = Bump::new();
    let nodes: Vec<Node<'_>> = texts
        .iter()
        .map(|text| tree::parse(text.as_bytes(), &arena))
        .collect::<Result<_, _>>()?;
    let matched = nodes
        .iter()
        .filter(|node| !matcher.matching(**node).is_empty())
        .count();
    let mut arena = Bump::new();
    let trees = rate(texts, |text| {
        arena.reset();
        usize::from(tree::parse(text.as_bytes(), &arena).is_ok())
    });
    let parsed = rate(&nodes, |node| matcher.matching(*node).len());
    let bytes = rate(texts, |text| {
        matcher
            .matching_text(text.as_bytes())
            .map_or(0, <[&str]>::len)
    });
    let size = texts.iter().map(String::len).sum::<usize>() / texts.len();
    println!(
        "{name}: parsed {parsed:.0}/s, from bytes {bytes:.0}/s, sonic-rs alone {trees:.0}/s; \
         {} events of {size} bytes, {matched} match",
        texts.len(),
    );
    Ok(())
}
