//! Counters against a count of everything.

use std::sync::Arc;

use posture_hub::Hub;
use posture_store::{Location, Store};

use crate::Outcome;

pub(crate) async fn run(state: &str) -> Outcome {
    #[expect(
        clippy::disallowed_methods,
        reason = "a process of its own, which has no clock to be given"
    )]
    let clock = Arc::new(jiff::Timestamp::now);
    let store = Store::open(&Location::read(state)?, clock).await?;
    let hub = Hub::open(&store).await?;
    let recount = hub.recount().await?;
    if let Some(first) = recount.wrong.first() {
        return Err(format!("{} counters are wrong; {first}", recount.wrong.len()).into());
    }
    println!("{} counters are right", recount.counters);
    Ok(())
}
