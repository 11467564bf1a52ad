//! The work: sweeps of everything, and of what events tell of, each under a lease.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use croner::Cron;
use jiff::{SignedDuration, Timestamp};
use posture_aws::Client;
use posture_model::ResourceType;
use posture_recorder::{Accounts, Estate, Needs, Plan, Report};
use posture_store::{Lease, Store, StoreError};

use super::events::{REREAD, Reread};
use super::judge::Judgement;
use super::queue::Queue;
use super::stop::Stop;
use crate::commands::CommandError;
use crate::exit::Outcome;
use crate::live::{Stored, is_incomplete, say_gaps};
use crate::output::terminal::plain;

const SWEEP: &str = "sweep";
const EVALUATION: &str = "evaluation";

/// How long a worker that says nothing is taken to be alive.
const HOLD: SignedDuration = SignedDuration::from_secs(120);
/// How often it says so.
const RENEWAL: Duration = Duration::from_secs(30);
/// How often it looks for work.
const LOOK: Duration = Duration::from_millis(250);
/// After work that failed.
const RETRY: SignedDuration = SignedDuration::from_secs(60);
/// After a queue that did not answer.
const PAUSE: Duration = Duration::from_secs(5);
/// Pieces of rereading taken together: they make one evaluation.
const TOGETHER: i64 = 200;

/// AWS, as it is read.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) client: Client,
    pub(super) estate: Accounts,
    pub(super) accounts: Vec<String>,
    pub(super) regions: Vec<String>,
}

/// One process that works.
#[derive(Clone)]
pub(super) struct Worker {
    store: Store,
    judgement: Arc<Judgement>,
    needs: Arc<Needs>,
    source: Source,
    holder: String,
}

/// Announces the sweep of everything, where nobody has.
pub(super) async fn announce_sweep(store: &Store, due_at: Timestamp) -> Result<(), StoreError> {
    store.add_lease(SWEEP, SWEEP, due_at).await
}

