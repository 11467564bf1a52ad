//! Audit Manager in one account and Region. Every call reads.

use posture_aws::{CallError, Client};
use serde_json::{Map, Value, json};

use crate::error::AuditError;

/// Audit Manager's name among the services.
const SERVICE: &str = "auditmanager";

/// The most that a page can hold (API reference, `MaxResults`).
const PAGE: i64 = 1000;

/// Codes after which every other call fails too: nobody is signed in any longer.
const SIGNED_OUT: [&str; 5] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "UnrecognizedClientException",
];

/// Audit Manager's code for what is not there.
const ABSENT: &str = "ResourceNotFoundException";

/// A call that Audit Manager refused or did not answer.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) call: &'static str,
    pub(super) why: String,
    /// What was asked for is not there.
    pub(super) is_absent: bool,
}

/// What a call gave, where it is worth going on after it failed.
pub(super) type Answer<T> = Result<Result<T, Refused>, AuditError>;

/// Audit Manager in one account and Region.
pub(super) struct Account {
    client: Client,
}

impl Account {
    pub(super) fn new(client: Client) -> Account {
        Account { client }
    }

    pub(super) fn aws_region(&self) -> &str {
        self.client.region()
    }

    /// What an operation answers.
    pub(super) async fn get(&self, call: &'static str, input: Value) -> Answer<Value> {
        judge(call, self.client.call(SERVICE, call, &input).await)
    }

    /// The elements of all pages. botocore describes no pages of this service, so they are followed
    /// here.
    pub(super) async fn list(
        &self,
        call: &'static str,
        input: Value,
        member: &str,
    ) -> Answer<Vec<Value>> {
        let mut all = Vec::new();
        let mut input: Map<String, Value> = input.as_object().cloned().unwrap_or_default();
        input.insert("maxResults".to_owned(), json!(PAGE));
        loop {
            let page = Value::Object(input.clone());
            let mut page = match self.get(call, page).await? {
                Ok(page) => page,
                Err(refused) => return Ok(Err(refused)),
            };
            if let Some(Value::Array(elements)) = page.get_mut(member) {
                all.append(elements);
            }
            let Some(next) = page.get("nextToken").filter(|next| !next.is_null()) else {
                return Ok(Ok(all));
            };
            if input.get("nextToken") == Some(next) {
                let why = "it gave the same page token twice".to_owned();
                return Ok(Err(Refused {
                    call,
                    why,
                    is_absent: false,
                }));
            }
            input.insert("nextToken".to_owned(), next.clone());
        }
    }
}

fn judge(call: &'static str, answer: Result<Value, CallError>) -> Answer<Value> {
    let error = match answer {
        Ok(answer) => return Ok(Ok(answer)),
        Err(error) => error,
    };
    match &error {
        CallError::Service { error: said, .. } if SIGNED_OUT.contains(&said.code.as_str()) => {
            Err(error.into())
        }
        CallError::Service { .. } | CallError::Unreachable { .. } | CallError::Reply { .. } => {
            let is_absent =
                matches!(&error, CallError::Service { error: said, .. } if said.code == ABSENT);
            Ok(Err(Refused {
                call,
                why: error.to_string(),
                is_absent,
            }))
        }
        _ => Err(error.into()),
    }
}
