//! Counters against a count of everything.

use crate::Outcome;

pub(crate) async fn run(state: &str) -> Outcome {
    let hub = crate::hub(state).await?;
    let recount = hub.recount().await?;
    if let Some(first) = recount.wrong.first() {
        return Err(format!("{} counters are wrong; {first}", recount.wrong.len()).into());
    }
    println!("{} counters are right", recount.counters);
    Ok(())
}
