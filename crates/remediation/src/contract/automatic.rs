//! AWS Config's remediation configurations: failures of a rule, planned, and run where the configuration says so.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::plan::{RuleFailure, hex};
use super::state::{PlanState, Record};
use super::{Remediation, Report, Time};
use crate::api::Api;
use crate::error::RemediationError;
use crate::journal::{Entry, Journal, Past, PlanKey, RunOutcome};

/// How far back plans of a resource count.
const PAST: SignedDuration = SignedDuration::from_hours(24 * 90);

/// What AWS Config's `RemediationConfiguration` says (its API reference; defaults are AWS's).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemediationConfiguration {
    /// The managed rule whose failures are fixed.
    pub rule_name: String,
    /// The automation document.
    pub target_id: String,
    /// Whether it runs by itself. Only documents that are safe do.
    pub is_automatic: bool,
    /// The document's parameters.
    pub parameters: BTreeMap<String, ParameterValue>,
    /// Failed attempts after which there is a remediation exception: 1–25.
    pub maximum_automatic_attempts: u32,
    /// The seconds over which those attempts are spread: 1–2,678,000.
    pub retry_attempt_seconds: u32,
    /// Runs at the same time, in per cent of the failures of one pass, at most: 1–100.
    pub concurrent_execution_rate_percentage: u32,
    /// Failed runs, in per cent of those of one pass, at which the pass ends: 1–100.
    pub error_percentage: u32,
}

/// A value of a document's parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// `RESOURCE_ID`: the resource that fails.
    ResourceId,
    /// The same for every resource.
    Static(Vec<String>),
}

/// What became of a failure that a configuration is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// A remediation exception holds: a person has to look.
    Excepted,
    /// A plan waits for a person; this is why, where it would run by itself.
    Open {
        /// The plan.
        plan: String,
        /// What is against running it.
        reasons: Vec<String>,
        /// Whether it was made just now.
        is_new: bool,
    },
    /// A person refused the last plan, or undid it: a person plans again, or nobody.
    Declined(String),
    /// It failed, and is tried again at this time.
    Later(Timestamp),
    /// There is nothing to do: the recorded state is behind.
    AlreadyCompliant,
    /// It was run.
    Ran(String, Report),
}

/// A remediation exception, as AWS Config sets one after the last attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemediationException {
    /// Its id.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// The document.
    pub document: String,
    /// The account.
    pub account_id: String,
    /// The resource, as the document names it.
    pub resource_id: String,
    /// Why.
    pub message: String,
    /// Since when.
    pub since: Timestamp,
}

impl RemediationConfiguration {
    /// A static value of a parameter in an account: `{{ global:ACCOUNT_ID }}`, as automation documents write it, is
    /// that account, so that one configuration is for all.
    pub fn static_value(&self, name: &str, account_id: &str) -> Option<Vec<String>> {
        let Some(ParameterValue::Static(values)) = self.parameters.get(name) else {
            return None;
        };
        let spellings = ["{{ global:ACCOUNT_ID }}", "{{global:ACCOUNT_ID}}"];
        let filled = values.iter().map(|value| {
            let fill = |value: String, spelling: &&str| value.replace(spelling, account_id);
            spellings.iter().fold(value.clone(), fill)
        });
        Some(filled.collect())
    }

    /// How many runs are made at the same time where so many resources fail.
    pub fn concurrent_runs(&self, failing: usize) -> usize {
        (failing * self.concurrent_execution_rate_percentage as usize / 100).max(1)
    }

    /// What the document is given.
    fn arguments(&self, subject: Option<&str>, account_id: &str) -> BTreeMap<String, Value> {
        let value = |name: &str, value: &ParameterValue| match value {
            ParameterValue::ResourceId => subject.map(|subject| json!(subject)),
            ParameterValue::Static(_) => match self.static_value(name, account_id)?.as_slice() {
                [one] => Some(json!(one)),
                several => Some(json!(several)),
            },
        };
        let given = self.parameters.iter();
        given
            .filter_map(|(name, given)| Some((name.clone(), value(name, given)?)))
            .collect()
    }

    /// How long after a failed attempt the next one may come: all of them fit in the window.
    fn pause(&self) -> SignedDuration {
        let seconds = self.retry_attempt_seconds / self.maximum_automatic_attempts.max(1);
        SignedDuration::from_secs(i64::from(seconds))
    }
}

