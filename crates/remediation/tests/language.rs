//! Oracle: AWS's pages on automation documents (automation-actions.html, automation-branchdocs.html,
//! automation-action-loop.html): what each says a document does, done on an AWS of two values.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod support;

use std::collections::BTreeMap;

use posture_remediation::{
    Content, Document, PlanState, Policy, Record, Remediation, Remedy, Report, RunOutcome, Starts,
};
use serde_json::{Value, json};
use support::fake::Fake;
use support::{Clock, Fault, Faulty, Memory, place};

/// A document with these steps, run on the groups a, b and c.
struct Bench {
    api: Faulty<Fake>,
    memory: Memory,
    clock: Clock,
    content: Content,
}

type Contract<'t> = Remediation<&'t Faulty<Fake>, &'t Memory, &'t Clock>;

fn put(name: &str, group: &str, days: &str) -> Value {
    let days: Value = serde_json::from_str(days).unwrap_or_else(|_| json!(days));
    json!({ "name": name, "action": "aws:executeAwsApi", "inputs": {
        "Service": "logs", "Api": "PutRetentionPolicy", "logGroupName": group, "retentionInDays": days } })
}

fn with(mut step: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        step[name] = value.clone();
    }
    step
}

fn find(group: &str) -> Value {
    json!({ "name": format!("Find-{group}"), "action": "aws:executeAwsApi",
        "inputs": { "Service": "logs", "Api": "DescribeLogGroups", "logGroupNamePrefix": group },
        "outputs": [
            { "Name": "Name", "Selector": "$.logGroups[0].logGroupName", "Type": "String" },
            { "Name": "Days", "Selector": "$.logGroups[0].retentionInDays", "Type": "Integer" } ] })
}

fn document(steps: &Value) -> String {
    json!({ "schemaVersion": "0.3",
        "parameters": { "Groups": { "type": "StringList", "default": ["a", "b"] } },
        "variables": { "Days": { "type": "Integer", "default": 5 } },
        "mainSteps": steps })
    .to_string()
}

/// Compliant where `a` is kept for 9 days; nothing else is looked at.
const SAFETY: &str = "document: Own
safety: guarded
effect: additive
because: It is a test.
blastRadius: {touches: resource, perAccountHour: 100, percent: 100}
reversible: 'no'
note: It is a test.
resource: {type: 'AWS::Logs::LogGroup'}
actions: ['logs:DescribeLogGroups', 'logs:PutRetentionPolicy']
verify: {attempts: 1, seconds: 1}
state:
  - name: Retention
    read: {service: logs, api: DescribeLogGroups, inputs: {logGroupNamePrefix: a}}
    select: $.logGroups[0].retentionInDays
    after: 9
";

impl Bench {
    fn new(steps: &Value) -> Bench {
        let mut content = Content::default();
        content.add(Remedy::parse("Own", &document(steps), SAFETY, true).unwrap());
        Bench {
            api: Faulty::new(Fake::with_groups(&["a", "b", "c"])),
            memory: Memory::default(),
            clock: Clock::default(),
            content,
        }
    }

    fn contract(&self) -> Contract<'_> {
        Remediation {
            api: &self.api,
            journal: &self.memory,
            time: &self.clock,
            content: self.content.clone(),
            policy: Policy::default(),
            judge: None,
            starts: Starts::default(),
            place: place(),
        }
    }

    async fn approved(&self) -> Result<String, String> {
        let contract = self.contract();
        let plan = contract.plan("Own", None, &BTreeMap::new(), "anna").await;
        let plan = plan.map_err(|error| error.to_string())?.plan_id;
        contract.approve(&plan, "berta").await.unwrap();
        Ok(plan)
    }

    async fn run(&self, plan: &str) -> Report {
        self.contract().run(plan, "anna", None).await.unwrap()
    }

    async fn record(&self, plan: &str) -> Record {
        self.contract().show(plan).await.unwrap()
    }

    fn days(&self) -> [i64; 3] {
        ["a", "b", "c"].map(|name| self.api.inner.retention_of(name))
    }
}

/// Plans, approves, runs, and gives what the groups are kept for.
async fn ran(steps: &Value) -> (RunOutcome, [i64; 3]) {
    let bench = Bench::new(steps);
    let plan = bench.approved().await.unwrap();
    match bench.run(&plan).await.state {
        PlanState::Ended(outcome) => (outcome, bench.days()),
        state => panic!("{state:?}"),
    }
}