impl Worker {
    pub(super) fn new(
        store: Store,
        judgement: Arc<Judgement>,
        needs: Needs,
        source: Source,
    ) -> Worker {
        let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
        Worker {
            store,
            judgement,
            needs: Arc::new(needs),
            source,
            holder: format!("{}/{}", host.trim(), std::process::id()),
        }
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// Works until it is told to end.
    pub(super) async fn watch(
        self,
        queue: Option<String>,
        schedule: Cron,
    ) -> Result<Outcome, CommandError> {
        let stop = Stop::listen()?;
        let receiving = match &queue {
            Some(url) => {
                let queue = Queue::new(&self.source.client, url);
                tokio::spawn(receive(self.store.clone(), queue, stop.clone()))
            }
            None => tokio::spawn(async {}),
        };
        let sweeping = {
            let (worker, mut stop) = (self.clone(), stop.clone());
            tokio::spawn(async move {
                while !stop.is_wished() {
                    worker.say_failed(worker.sweep_if_due(&schedule).await);
                    rest(&mut stop, LOOK).await;
                }
            })
        };
        let mut resting = stop.clone();
        while !stop.is_wished() {
            self.say_failed(self.reread_what_is_due().await);
            rest(&mut resting, LOOK).await;
        }
        // They end by themselves: each looks at the wish before it begins something.
        drop(tokio::join!(receiving, sweeping));
        Ok(Outcome::Clean)
    }

    /// Everything once, and what is in the queue.
    pub(super) async fn once(
        self,
        queue: Option<&str>,
        schedule: &Cron,
    ) -> Result<Outcome, CommandError> {
        let mut outcome = Outcome::Clean;
        if let Some(url) = queue {
            let queue = Queue::new(&self.source.client, url);
            while queue
                .receive(&self.store, false, crate::clock::now)
                .await?
                .messages
                > 0
            {}
        }
        if let Some(report) = self.sweep_if_due(schedule).await?
            && is_incomplete(&report)
        {
            outcome = Outcome::Incomplete;
        }
        self.reread_what_is_due().await?;
        Ok(outcome)
    }

    fn say_failed<T>(&self, done: Result<T, CommandError>) {
        if let Err(error) = done {
            let mut stderr = std::io::stderr().lock();
            // Where stderr is gone there is nobody to tell.
            drop(writeln!(
                stderr,
                "{}: {}",
                self.holder,
                plain(&error.to_string())
            ));
        }
    }

    /// Reads everything, where it is due and nobody else is at it.
    async fn sweep_if_due(&self, schedule: &Cron) -> Result<Option<Report>, CommandError> {
        let leases = self.store.take_leases(SWEEP, &self.holder, 1, HOLD).await?;
        let Some(lease) = leases.into_iter().next() else {
            return Ok(None);
        };
        let estate = self.estate();
        let plan = Plan::new(&self.needs);
        let done = self
            .holding(
                std::slice::from_ref(&lease),
                self.record(&estate, &plan, "sweep"),
            )
            .await;
        let now = crate::clock::now();
        let next = match &done {
            Ok(_) => next_after(schedule, now),
            Err(_) => later(now, RETRY),
        };
        self.store.release_lease(&lease, Some(next)).await?;
        let report = done?;
        say_gaps(&report)?;
        Ok(Some(report))
    }

    /// Reads again what events told of and is due.
    async fn reread_what_is_due(&self) -> Result<(), CommandError> {
        let leases = self
            .store
            .take_leases(REREAD, &self.holder, TOGETHER, HOLD)
            .await?;
        let mut places: BTreeMap<(String, String), BTreeSet<ResourceType>> = BTreeMap::new();
        for lease in &leases {
            if let Some(reread) = Reread::of_name(&lease.name) {
                let place = (reread.account_id, reread.aws_region);
                places
                    .entry(place)
                    .or_default()
                    .insert(reread.resource_type);
            }
        }
        if leases.is_empty() {
            return Ok(());
        }
        let done = self.holding(&leases, self.reread(places)).await;
        for lease in &leases {
            let next = done.is_err().then(|| later(crate::clock::now(), RETRY));
            self.store.release_lease(lease, next).await?;
        }
        done
    }

    async fn reread(
        &self,
        places: BTreeMap<(String, String), BTreeSet<ResourceType>>,
    ) -> Result<(), CommandError> {
        for ((account_id, aws_region), types) in places {
            let needs = self.needs.only(&types);
            let Source {
                accounts, regions, ..
            } = &self.source;
            if needs.is_empty() || !(accounts.is_empty() || accounts.contains(&account_id)) {
                continue;
            }
            // What belongs to no Region tells of its changes in one that may be none of the wanted.
            let regions = if regions.is_empty() || regions.contains(&aws_region) {
                vec![aws_region]
            } else {
                regions.clone()
            };
            let estate = self.estate().only_accounts(vec![account_id]).only(regions);
            self.record(&estate, &Plan::new(&needs), "reread").await?;
        }
        Ok(())
    }

    fn estate(&self) -> Estate {
        let Source {
            client,
            estate,
            accounts,
            regions,
        } = &self.source;
        Estate::new(client.clone(), Arc::new(crate::clock::now), estate.clone())
            .only_accounts(accounts.clone())
            .only(regions.clone())
    }

    /// Records, and brings the verdicts up to date.
    async fn record(
        &self,
        estate: &Estate,
        plan: &Plan,
        kind: &str,
    ) -> Result<Report, CommandError> {
        let sink = Arc::new(Stored(self.store.begin_run(kind).await?));
        let report = Box::pin(estate.record(plan, Arc::clone(&sink))).await?;
        // Every task that held it has ended.
        if let Some(Stored(recording)) = Arc::into_inner(sink) {
            recording.end("finished").await?;
        }
        self.evaluate().await?;
        Ok(report)
    }

    /// One process of all evaluates at a time: a verdict's change is told once.
    async fn evaluate(&self) -> Result<(), CommandError> {
        self.store
            .add_lease(EVALUATION, EVALUATION, Timestamp::UNIX_EPOCH)
            .await?;
        let lease = loop {
            let taken = self
                .store
                .take_leases(EVALUATION, &self.holder, 1, HOLD)
                .await?;
            if let Some(lease) = taken.into_iter().next() {
                break lease;
            }
            tokio::time::sleep(LOOK).await;
        };
        let judgement = Arc::clone(&self.judgement);
        let evaluating = async {
            tokio::task::spawn_blocking(move || judgement.evaluate())
                .await
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
        };
        let done = self.holding(std::slice::from_ref(&lease), evaluating).await;
        self.store
            .release_lease(&lease, Some(Timestamp::UNIX_EPOCH))
            .await?;
        done.map(|_| ())
    }

    /// Does work, saying all the while that the leases are held. A lease that was lost ends it:
    /// somebody else does the work now.
    async fn holding<T>(
        &self,
        leases: &[Lease],
        work: impl Future<Output = Result<T, CommandError>>,
    ) -> Result<T, CommandError> {
        let renewing = async {
            loop {
                tokio::time::sleep(RENEWAL).await;
                for lease in leases {
                    if !self.store.renew_lease(lease, HOLD).await? {
                        return Err::<(), CommandError>(CommandError::LeaseLost {
                            name: lease.name.clone(),
                        });
                    }
                }
            }
        };
        tokio::select! {
            done = work => done,
            lost = renewing => match lost {
                Err(error) => Err(error),
                Ok(()) => Err(CommandError::LeaseLost { name: String::new() }),
            },
        }
    }
}

/// Takes messages until it is time to end.
async fn receive(store: Store, queue: Queue, mut stop: Stop) {
    while !stop.is_wished() {
        let received = tokio::select! {
            // What SQS has given and nobody has deleted it gives again.
            () = stop.wished() => return,
            received = queue.receive(&store, true, crate::clock::now) => received,
        };
        if let Err(error) = received {
            let said = writeln!(
                std::io::stderr().lock(),
                "the queue: {}",
                plain(&error.to_string())
            );
            drop(said);
            rest(&mut stop, PAUSE).await;
        }
    }
}

async fn rest(stop: &mut Stop, duration: Duration) {
    tokio::select! {
        () = stop.wished() => {}
        () = tokio::time::sleep(duration) => {}
    }
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(now)
}

/// The next time of a schedule, in UTC.
fn next_after(schedule: &Cron, now: Timestamp) -> Timestamp {
    let start = DateTime::<Utc>::from_timestamp(now.as_second(), 0);
    let next = start.and_then(|start| schedule.find_next_occurrence(&start, false).ok());
    let next = next.and_then(|next| Timestamp::from_second(next.timestamp()).ok());
    // A schedule that never comes again is that of a past year.
    next.unwrap_or(Timestamp::MAX)
}
