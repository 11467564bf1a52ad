//! The contract on an AWS of two values, and whoever judges it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::SignedDuration;
use posture_remediation::{
    Content, Judge, Judging, Plan, PlanState, Policy, Remediation, RemediationError, Remedy,
    Report, RuleFailure, RunOutcome, Starts, Verdict,
};

use super::fake::Fake;
use super::{Clock, Faulty, Memory, place};

pub(crate) const DOCUMENT: &str = "schemaVersion: '0.3'
parameters:
  Group: {type: String}
  Days: {type: Integer, default: 30}
mainSteps:
  - name: Put
    action: aws:executeAwsApi
    inputs: {Service: logs, Api: PutRetentionPolicy, logGroupName: '{{ Group }}', retentionInDays: '{{ Days }}'}
";

pub(crate) const SAFETY: &str = "document: Own-Retention
safety: safe
effect: additive
because: It is a test.
blastRadius: {touches: resource, perAccountHour: 3, percent: 5}
reversible: 'yes'
resource: {type: 'AWS::Logs::LogGroup', parameter: Group, arn: 'arn:aws:logs:eu-west-1:123456789012:log-group:{{ Group }}'}
repeatable: [Put]
actions: ['logs:DescribeLogGroups', 'logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy', 'tag:GetResources']
verify: {attempts: 3, seconds: 2}
state:
  - name: Group
    read: {service: logs, api: DescribeLogGroups, inputs: {logGroupNamePrefix: '{{ Group }}'}}
    select: $.logGroups[0].logGroupName
    needed: true
  - name: Retention
    read: {service: logs, api: DescribeLogGroups, inputs: {logGroupNamePrefix: '{{ Group }}'}}
    select: $.logGroups[0].retentionInDays
    after: '{{ Days }}'
    restore: [{service: logs, api: PutRetentionPolicy, inputs: {logGroupName: '{{ Group }}', retentionInDays: '{{ before.Retention }}'}}]
    remove: [{service: logs, api: DeleteRetentionPolicy, inputs: {logGroupName: '{{ Group }}'}}]
";

pub(crate) struct Bench {
    pub(crate) api: Faulty<Fake>,
    pub(crate) memory: Memory,
    pub(crate) clock: Clock,
    pub(crate) policy: Policy,
    pub(crate) content: Content,
    pub(crate) judge: Option<Arc<dyn Judge>>,
}

pub(crate) type Contract<'t> = Remediation<&'t Faulty<Fake>, &'t Memory, &'t Clock>;

impl Bench {
    pub(crate) fn new() -> Bench {
        let mut content = Content::default();
        content.add(Remedy::parse("Own-Retention", DOCUMENT, SAFETY, true).unwrap());
        Bench {
            api: Faulty::new(Fake::with_groups(&["a", "b", "c", "d"])),
            memory: Memory::default(),
            clock: Clock::default(),
            policy: Policy::default(),
            content,
            judge: None,
        }
    }

    pub(crate) fn contract(&self) -> Contract<'_> {
        Remediation {
            api: &self.api,
            journal: &self.memory,
            time: &self.clock,
            content: self.content.clone(),
            policy: self.policy.clone(),
            judge: self.judge.clone(),
            starts: Starts::default(),
            place: place(),
        }
    }

    pub(crate) async fn plan(&self, group: &str) -> Plan {
        self.clock.forward(SignedDuration::from_secs(1));
        let none = BTreeMap::new();
        let contract = self.contract();
        let plan = contract.plan("Own-Retention", Some(group), &none, "anna");
        plan.await.unwrap()
    }

    pub(crate) async fn approved(&self, group: &str) -> Plan {
        let plan = self.plan(group).await;
        let contract = self.contract();
        contract.approve(&plan.plan_id, "berta").await.unwrap();
        plan
    }

    pub(crate) async fn run(&self, plan: &Plan) -> Result<Report, RemediationError> {
        self.contract().run(&plan.plan_id, "anna", None).await
    }

    pub(crate) async fn refusal(&self, plan: &Plan) -> String {
        match self.run(plan).await {
            Err(error) => error.to_string(),
            Ok(report) => format!("it ran: {report:?}"),
        }
    }
}

pub(crate) fn outcome(report: &Report) -> Option<RunOutcome> {
    match report.state {
        PlanState::Ended(outcome) => Some(outcome),
        _ => None,
    }
}

/// A rule that says one thing after the other, and its last word for ever.
#[derive(Debug)]
pub(crate) struct Says(Mutex<Vec<&'static str>>);

impl Says {
    pub(crate) fn words(words: &[&'static str]) -> Arc<dyn Judge> {
        let mut words = words.to_vec();
        words.reverse();
        Arc::new(Says(Mutex::new(words)))
    }
}

impl Judge for Says {
    fn judge<'j>(&'j self, _: &'j Plan) -> Judging<'j> {
        let mut words = self.0.lock().unwrap();
        let word = match words.len() {
            1 => words[0],
            _ => words.pop().unwrap(),
        };
        let verdict = Verdict {
            compliance_type: word.to_owned(),
            reason: "since it says so".to_owned(),
        };
        Box::pin(async move { verdict })
    }
}

/// The failure of a rule on a log group.
pub(crate) fn failure(group: &str) -> RuleFailure {
    RuleFailure {
        rule_name: "cw-loggroup-retention-period-check".to_owned(),
        aws_region: "eu-west-1".to_owned(),
        resource_type: "AWS::Logs::LogGroup".to_owned(),
        resource_id: group.to_owned(),
        arn: None,
        finding: None,
    }
}