#[tokio::test]
async fn a_branch_goes_where_its_first_true_choice_says() {
    let steps = json!([
        find("a"),
        { "name": "Choose", "action": "aws:branch", "inputs": { "Choices": [
            { "NextStep": "No", "Variable": "{{ Find-a.Name }}", "StringEquals": "b" },
            { "NextStep": "Yes", "And": [
                { "Variable": "{{ Find-a.Name }}", "StartsWith": "a" },
                { "Not": { "Variable": "{{ variable:Days }}", "NumericGreater": 5 } },
                { "Or": [ { "Variable": "{{ Find-a.Name }}", "Contains": "z" },
                          { "Variable": "{{ Groups }}", "Contains": "b" } ] } ] } ],
            "Default": "No" } },
        with(put("No", "b", "1"), &json!({ "isEnd": true })),
        put("Yes", "a", "9"),
        with(put("End", "c", "2"), &json!({ "isEnd": true })),
        put("Never", "b", "7"),
    ]);
    assert_eq!(ran(&steps).await, (RunOutcome::Succeeded, [9, 0, 2]));
}

#[tokio::test]
async fn loops_go_over_lists_and_while_conditions_hold() {
    let steps = json!([
        { "name": "Each", "action": "aws:loop", "inputs": { "Iterators": "{{ Groups }}", "IteratorDataType": "String",
            "Steps": [ put("Put", "{{ Each.CurrentIteratorValue }}", "9") ] } },
        { "name": "Count", "action": "aws:loop", "inputs": { "MaxIterations": 10, "Steps": [
            { "name": "Set", "action": "aws:updateVariable",
              "inputs": { "Name": "variable:Days", "Value": "{{ Count.CurrentIteration }}" } } ],
            "LoopCondition": { "Variable": "{{ variable:Days }}", "NumericLesser": 4 } } },
        put("Last", "c", "{{ variable:Days }}"),
    ]);
    assert_eq!(ran(&steps).await, (RunOutcome::Succeeded, [9, 9, 4]));
}

#[tokio::test]
async fn failures_abort_continue_or_jump_as_the_step_says() {
    let failing = json!({ "name": "Fail", "action": "aws:assertAwsResourceProperty", "inputs": {
        "Service": "logs", "Api": "DescribeLogGroups", "logGroupNamePrefix": "a",
        "PropertySelector": "$.logGroups[0].logGroupName", "DesiredValues": ["b"] } });
    let jump = json!([
        with(
            failing.clone(),
            &json!({ "onFailure": "step:Rescue", "isCritical": false, "maxAttempts": 2 })
        ),
        put("Skipped", "b", "1"),
        put("Rescue", "a", "9"),
    ]);
    assert_eq!(ran(&jump).await, (RunOutcome::Succeeded, [9, 0, 0]));
    let go_on = json!([
        with(failing.clone(), &json!({ "onFailure": "Continue" })),
        put("Put", "a", "9")
    ]);
    assert_eq!(ran(&go_on).await, (RunOutcome::Succeeded, [9, 0, 0]));
    // A plan tells of a failure before anything is changed.
    let bench = Bench::new(&json!([failing, put("Put", "a", "9")]));
    assert_eq!(
        bench.approved().await.unwrap_err(),
        "Own would stop at Fail: logs DescribeLogGroups: $.logGroups[0].logGroupName is \"a\", expected one of [\"b\"]"
    );
}

#[tokio::test]
async fn a_call_that_fails_is_tried_as_often_as_the_step_says() {
    let steps = json!([with(put("Put", "a", "9"), &json!({ "maxAttempts": 3 }))]);
    let bench = Bench::new(&steps);
    let plan = bench.approved().await.unwrap();
    bench.api.fail(1, Fault::Denied);
    let report = bench.run(&plan).await;
    assert_eq!(report.state, PlanState::Ended(RunOutcome::Succeeded));
}

#[tokio::test]
async fn documents_execute_documents_and_their_calls_are_in_the_plan() {
    let mut bench = Bench::new(&json!([
        { "name": "Other", "action": "aws:executeAutomation", "inputs": {
            "DocumentName": "Inner", "RuntimeParameters": { "Group": ["a"] } } } ]));
    let inner = json!({ "schemaVersion": "0.3", "parameters": { "Group": { "type": "String" } },
        "mainSteps": [put("Put", "{{ Group }}", "9")] });
    let safety = SAFETY.replace("document: Own", "document: Inner");
    let inner = Remedy::parse("Inner", &inner.to_string(), &safety, true).unwrap();
    bench.content.add(inner);
    let plan = bench.approved().await.unwrap();
    let record = bench.record(&plan).await;
    assert_eq!(record.plan.calls[0].input["logGroupName"], "a");
    assert_eq!(
        bench.run(&plan).await.state,
        PlanState::Ended(RunOutcome::Succeeded)
    );
}

