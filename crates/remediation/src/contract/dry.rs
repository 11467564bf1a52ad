//! The host that makes plans: it reads, and writes down what would be changed.

use jiff::Timestamp;
use serde_json::Value;

use crate::api::{Api, ApiError};
use crate::document::Output;
use crate::run::{Answers, Halt, Host, ResolvedCall, StepRecord, is_unknown, run_script, unknown};

pub(super) struct DryHost<'a, A: Api> {
    pub(super) api: &'a A,
    pub(super) now: Timestamp,
    pub(super) may_run_scripts: bool,
    /// What would be called, in order.
    pub(super) calls: Vec<ResolvedCall>,
}

impl<A: Api> Host for DryHost<'_, A> {
    fn recall(&self, _: &str) -> Option<StepRecord> {
        None
    }

    async fn record(&mut self, _: &str, _: &StepRecord) -> Result<(), Halt> {
        Ok(())
    }

    /// After a change, what a read would answer is not known.
    async fn read(&mut self, call: &ResolvedCall) -> Result<Result<Option<Value>, ApiError>, Halt> {
        if !self.calls.is_empty() || is_unknown(&call.input) {
            return Ok(Ok(None));
        }
        let answer = self.api.read(&call.service, &call.api, &call.input).await;
        Ok(answer.map(Some))
    }

    async fn mutate(
        &mut self,
        _: &str,
        step: &str,
        call: &ResolvedCall,
        outputs: &[Output],
    ) -> Result<Result<Answers, ApiError>, Halt> {
        self.calls.push(call.clone());
        let told = outputs
            .iter()
            .map(|output| (output.name.clone(), unknown(step, &output.name)));
        Ok(Ok(told.collect()))
    }

    async fn script(
        &mut self,
        script: &str,
        handler: &str,
        payload: &Value,
        timeout_seconds: u32,
    ) -> Result<Result<Option<Value>, String>, Halt> {
        if !self.may_run_scripts {
            return Ok(Err(NO_SCRIPTS.to_owned()));
        }
        if is_unknown(payload) {
            return Ok(Ok(None));
        }
        let ran = run_script(script, handler, payload, timeout_seconds).await;
        Ok(ran.map(Some))
    }

    fn consent(&self, _: &str, _: u32) -> Option<bool> {
        Some(true)
    }

    async fn sleep(&mut self, _: u32) -> Result<(), Halt> {
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    async fn is_stopped(&mut self) -> Result<bool, Halt> {
        Ok(false)
    }
}

pub(super) const NO_SCRIPTS: &str = "its scripts may not run: allow remediation.scripts in posture.yaml, \
                                     or hand the document over to SSM";
