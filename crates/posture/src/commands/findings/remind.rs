//! `posture findings remind`.

use std::io::Write as _;

use posture_hub::Hub;

use super::super::CommandError;
use super::super::state::StateArgument;
use super::people::PeopleArgument;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Tells owners of findings that are due soon or overdue, and then the contacts of escalation: each stage once, as an
/// event that rules send. `posture watch` and `posture worker` do so every minute.
#[derive(Debug, clap::Args)]
pub(crate) struct Remind {
    #[command(flatten)]
    people: PeopleArgument,
    #[command(flatten)]
    state: StateArgument,
}

impl Remind {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let people = self.people.people()?;
        self.state.place()?.with(|store| async move {
            let told = Hub::open(&store).await?.remind(&people).await?;
            let mut out = Sink::new(None)?;
            writeln!(out, "{told} told")?;
            out.finish()?;
            Ok(Outcome::Clean)
        })
    }
}
