//! Verbs that do one thing to an assessment: `assign`, `delegate`, `comment`, `review`, `close`.

use posture_audit::{Act, ControlStatus, Person};

use super::super::CommandError;
use super::context::{By, Place};
use crate::exit::Outcome;

/// Gives a control, or a control set, an owner.
#[derive(Debug, clap::Args)]
pub(crate) struct Assign {
    /// The assessment.
    name: String,
    /// The control.
    #[arg(long, value_name = "ID", required_unless_present = "control_set")]
    control: Option<String>,
    /// The control set: all its controls that have no owner of their own.
    #[arg(long, value_name = "ID", conflicts_with = "control")]
    control_set: Option<String>,
    /// The owner: a person's name.
    #[arg(long, value_name = "NAME")]
    owner: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Place,
}

/// Hands a control set to somebody to review.
#[derive(Debug, clap::Args)]
pub(crate) struct Delegate {
    /// The assessment.
    name: String,
    /// The control set.
    #[arg(long, value_name = "ID")]
    control_set: String,
    /// To whom: a person's name.
    #[arg(long, value_name = "NAME")]
    to: String,
    /// What is asked.
    #[arg(long, default_value = "")]
    comment: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Place,
}

/// Says something of a control.
#[derive(Debug, clap::Args)]
pub(crate) struct Comment {
    /// The assessment.
    name: String,
    /// The control.
    #[arg(long, value_name = "ID")]
    control: String,
    /// What to say.
    text: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Place,
}

/// Sets a control's status: somebody looked at its evidence and stands by it.
#[derive(Debug, clap::Args)]
pub(crate) struct Review {
    /// The assessment.
    name: String,
    /// The control.
    #[arg(long, value_name = "ID")]
    control: String,
    /// The status.
    #[arg(long, value_enum, default_value = "reviewed")]
    status: Status,
    /// Why.
    #[arg(long, default_value = "")]
    comment: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Place,
}

/// Makes an assessment read only, for ever.
#[derive(Debug, clap::Args)]
pub(crate) struct Close {
    /// The assessment.
    name: String,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Place,
}

/// A control's status at the command line.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Status {
    /// Somebody looked at its evidence and stands by it.
    Reviewed,
    /// Nobody has finished with it.
    UnderReview,
    /// It is not assessed.
    Inactive,
}

impl Assign {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let owner = Person::named(&self.owner)?;
        let act = match (self.control, self.control_set) {
            (Some(control), _) => Act::Assigned { control, owner },
            (None, set) => Act::AssignedSet {
                control_set: set.unwrap_or_default(),
                owner,
            },
        };
        done(&self.name, &self.by, &self.place, act)
    }
}

impl Delegate {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let act = Act::Delegated {
            control_set: self.control_set,
            delegate: Person::named(&self.to)?,
            comment: self.comment,
        };
        done(&self.name, &self.by, &self.place, act)
    }
}

impl Comment {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let act = Act::Commented {
            control: self.control,
            text: self.text,
        };
        done(&self.name, &self.by, &self.place, act)
    }
}

impl Review {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let act = Act::Reviewed {
            control: self.control,
            status: match self.status {
                Status::Reviewed => ControlStatus::Reviewed,
                Status::UnderReview => ControlStatus::UnderReview,
                Status::Inactive => ControlStatus::Inactive,
            },
            comment: self.comment,
        };
        done(&self.name, &self.by, &self.place, act)
    }
}

impl Close {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        done(&self.name, &self.by, &self.place, Act::Closed)
    }
}

fn done(name: &str, by: &By, place: &Place, act: Act) -> Result<Outcome, CommandError> {
    let by = by.person()?;
    place.open()?.act(name, by, |_, _| Ok(act))?;
    Ok(Outcome::Clean)
}
