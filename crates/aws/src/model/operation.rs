//! Operations of a service.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::shape::Member;
use super::{Effect, Service, effect};

/// One operation: how it is sent, and what it takes and gives.
#[derive(Debug, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a trait of the model that is there or not"
)]
pub struct Operation {
    /// The name, as in `DescribeInstances`.
    pub name: &'static str,
    pub(crate) method: Method,
    pub(crate) uri: &'static str,
    #[serde(default)]
    pub(crate) input: Option<Member>,
    #[serde(default)]
    pub(crate) output: Option<Member>,
    #[serde(default)]
    pub(crate) errors: Vec<usize>,
    #[serde(default)]
    pub(crate) host_prefix: Option<&'static str>,
    /// Sent without a signature.
    #[serde(default)]
    pub(crate) unsigned: bool,
    /// Signed, but for its body.
    #[serde(default)]
    pub(crate) unsigned_body: bool,
    /// Wants a checksum of its body.
    #[serde(default)]
    pub(crate) checksum: bool,
    #[serde(default)]
    pub(crate) discovery: bool,
    /// Parameters of the endpoint rules that this operation sets.
    #[serde(default)]
    pub(crate) context: Map<String, Value>,
    /// How its pages are told apart; none when it answers all at once.
    #[serde(default)]
    pub pages: Option<Pagination>,
}

impl Operation {
    /// What a call does to the estate, by the closed rules of [`Effect`].
    pub fn effect(&self, service: &str) -> Effect {
        effect::of(service, self.name)
    }

    /// Whether its input or output is a stream of events.
    pub(crate) fn streams_events(&self, service: &Service) -> bool {
        let ends = [&self.input, &self.output];
        ends.into_iter().flatten().any(|end| {
            let mut members = service.shape(end).members.iter();
            members.any(|member| member.traits().events)
        })
    }
}

/// Tokens and lists of a paged operation, as expressions on its input and output (botocore's `paginators-1.json`).
#[derive(Debug, Deserialize)]
pub struct Pagination {
    /// Members of the input that take the tokens.
    pub input: Vec<&'static str>,
    /// Where in the output the tokens are; a token absent, null or empty ends the pages.
    pub output: Vec<&'static str>,
    /// Where in the output the listed things are.
    pub results: Vec<&'static str>,
    /// The member of the input that limits a page's size.
    #[serde(default)]
    pub limit: Option<&'static str>,
    /// Where in the output a flag says whether there is more.
    #[serde(default)]
    pub more: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}

impl Method {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }
}
