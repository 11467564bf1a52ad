//! What the interpreter asks of whoever runs it: a plan answers otherwise than a run.

use std::collections::BTreeMap;
use std::future::Future;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::ApiError;
use crate::document::Output;

/// What a step told, by name.
pub(crate) type Answers = BTreeMap<String, Value>;

/// A call with everything put in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ResolvedCall {
    pub(crate) service: String,
    pub(crate) api: String,
    pub(crate) input: Value,
}

impl ResolvedCall {
    /// As in `s3 PutBucketEncryption`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.service, self.api)
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StepState {
    /// It did what it should.
    Success,
    /// It did not.
    Failed,
}

/// A step that ended, so that it is never done again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepRecord {
    /// How it ended.
    pub state: StepState,
    /// What it told.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: Answers,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Why a run goes no further here, though no step failed.
#[derive(Debug)]
pub(crate) enum Halt {
    /// A call may have been carried out, and nobody knows.
    Doubt { path: String, why: String },
    /// A person is asked.
    Waiting { step: String },
    /// Somebody stopped all remediation.
    Stopped,
    /// A plan can't say which way the document goes.
    Undecidable { step: String },
    /// A call that is not in the plan.
    NotPlanned { call: String },
    /// What happened could not be kept, so nothing more may happen.
    Journal(crate::JournalError),
}

/// Who runs a document.
pub(crate) trait Host: Send {
    /// A step that ended in an earlier run.
    fn recall(&self, path: &str) -> Option<StepRecord>;

    /// Keeps that a step ended.
    fn record(
        &mut self,
        path: &str,
        record: &StepRecord,
    ) -> impl Future<Output = Result<(), Halt>> + Send;

    /// Makes a call that reads; nothing where the answer can't be known yet.
    fn read(
        &mut self,
        call: &ResolvedCall,
    ) -> impl Future<Output = Result<Result<Option<Value>, ApiError>, Halt>> + Send;

    /// Makes a call that may change something, and keeps what it told.
    fn mutate(
        &mut self,
        path: &str,
        step: &str,
        call: &ResolvedCall,
        outputs: &[Output],
    ) -> impl Future<Output = Result<Result<Answers, ApiError>, Halt>> + Send;

    /// Runs a function of a script; nothing where its input can't be known yet.
    fn script(
        &mut self,
        script: &str,
        handler: &str,
        payload: &Value,
        timeout_seconds: u32,
    ) -> impl Future<Output = Result<Result<Option<Value>, String>, Halt>> + Send;

    /// Whether persons agreed; nothing where they have not said yet.
    fn consent(&self, path: &str, minimum: u32) -> Option<bool>;

    /// Waits.
    fn sleep(&mut self, seconds: u32) -> impl Future<Output = Result<(), Halt>> + Send;

    /// What time it is.
    fn now(&self) -> Timestamp;

    /// Whether everything was stopped.
    fn is_stopped(&mut self) -> impl Future<Output = Result<bool, Halt>> + Send;
}

/// Stands for what will only be known after a call. It holds a character that no name, tag or policy of AWS can.
pub(crate) fn unknown(step: &str, output: &str) -> Value {
    Value::String(format!("\0known after {step}.{output}\0"))
}

/// Whether a value holds something that will only be known after a call.
pub(crate) fn is_unknown(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(elements) => elements.iter().any(is_unknown),
        Value::Object(members) => members.values().any(is_unknown),
        _ => false,
    }
}
