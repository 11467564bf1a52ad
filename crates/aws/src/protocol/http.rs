//! The HTTP side of a call, before there is an endpoint and after there is an answer.

use serde_json::Value;

use super::scalar;
use crate::model::{Method, Operation};
use crate::percent;

/// A request without host, signature or time.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Encoded, with a leading slash.
    pub(crate) path: String,
    /// The part of the query string that the model fixes, as in `list-type=2`; may be empty.
    pub(crate) fixed_query: &'static str,
    /// Not yet encoded.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// What goes before the endpoint's host, as in `ingest.`
    pub(crate) host_prefix: Option<String>,
}

impl Request {
    pub(super) fn new(operation: &Operation) -> Self {
        Self {
            method: operation.method,
            path: "/".to_owned(),
            fixed_query: "",
            query: Vec::new(),
            headers: Vec::new(),
            body: Vec::new(),
            host_prefix: None,
        }
    }

    /// Path and query string, encoded.
    pub(crate) fn target(&self) -> String {
        let pairs = self
            .query
            .iter()
            .map(|(key, value)| format!("{}={}", percent::encode(key), percent::encode(value)));
        let fixed = Some(self.fixed_query.to_owned()).filter(|fixed| !fixed.is_empty());
        let query: Vec<String> = fixed.into_iter().chain(pairs).collect();
        if query.is_empty() {
            return self.path.clone();
        }
        format!("{}?{}", self.path, query.join("&"))
    }

    pub(super) fn header(&mut self, name: &str, value: impl Into<String>) {
        self.headers.push((name.to_owned(), value.into()));
    }

    pub(super) fn has_header(&self, name: &str) -> bool {
        let same = |(known, _): &(String, String)| known.eq_ignore_ascii_case(name);
        self.headers.iter().any(same)
    }
}

/// A reply's headers, names in lower case.
#[derive(Debug, Default)]
pub(crate) struct Headers(Vec<(String, String)>);

impl Headers {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The id that the service gave to the request: S3 has a name of its own for it.
    pub(crate) fn request_id(&self) -> Option<&str> {
        self.get("x-amzn-requestid")
            .or_else(|| self.get("x-amz-request-id"))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<'h> FromIterator<(&'h str, &'h str)> for Headers {
    fn from_iter<T: IntoIterator<Item = (&'h str, &'h str)>>(pairs: T) -> Self {
        let lower = |(name, value): (&str, &str)| (name.to_ascii_lowercase(), value.to_owned());
        Self(pairs.into_iter().map(lower).collect())
    }
}

/// A reply, whole.
#[derive(Debug)]
pub(crate) struct Reply<'r> {
    pub(crate) status: u16,
    pub(crate) headers: &'r Headers,
    pub(crate) body: &'r [u8],
}

impl Reply<'_> {
    pub(crate) fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.body)
    }
}

/// `data-` or `{AccountId}.` filled in; that its labels are host labels was checked with the input.
pub(super) fn host_prefix(operation: &Operation, input: &Value) -> Option<String> {
    let template = operation.host_prefix?;
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        out.push_str(before);
        out.push_str(&scalar::plain(input.get(name)?));
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}
