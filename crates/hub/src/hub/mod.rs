//! The hub: findings in the state's database.

mod change;
pub(crate) mod clock_row;
mod content;
mod controls;
mod counts;
mod due;
mod explain;
mod prepare;
mod query;
mod recount;
mod refresh;
mod reminders;
mod rows;
mod scan;
mod settings;
mod sla;
mod statuses;
mod write;

use posture_content::standards::{self, Standards};
use posture_store::Store;
use posture_store::sql::Component;

pub use change::Selected;
pub use controls::{DisabledControl, StatusScope};
pub use explain::{Changed, ChangedBy, Explained};
pub use prepare::{CAPTURED, PrepareError, Prepared};
pub use query::{Found, ListOptions, PeopleFilter};
pub use recount::Recount;
pub use refresh::{Incident, ScoreRow};
pub use scan::{Check, ScanChanges};
pub use settings::Thresholds;
pub use write::{Imported, WriteOptions};

use crate::HubError;

/// The hub's tables.
const COMPONENT: Component = Component {
    table: "hub_migrations",
    migrations: &[
        include_str!("0001_findings.sql"),
        include_str!("0002_clock.sql"),
        include_str!("0003_controls.sql"),
        include_str!("0004_reminders.sql"),
        include_str!("0005_totals.sql"),
        include_str!("0006_counts_in_one_tree.sql"),
    ],
};

/// Arguments of a statement, each made a [`posture_store::sql::Value`].
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        vec![$(posture_store::sql::Value::from($value)),*]
    };
}
pub(crate) use args;

/// Findings, controls, scores. Cheap to clone; any number of processes may use one state.
#[derive(Debug, Clone)]
pub struct Hub {
    pub(crate) store: Store,
    pub(crate) standards: &'static Standards,
}

impl Hub {
    /// The hub of a state; its tables are made where there are none.
    ///
    /// # Errors
    /// Where the database fails, or is of a later version.
    pub async fn open(store: &Store) -> Result<Hub, HubError> {
        store.migrate(COMPONENT).await?;
        Ok(Hub {
            store: store.clone(),
            standards: standards::embedded()?,
        })
    }

    /// The standards and controls that it knows.
    pub fn standards(&self) -> &'static Standards {
        self.standards
    }

    /// The clock, as ASFF writes times.
    pub(crate) fn now_text(&self) -> String {
        rows::time(self.store.now())
    }
}
