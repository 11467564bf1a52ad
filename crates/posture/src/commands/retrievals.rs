//! Asking AWS for evidence: the API calls that assessments name, in the places that they are about.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use posture_audit::{ApiCall, AskedCall, Assessment, Retrieval, RetrievalPlace, Scope};
use posture_ledger::Log;
use posture_model::Partition;
use posture_recorder::{Coverage, Entries, Part};
use posture_store::Store;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::CommandError;

/// Places that are asked at a time.
const AT_ONCE: usize = 8;
/// The Region of what has none.
const GLOBAL: &str = "global";

/// An assessment, the calls that it names, and what need not be asked for it.
pub(crate) struct Wanted {
    pub(crate) scope: Scope,
    pub(crate) calls: Vec<ApiCall>,
    pub(crate) asked: HashSet<AskedCall>,
}

impl Wanted {
    /// What an assessment wants, of these calls where any are named.
    pub(crate) async fn of(
        store: &Store,
        assessment: &Assessment,
        calls: Vec<ApiCall>,
        again: bool,
    ) -> Result<Wanted, CommandError> {
        let scope = assessment.scope.clone();
        let now = crate::clock::now();
        let asked = posture_audit::asked(store, scope.api_calls, now, again).await?;
        Ok(Wanted {
            scope,
            calls,
            asked,
        })
    }

    fn wants(&self, call: ApiCall, account_id: &str, aws_region: &str) -> bool {
        let key = (
            call.service().to_owned(),
            call.operation().to_owned(),
            account_id.to_owned(),
            aws_region.to_owned(),
        );
        self.scope.has(account_id, aws_region) && !self.asked.contains(&key)
    }
}

/// What came of asking.
pub(crate) struct Collected {
    /// How many retrievals were kept.
    pub(crate) kept: usize,
    /// Whether all of them were answered.
    pub(crate) is_whole: bool,
    /// Accounts and Regions that can't be entered.
    pub(crate) left_out: Vec<Coverage>,
}

/// Asks, keeps what came of it, and says so of each.
pub(crate) async fn collect(
    store: &Store,
    log: &Log,
    entries: &Arc<Entries>,
    wanted: &[Wanted],
    mut say: impl FnMut(i64, &Retrieval) -> Result<(), CommandError>,
) -> Result<Collected, CommandError> {
    let found = entries.parts().await;
    let mut collected = Collected {
        kept: 0,
        is_whole: true,
        left_out: found.left_out,
    };
    let (sender, mut receiver) = mpsc::channel(AT_ONCE);
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    for (account_id, part) in found.parts {
        let calls = calls_in(wanted, &account_id, &part);
        if calls.is_empty() {
            continue;
        }
        let (entries, sender, turns) = (Arc::clone(entries), sender.clone(), Arc::clone(&turns));
        tasks.spawn(async move {
            // The semaphore is never closed.
            let _turn = turns.acquire().await;
            let asking = ask_part(&entries, &account_id, &part, calls, &sender);
            if let Err(told) = Box::pin(asking).await {
                // Nobody listens only where this is ended.
                drop(sender.send(Err(told)).await);
            }
        });
    }
    drop(sender);
    while let Some(told) = receiver.recv().await {
        match told {
            Ok(retrieval) => {
                let number = posture_audit::keep(store, log, &retrieval).await?;
                collected.kept += 1;
                collected.is_whole &= retrieval.outcome.is_answer();
                say(number, &retrieval)?;
            }
            Err(Told::LeftOut(coverage)) => collected.left_out.push(*coverage),
            Err(Told::Failed(error)) => return Err(*error),
        }
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
    }
    collected.left_out.sort();
    collected.left_out.dedup();
    collected.is_whole &= collected.left_out.is_empty();
    Ok(collected)
}

/// Why a part was not asked.
enum Told {
    LeftOut(Box<Coverage>),
    Failed(Box<CommandError>),
}

/// The calls that are wanted in a part, each with the Region under which it is kept.
fn calls_in(wanted: &[Wanted], account_id: &str, part: &Part) -> Vec<(ApiCall, String)> {
    let mut calls: BTreeMap<(String, String), ApiCall> = BTreeMap::new();
    for one in wanted {
        for call in &one.calls {
            let region = match (part, call.is_global()) {
                (Part::Region(region), true) if !is_home(region) => continue,
                (Part::Global, false) => continue,
                (_, true) => GLOBAL,
                (Part::Region(region), false) => region,
            };
            if one.wants(*call, account_id, region) {
                calls.insert((call.to_string(), region.to_owned()), *call);
            }
        }
    }
    let named = calls.into_iter();
    named.map(|((_, region), call)| (call, region)).collect()
}

fn is_home(region: &str) -> bool {
    Partition::of(region).home_region == region
}

async fn ask_part(
    entries: &Entries,
    account_id: &str,
    part: &Part,
    calls: Vec<(ApiCall, String)>,
    sender: &mpsc::Sender<Result<Retrieval, Told>>,
) -> Result<(), Told> {
    let client = entries.client(account_id, part).await;
    let client = client.map_err(|coverage| Told::LeftOut(Box::new(coverage)))?;
    let Some(client) = client else { return Ok(()) };
    let identity = client.call("sts", "GetCallerIdentity", &json!({})).await;
    let caller = identity.ok();
    let caller = caller.as_ref().and_then(|said| said.get("Arn"));
    let caller = caller.and_then(Value::as_str).map(str::to_owned);
    let clock = crate::clock::now as fn() -> Timestamp;
    for (call, aws_region) in calls {
        let place = RetrievalPlace {
            client: client.clone(),
            account_id: account_id.to_owned(),
            aws_region,
            caller: caller.clone(),
        };
        let retrieval = posture_audit::retrieve(&place, call, &clock).await;
        let retrieval = retrieval.map_err(|error| Told::Failed(Box::new(error.into())))?;
        if sender.send(Ok(retrieval)).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// The calls of these names, where any are named; else those that a framework's assessment wants.
pub(crate) fn calls_named(
    framework: &posture_content::frameworks::Framework,
    names: &[String],
) -> Result<Vec<ApiCall>, CommandError> {
    if names.is_empty() {
        let (calls, problems) = posture_audit::calls_of(framework);
        return match problems.into_iter().next() {
            Some(problem) => Err(problem.into()),
            None => Ok(calls),
        };
    }
    let names: BTreeSet<&String> = names.iter().collect();
    let calls: Result<Vec<ApiCall>, _> =
        names.into_iter().map(|name| ApiCall::named(name)).collect();
    Ok(calls?)
}
