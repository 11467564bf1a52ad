//! Waiting for what a process beside does.

use std::time::{Duration, Instant};

/// Waits until it holds, a minute at most.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        let is_late = start.elapsed() > Duration::from_mins(1);
        assert!(!is_late, "not within a minute: {what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}
