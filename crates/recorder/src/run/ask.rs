//! Asking: inputs from declarations, answers that are data whatever happens.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use posture_aws::{CallError, Client};
use posture_model::CoverageState;
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

use crate::coverage::Outcome;
use crate::declare::{Call, Param, Service};
use crate::plan::{action_for, model_of};
use crate::text::{About, values};

/// What a call came to: a reply, nothing there, or a failure.
pub(crate) type Answer = Result<Option<Arc<Value>>, Outcome>;

/// How often a report that was ordered is asked for, and how long between.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(500);

/// Region, model, operation, input, and whether the reply was read.
type Key = (String, &'static str, &'static str, String, bool);

/// Asks for one account.
#[derive(Debug)]
pub(crate) struct Asker {
    pub(crate) client: Client,
    pub(crate) account: String,
    pub(crate) partition: String,
    known: Mutex<HashMap<Key, Arc<OnceCell<Answer>>>>,
}

impl Asker {
    pub(crate) fn new(client: Client, account: String, partition: String) -> Asker {
        Asker {
            client,
            account,
            partition,
            known: Mutex::default(),
        }
    }

    /// The input of a call; none where it takes something that is not there.
    pub(crate) fn input(&self, call: &Call, about: &About<'_>) -> Option<Value> {
        let mut input = Map::new();
        for (name, param) in call.params {
            let value = match param {
                Param::Json(text) => serde_json::from_str(text).ok()?,
                Param::Item(text) => Value::String(about.text(text)?),
                Param::Items(text) => Value::Array(vec![Value::String(about.text(text)?)]),
                Param::Parent(path) => (*values(path, about.parent).first()?).clone(),
                Param::Account => Value::String(self.account.clone()),
                Param::Region => Value::String(about.region.to_owned()),
            };
            input.insert((*name).to_owned(), value);
        }
        Some(Value::Object(input))
    }

    /// Asks, all pages as one reply.
    pub(crate) async fn ask(
        &self,
        region: &str,
        service: &Service,
        call: &Call,
        input: &Value,
    ) -> Answer {
        let client = self.client.in_region(region);
        let model = model_of(service, call);
        for _ in 0..TRIES {
            let error = match merged(&client, model, call.operation, input).await {
                Ok(reply) => return Ok(Some(Arc::new(reply))),
                Err(error) => error,
            };
            let code = code_of(&error).unwrap_or_default().to_owned();
            if is_among(call.absent_on, &error) {
                return Ok(None);
            }
            let Some(prepare) = call.prepare.filter(|prepare| prepare.on.contains(&&*code)) else {
                return Err(self.failure(service, call, &error));
            };
            let ordered = client
                .call(model, prepare.operation, &Value::Object(Map::new()))
                .await;
            if let Err(error) = ordered {
                let order = crate::declare::call(prepare.operation);
                return Err(self.failure(service, &order, &error));
            }
            tokio::time::sleep(PAUSE).await;
        }
        let action = action_for(service, call);
        Err(Outcome::failed(
            CoverageState::Unreachable,
            &action,
            "NotReady",
        ))
    }

    /// The same, once for equal inputs.
    pub(crate) async fn ask_once(
        &self,
        region: &str,
        service: &Service,
        call: &Call,
        input: &Value,
    ) -> Answer {
        let cell = self.cell(region, service, call, input, false);
        let answer = cell.get_or_init(|| self.ask(region, service, call, input));
        answer.await.clone()
    }

    /// The same, the reply turned into what `read` makes of it, once.
    pub(crate) async fn ask_once_to_read(
        &self,
        region: &str,
        service: &Service,
        call: &Call,
        input: &Value,
        read: Option<fn(&Value) -> Value>,
    ) -> Answer {
        let Some(read) = read else {
            return self.ask_once(region, service, call, input).await;
        };
        let cell = self.cell(region, service, call, input, true);
        let answer = cell.get_or_init(|| async {
            let reply = self.ask_once(region, service, call, input).await?;
            Ok(reply.map(|reply| Arc::new(read(&reply))))
        });
        answer.await.clone()
    }

    fn cell(
        &self,
        region: &str,
        service: &Service,
        call: &Call,
        input: &Value,
        is_read: bool,
    ) -> Arc<OnceCell<Answer>> {
        let model = model_of(service, call);
        let key = (
            region.to_owned(),
            model,
            call.operation,
            input.to_string(),
            is_read,
        );
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key).or_default())
    }

    #[expect(clippy::unused_self, reason = "reads as a statement about who asked")]
    pub(crate) fn failure(&self, service: &Service, call: &Call, error: &CallError) -> Outcome {
        Outcome::of_error(error, action_for(service, call), call.disabled_on)
    }

    pub(crate) fn about<'a>(
        &'a self,
        entry: &'a Value,
        parent: &'a Value,
        region: &'a str,
    ) -> About<'a> {
        About {
            entry,
            parent,
            partition: &self.partition,
            region,
            account: &self.account,
        }
    }
}

async fn merged(
    client: &Client,
    model: &str,
    operation: &str,
    input: &Value,
) -> Result<Value, CallError> {
    client.pages(model, operation, input)?.merged().await
}

/// Whether a service answered with one of these errors: a code, or a code and a part of the
/// message, as in `AccessDeniedException: Macie is not enabled`.
pub(crate) fn is_among(errors: &[&str], error: &CallError) -> bool {
    let CallError::Service { error, .. } = error else {
        return false;
    };
    errors.iter().any(|known| match known.split_once(": ") {
        Some((code, part)) => error.code == code && error.message.contains(part),
        None => error.code == *known,
    })
}

/// The code of an error that a service answered.
pub(crate) fn code_of(error: &CallError) -> Option<&str> {
    match error {
        CallError::Service { error, .. } => Some(&error.code),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use posture_aws::ServiceError;

    use super::*;

    fn refused(message: &str) -> CallError {
        CallError::Service {
            service: "macie2",
            operation: "GetMacieSession".to_owned(),
            error: Box::new(ServiceError {
                code: "AccessDeniedException".to_owned(),
                message: message.to_owned(),
                status: 403,
                request_id: None,
                details: Value::Null,
                denied: None,
                retry: None,
                bucket_region: None,
            }),
        }
    }

    #[test]
    fn a_code_of_several_meanings_is_told_by_its_message() {
        // As Macie answered (`aws-api-recordings/macie2/GetMacieSession.json`).
        let off = refused("Macie is not enabled");
        let denied = refused("User: arn:aws:iam::123456789012:user/a is not authorized to perform");
        let known = ["AccessDeniedException: Macie is not enabled"];
        assert!(is_among(&known, &off));
        assert!(!is_among(&known, &denied));
        assert!(is_among(&["AccessDeniedException"], &denied));
        assert!(!is_among(&["ResourceNotFoundException"], &off));
    }
}
