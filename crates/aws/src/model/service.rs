//! A service: its facts, its operations, its shapes.

use serde::Deserialize;

use super::load;
use super::operation::{Operation, Pagination};
use super::shape::{Kind, Member, Shape};
use crate::endpoint::RuleSet;
use crate::error::ModelError;

/// The model of one service, decoded once and kept for the life of the program.
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
    operations: Vec<Operation>,
    shapes: Vec<Shape>,
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

/// What a reference out of range would get, were it not refused when the model is decoded.
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
    /// When there is none; the error names the nearest.
    pub fn operation(&self, name: &str) -> Result<&Operation, ModelError> {
        self.operations
            .binary_search_by(|operation| operation.name.cmp(name))
            .ok()
            .and_then(|index| self.operations.get(index))
            .ok_or_else(|| {
                let names = self.operations.iter().map(|operation| operation.name);
                ModelError::no_operation(self.name, name, names)
            })
    }

    /// All operations, sorted by name.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    pub(crate) fn shape(&self, member: &Member) -> &Shape {
        self.shape_at(member.index())
    }

    pub(crate) fn shapes(&self) -> impl Iterator<Item = &Shape> {
        self.shapes.iter()
    }

    pub(crate) fn shape_at(&self, index: usize) -> &Shape {
        self.shapes.get(index).unwrap_or(&NOTHING)
    }

    /// Decodes a model, and refuses one with a reference to a shape that is not there.
    pub(crate) fn decode(name: &str, text: &'static str) -> Result<Self, ModelError> {
        let corrupt = |what: String| ModelError::Corrupt {
            service: name.to_owned(),
            what,
        };
        let mut service: Self =
            serde_json::from_str(text).map_err(|error| corrupt(error.to_string()))?;
        let ends = service.operations.iter().flat_map(|operation| {
            let ends = [&operation.input, &operation.output];
            ends.into_iter().flatten().map(Member::index)
        });
        let members = service.shapes.iter().flat_map(|shape| &shape.members);
        let all = ends.chain(members.map(Member::index));
        if let Some(index) = all.into_iter().find(|&index| index >= service.shapes.len()) {
            return Err(corrupt(format!("there is no shape {index}")));
        }
        let found: Vec<Option<Pagination>> = service
            .operations
            .iter()
            .map(|operation| service.paged_by_token(operation))
            .collect();
        for (operation, found) in service.operations.iter_mut().zip(found) {
            operation.pages = operation.pages.take().or(found);
        }
        Ok(service)
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
