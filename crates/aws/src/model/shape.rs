//! Shapes, and the references between them.

use serde::Deserialize;

/// A reference to a shape, with the traits that hold at this place: a member of a structure, the element of a list,
/// the key or the value of a map, an operation's input or output.
#[derive(Debug, Deserialize)]
pub(crate) struct Member {
    /// The member's name in the API's language; empty for what has none.
    #[serde(default)]
    pub(crate) name: &'static str,
    shape: usize,
    /// The name on the wire, when it differs (botocore's `locationName`; of an output, its `resultWrapper`).
    #[serde(default)]
    pub(crate) wire: Option<&'static str>,
    #[serde(default)]
    pub(crate) required: bool,
    #[serde(default)]
    traits: Option<Box<Traits>>,
}

impl Member {
    /// The number of the shape that it refers to.
    pub(crate) const fn index(&self) -> usize {
        self.shape
    }

    /// A nameless reference without traits, as operations make to their errors.
    pub(crate) const fn to(shape: usize) -> Self {
        Self {
            name: "",
            shape,
            wire: None,
            required: false,
            traits: None,
        }
    }

    /// The name on the wire.
    pub(crate) fn wire_name(&self) -> &'static str {
        self.wire.unwrap_or(self.name)
    }

    pub(crate) fn traits(&self) -> &Traits {
        self.traits.as_deref().unwrap_or(&Traits::NONE)
    }
}

/// What few references have.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a trait of the model that is there or not"
)]
pub(crate) struct Traits {
    pub(crate) location: Option<Location>,
    pub(crate) flattened: bool,
    pub(crate) timestamp: Option<TimestampFormat>,
    pub(crate) namespace: Option<Namespace>,
    /// An attribute of the parent's XML element.
    pub(crate) attribute: bool,
    /// The name in EC2's query protocol.
    pub(crate) query: Option<&'static str>,
    /// A header that carries base64 of JSON.
    pub(crate) json: bool,
    /// Filled with a random UUID when the caller gives none.
    pub(crate) token: bool,
    /// Part of the host name.
    pub(crate) label: bool,
    pub(crate) stream: bool,
    /// A stream of events, which this client does not read.
    pub(crate) events: bool,
    /// The parameter of the endpoint rules that this member sets.
    pub(crate) context: Option<&'static str>,
    /// An IAM policy: URL-encoded JSON on the wire, the document itself in a reply.
    pub(crate) policy: bool,
    /// Route 53 answers `/hostedzone/Z1` and asks for `Z1`.
    pub(crate) last_segment: bool,
}

impl Traits {
    const NONE: Self = Self {
        location: None,
        flattened: false,
        timestamp: None,
        namespace: None,
        attribute: false,
        query: None,
        json: false,
        token: false,
        label: false,
        stream: false,
        events: false,
        context: None,
        policy: false,
        last_segment: false,
    };
}

impl Default for Traits {
    fn default() -> Self {
        Self::NONE
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Location {
    Uri,
    #[serde(rename = "querystring")]
    Query,
    Header,
    /// A map of headers with a common prefix.
    Headers,
    StatusCode,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TimestampFormat {
    Iso8601,
    UnixTimestamp,
    Rfc822,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Namespace {
    pub(crate) uri: &'static str,
    #[serde(default)]
    pub(crate) prefix: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Structure,
    List,
    Map,
    #[serde(alias = "character")]
    String,
    #[serde(alias = "biginteger")]
    Integer,
    Long,
    #[serde(alias = "bigdecimal")]
    Float,
    Double,
    Boolean,
    Blob,
    Timestamp,
}

impl Location {
    /// Whether an output's member is found there; one that a request binds to its path is in a reply's body.
    pub(crate) const fn is_in_replies(self) -> bool {
        matches!(self, Self::Header | Self::Headers | Self::StatusCode)
    }
}

impl Kind {
    /// What a caller gives for it in JSON.
    pub(crate) const fn in_words(self) -> &'static str {
        match self {
            Self::Structure => "an object",
            Self::List => "an array",
            Self::Map => "an object (map)",
            Self::String => "a string",
            Self::Integer | Self::Long => "a whole number",
            Self::Float | Self::Double => "a number",
            Self::Boolean => "true or false",
            Self::Blob => "a base64 string",
            Self::Timestamp => "an RFC 3339 string or a number of seconds",
        }
    }
}

/// A type of the model.
#[derive(Debug, Deserialize)]
pub(crate) struct Shape {
    pub(crate) kind: Kind,
    /// A structure's members; a list's element alone; a map's key and value.
    #[serde(default)]
    pub(crate) members: Vec<Member>,
    #[serde(default)]
    pub(crate) union: bool,
    /// Any JSON at all.
    #[serde(default)]
    pub(crate) document: bool,
    /// The member that is the whole body.
    #[serde(default)]
    pub(crate) payload: Option<&'static str>,
    #[serde(default)]
    pub(crate) error: Option<ErrorFacts>,
}

impl Shape {
    /// A structure's member by the API's name.
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The member that is the whole body, if the body is one member.
    pub(crate) fn payload_member(&self) -> Option<&Member> {
        self.payload.and_then(|name| self.member(name))
    }

    /// The element of a list, or the key of a map.
    pub(crate) fn first(&self) -> Option<&Member> {
        self.members.first()
    }

    /// The value of a map.
    pub(crate) fn second(&self) -> Option<&Member> {
        self.members.get(1)
    }
}

/// What makes a structure an error.
#[derive(Debug, Deserialize)]
pub(crate) struct ErrorFacts {
    name: &'static str,
    #[serde(default)]
    code: Option<&'static str>,
    #[serde(default)]
    pub(crate) retry: Option<RetryKind>,
}

impl ErrorFacts {
    /// Whether a service that answers `code` means this error.
    pub(crate) fn has_code(&self, code: &str) -> bool {
        self.code.unwrap_or(self.name) == code || self.name == code
    }
}

/// Why an error may go away by itself, where the model says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RetryKind {
    Throttling,
    Transient,
}
