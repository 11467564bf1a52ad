//! `posture assess new`.

use std::io::Write as _;

use posture_audit::{Act, Period, Person, Scope};

use super::super::CommandError;
use super::context::{By, Place, framework};
use crate::exit::Outcome;
use crate::sink::Sink;

/// Makes an assessment of a framework. Its evidence is what was recorded: nothing is copied.
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// Its name: letters, digits, `.`, `_` and `-`.
    name: String,
    /// The framework; `posture frameworks list` names them.
    #[arg(long, value_name = "NAME")]
    framework: String,
    /// The period: 2026-Q2, 2026-04, 2026 or 2026-04-01..2026-06-30, in UTC.
    #[arg(long, value_name = "PERIOD")]
    period: String,
    /// Only this account; repeatable. Default: all that are recorded.
    #[arg(long = "account", value_name = "ID")]
    accounts: Vec<String>,
    /// Only this Region, and what belongs to none; repeatable.
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
    /// Who answers for what nobody else answers for.
    #[arg(long, value_name = "NAME")]
    owner: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Place,
}

impl New {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let framework = framework(&self.framework)?;
        let act = Act::Created {
            scope: Scope {
                framework: framework.name.clone(),
                framework_version: framework.version.clone(),
                accounts: self.accounts,
                regions: self.regions,
                period: Period::read(&self.period)?,
            },
            owner: Person::named(&self.owner)?,
        };
        let by = self.by.person()?;
        let opened = self.place.open()?;
        let name = self.name;
        opened.with(|store| {
            let (name, opened) = (&name, &opened);
            async move {
                posture_audit::create(&store, name, by, act).await?;
                opened.publish(&store).await
            }
        })?;
        let mut out = Sink::new(None)?;
        writeln!(
            out,
            "{name}: {} controls of {}",
            framework.controls.len(),
            framework.title
        )?;
        out.finish()?;
        Ok(Outcome::Clean)
    }
}
