//! What was seen of one resource at one time.

use jiff::Timestamp;
use posture_model::canonical::{CanonicalItem, canonical_item};
use posture_model::tree::{Bump, parse};
use posture_model::{ConfigurationItem, Source};
use sha2::{Digest as _, Sha256};

use crate::StoreError;
use crate::identity::{Identity, Scope};

/// The SHA-256 of a canonical item.
pub(crate) type Hash = [u8; 32];

/// What was seen of one resource at one time: its canonical item, or that it was gone.
#[derive(Debug, Clone)]
pub struct Observation {
    pub(crate) scope: Scope,
    pub(crate) identity: Identity,
    pub(crate) resource_id: String,
    pub(crate) resource_name: Option<String>,
    pub(crate) arn: Option<String>,
    /// Microseconds since 1970; none where the item has no capture time.
    pub(crate) captured_at: Option<i64>,
    /// None where it was gone.
    pub(crate) content: Option<Content>,
}

/// A canonical item and its hash.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) hash: Hash,
    pub(crate) item: CanonicalItem,
}

impl Observation {
    /// Reads a configuration item as JSON, in any of the forms in which AWS delivers it.
    ///
    /// # Errors
    /// Where the text is no item, or names no account, Region or resource.
    pub fn from_json(text: &[u8], arena: &Bump) -> Result<Observation, StoreError> {
        let root = parse(text, arena)?;
        let item = ConfigurationItem::from_node(root, Source::AwsConfig, arena)?;
        Observation::from_item(&item, arena)
    }

    /// Takes what an item says.
    ///
    /// # Errors
    /// Where it names no account, Region or resource, or holds some columns of an item only.
    pub fn from_item<'a>(
        item: &ConfigurationItem<'a>,
        arena: &'a Bump,
    ) -> Result<Observation, StoreError> {
        if let Some(problem) = problem(item) {
            return Err(StoreError::Unusable {
                resource: format!("{} {}", item.type_name(), item.resource_id()),
                problem,
            });
        }
        let scope = Scope::of(item);
        let content = item.status().exists().then(|| {
            let mut canonical = CanonicalItem::default();
            canonical_item(item, arena, &mut canonical);
            Content {
                hash: Sha256::digest(&canonical.text).into(),
                item: canonical,
            }
        });
        Ok(Observation {
            identity: scope.identity(item.resource_id()),
            scope,
            resource_id: item.resource_id().to_owned(),
            resource_name: item.resource_name().map(str::to_owned),
            arn: item.arn().map(str::to_owned),
            captured_at: item.capture_time().map(Timestamp::as_microsecond),
            content,
        })
    }

    /// The scope that the resource belongs to.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(crate) fn hash(&self) -> Option<Hash> {
        self.content.as_ref().map(|content| content.hash)
    }
}

/// What keeps an item out of history.
fn problem(item: &ConfigurationItem<'_>) -> Option<&'static str> {
    let texts = [
        item.account_id(),
        item.aws_region(),
        item.type_name(),
        item.resource_id(),
        item.resource_name().unwrap_or_default(),
        item.arn().unwrap_or_default(),
    ];
    if item.account_id().is_empty() {
        Some("the item says no account")
    } else if item.aws_region().is_empty() {
        Some("the item says no Region")
    } else if texts.iter().any(|text| text.contains('\0')) {
        Some("a name holds the character U+0000")
    } else {
        match item.source() {
            Source::AwsConfig | Source::Recorder => None,
            Source::AwsConfigQuery => Some("an answer to a query holds parts of items only"),
            Source::Seen => Some("the item itself was not delivered, only that it is there"),
        }
    }
}