impl<A: Api, J: Journal, T: Time> Remediation<A, J, T> {
    /// Takes a failure on: plans its fix, where no plan is open, and runs it, where the configuration answers for it or
    /// people have approved it.
    ///
    /// # Errors
    /// Where it can't be planned, or what happens can't be kept.
    pub async fn take(
        &self,
        configuration: &RemediationConfiguration,
        failure: &RuleFailure,
        subject: Option<&str>,
        population: Option<u64>,
        by: &str,
    ) -> Result<Taken, RemediationError> {
        let key = self.exception_key(configuration, subject);
        let history = self.journal.entries(&key.plan_id).await?;
        if matches!(
            history.last().map(|past| &past.entry),
            Some(Entry::Excepted { .. })
        ) {
            return Ok(Taken::Excepted);
        }
        let since = history.last().map_or(Timestamp::MIN, |past| past.at);
        let records = self.records_of(&key).await?;
        let newest = records.last();
        match newest.map(|record| record.state) {
            Some(PlanState::Proposed) if self.is_expired(newest) => {}
            Some(
                PlanState::Proposed | PlanState::Running | PlanState::Waiting | PlanState::Undoing,
            ) => {
                return self.run_open(configuration, newest, population, by).await;
            }
            Some(
                PlanState::Denied | PlanState::Ended(RunOutcome::Undone | RunOutcome::UndonePartly),
            ) => {
                return Ok(Taken::Declined(plan_id(newest)));
            }
            Some(PlanState::Ended(RunOutcome::Unknown)) if ended_since(newest, since) => {
                let why = "nobody knows what the last run did: a person has to look";
                self.except(configuration, &key, history.len(), why).await?;
                return Ok(Taken::Excepted);
            }
            Some(PlanState::Ended(_)) | None => {}
        }
        let failed = failures(&records, since);
        if let Some(last) = failed.last() {
            if failed.len() >= configuration.maximum_automatic_attempts as usize {
                let why = format!("{} attempts failed: a person has to look", failed.len());
                self.except(configuration, &key, history.len(), &why)
                    .await?;
                return Ok(Taken::Excepted);
            }
            let again = *last + configuration.pause();
            if self.time.now() < again {
                return Ok(Taken::Later(again));
            }
        }
        let given = configuration.arguments(subject, &self.place.account_id);
        let planned = self.plan_for(
            &configuration.target_id,
            subject,
            &given,
            by,
            Some(failure.clone()),
        );
        let plan = planned.await?;
        if plan.already_compliant {
            return Ok(Taken::AlreadyCompliant);
        }
        let record = self.show(&plan.plan_id).await?;
        let taken = self
            .run_open(configuration, Some(&record), population, by)
            .await?;
        Ok(match taken {
            Taken::Open { plan, reasons, .. } => Taken::Open {
                plan,
                reasons,
                is_new: true,
            },
            taken => taken,
        })
    }

    /// Runs an open plan, where the configuration answers for it, or people have approved it.
    async fn run_open(
        &self,
        configuration: &RemediationConfiguration,
        record: Option<&Record>,
        population: Option<u64>,
        by: &str,
    ) -> Result<Taken, RemediationError> {
        let plan = plan_id(record);
        let open = |reasons| Taken::Open {
            plan: plan.clone(),
            reasons,
            is_new: false,
        };
        let is_at_rest = record
            .is_none_or(|record| matches!(record.state, PlanState::Waiting | PlanState::Undoing));
        let is_approved = record.is_some_and(|record| !record.approved_by.is_empty());
        if is_at_rest || !(configuration.is_automatic || is_approved) {
            return Ok(open(Vec::new()));
        }
        match self.run(&plan, by, population).await {
            Ok(report) => Ok(Taken::Ran(plan, report)),
            Err(RemediationError::Refused { reasons, .. }) => Ok(open(reasons)),
            Err(RemediationError::Journal(error)) if error.is_held() => {
                Ok(open(vec![error.to_string()]))
            }
            Err(error) => Err(error),
        }
    }

