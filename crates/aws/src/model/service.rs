//! A service: its facts, its operations, its shapes.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer};

use super::load;
use super::operation::{Operation, Pagination};
use super::part::Part;
use super::shape::{Kind, Member, Shape};
use crate::endpoint::RuleSet;
use crate::error::ModelError;

/// The model of one service, kept for the life of the program. Of its operations and shapes those are decoded that are
/// asked for.
#[derive(Debug, Deserialize)]
pub struct Service {
    /// botocore's name, as in `elbv2`; what `aws elbv2 …` is called by.
    pub name: &'static str,
    /// AWS's `serviceId`, as in `Elastic Load Balancing v2`; `AWS_ENDPOINT_URL_<ID>` is made of it.
    pub id: &'static str,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// The name it is signed for, as in `elasticloadbalancing`.
    pub signing: &'static str,
    pub(crate) version: &'static str,
    #[serde(default)]
    pub(crate) target: &'static str,
    #[serde(default)]
    pub(crate) json: &'static str,
    /// Once spoke the query protocol and still gives its error codes.
    #[serde(default)]
    pub(crate) query_compatible: bool,
    /// Takes bearer tokens instead of signatures.
    #[serde(default)]
    pub(crate) bearer: bool,
    #[serde(deserialize_with = "named")]
    operations: Vec<(&'static str, Part<Operation>)>,
    shapes: Vec<Part<Shape>>,
    /// The numbers of those that are errors, found when one is first looked for.
    #[serde(skip)]
    errors: OnceLock<Vec<usize>>,
    #[serde(default)]
    pub(crate) endpoints: Option<RuleSet>,
}

/// A wire protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Protocol {
    /// Forms in, XML out.
    Query,
    /// EC2's dialect of it.
    Ec2,
    /// JSON in both directions, the operation in a header.
    Json,
    /// JSON bodies, HTTP bindings.
    RestJson,
    /// XML bodies, HTTP bindings.
    RestXml,
    /// Smithy's RPC with CBOR.
    SmithyRpcV2Cbor,
}

/// Operations and their names, which they begin with.
fn named<'de: 'static, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(&'static str, Part<Operation>)>, D::Error> {
    #[derive(Deserialize)]
    struct Name {
        name: &'static str,
    }
    let parts = Vec::<Part<Operation>>::deserialize(deserializer)?;
    let named = parts.into_iter().map(|part| {
        let Name { name } = serde_json::from_str(part.text()).map_err(serde::de::Error::custom)?;
        Ok((name, part))
    });
    named.collect()
}

/// What a reference out of range would get, were it not refused when an operation is decoded that reaches it.
static NOTHING: Shape = Shape {
    kind: Kind::Structure,
    members: Vec::new(),
    union: false,
    document: false,
    payload: None,
    error: None,
};

/// How operations call the token of a page: what they take, and what they give.
const TOKENS: [(&str, &str); 4] = [
    ("NextToken", "NextToken"),
    ("nextToken", "nextToken"),
    ("NextMarker", "NextMarker"),
    ("PageToken", "NextPageToken"),
];

impl Service {
    /// The service that botocore and the AWS CLI call `name`.
    ///
    /// # Errors
    /// When there is none; the error names the nearest.
    pub fn named(name: &str) -> Result<&'static Self, ModelError> {
        load::named(name)
    }

    /// All services' names, sorted.
    pub fn names() -> impl Iterator<Item = &'static str> {
        load::names()
    }

    /// The operation called `name`, in the API's spelling.
    ///
    /// # Errors
    /// When there is none; the error names the nearest. When the model is damaged in it, or in a shape that it reaches.
    pub fn operation(&self, name: &str) -> Result<&Operation, ModelError> {
        let found = self
            .operations
            .binary_search_by(|(known, _)| (*known).cmp(name));
        let found = found.ok().and_then(|index| self.operations.get(index));
        let Some((_, part)) = found else {
            let names = self.operation_names();
            return Err(ModelError::no_operation(self.name, name, names));
        };
        let decoded = part.decoded(|operation| {
            let ends = [&operation.input, &operation.output];
            let ends = ends.into_iter().flatten().map(Member::index);
            let mut reached = BTreeSet::new();
            for index in ends.chain(operation.errors.iter().copied()) {
                self.reach(index, &mut reached)?;
            }
            if operation.pages.is_none() {
                operation.pages = self.paged_by_token(operation);
            }
            Ok(())
        });
        decoded.map_err(|Damage(what)| ModelError::Corrupt {
            service: self.name.to_owned(),
            what: format!("{name}: {what}"),
        })
    }

    /// All operations' names, sorted.
    pub fn operation_names(&self) -> impl Iterator<Item = &'static str> {
        self.operations.iter().map(|(name, _)| *name)
    }

    /// Decodes a shape and all that it refers to.
    fn reach(&self, index: usize, reached: &mut BTreeSet<usize>) -> Result<(), Damage> {
        if !reached.insert(index) {
            return Ok(());
        }
        for member in &self.decoded(index)?.members {
            self.reach(member.index(), reached)?;
        }
        Ok(())
    }

    fn decoded(&self, index: usize) -> Result<&Shape, Damage> {
        let part = self.shapes.get(index);
        let part = part.ok_or_else(|| Damage(format!("there is no shape {index}")))?;
        part.decoded(|_| Ok(()))
    }

    pub(crate) fn shape(&self, member: &Member) -> &Shape {
        self.shape_at(member.index())
    }

    /// Every error that the service knows, and its number.
    pub(crate) fn errors(&self) -> impl Iterator<Item = (usize, &Shape)> {
        let found = self.errors.get_or_init(|| {
            let shapes = self.shapes.iter().enumerate();
            let errors = shapes.filter(|(_, part)| part.text().contains("\"error\":"));
            errors.map(|(index, _)| index).collect()
        });
        found.iter().map(|&index| (index, self.shape_at(index)))
    }

    pub(crate) fn shape_at(&self, index: usize) -> &Shape {
        self.decoded(index).unwrap_or(&NOTHING)
    }

    /// Reads a model, whose operations and shapes are read when they are asked for.
    pub(crate) fn decode(name: &str, text: &'static str) -> Result<Self, ModelError> {
        serde_json::from_str(text).map_err(|error| ModelError::Corrupt {
            service: name.to_owned(),
            what: error.to_string(),
        })
    }

    /// Pages of which botocore's paginators don't tell (Athena's `ListWorkGroups`, WAF's
    /// `ListWebACLs`, Service Catalog's `DescribePortfolioShares`): an operation that takes and gives
    /// a token. Its first page alone would be taken for all.
    fn paged_by_token(&self, operation: &Operation) -> Option<Pagination> {
        let input = self.shape(operation.input.as_ref()?);
        let output = self.shape(operation.output.as_ref()?);
        let mut tokens = TOKENS.into_iter();
        let (taken, given) = tokens.find(|(taken, given)| {
            input.member(taken).is_some() && output.member(given).is_some()
        })?;
        let lists = output.members.iter();
        let lists = lists.filter(|member| self.shape(member).kind == Kind::List);
        Some(Pagination {
            input: vec![taken],
            output: vec![given],
            results: lists.map(|member| member.name).collect(),
            limit: None,
            more: None,
        })
    }
}

/// What is wrong with a part of a model.
struct Damage(String);

impl From<serde_json::Error> for Damage {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}
