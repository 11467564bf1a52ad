//! What can go wrong with findings.

use posture_content::standards::StandardsError;
use posture_store::StoreError;
use posture_store::sql;

/// Why findings could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The state failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database refused a statement.
    #[error("the database refused a statement")]
    Database(#[from] sql::Error),
    /// What is stored of a finding can't be read back.
    #[error("finding {finding} can't be read back; the database is damaged")]
    Damaged {
        /// Its number.
        finding: i64,
        /// What failed.
        #[source]
        cause: std::io::Error,
    },
    /// A finding could not be compressed.
    #[error("a finding could not be compressed")]
    Compress(#[source] std::io::Error),
    /// The embedded standards are broken: a fault of this build.
    #[error(transparent)]
    Standards(#[from] &'static StandardsError),
    /// No standard has this name.
    #[error("no standard is named {name:?}; expected one of {known}")]
    UnknownStandard {
        /// As asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// No control has this id.
    #[error("there is no security control {id:?}")]
    UnknownControl {
        /// As asked for.
        id: String,
    },
    /// Filters that Security Hub would refuse.
    #[error("{0}")]
    Filter(#[from] crate::filter::FilterError),
    /// Automation rules that Security Hub would refuse.
    #[error("{}", .0.join("; "))]
    AutomationRules(Vec<String>),
    /// Thresholds that can't be.
    #[error(
        "thresholds are {seen}, expected 0 <= incident <= alert <= 100 and a hysteresis of 0 to 20"
    )]
    Thresholds {
        /// What was given.
        seen: String,
    },
    /// AWS was asked and did not answer as hoped.
    #[error(transparent)]
    Aws(#[from] posture_aws::CallError),
    /// What is written is no JSON of ours.
    #[error("a setting in the database can't be read")]
    Setting(#[source] serde_json::Error),
}
