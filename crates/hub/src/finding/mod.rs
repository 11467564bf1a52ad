//! A finding: what its provider says, and what those who work on it say, kept apart.

mod head;
mod identity;
mod layers;
mod lifecycle;
mod unread;
mod view;
mod words;

use serde_json::{Map, Value};

pub use head::FindingError;
pub(crate) use head::Head;
pub(crate) use head::severity;
pub(crate) use identity::{Hash, check_id, identity};
pub use layers::CustomerUpdate;
pub(crate) use layers::{CUSTOMER_ONLY, Layers, SHARED};
pub(crate) use lifecycle::{Standing, next};
pub(crate) use unread::{Unread, apart};
pub use view::Shown;
pub(crate) use view::normalised;
pub(crate) use view::{over, shown};
pub use words::{ComplianceStatus, RecordState, SeverityLabel, WorkflowStatus};

/// A JSON object.
pub type Object = Map<String, Value>;

/// A finding as it comes in: AWS Security Finding Format (ASFF).
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The finding, in ASFF's names.
    pub asff: Object,
    /// Members of it that stay as they came, beside those.
    pub(crate) unread: Unread,
    /// Who says so.
    pub origin: Origin,
    /// The exception of ours that suppresses it; only findings of our own scan can have one.
    pub exception: Option<String>,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The tool that found it, as through `BatchImportFindings`: of a finding that is known already,
    /// it can't say what belongs to those who work on it (note, workflow, verification, own fields).
    Provider,
    /// Security Hub, whose findings tell what people did there. What was done here wins.
    SecurityHub,
    /// A scan of ours.
    Scan,
}

impl Origin {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Origin::Provider => "provider",
            Origin::SecurityHub => "security-hub",
            Origin::Scan => "scan",
        }
    }
}

impl Finding {
    /// A finding of which everything is in this object.
    pub fn new(asff: Object, origin: Origin) -> Finding {
        Finding {
            asff,
            unread: Unread::default(),
            origin,
            exception: None,
        }
    }

    /// The same of a provider.
    pub fn of_provider(asff: Object) -> Finding {
        Finding::new(asff, Origin::Provider)
    }
}

/// A member of a member … as text.
pub(crate) fn text<'v>(object: &'v Object, path: &[&str]) -> Option<&'v str> {
    at(object, path)?.as_str()
}

/// A member of a member.
pub(crate) fn at<'v>(object: &'v Object, path: &[&str]) -> Option<&'v Value> {
    let (first, rest) = path.split_first()?;
    rest.iter()
        .try_fold(object.get(*first)?, |value, name| value.get(name))
}
