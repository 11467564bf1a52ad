//! Making the calls.

use jiff::Timestamp;
use posture_aws::{CallError, Client, Pages, action_of};
use posture_model::CoverageState;
use posture_model::canonical::redact_reply;
use posture_recorder::Outcome;
use serde::Serialize;
use serde_json::{Value, json};

use super::call::ApiCall;
use super::input::{Each, Inputs, fixed, inputs};
use crate::error::AuditError;

/// Calls of one retrieval at most: of a listing with more rows the first ones are asked for, and the
/// retrieval is not complete.
const CALLS: usize = 2_000;

/// How often a report that AWS makes is asked for until it is there.
const REPORTS: usize = 20;
const REPORT_WAIT: std::time::Duration = std::time::Duration::from_millis(500);

/// Codes that say that there is nothing to read: that is an answer. Source: the operations' pages
/// in IAM's, Account Management's, Organizations' and Shield's API references.
const NOTHING: [(&str, &str); 5] = [
    ("account", "ResourceNotFoundException"),
    ("iam", "NoSuchEntity"),
    ("iam", "NoSuchEntityException"),
    ("organizations", "AWSOrganizationsNotInUseException"),
    ("shield", "ResourceNotFoundException"),
];

/// Where a retrieval asks, and as whom.
#[derive(Debug, Clone)]
pub struct RetrievalPlace {
    /// A client for it.
    pub client: Client,
    /// The account's 12 digits.
    pub account_id: String,
    /// The Region; `global` for what has none.
    pub aws_region: String,
    /// The ARN of who asks, as `GetCallerIdentity` says it; none where that was not answered.
    pub caller: Option<String>,
}

/// What came of a retrieval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RetrievalOutcome {
    /// Everything was read, be it nothing.
    Complete,
    /// A permission was missing.
    Denied,
    /// The service is not enabled there, or has no such operation.
    NotAvailable,
    /// Some of it was read, and not the rest.
    Partial,
    /// It was not answered, or with an error.
    Failed,
}

impl RetrievalOutcome {
    /// All of them.
    pub(crate) const ALL: [RetrievalOutcome; 5] = [
        RetrievalOutcome::Complete,
        RetrievalOutcome::Denied,
        RetrievalOutcome::NotAvailable,
        RetrievalOutcome::Partial,
        RetrievalOutcome::Failed,
    ];

    /// The word for outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            RetrievalOutcome::Complete => "complete",
            RetrievalOutcome::Denied => "denied",
            RetrievalOutcome::NotAvailable => "not-available",
            RetrievalOutcome::Partial => "partial",
            RetrievalOutcome::Failed => "failed",
        }
    }

    /// Whether it says how it is there.
    pub fn is_answer(self) -> bool {
        matches!(
            self,
            RetrievalOutcome::Complete | RetrievalOutcome::NotAvailable
        )
    }

    /// Whether another call soon may come to something else.
    pub(crate) fn may_change(self) -> bool {
        matches!(self, RetrievalOutcome::Partial | RetrievalOutcome::Failed)
    }
}

/// One call of a retrieval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallMade {
    /// What was asked with.
    pub parameters: Value,
    /// The ids that the service gave to the requests, a page each.
    pub request_ids: Vec<String>,
    /// Pages that were answered.
    pub pages: usize,
    /// Rows of the operation's lists in them; of an operation without one, its replies.
    pub rows: usize,
    /// What was answered instead, where something was.
    pub error: Option<String>,
}

/// A retrieval that was made.
#[derive(Debug, Clone)]
pub struct Retrieval {
    /// botocore's name of the service.
    pub service: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// The account.
    pub account_id: String,
    /// The Region; `global` for what has none.
    pub aws_region: String,
    /// Who asked.
    pub caller: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// What came of it.
    pub outcome: RetrievalOutcome,
    /// AWS's error code, where there was one.
    pub code: String,
    /// The IAM action that was missing.
    pub denied_action: Option<String>,
    /// The calls, in the order in which they were made.
    pub calls: Vec<CallMade>,
    /// Of each call its parameters and the pages of its reply, without secrets.
    pub reply: Value,
}

/// Makes the calls that an operation takes. What is not answered is a part of the result.
///
/// # Errors
/// Never for what AWS says: only where the call itself is none.
pub async fn retrieve(
    place: &RetrievalPlace,
    call: ApiCall,
    clock: &(dyn Fn() -> Timestamp + Sync),
) -> Result<Retrieval, AuditError> {
    let started_at = clock();
    let mut asking = Asking::new(place, call);
    match inputs(call.service(), call.operation()) {
        Inputs::None => asking.ask(json!({})).await?,
        Inputs::Fixed(texts) => {
            for input in fixed(texts) {
                asking.ask(input).await?;
            }
        }
        Inputs::Each(each) => {
            for input in Box::pin(asking.listed(each)).await? {
                asking.ask(input).await?;
            }
        }
    }
    Ok(asking.finish(started_at, clock()))
}

struct Asking<'p> {
    place: &'p RetrievalPlace,
    call: ApiCall,
    calls: Vec<CallMade>,
    replies: Vec<Value>,
    /// The first failure: what it means, AWS's code, and the IAM action.
    failure: Option<(RetrievalOutcome, String, Option<String>)>,
}

