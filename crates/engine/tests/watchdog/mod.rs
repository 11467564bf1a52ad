//! Runs something again and again, and says with which number it panicked or did not end.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Much longer than the slowest of these needs on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// Memory that no input of these sizes may need.
const MOST_MEMORY_KIB: u64 = 1 << 20;

pub(crate) fn repeat(times: u64, mut once: impl FnMut(u64) + Send + 'static) {
    let (begun, numbers) = channel();
    let worker = thread::spawn(move || {
        for number in 0..times {
            begun.send(number).unwrap();
            once(number);
        }
    });
    let mut last = None;
    loop {
        match numbers.recv_timeout(PATIENCE) {
            Ok(number) => last = Some(number),
            Err(RecvTimeoutError::Timeout) => panic!("input {last:?} takes longer than a minute"),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    assert!(worker.join().is_ok(), "input {last:?} panics");
    assert_eq!(last, times.checked_sub(1));
    // Linux says it; elsewhere nobody is asked.
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak: u64 = peak
            .and_then(|peak| peak.trim().strip_suffix(" kB"))
            .unwrap()
            .parse()
            .unwrap();
        assert!(peak < MOST_MEMORY_KIB, "{peak} KiB of memory");
    }
}
