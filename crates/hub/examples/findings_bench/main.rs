//! What `cargo xtask bench hub` runs in a process of its own.
//!
//! - `findings_bench make FINDINGS FILE [changed]`: ASFF as JSON Lines, the same bytes each time. With
//!   `changed` only each hundredth finding, as its provider tells of it later.
//! - `findings_bench status STATE FINDINGS ROUNDS`: one finding of a state that holds them changes, over
//!   and over; how long until it is stored, scores are kept, and every standard's status is there.
//! - `findings_bench recount STATE`: every counter against a count of all findings.

#![expect(clippy::print_stdout, reason = "its result")]

mod make;
mod numbers;
mod recount;
mod status;

use std::error::Error;
use std::sync::Arc;

use posture_hub::Hub;
use posture_store::{Location, Store};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The findings of a state.
async fn hub(state: &str) -> Outcome<Hub> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a process of its own, which has no clock to be given"
    )]
    let clock = Arc::new(jiff::Timestamp::now);
    let store = Store::open(&Location::read(state)?, clock).await?;
    Ok(Hub::open(&store).await?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["make", findings, file] => make::all(findings.parse()?, file),
        ["make", findings, file, "changed"] => make::changed(findings.parse()?, file),
        ["status", state, findings, rounds] => {
            status::run(state, findings.parse()?, rounds.parse()?).await
        }
        ["recount", state] => recount::run(state).await,
        _ => Err(
            "usage: findings_bench make FINDINGS FILE [changed] | status STATE FINDINGS ROUNDS \
                  | recount STATE"
                .into(),
        ),
    }
}
