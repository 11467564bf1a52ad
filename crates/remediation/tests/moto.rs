//! Oracle: moto. Each document finds something to do there, does it, and brings it back; and whichever call fails, and
//! wherever the worker dies, the resource ends untouched, fixed, or as one to look at. What moto lacks is in
//! `support/moto_more.py`, from AWS's API reference.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "../../aws/tests/moto/client.rs"]
mod client;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "support/seeds.rs"]
mod seeds;
mod support;

use std::collections::BTreeMap;
use std::path::Path;

use client::client;
use jiff::SignedDuration;
use moto::Moto;
use posture_remediation::{
    Action, Aws, Content, Plan, PlanState, Policy, Remediation, RemediationError, Remedy, Report,
    Reversible, RunOutcome, Starts, Step,
};
use seeds::{Seed, reset, seeds};
use serde_json::Value;
use support::{Clock, Fault, Faulty, Memory, place};

const REGION: &str = "eu-west-1";

type Contract<'t> = Remediation<&'t Faulty<Aws>, &'t Memory, &'t Clock>;

struct Bench {
    moto: Moto,
    api: Faulty<Aws>,
    clock: Clock,
    memory: Memory,
    content: Content,
}

impl Bench {
    fn new() -> Option<Bench> {
        let more = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/moto_more.py");
        let moto = Moto::serving(|server, port| server.arg(more).args(["-p", port]))?;
        let api = Faulty::new(Aws(client(moto.url(), REGION)));
        Some(Bench {
            moto,
            api,
            clock: Clock::default(),
            memory: Memory::default(),
            content: Content::embedded().unwrap(),
        })
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
}

/// One document on what was seeded for it.
struct Case<'b> {
    bench: &'b Bench,
    contract: Contract<'b>,
    remedy: Remedy,
    seed: Seed,
    given: BTreeMap<String, Value>,
}