    /// The remediation exceptions that hold, by id.
    ///
    /// # Errors
    /// Where they can't be read.
    pub async fn exceptions(&self) -> Result<Vec<RemediationException>, RemediationError> {
        let mut held = BTreeMap::new();
        for past in self.journal.of_kind("Excepted", Timestamp::MIN).await? {
            let entries = self.journal.entries(&past.key.plan_id).await?;
            if let Some(Past {
                key,
                at,
                entry: Entry::Excepted { rule, message },
            }) = entries.last()
            {
                let exception = RemediationException {
                    id: key.plan_id.clone(),
                    rule: rule.clone(),
                    document: key.document.clone(),
                    account_id: key.account_id.clone(),
                    resource_id: key.resource_id.clone(),
                    message: message.clone(),
                    since: *at,
                };
                held.insert(key.plan_id.clone(), exception);
            }
        }
        Ok(held.into_values().collect())
    }

    /// Ends a remediation exception: the failure is taken on again, its attempts counted anew.
    ///
    /// # Errors
    /// Where there is none of this id, or not for them.
    pub async fn clear_exception(&self, id: &str, by: &str) -> Result<(), RemediationError> {
        self.check_person(id, by)?;
        let entries = self.journal.entries(id).await?;
        let Some(Past {
            key,
            entry: Entry::Excepted { .. },
            ..
        }) = entries.last()
        else {
            return Err(RemediationError::NoException { id: id.to_owned() });
        };
        let entry = Entry::ExceptionCleared { by: by.to_owned() };
        let now = self.time.now();
        Ok(self
            .journal
            .append(key, entries.len(), now, &entry, None)
            .await?)
    }

    async fn except(
        &self,
        configuration: &RemediationConfiguration,
        key: &PlanKey,
        place: usize,
        message: &str,
    ) -> Result<(), RemediationError> {
        let entry = Entry::Excepted {
            rule: configuration.rule_name.clone(),
            message: message.to_owned(),
        };
        let now = self.time.now();
        Ok(self.journal.append(key, place, now, &entry, None).await?)
    }

    fn exception_key(
        &self,
        configuration: &RemediationConfiguration,
        subject: Option<&str>,
    ) -> PlanKey {
        let account_id = self.place.account_id.clone();
        let resource_id = subject.unwrap_or(&account_id).to_owned();
        let (rule, document) = (&configuration.rule_name, &configuration.target_id);
        let about = json!([
            rule,
            document,
            account_id,
            self.place.aws_region,
            resource_id
        ]);
        let digest = hex(&Sha256::digest(about.to_string()));
        PlanKey {
            plan_id: format!("exception-{}", digest.get(..16).unwrap_or_default()),
            account_id,
            document: document.clone(),
            resource_id,
        }
    }

    /// The plans of a document on a resource here, the oldest first.
    async fn records_of(&self, key: &PlanKey) -> Result<Vec<Record>, RemediationError> {
        let since = self.time.now() - PAST;
        let mut records = Vec::new();
        for past in self.journal.of_kind("Planned", since).await? {
            let is_same = past.key.account_id == key.account_id
                && past.key.document == key.document
                && past.key.resource_id == key.resource_id;
            if is_same {
                let record = self.show(&past.key.plan_id).await?;
                if record.plan.aws_region == self.place.aws_region {
                    records.push(record);
                }
            }
        }
        Ok(records)
    }

    fn is_expired(&self, record: Option<&Record>) -> bool {
        record.is_none_or(|record| self.time.now() >= record.plan.expires_at)
    }
}

fn plan_id(record: Option<&Record>) -> String {
    record.map_or(String::new(), |record| record.plan.plan_id.clone())
}

fn ended_since(record: Option<&Record>, since: Timestamp) -> bool {
    let last = record.and_then(|record| record.entries.last());
    last.is_some_and(|past| past.at > since)
}

/// When attempts failed since a time, and since the last one that did not.
fn failures(records: &[Record], since: Timestamp) -> Vec<Timestamp> {
    let mut failed = Vec::new();
    for record in records {
        let Some(last) = record.entries.last().filter(|past| past.at > since) else {
            continue;
        };
        match record.state {
            PlanState::Ended(
                RunOutcome::Untouched | RunOutcome::RolledBack | RunOutcome::NonCompliant,
            ) => failed.push(last.at),
            PlanState::Ended(_) => failed.clear(),
            _ => {}
        }
    }
    failed
}