impl<'p> Asking<'p> {
    fn new(place: &'p RetrievalPlace, call: ApiCall) -> Asking<'p> {
        Asking {
            place,
            call,
            calls: Vec::new(),
            replies: Vec::new(),
            failure: None,
        }
    }

    /// Asks once, for all pages.
    async fn ask(&mut self, parameters: Value) -> Result<(), AuditError> {
        if self.calls.len() >= CALLS {
            self.fail(RetrievalOutcome::Partial, "TooManyRows".to_owned(), None);
            return Ok(());
        }
        let service = self.call.service();
        if (service, self.call.operation()) == ("iam", "GetCredentialReport")
            && let Err(error) = report(&self.place.client).await
        {
            self.failed(&error);
        }
        let client = &self.place.client;
        let mut pages = client
            .pages(service, self.call.operation(), &parameters)
            .map_err(|error| AuditError::ApiCall {
                name: self.call.to_string(),
                why: error.to_string(),
            })?;
        let mut made = CallMade {
            parameters,
            request_ids: Vec::new(),
            pages: 0,
            rows: 0,
            error: None,
        };
        let mut replies = Vec::new();
        while let Some(page) = pages.next().await {
            match page {
                Ok(mut page) => {
                    made.request_ids.extend(request_id(&pages));
                    made.pages += 1;
                    made.rows += self.rows(&page);
                    redact_reply(service, &mut page);
                    replies.push(page);
                }
                Err(error) => {
                    if let CallError::Service { error, .. } = &error {
                        made.request_ids.extend(error.request_id.clone());
                    }
                    made.error = Some(self.failed(&error));
                }
            }
        }
        self.replies
            .push(json!({ "parameters": made.parameters, "pages": replies }));
        self.calls.push(made);
        Ok(())
    }

    /// The inputs for the rows of another operation, which is asked for them.
    async fn listed(&mut self, each: Each) -> Result<Vec<Value>, AuditError> {
        let (service, operation) = each.of;
        let asked = match inputs(service, operation) {
            Inputs::None => vec![json!({})],
            Inputs::Fixed(texts) => fixed(texts),
            Inputs::Each(outer) => Box::pin(self.listed(outer)).await?,
        };
        let mut found = Vec::new();
        for input in asked {
            let pages = self.place.client.pages(service, operation, &input);
            let mut pages = pages.map_err(|error| AuditError::ApiCall {
                name: format!("{service}_{operation}"),
                why: error.to_string(),
            })?;
            while let Some(page) = pages.next().await {
                match page {
                    Ok(page) => found.extend(each.of_page(&input, &page)),
                    Err(error) => {
                        self.failed(&error);
                    }
                }
            }
        }
        Ok(found)
    }

    /// Notes a failure, where it is one; AWS's code for it.
    fn failed(&mut self, error: &CallError) -> String {
        let action = action_of(self.call.service, self.call.operation());
        let outcome = Outcome::of_error(error, action, &[]);
        if NOTHING.contains(&(self.call.service(), outcome.code.as_str())) {
            return outcome.code;
        }
        let kind = match outcome.state {
            CoverageState::Denied => RetrievalOutcome::Denied,
            CoverageState::Disabled | CoverageState::Unsupported => RetrievalOutcome::NotAvailable,
            _ => RetrievalOutcome::Failed,
        };
        let code = outcome.code.clone();
        let action = outcome.is_denied.then_some(outcome.action);
        self.fail(kind, outcome.code, action);
        code
    }

    fn fail(&mut self, kind: RetrievalOutcome, code: String, action: Option<String>) {
        self.failure.get_or_insert((kind, code, action));
    }

    fn rows(&self, page: &Value) -> usize {
        let length = |value: &Value| value.as_array().map(Vec::len);
        if let Some(pages) = &self.call.operation.pages {
            let inside = |path: &&str| {
                let found = path
                    .split('.')
                    .try_fold(page, |value, name| value.get(name));
                found.and_then(length)
            };
            return pages.results.iter().filter_map(inside).sum();
        }
        let lists: Vec<usize> = page
            .as_object()
            .into_iter()
            .flat_map(|members| members.values().filter_map(length))
            .collect();
        if lists.is_empty() {
            usize::from(page.as_object().is_some_and(|members| !members.is_empty()))
        } else {
            lists.iter().sum()
        }
    }

    fn finish(self, started_at: Timestamp, ended_at: Timestamp) -> Retrieval {
        let is_answered = self.calls.iter().any(|call| call.pages > 0);
        let (outcome, code, denied_action) = match self.failure {
            None => (RetrievalOutcome::Complete, String::new(), None),
            Some((_, code, action)) if is_answered => (RetrievalOutcome::Partial, code, action),
            Some(failure) => failure,
        };
        Retrieval {
            service: self.call.service(),
            operation: self.call.operation(),
            account_id: self.place.account_id.clone(),
            aws_region: self.place.aws_region.clone(),
            caller: self.place.caller.clone(),
            started_at,
            ended_at,
            outcome,
            code,
            denied_action,
            calls: self.calls,
            reply: Value::from(self.replies),
        }
    }
}

fn request_id(pages: &Pages) -> Option<String> {
    pages.request_id().map(str::to_owned)
}

/// Has IAM make its credential report, and waits until it is there: it is at most four hours old.
async fn report(client: &Client) -> Result<(), CallError> {
    for _ in 0..REPORTS {
        let answer = client
            .call("iam", "GenerateCredentialReport", &json!({}))
            .await?;
        if answer.get("State").and_then(Value::as_str) == Some("COMPLETE") {
            return Ok(());
        }
        tokio::time::sleep(REPORT_WAIT).await;
    }
    Ok(())
}