impl<'b> Case<'b> {
    async fn new(bench: &'b Bench, name: &str, seed: &Seed) -> Result<Case<'b>, String> {
        reset(&bench.moto);
        bench.clock.set(seed.at.unwrap_or_else(Clock::start));
        Ok(Case {
            bench,
            contract: bench.contract(),
            remedy: bench.content.remedy(name).unwrap().clone(),
            seed: seed.clone(),
            given: seed.make(&client(bench.moto.url(), REGION)).await?,
        })
    }

    async fn plan(&self) -> Result<Plan, String> {
        // Caps count hours, and no two plans are the same.
        self.bench.clock.forward(SignedDuration::from_hours(2));
        let name = &self.remedy.name;
        let plan = self.contract.plan(name, None, &self.given, "anna").await;
        plan.map_err(|error| format!("plan: {error}"))
    }

    async fn approved(&self) -> Result<Plan, String> {
        let plan = self.plan().await?;
        let approved = self.contract.approve(&plan.plan_id, "berta").await;
        approved.map_err(|error| format!("approve: {error}"))?;
        Ok(plan)
    }

    async fn run(&self, plan: &Plan) -> Result<Report, RemediationError> {
        self.contract.run(&plan.plan_id, "anna", None).await
    }

    /// As it was seeded: undone where that brings back everything.
    async fn again(&mut self, plan: &Plan, state: PlanState) -> Result<(), String> {
        if self.remedy.safety.reversible != Reversible::Yes {
            reset(&self.bench.moto);
            self.given = self
                .seed
                .make(&client(self.bench.moto.url(), REGION))
                .await?;
            return Ok(());
        }
        if matches!(
            state,
            PlanState::Ended(RunOutcome::Succeeded | RunOutcome::Unknown)
        ) {
            let undone = self.contract.undo(&plan.plan_id, "berta").await;
            if undone.as_ref().ok().map(|report| report.state)
                != Some(PlanState::Ended(RunOutcome::Undone))
            {
                return Err(format!("undo: {undone:?}"));
            }
        }
        let now = self.plan().await?;
        if now.before != plan.before {
            return Err(format!("before {:?}, after {:?}", plan.before, now.before));
        }
        Ok(())
    }

    /// The calls that change something, of steps that can be done twice, or of the others.
    fn calls(&self, are_repeatable: bool) -> Vec<String> {
        let mut names = Vec::new();
        let mut steps: Vec<&Step> = self.remedy.document.steps.iter().collect();
        while let Some(step) = steps.pop() {
            if let Action::Loop { steps: inside, .. } = &step.action {
                steps.extend(inside);
            }
            if self.remedy.safety.repeatable.contains(&step.name) != are_repeatable {
                continue;
            }
            for call in step.action.calls() {
                let service = posture_aws::Service::named(&call.service).unwrap();
                let operation = service.operation(&call.api).unwrap();
                if operation.effect(service.name) != posture_aws::Effect::Read {
                    names.push(format!("{} {} ", call.service, call.api));
                }
            }
        }
        names
    }

    fn keeps_no_secret(&self) -> Result<(), String> {
        let secret = self.seed.secret.as_ref();
        match secret.filter(|secret| self.bench.memory.holds(secret)) {
            Some(secret) => Err(format!("the journal holds {secret}")),
            None => Ok(()),
        }
    }

    fn is_repeatable(&self) -> bool {
        self.calls(false).is_empty()
    }
}

/// Runs a check for each document, and tells of all that fail.
async fn for_each<F>(
    seeds: BTreeMap<String, Seed>,
    is_wanted: impl Fn(&str) -> bool,
    check: impl Fn(Case<'static>) -> F,
) where
    F: Future<Output = Result<(), String>>,
{
    let Some(bench) = Bench::new() else { return };
    // One for the process, which ends the server with it.
    let bench: &'static Bench = Box::leak(Box::new(bench));
    let mut problems = Vec::new();
    for (name, seed) in seeds {
        if !is_wanted(&name) {
            continue;
        }
        let checked = match Case::new(bench, &name, &seed).await {
            Ok(case) => check(case).await,
            Err(problem) => Err(problem),
        };
        if let Err(problem) = checked {
            problems.push(format!("{name}: {problem}"));
        }
    }
    bench.moto.end();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// One document of each kind: a call that sets, one that takes away, several, a branch, a script.
const KINDS: [&str; 5] = [
    "AWS-DisablePublicAccessForSecurityGroup",
    "AWS-EnableCloudTrail",
    "AWS-EnableS3BucketEncryption",
    "AWSConfigRemediation-EnforceHTTPSOnlyAccessToS3Bucket",
    "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules",
];

/// More calls than a document makes without a loop.
const MANY: usize = 8;

#[test]
fn every_document_has_a_seed() {
    let content = Content::embedded().unwrap();
    let names: Vec<&str> = content.remedies().map(|remedy| &*remedy.name).collect();
    let seeds = seeds("seeds");
    let seeded: Vec<&str> = seeds.keys().map(String::as_str).collect();
    assert_eq!(names, seeded);
}

#[tokio::test]
async fn each_document_fixes_verifies_and_brings_back_whatever_fails() {
    Box::pin(for_each(seeds("seeds"), |_| true, whole)).await;
}

async fn whole(mut case: Case<'static>) -> Result<(), String> {
    faults(&mut case).await?;
    let plan = case.plan().await?;
    if plan.already_compliant || plan.calls.is_empty() {
        return Err(format!("there was nothing to do: {:?}", plan.before));
    }
    // Nothing runs before somebody else agreed.
    case.bench.api.fail(0, Fault::Denied);
    match case.run(&plan).await {
        Err(RemediationError::Refused { .. }) => {}
        other => return Err(format!("run before approval: {other:?}")),
    }
    match case.contract.approve(&plan.plan_id, "anna").await {
        Err(RemediationError::Refused { .. }) => {}
        other => return Err(format!("self-approval: {other:?}")),
    }
    let approved = case.contract.approve(&plan.plan_id, "berta").await;
    approved.map_err(|error| error.to_string())?;
    let report = case.run(&plan).await.map_err(|error| error.to_string())?;
    if report.state != PlanState::Ended(RunOutcome::Succeeded) {
        return Err(format!("run: {report:?}"));
    }
    let made = case.bench.api.made();
    if made.len() != plan.calls.len() {
        return Err(format!("planned {:?}, made {made:?}", plan.calls));
    }
    // A plan runs once, and a second one has nothing to do.
    match case.run(&plan).await {
        Err(RemediationError::State { .. }) => {}
        other => return Err(format!("second run: {other:?}")),
    }
    if !case.plan().await?.already_compliant {
        return Err("a second plan finds something to do".to_owned());
    }
    case.keeps_no_secret()?;
    match plan.reversible {
        Reversible::Yes => case.again(&plan, report.state).await,
        Reversible::Partly => match case.contract.undo(&plan.plan_id, "berta").await {
            Ok(Report {
                state: PlanState::Ended(RunOutcome::UndonePartly | RunOutcome::Undone),
                ..
            }) => Ok(()),
            other => Err(format!("undo: {other:?}")),
        },
        Reversible::No => match case.contract.undo(&plan.plan_id, "berta").await {
            Err(RemediationError::Refused { .. }) => Ok(()),
            other => Err(format!("undo: {other:?}")),
        },
    }
}

/// Whichever call fails, the resource is as before, or one to look at.
async fn faults(case: &mut Case<'static>) -> Result<(), String> {
    let calls = case.plan().await?.calls.len();
    // Documents of one call that sets are all alike.
    if calls == 1 && !KINDS.contains(&&*case.remedy.name) {
        return Ok(());
    }
    let is_repeatable = case.is_repeatable();
    // Those between are of a loop, and alike.
    let is_wanted = |at: &usize| calls <= MANY || *at <= 2 || *at == calls;
    for at in (1..=calls).filter(is_wanted) {
        for fault in [Fault::Denied, Fault::AnswerLost] {
            let plan = case.approved().await?;
            case.bench.api.fail(at, fault);
            let report = case.run(&plan).await.map_err(|error| error.to_string())?;
            let PlanState::Ended(outcome) = report.state else {
                return Err(format!("{at} {fault:?}: {report:?}"));
            };
            let is_reversible = plan.reversible != Reversible::No;
            let expected = match fault {
                Fault::Denied if at == 1 => outcome == RunOutcome::Untouched,
                Fault::Denied | Fault::AnswerLost if !is_reversible => {
                    matches!(outcome, RunOutcome::Unknown | RunOutcome::Succeeded)
                }
                Fault::Denied => outcome == RunOutcome::RolledBack,
                // What can't be told by repeating it is told by the resource, or by nobody.
                Fault::AnswerLost => match outcome {
                    RunOutcome::RolledBack => true,
                    RunOutcome::Succeeded | RunOutcome::Unknown => !is_repeatable,
                    // An undo can't always tell a change that can't be seen.
                    _ => false,
                },
            };
            if !expected && plan.reversible != Reversible::Partly {
                return Err(format!("{at} {fault:?}: {report:?}"));
            }
            case.bench.api.fail(0, Fault::Denied);
            case.again(&plan, report.state)
                .await
                .map_err(|problem| format!("{at} {fault:?} {report:?}: {problem}"))?;
        }
    }
    Ok(())
}

/// An update of the whole would repeat it, and a plan holds every call with its whole input.
#[tokio::test]
async fn what_would_keep_a_secret_is_left_to_a_person() {
    for_each(seeds("secrets"), |_| true, left).await;
}

async fn left(case: Case<'static>) -> Result<(), String> {
    match case.plan().await {
        Err(why) if why.contains("by hand") => case.keeps_no_secret(),
        other => Err(format!("{other:?}")),
    }
}

#[tokio::test]
async fn wherever_the_worker_dies_another_ends_the_run_and_does_nothing_twice() {
    Box::pin(for_each(
        seeds("seeds"),
        |name| KINDS.contains(&name),
        deaths,
    ))
    .await;
}

async fn deaths(mut case: Case<'static>) -> Result<(), String> {
    let is_repeatable = case.is_repeatable();
    for dies_at in 1.. {
        let plan = case.approved().await?;
        case.bench.api.fail(0, Fault::Denied);
        case.bench.memory.restart(dies_at);
        let first = case.run(&plan).await;
        let appends = case.bench.memory.appends();
        case.bench.memory.restart(0);
        let report = match first {
            // The run ended before it could die.
            Ok(report) if appends < dies_at => {
                return match report.state {
                    PlanState::Ended(RunOutcome::Succeeded) => Ok(()),
                    _ => Err(format!("{dies_at}: {report:?}")),
                };
            }
            Ok(report) => return Err(format!("{dies_at}: it lived: {report:?}")),
            Err(_) => case
                .run(&plan)
                .await
                .map_err(|error| format!("{dies_at}: {error}"))?,
        };
        let mut made = case.bench.api.made();
        made.sort();
        let repeatable = case.calls(true);
        let twice = made.windows(2).any(|pair| {
            pair[0] == pair[1] && !repeatable.iter().any(|call| pair[0].starts_with(call))
        });
        let is_fine = match report.state {
            PlanState::Ended(RunOutcome::Succeeded) => !twice,
            PlanState::Ended(RunOutcome::Unknown) => !twice && !is_repeatable,
            // It died after the change, and before that was kept: there was nothing left to do.
            PlanState::Ended(RunOutcome::AlreadyCompliant) => made.is_empty(),
            _ => false,
        };
        if !is_fine {
            return Err(format!("{dies_at}: {report:?}, made {made:?}"));
        }
        case.again(&plan, report.state)
            .await
            .map_err(|problem| format!("{dies_at} {report:?}: {problem}"))?;
    }
    Ok(())
}
