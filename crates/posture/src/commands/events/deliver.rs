//! `posture events deliver`.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use posture_notify::{Delivered, Deliverer, Queue};

use super::super::CommandError;
use super::super::notifications::{client, deliverer};
use super::super::state::StateArgument;
use crate::config::Config;
use crate::exit::Outcome;
use crate::output::terminal::plain;
use crate::sink::Sink;

/// Sends what changed to where the rules of posture.yaml say, until nothing is due.
///
/// `posture watch` does the same all the time. Exits with 3 where something is to be tried again later,
/// or was given up.
#[derive(Debug, clap::Args)]
pub(crate) struct Deliver {
    #[command(flatten)]
    state: StateArgument,
    /// The configuration. Default: posture.yaml here, where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The profile of `~/.aws/config`. Default: `AWS_PROFILE`, or `default`.
    #[arg(long)]
    profile: Option<String>,
}

/// The longest that is waited for a target's pace.
const PACE: i64 = 10_000_000;

impl Deliver {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let routes = Config::load(self.config.as_deref())?.routes()?;
        if routes.is_empty() {
            return Err(CommandError::NoEventRules);
        }
        let (routed, all, waiting) = self.state.existing()?.with(|store| async move {
            let client = client(self.profile).await;
            let deliverer = deliverer(&store, Arc::new(routes), client).await?;
            let routed = deliverer.route().await?;
            let all = until_nothing_is_due(&deliverer, || store.now()).await?;
            let waiting = Queue::open(&store).await?.waiting_by_target().await?;
            Ok((routed, all, waiting))
        })?;
        let mut out = Sink::new(None)?;
        writeln!(
            out,
            "{routed} events routed, {} messages sent that tell of {} events",
            all.sent, all.events
        )?;
        out.finish()?;
        let mut stderr = io::stderr().lock();
        for (target, count) in &waiting {
            let target = plain(target);
            writeln!(stderr, "{count} messages wait for {target}")?;
        }
        if all.dead > 0 {
            let dead = all.dead;
            writeln!(
                stderr,
                "{dead} messages were given up: posture events dead-letters list"
            )?;
        }
        Ok(if waiting.is_empty() && all.dead == 0 {
            Outcome::Clean
        } else {
            Outcome::Incomplete
        })
    }
}

/// Rounds until nothing is due, or what is due is being put off.
async fn until_nothing_is_due(
    deliverer: &Deliverer,
    now: impl Fn() -> i64,
) -> Result<Delivered, CommandError> {
    let mut all = Delivered::default();
    loop {
        let round = deliverer.deliver().await?;
        all += round;
        if round.sent > 0 || round.dead > 0 {
            continue;
        }
        let Some(next) = deliverer.next_at().await? else {
            return Ok(all);
        };
        let wait = next - now();
        if round.put_off > 0 || wait > PACE {
            return Ok(all);
        }
        // A target's pace, or another worker.
        let wait = u64::try_from(wait).unwrap_or_default().max(100_000);
        tokio::time::sleep(Duration::from_micros(wait)).await;
    }
}
