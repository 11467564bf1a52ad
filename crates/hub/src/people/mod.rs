//! The clock on people: since when a finding is open, who answers for it, and until when.

mod clock;
mod owners;
mod reminder;
mod report;
mod sla;

pub use clock::{Clock, ClosedAs};
pub(crate) use clock::{Seen, go_on};
pub use owners::{OwnerRule, Owners, Subject};
pub use reminder::{Reminder, Stage};
pub use report::{By, Durations, SlaRow};
pub(crate) use report::{Episode, report};
pub use sla::{Escalation, People, Sla, Standing};
