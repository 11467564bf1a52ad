//! Oracle: moto. Each document finds something to do there, does it, and brings it back.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod support;

use posture_remediation::{
    Aws, Content, PlanState, Policy, Remediation, RemediationError, Reversible, RunOutcome,
};
use support::moto::{Moto, Seed, seeds};
use support::{Clock, Faulty, Memory, place};

type Contract<'t> = Remediation<&'t Faulty<Aws>, &'t Memory, &'t Clock>;

pub struct Bench {
    moto: Moto,
    api: Faulty<Aws>,
    clock: Clock,
    memory: Memory,
}

impl Bench {
    pub fn new() -> Option<Bench> {
        let moto = Moto::start()?;
        let api = Faulty::new(Aws(moto.client()));
        Some(Bench {
            moto,
            api,
            clock: Clock::default(),
            memory: Memory::default(),
        })
    }

    pub fn contract(&self) -> Contract<'_> {
        Remediation {
            api: &self.api,
            journal: &self.memory,
            time: &self.clock,
            content: Content::embedded().unwrap(),
            policy: Policy::default(),
            place: place(),
        }
    }
}

#[tokio::test]
async fn each_document_fixes_verifies_and_brings_back() {
    let Some(bench) = Bench::new() else { return };
    let mut problems = Vec::new();
    let only = std::env::var("ONLY").unwrap_or_default();
    for (name, seed) in seeds() {
        if !name.contains(&only) {
            continue;
        }
        bench.moto.reset();
        bench.clock.forward(jiff::SignedDuration::from_hours(2));
        if let Err(problem) = whole(&bench, &name, &seed).await {
            problems.push(format!("{name}: {problem}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

async fn whole(bench: &Bench, name: &str, seed: &Seed) -> Result<(), String> {
    let contract = bench.contract();
    let given = seed.make(&bench.moto.client()).await?;
    let words = |error: RemediationError| error.to_string();
    let plan = contract.plan(name, None, &given, "anna").await;
    let plan = plan.map_err(|error| format!("plan: {error}"))?;
    if plan.already_compliant || plan.calls.is_empty() {
        return Err(format!("there was nothing to do: {:?}", plan.before));
    }
    // Nothing runs before somebody else agreed.
    bench.api.fail(0, support::Fault::Denied);
    match contract.run(&plan.plan_id, "anna", None).await {
        Err(RemediationError::Refused { .. }) => {}
        other => return Err(format!("run before approval: {other:?}")),
    }
    match contract.approve(&plan.plan_id, "anna").await {
        Err(RemediationError::Refused { .. }) => {}
        other => return Err(format!("self-approval: {other:?}")),
    }
    contract
        .approve(&plan.plan_id, "berta")
        .await
        .map_err(words)?;
    let report = contract
        .run(&plan.plan_id, "anna", None)
        .await
        .map_err(words)?;
    if report.state != PlanState::Ended(RunOutcome::Succeeded) {
        return Err(format!("run: {report:?}"));
    }
    if bench.api.made().len() != plan.calls.len() {
        return Err(format!(
            "planned {:?}, made {:?}",
            plan.calls,
            bench.api.made()
        ));
    }
    bench.clock.forward(jiff::SignedDuration::from_secs(1));
    // A plan runs once, and a second one has nothing to do.
    match contract.run(&plan.plan_id, "anna", None).await {
        Err(RemediationError::State { .. }) => {}
        other => return Err(format!("second run: {other:?}")),
    }
    let again = contract.plan(name, None, &given, "anna").await;
    if !again.map_err(words)?.already_compliant {
        return Err("a second plan finds something to do".to_owned());
    }
    let undone = contract.undo(&plan.plan_id, "berta").await;
    match (plan.reversible, undone) {
        (Reversible::No, Err(RemediationError::Refused { .. })) => return Ok(()),
        (Reversible::Yes, Ok(report)) if report.state == PlanState::Ended(RunOutcome::Undone) => {}
        (Reversible::Partly, Ok(report))
            if matches!(
                report.state,
                PlanState::Ended(RunOutcome::UndonePartly | RunOutcome::Undone)
            ) =>
        {
            return Ok(());
        }
        (_, other) => return Err(format!("undo: {other:?}")),
    }
    let after = contract.plan(name, None, &given, "anna").await;
    let after = after.map_err(|error| format!("plan after undo: {error}"))?;
    if after.before != plan.before {
        return Err(format!(
            "before {:?}, after {:?}",
            plan.before, after.before
        ));
    }
    Ok(())
}
