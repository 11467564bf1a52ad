//! Pages of a listing.

use serde_json::{Map, Value};

use super::Client;
use super::expression::{find, list_mut, remove};
use crate::error::CallError;
use crate::model::{Operation, Pagination, Service};

/// The pages of one listing; nothing is held of the pages that were given out.
///
/// A service that gives the same token twice would be asked for ever; that ends in an error, as in botocore.
#[derive(Debug)]
pub struct Pages {
    client: Client,
    service: &'static Service,
    operation: &'static Operation,
    input: Value,
    state: State,
    request_id: Option<String>,
}

#[derive(Debug)]
enum State {
    /// The tokens of the page that comes; none for the first.
    Next(Vec<Value>),
    Done,
}

impl Pages {
    pub(super) fn new(
        client: Client,
        service: &'static Service,
        operation: &'static Operation,
        input: Value,
    ) -> Self {
        Self {
            client,
            service,
            operation,
            input,
            state: State::Next(Vec::new()),
            request_id: None,
        }
    }

    /// The id that the service gave to the request of the last page; none where it gave none, or the
    /// last page was not given.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The next page, as the operation gave it; nothing after the last. An operation that is not paged has one page.
    /// After an error there is nothing more.
    ///
    /// # Errors
    /// As [`Client::call`], and when the service repeats a token.
    pub async fn next(&mut self) -> Option<Result<Value, CallError>> {
        let State::Next(tokens) = std::mem::replace(&mut self.state, State::Done) else {
            return None;
        };
        let input = self.input_with(&tokens);
        let page = self
            .client
            .invoke(self.service, self.operation, &input)
            .await;
        self.request_id = None;
        let page = match page {
            Ok(answered) => {
                self.request_id = answered.request_id;
                answered.output
            }
            Err(error) => return Some(Err(error)),
        };
        let next = self.operation.pages.as_ref().and_then(|p| after(p, &page));
        if let Some(next) = next {
            if next == tokens {
                return Some(Err(CallError::Reply {
                    service: self.service.name,
                    operation: self.operation.name.to_owned(),
                    error: crate::error::ReplyError::here("the same page token twice"),
                }));
            }
            self.state = State::Next(next);
        }
        Some(Ok(page))
    }

    /// All pages as one: the first, with the others' results added to its own, and without tokens.
    ///
    /// # Errors
    /// As [`Pages::next`]; what was read before is lost.
    pub async fn merged(mut self) -> Result<Value, CallError> {
        let mut whole = Value::Object(Map::new());
        let mut is_first = true;
        while let Some(page) = self.next().await {
            let page = page?;
            let Some(pages) = self.operation.pages.as_ref().filter(|_| !is_first) else {
                whole = page;
                is_first = false;
                continue;
            };
            for path in &pages.results {
                if let Some(more) = find(path, &page) {
                    add(&mut whole, path, more);
                }
            }
        }
        if let Some(pages) = &self.operation.pages {
            for path in pages.output.iter().chain(&pages.more) {
                // A token like `Contents[-1].Key` is no token but the last result.
                if !path.contains(['[', '|']) {
                    remove(path, &mut whole);
                }
            }
            if let Some((token, _)) = pages.output.first().and_then(|path| path.split_once("||")) {
                remove(token.trim(), &mut whole);
            }
        }
        Ok(whole)
    }

    fn input_with(&self, tokens: &[Value]) -> Value {
        let mut input = match &self.input {
            Value::Null => Value::Object(Map::new()),
            input => input.clone(),
        };
        if let (Some(pages), Some(input)) = (&self.operation.pages, input.as_object_mut()) {
            for (name, token) in pages.input.iter().zip(tokens) {
                if token.is_null() {
                    input.shift_remove(*name);
                } else {
                    input.insert((*name).to_owned(), token.clone());
                }
            }
        }
        input
    }
}

/// The tokens of the page after this one, in the order of the input's; nothing after the last.
fn after(pages: &Pagination, page: &Value) -> Option<Vec<Value>> {
    if let Some(more) = pages.more
        && find(more, page).is_none()
    {
        return None;
    }
    let tokens: Vec<Value> = pages
        .output
        .iter()
        .map(|path| find(path, page).cloned().unwrap_or_default())
        .collect();
    tokens
        .iter()
        .any(|token| !token.is_null())
        .then_some(tokens)
}

/// Adds a page's results to those of the pages before; what is no list is as the first page has it.
fn add(whole: &mut Value, path: &str, more: &Value) {
    match (list_mut(path, whole), more) {
        (Some(Value::Array(items)), Value::Array(more)) => items.extend(more.iter().cloned()),
        (Some(Value::Object(map)), Value::Object(more)) => {
            map.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        (Some(Value::String(text)), Value::String(more)) => text.push_str(more),
        (Some(Value::Number(sum)), Value::Number(more)) => {
            if let Some(total) = sum.as_i64().zip(more.as_i64()).map(|(a, b)| a + b) {
                *sum = total.into();
            }
        }
        (None | Some(Value::Null), more) if !path.contains('.') => {
            if let Some(whole) = whole.as_object_mut() {
                whole.insert(path.to_owned(), more.clone());
            }
        }
        _ => {}
    }
}
