//! What can go wrong with state.

use posture_model::ItemError;
use posture_model::tree::SyntaxError;

/// Why state could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is not there, or is none.
    #[error("the state at {location} could not be opened")]
    Open {
        /// The file, or the URL without its password.
        location: String,
        /// What the database said.
        #[source]
        cause: sqlx::Error,
    },
    /// The place of the state can't be understood.
    #[error(
        "the state's place is {text:?}, expected a folder, a file ending in .db or postgres://…"
    )]
    Location {
        /// What was given, without a password.
        text: String,
    },
    /// A newer Posture wrote this database.
    #[error(
        "the state has version {found}, and this Posture knows versions up to {known}: use the newer one"
    )]
    Newer {
        /// The version found.
        found: i64,
        /// The latest that this code knows.
        known: i64,
    },
    /// The database refused a statement.
    #[error("the database refused a statement")]
    Database(#[from] sqlx::Error),
    /// A text is not JSON.
    #[error("expected a configuration item, found no JSON: {0}")]
    Syntax(#[from] SyntaxError),
    /// A JSON value is not an item.
    #[error(transparent)]
    Item(#[from] ItemError),
    /// An item says too little, or what no database can hold.
    #[error("{resource}: {problem}")]
    Unusable {
        /// The resource, as far as the item names it.
        resource: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// Bytes could not be compressed, or what is stored is not what was compressed.
    #[error("version {version} can't be read back; the database is damaged")]
    Damaged {
        /// Which version.
        version: i64,
        /// What failed.
        #[source]
        cause: std::io::Error,
    },
    /// Bytes could not be compressed.
    #[error("an item could not be compressed")]
    Compress(#[source] std::io::Error),
    /// The work is somebody else's now: nothing more of it is written.
    #[error("{name} is somebody else's work now: its lease was lost")]
    LeaseLost {
        /// The work.
        name: String,
    },
    /// Other workers changed the same rows again and again.
    #[error("other workers kept changing the same resources; try again")]
    Contended,
}
