//! `posture remediate plan`.

use std::collections::BTreeMap;
use std::io::Write as _;

use posture_remediation::RuleFailure;
use serde_json::Value;

use super::super::{CommandError, ListFormat};
use super::code::CodeArguments;
use super::context::{Caller, Contract, content};
use super::target::{Target, document_of, failure_of, managed};
use super::{Where, show};
use crate::exit::Outcome;
use crate::sink::Sink;

/// What is to be planned.
pub(super) struct Wish {
    pub(super) document: Option<String>,
    pub(super) rule: Option<String>,
    pub(super) finding: Option<String>,
    pub(super) resource: Option<String>,
    pub(super) given: BTreeMap<String, Value>,
    pub(super) code: CodeArguments,
}

impl Wish {
    pub(super) fn plan(
        mut self,
        place: &Where,
        by: Option<String>,
        format: ListFormat,
    ) -> Result<Outcome, CommandError> {
        let content = content(place.config.as_deref())?;
        let mut target = None;
        if let Some(finding) = &self.finding {
            let found = Target::of_finding(&place.state, &content, finding)?;
            if self.document.is_none() {
                self.document = Some(found.document.clone());
            }
            self.resource = found.subject(&content)?;
            self.rule = Some(found.failure.rule_name.clone());
            target = Some(found);
        }
        let document = match (&self.document, &self.rule) {
            (Some(document), _) => document.clone(),
            (None, rule) => {
                let rule = managed(rule.as_deref().unwrap_or_default())?;
                document_of(&content, rule, "")?
            }
        };
        let role = self.given.get("AutomationAssumeRole");
        let caller = Caller::Asks {
            role: role.and_then(Value::as_str).map(str::to_owned),
            region: target.as_ref().map(|target| target.aws_region.clone()),
            rule: self.rule.clone(),
        };
        place.with(caller, |contract, who| async move {
            let failure = self.failure(&contract, target).await?;
            let (by, resource) = (by.unwrap_or(who), self.resource.as_deref());
            let plan = contract.plan_for(&document, resource, &self.given, &by, failure);
            let plan = plan.await?;
            let patch = self.code.patch_of(&contract, &plan).await?;
            if let (Some(path), Some(Ok(patch))) = (&self.code.patch, &patch) {
                let mut out = Sink::new(Some(path))?;
                out.write_all(patch.as_bytes())?;
                out.finish()?;
            }
            let shown = show::Shown {
                plan: &plan,
                is_left_to_code: plan.managed_by.is_some() && !contract.policy.allow_managed,
                patch: patch.as_ref(),
            };
            show::plan(&shown, format)
        })
    }

    /// The failure that the plan is to end, where a rule or a finding is named.
    async fn failure(
        &self,
        contract: &Contract,
        target: Option<Target>,
    ) -> Result<Option<RuleFailure>, CommandError> {
        let place = &contract.place;
        if let Some(target) = target {
            if target.account_id != place.account_id || target.aws_region != place.aws_region {
                return Err(CommandError::FindingElsewhere {
                    finding: self.finding.clone().unwrap_or_default(),
                    wanted: format!("{} {}", target.account_id, target.aws_region),
                    found: format!("{} {}", place.account_id, place.aws_region),
                });
            }
            return Ok(Some(target.failure));
        }
        let Some(rule) = &self.rule else {
            return Ok(None);
        };
        let store = &contract.journal.store;
        let (resource, account) = (self.resource.as_deref(), &place.account_id);
        let failure = failure_of(store, rule, resource, account, &place.aws_region);
        Ok(Some(failure.await?))
    }
}