#[tokio::test]
async fn a_step_waits_for_an_answer_and_the_run_goes_on_with_it() {
    let steps = json!([
        put("First", "b", "1"),
        { "name": "Ask", "action": "aws:approve", "inputs": {
            "Approvers": ["carl", "dora"], "MinRequiredApprovals": 2, "Message": "Really?" } },
        put("Second", "a", "9"),
    ]);
    let bench = Bench::new(&steps);
    let plan = bench.approved().await.unwrap();
    assert_eq!(bench.run(&plan).await.state, PlanState::Waiting);
    let contract = bench.contract();
    contract.answer(&plan, "carl", true).await.unwrap();
    assert_eq!(bench.run(&plan).await.state, PlanState::Waiting);
    contract.answer(&plan, "dora", true).await.unwrap();
    let report = bench.run(&plan).await;
    assert_eq!(report.state, PlanState::Ended(RunOutcome::Succeeded));
    // The first step was done once, though the run began three times.
    assert_eq!(bench.api.made().len(), 2, "{:?}", bench.api.made());
}

#[tokio::test]
async fn scripts_compute_without_anything_of_ours() {
    let script = |text: &str| {
        json!({ "name": "Compute", "action": "aws:executeScript", "timeoutSeconds": 5, "inputs": {
            "Runtime": "python3.11", "Handler": "main", "Script": text,
            "InputPayload": { "Groups": "{{ Groups }}" } },
            "outputs": [{ "Name": "Days", "Selector": "$.Payload.Days", "Type": "Integer" }] })
    };
    let steps = |text: &str| json!([script(text), put("Put", "a", "{{ Compute.Days }}")]);
    let length = "def main(events, context):\n  return {'Days': 7 + len(events['Groups'])}\n";
    assert_eq!(
        ran(&steps(length)).await,
        (RunOutcome::Succeeded, [9, 0, 0])
    );
    for (text, expected) in [
        (
            "def main(e, c):\n  import os\n  raise KeyError(sorted(k for k in os.environ if k not in ('PATH', 'LC_CTYPE')))\n",
            "the script failed: KeyError: []",
        ),
        (
            "def main(e, c):\n  with open('/tmp/posture-script', 'w') as f:\n    f.write('x')\n",
            "the script failed: OSError: [Errno 27] File too large",
        ),
        (
            "def main(e, c):\n  return 'x' * (1 << 30)\n",
            "the script failed: MemoryError",
        ),
    ] {
        let bench = Bench::new(&steps(text));
        let problem = bench.approved().await.unwrap_err();
        assert_eq!(problem, format!("Own would stop at Compute: {expected}"));
    }
    // A document that is not ours may not run any, but where that is allowed.
    let mut bench = Bench::new(&json!([]));
    let foreign = Remedy::parse("Own", &document(&steps(length)), SAFETY, false).unwrap();
    bench.content.add(foreign);
    assert!(
        bench
            .approved()
            .await
            .unwrap_err()
            .contains("its scripts may not run")
    );
}

#[test]
fn every_mistake_has_its_place() {
    let text = "schemaVersion: '2.2'
parameters:
  Name: {type: Text}
mainSteps:
  - name: Find
    action: aws:executeAwsApi
    inputs: {Service: s3, Api: GetBucketPolicyy, Bucket: '{{ Bucket }}'}
  - name: Jump
    action: aws:branch
    nextStep: Fnd
    inputs:
      Choices:
        - {NextStep: Find, Variable: '{{ Find.Policy }}', StringEqual: x}
  - name: Odd
    action: aws:doMagic
";
    let problems: Vec<String> = Document::parse(text)
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    let expected = [
        "1:16: schemaVersion is '0.3' in automation documents",
        "3:16: unknown type \"Text\"",
        "7:32: s3 has no operation \"GetBucketPolicyy\"; the nearest is \"GetBucketPolicy\"",
        "8:5: Jump goes to a step that isn't there: \"Fnd\"",
        "13:59: unknown operator \"StringEqual\"; did you mean StringEquals?",
        "15:13: unknown action \"aws:doMagic\"",
    ];
    assert_eq!(problems, expected);
    let circle = "schemaVersion: '0.3'\nmainSteps:\n  - {name: A, action: aws:pause}\n  - {name: B, action: aws:pause, nextStep: A}\n";
    let problems = Document::parse(circle).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "3:5: A follows on itself: a circle"
    );
    assert!(Document::parse("[").is_err());
}
