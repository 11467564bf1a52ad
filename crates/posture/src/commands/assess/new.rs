//! `posture assess new`.

use std::borrow::Cow;
use std::io::Write as _;

use posture_audit::{Act, Frequency, Period, Person, Scope, TagFilter};

use super::super::CommandError;
use super::context::{By, Place, framework};
use crate::exit::Outcome;
use crate::sink::Sink;

/// Makes an assessment of a framework. Its evidence is what was recorded: nothing is copied.
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// Its name: letters, digits, `.`, `_` and `-`.
    name: String,
    /// The framework, or a file of your own; `posture frameworks list` names those that are built in.
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
    /// Only resources with this tag, `KEY=VALUE` or `KEY`; repeatable, and then they need every one. The
    /// account as a whole, which has no tags, is assessed all the same.
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// How often the API calls are made that the controls name.
    #[arg(long, value_enum, default_value = "daily", value_name = "HOW OFTEN")]
    api_calls: Often,
    /// Who answers for what nobody else answers for.
    #[arg(long, value_name = "NAME")]
    owner: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Place,
}

/// How often, at the command line.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Often {
    /// Once a day, in UTC.
    Daily,
    /// Once a week, from Monday on.
    Weekly,
    /// Once a month.
    Monthly,
    /// Only when `assess collect` asks.
    Never,
}

impl Often {
    fn frequency(self) -> Frequency {
        match self {
            Often::Daily => Frequency::Daily,
            Often::Weekly => Frequency::Weekly,
            Often::Monthly => Frequency::Monthly,
            Often::Never => Frequency::Never,
        }
    }
}

impl New {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let framework = framework(&self.framework)?;
        let tags: Result<Vec<TagFilter>, _> =
            self.tags.iter().map(|text| TagFilter::read(text)).collect();
        let act = Act::Created {
            scope: Scope {
                framework: framework.name.clone(),
                framework_version: framework.version.clone(),
                accounts: self.accounts,
                regions: self.regions,
                tags: tags?,
                api_calls: self.api_calls.frequency(),
                period: Period::read(&self.period)?,
            },
            owner: Person::named(&self.owner)?,
        };
        let by = self.by.person()?;
        let opened = self.place.open()?;
        let name = self.name;
        opened.with(|store| {
            let (name, opened, framework) = (&name, &opened, &framework);
            async move {
                if let Cow::Owned(own) = framework {
                    posture_audit::keep_framework(&store, own).await?;
                }
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
