//! AWS Config's configuration item.

mod envelope;
mod lookup;

use std::cell::RefCell;
use std::fmt;

use bumpalo::Bump;
use jiff::Timestamp;

use crate::tree::Node;
use crate::{ManagedBy, ReadLog, ResourceType, Source, Unread};

/// What AWS Config recorded of one resource at one time, borrowed from the text it was read from.
///
/// The shape is AWS Config's own (`ConfigurationItem` in its API reference). `configuration` and
/// the members of `supplementaryConfiguration` may be JSON in a string, once or twice, as the
/// APIs deliver them: reading goes through.
pub struct ConfigurationItem<'a> {
    pub(crate) arena: &'a Bump,
    pub(crate) root: Node<'a>,
    pub(crate) account_id: &'a str,
    pub(crate) aws_region: &'a str,
    pub(crate) type_name: &'a str,
    pub(crate) resource_type: Option<ResourceType>,
    pub(crate) resource_id: &'a str,
    pub(crate) resource_name: Option<&'a str>,
    pub(crate) arn: Option<&'a str>,
    pub(crate) capture_time: Option<Timestamp>,
    pub(crate) status: ItemStatus,
    pub(crate) configuration: Node<'a>,
    pub(crate) supplementary: Node<'a>,
    pub(crate) tags: &'a [Tag<'a>],
    pub(crate) relationships: &'a [Relationship<'a>],
    pub(crate) source: Source,
    pub(crate) unread: &'a [Unread<'a>],
    pub(crate) decoded: RefCell<Vec<(*const u8, Node<'a>)>>,
    pub(crate) log: Option<&'a ReadLog>,
}

/// `configurationItemStatus`, as AWS Config's API reference lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemStatus {
    /// Recorded.
    Ok,
    /// Found for the first time.
    ResourceDiscovered,
    /// Recording is off for this type.
    ResourceNotRecorded,
    /// Deleted.
    ResourceDeleted,
    /// Deleted while recording was off for this type.
    ResourceDeletedNotRecorded,
}

impl ItemStatus {
    /// Whether the resource is there.
    pub fn exists(self) -> bool {
        !matches!(
            self,
            ItemStatus::ResourceDeleted | ItemStatus::ResourceDeletedNotRecorded
        )
    }
}

/// A tag of a resource. Both parts are the resource owner's words: never trust them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The key.
    pub key: &'a str,
    /// The value; may be empty.
    pub value: &'a str,
}

/// How a resource stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relationship<'a> {
    /// The other's type, as AWS Config spells it.
    pub resource_type: &'a str,
    /// The other's id; empty where AWS Config knows the name only.
    pub resource_id: &'a str,
    /// The other's name; empty where AWS Config knows the id only.
    pub resource_name: &'a str,
    /// AWS Config's words, such as `Is contained in Vpc`.
    pub relationship_name: &'a str,
}

/// Why a JSON value is not a configuration item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemError {
    /// It is not an object.
    NotAnObject {
        /// What it is instead.
        found: &'static str,
    },
    /// A member that says which resource this is, is missing or not a string.
    Member {
        /// The member's name.
        name: &'static str,
    },
    /// A member holds JSON in a string, and that is broken.
    Nested {
        /// The member's name.
        name: &'static str,
        /// What is wrong.
        message: String,
    },
}

impl fmt::Display for ItemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ItemError::NotAnObject { found } => {
                write!(
                    f,
                    "expected a configuration item (an object), found {found}"
                )
            }
            ItemError::Member { name } => {
                write!(
                    f,
                    "expected a configuration item, but it has no string {name:?}"
                )
            }
            ItemError::Nested { name, message } => {
                write!(f, "the JSON text in {name:?} is broken: {message}")
            }
        }
    }
}

impl std::error::Error for ItemError {}

impl<'a> ConfigurationItem<'a> {
    /// The account's 12 digits.
    pub fn account_id(&self) -> &'a str {
        self.account_id
    }

    /// The Region; `global` for what has none.
    pub fn aws_region(&self) -> &'a str {
        self.aws_region
    }

    /// The type; none where it is one that this version doesn't know by name.
    pub fn resource_type(&self) -> Option<ResourceType> {
        self.resource_type
    }

    /// The type as the item spells it.
    pub fn type_name(&self) -> &'a str {
        self.type_name
    }

    /// The id, in the form that the type has.
    pub fn resource_id(&self) -> &'a str {
        self.resource_id
    }

    /// The name, where the type has one beside its id.
    pub fn resource_name(&self) -> Option<&'a str> {
        self.resource_name
    }

    /// The name, else the id.
    pub fn name(&self) -> &'a str {
        match self.resource_name {
            Some(name) if !name.is_empty() => name,
            _ => self.resource_id,
        }
    }

    /// The ARN, where the item has one.
    pub fn arn(&self) -> Option<&'a str> {
        self.arn
    }

    /// When this was captured.
    pub fn capture_time(&self) -> Option<Timestamp> {
        self.capture_time
    }

    /// Whether it is there, deleted, or not recorded.
    pub fn status(&self) -> ItemStatus {
        self.status
    }

    /// The tags, as delivered.
    pub fn tags(&self) -> &'a [Tag<'a>] {
        self.tags
    }

    /// The value of the tag with this key.
    pub fn tag(&self, key: &str) -> Option<&'a str> {
        self.tags
            .iter()
            .find(|tag| tag.key == key)
            .map(|tag| tag.value)
    }

    /// How this resource stands to others.
    pub fn relationships(&self) -> &'a [Relationship<'a>] {
        if let Some(log) = self.log {
            log.note("relationships");
        }
        self.relationships
    }

    /// Where the item came from.
    pub fn source(&self) -> Source {
        self.source
    }

    /// What of it was asked for and not read.
    pub fn unread(&self) -> &'a [Unread<'a>] {
        self.unread
    }

    /// The item as it was delivered.
    pub fn root(&self) -> Node<'a> {
        self.root
    }

    /// `configuration`, decoded.
    pub fn configuration(&self) -> Node<'a> {
        self.configuration
    }

    /// `supplementaryConfiguration`, decoded.
    pub fn supplementary_configuration(&self) -> Node<'a> {
        self.supplementary
    }

    /// Who made this resource, as far as the item shows.
    pub fn managed_by(&self) -> ManagedBy {
        ManagedBy::of(self)
    }

    /// The same item, with every read noted in `log`.
    #[must_use]
    pub fn with_read_log(mut self, log: &'a ReadLog) -> ConfigurationItem<'a> {
        self.log = Some(log);
        self
    }

    /// The same item, from another source.
    #[must_use]
    pub fn with_source(mut self, source: Source) -> ConfigurationItem<'a> {
        self.source = source;
        self
    }
}

impl fmt::Debug for ConfigurationItem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} ({} {})",
            self.type_name, self.resource_id, self.account_id, self.aws_region
        )
    }
}
