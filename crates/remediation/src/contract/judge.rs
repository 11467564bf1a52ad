//! Whether the rule that asked is content: who says that records the resource anew and evaluates the rule.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use jiff::SignedDuration;

use super::plan::Plan;
use super::writer::Writer;
use super::{Remediation, Time};
use crate::api::Api;
use crate::error::RemediationError;
use crate::journal::{Entry, Journal};
use crate::safety::Verify;

/// A verdict that is being made.
pub type Judging<'j> = Pin<Box<dyn Future<Output = Verdict> + Send + 'j>>;

/// What a rule says of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// AWS Config's word: `COMPLIANT`, `NON_COMPLIANT`, `NOT_APPLICABLE` or `INSUFFICIENT_DATA`.
    pub compliance_type: String,
    /// Why, in words.
    pub reason: String,
}

/// Who records a resource anew and evaluates the rule that asked for its fix.
pub trait Judge: Debug + Send + Sync {
    /// What the rule says now. What could not be read or evaluated is `INSUFFICIENT_DATA`, with the reason. None of it
    /// changes anything in AWS.
    fn judge<'j>(&'j self, plan: &'j Plan) -> Judging<'j>;
}

impl Verdict {
    /// A verdict that could not be had.
    pub fn unknown(reason: String) -> Verdict {
        Verdict {
            compliance_type: "INSUFFICIENT_DATA".to_owned(),
            reason,
        }
    }

    /// Whether the rule has nothing against the resource any more.
    pub fn is_content(&self) -> bool {
        matches!(
            self.compliance_type.as_str(),
            "COMPLIANT" | "NOT_APPLICABLE"
        )
    }

    pub(super) fn is_failure(&self) -> bool {
        self.compliance_type == "NON_COMPLIANT"
    }

    /// In words, of a rule.
    pub(super) fn in_words(&self, rule: &str) -> String {
        let Verdict {
            compliance_type,
            reason,
        } = self;
        if self.is_content() || reason.is_empty() {
            return format!("{rule} says {compliance_type}");
        }
        format!("{rule} says {compliance_type}: {reason}")
    }
}

impl<A: Api, J: Journal, T: Time> Remediation<A, J, T> {
    /// Asks the rule until it says what is wanted, or for long enough: AWS's APIs are eventually consistent. The last
    /// answer is kept. Nothing where no rule asked, or nobody judges.
    pub(super) async fn judged(
        &self,
        plan: &Plan,
        verify: Verify,
        writer: &mut Writer<'_, J>,
        is_wanted: impl Fn(&Verdict) -> bool,
    ) -> Result<Option<Verdict>, RemediationError> {
        let (Some(judge), Some(failure)) = (&self.judge, &plan.failure) else {
            return Ok(None);
        };
        // The plan's hold outlasts this, and one more evaluation.
        let window = i64::from(verify.attempts) * i64::from(verify.seconds);
        let end = self.time.now() + SignedDuration::from_secs(window);
        let mut verdict = judge.judge(plan).await;
        for _ in 1..verify.attempts.max(1) {
            if is_wanted(&verdict) || self.time.now() >= end {
                break;
            }
            self.time.sleep(verify.seconds).await;
            verdict = judge.judge(plan).await;
        }
        let entry = Entry::Judged {
            rule: failure.rule_name.clone(),
            compliance_type: verdict.compliance_type.clone(),
            reason: verdict.reason.clone(),
        };
        writer.append(self.time.now(), &entry).await?;
        Ok(Some(verdict))
    }
}
