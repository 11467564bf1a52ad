//! How far a recording is, on the terminal.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use posture_aws::{Client, Counts};
use posture_recorder::{Progress, Reached};

use crate::logs;

/// How often it is drawn.
const DRAWN: Duration = Duration::from_millis(200);

/// Does work and draws how far it is, where stderr is a terminal.
pub(crate) async fn showing<T>(
    client: &Client,
    progress: &Arc<Progress>,
    work: impl Future<Output = T>,
) -> T {
    if !logs::shows_progress() {
        return work.await;
    }
    let bar = bar();
    let draw = || {
        let reached = progress.reached();
        bar.set_length(reached.planned as u64);
        bar.set_position(reached.done as u64);
        bar.set_message(words(reached, client.counts()));
    };
    let mut work = pin!(work);
    let done = loop {
        draw();
        tokio::select! {
            done = &mut work => break done,
            () = tokio::time::sleep(DRAWN) => {}
        }
    };
    bar.finish_and_clear();
    done
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = "{bar:30} {pos}/{len} listings, {msg}, {eta} left";
    match ProgressStyle::with_template(style) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn words(reached: Reached, counts: Counts) -> String {
    let plural = |count: usize, one: &str| {
        let s = if count == 1 { "" } else { "s" };
        format!("{count} {one}{s}")
    };
    let accounts = plural(reached.accounts, "account");
    let regions = plural(reached.regions, "Region");
    let calls = plural(usize::try_from(counts.calls).unwrap_or(usize::MAX), "call");
    let throttled = counts.throttled;
    format!("{accounts}, {regions}, {calls} ({throttled} throttled)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_was_asked_of_whom() {
        let reached = Reached {
            accounts: 1,
            regions: 17,
            planned: 400,
            done: 12,
        };
        let counts = Counts {
            calls: 1,
            throttled: 0,
        };
        let said = "1 account, 17 Regions, 1 call (0 throttled)";
        assert_eq!(words(reached, counts), said);
    }
}
