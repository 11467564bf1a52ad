//! The calls that remediation makes: an interface, and AWS behind it.

use std::future::Future;

use posture_aws::{Authorisation, CallError, Client};
use serde_json::Value;

/// Why a call has no output.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// The service's code, where it answered one.
    pub code: Option<String>,
    /// What went wrong, with service and operation.
    pub message: String,
    /// The IAM action that was denied.
    pub denied: Option<String>,
    /// Whether the call may have been carried out all the same: it was sent, and no answer says that it was refused.
    pub may_have_happened: bool,
}

impl From<CallError> for ApiError {
    fn from(error: CallError) -> ApiError {
        let message = error.to_string();
        let (code, denied) = match &error {
            CallError::Service { error, .. } => (
                Some(error.code.clone()),
                error.denied.as_ref().map(|denied| denied.action.clone()),
            ),
            _ => (None, None),
        };
        let may_have_happened = match &error {
            CallError::Unreachable { .. } | CallError::Reply { .. } => true,
            CallError::Service { error, .. } => error.status >= 500,
            _ => false,
        };
        ApiError {
            code,
            message,
            denied,
            may_have_happened,
        }
    }
}

/// Who makes calls.
pub trait Api: Send + Sync {
    /// Calls an operation that reads; all pages as one.
    fn read(
        &self,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> impl Future<Output = Result<Value, ApiError>> + Send;

    /// Calls an operation that may change something, which the authorisation has to name.
    fn mutate(
        &self,
        authorisation: &Authorisation,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> impl Future<Output = Result<Value, ApiError>> + Send;
}

/// AWS.
#[derive(Debug, Clone)]
pub struct Aws(pub Client);

impl Api for Aws {
    async fn read(&self, service: &str, operation: &str, input: &Value) -> Result<Value, ApiError> {
        let pages = self.0.pages(service, operation, input)?;
        Ok(pages.merged().await?)
    }

    async fn mutate(
        &self,
        authorisation: &Authorisation,
        service: &str,
        operation: &str,
        input: &Value,
    ) -> Result<Value, ApiError> {
        let client = &self.0;
        Ok(client
            .call_mutating(authorisation, service, operation, input)
            .await?)
    }
}
