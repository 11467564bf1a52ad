//! The leave to change a customer's resources.

use std::collections::BTreeSet;

use crate::denied::action_of;
use crate::error::CallError;
use crate::model::{Operation, Service};

/// The leave to make the calls of one plan. Without one no call that changes anything is sent.
///
/// It is made in one place of the workspace, `posture-remediation`'s contract, after the plan was authorised; a test
/// there searches for others.
#[derive(Debug)]
pub struct Authorisation {
    plan: String,
    actions: BTreeSet<String>,
}

impl Authorisation {
    /// The leave to make calls that need no other IAM actions than these, as in `s3:PutEncryptionConfiguration`.
    pub fn new(plan: &str, actions: BTreeSet<String>) -> Authorisation {
        Authorisation {
            plan: plan.to_owned(),
            actions,
        }
    }

    pub(crate) fn check(&self, service: &Service, operation: &Operation) -> Result<(), CallError> {
        let action = action_of(service, operation.name);
        if self.actions.contains(&action) {
            return Ok(());
        }
        Err(CallError::Unauthorised {
            action,
            plan: self.plan.clone(),
        })
    }
}
