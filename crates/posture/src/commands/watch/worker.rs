//! One process that works: sweeps, rereads, evaluations and API calls, each under a lease.

use std::sync::Arc;
use std::time::{Duration, Instant};

use croner::Cron;
use jiff::SignedDuration;
use posture_aws::Client;
use posture_hub::{Hub, People};
use posture_notify::Routes;
use posture_recorder::{Accounts, Entries, Estate, Needs};
use posture_store::{Lease, Store};
use tokio::sync::{Mutex, Notify, OnceCell};
use tokio::task::{JoinError, JoinSet};

use super::queue::{self, Queue};
use super::stop::Stop;
use crate::commands::CommandError;
use crate::commands::judgement::Judgement;
use crate::commands::notifications::holder;
use crate::commands::remediate::Where;
use crate::exit;
use crate::output::terminal::plain;

/// How long a worker that says nothing is taken to be alive.
pub(super) const HOLD: SignedDuration = SignedDuration::from_secs(30);
/// How often it says so.
const RENEWAL: Duration = Duration::from_secs(8);
/// How often it looks for work that another process announced.
pub(super) const LOOK: Duration = Duration::from_millis(250);
/// After work that failed.
pub(super) const RETRY: SignedDuration = SignedDuration::from_secs(60);
/// How long the accounts that were found count.
const FRESH: Duration = Duration::from_mins(10);

/// AWS, as it is read.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) client: Client,
    pub(super) estate: Accounts,
    pub(super) accounts: Vec<String>,
    pub(super) regions: Vec<String>,
}

/// The accounts, and when they were found.
type Found = (Instant, Arc<Entries>);

/// One process that works. Clones work together.
#[derive(Clone)]
pub(super) struct Worker {
    pub(super) store: Store,
    pub(super) judgement: Arc<Judgement>,
    pub(super) needs: Arc<Needs>,
    pub(super) source: Source,
    pub(super) holder: String,
    /// Rung where this process announced rereads, or evaluations.
    pub(super) rereads: Arc<Notify>,
    pub(super) evaluations: Arc<Notify>,
    /// How findings are fixed; nothing where no remediation configuration is there.
    pub(super) fixing: Option<Where>,
    /// Rung where verdicts changed.
    pub(super) fixes: Arc<Notify>,
    /// Who answers for findings, and until when.
    pub(super) people: Arc<People>,
    /// Rung where findings changed that no scan changed.
    pub(super) scores: Arc<Notify>,
    /// Rung where there are events to send.
    pub(super) news: Arc<Notify>,
    pub(super) hub: Arc<OnceCell<Hub>>,
    found: Arc<Mutex<Option<Found>>>,
}

impl Worker {
    pub(super) fn new(store: Store, judgement: Judgement, needs: Needs, source: Source) -> Worker {
        Worker {
            store,
            judgement: Arc::new(judgement),
            needs: Arc::new(needs),
            source,
            holder: holder(),
            rereads: Arc::default(),
            evaluations: Arc::default(),
            fixing: None,
            fixes: Arc::default(),
            people: Arc::default(),
            scores: Arc::default(),
            news: Arc::default(),
            hub: Arc::default(),
            found: Arc::default(),
        }
    }

    /// The same, which also fixes findings.
    pub(super) fn fixing(self, fixing: Option<Where>) -> Worker {
        Worker { fixing, ..self }
    }

    /// The same, for these people.
    pub(super) fn reminding(self, people: People) -> Worker {
        let people = Arc::new(people);
        Worker { people, ..self }
    }

    /// Works until it is told to end. With a schedule it announces sweeps, too.
    pub(super) async fn work(
        self,
        queue: Option<String>,
        schedule: Option<Cron>,
        routes: Arc<Routes>,
    ) -> Result<(), CommandError> {
        let stop = Stop::listen()?;
        if let Some(schedule) = &schedule {
            self.schedule_sweeps(schedule).await?;
            self.announce_collection().await?;
        }
        self.announce_evaluator().await?;
        let mut tasks = JoinSet::new();
        if let Some(url) = queue {
            let queue = Queue::new(&self.source.client, &url);
            for _ in 0..queue::RECEIVERS {
                tasks.spawn(queue::receive(self.clone(), queue.clone(), stop.clone()));
            }
            tasks.spawn(self.clone().score(stop.clone()));
        }
        tasks.spawn(self.clone().sweep(schedule, stop.clone()));
        tasks.spawn(self.clone().reread(stop.clone()));
        tasks.spawn(self.clone().notify(routes, stop.clone()));
        tasks.spawn(self.clone().evaluate(stop.clone()));
        tasks.spawn(self.clone().collect(stop.clone()));
        tasks.spawn(self.clone().fix(stop.clone()));
        tasks.spawn(self.clone().remind(stop.clone()));
        while let Some(ended) = tasks.join_next().await {
            // Dropping the others ends them: their leases are taken by others when they are over.
            unwound(ended);
        }
        Ok(())
    }

    /// The accounts. What was found counts for ten minutes.
    pub(super) async fn entries(&self) -> Result<Arc<Entries>, CommandError> {
        let mut found = self.found.lock().await;
        if let Some((at, entries)) = &*found
            && at.elapsed() < FRESH
        {
            return Ok(Arc::clone(entries));
        }
        let Source {
            client,
            estate,
            accounts,
            regions,
        } = &self.source;
        let estate = Estate::new(client.clone(), Arc::new(crate::clock::now), estate.clone())
            .only_accounts(accounts.clone())
            .only(regions.clone());
        let entries = Arc::new(Entries::from(Box::pin(estate.resolve()).await?));
        *found = Some((Instant::now(), Arc::clone(&entries)));
        Ok(entries)
    }

    /// Forgets which accounts there are, so that the next look is at AWS.
    pub(super) async fn forget_entries(&self) {
        *self.found.lock().await = None;
    }

    /// Does work, saying all the while that the leases are held. A lease that was lost ends it:
    /// somebody else does the work now.
    pub(super) async fn holding<T>(
        &self,
        leases: &[Lease],
        work: impl Future<Output = Result<T, CommandError>>,
    ) -> Result<T, CommandError> {
        let renewing = async {
            loop {
                tokio::time::sleep(RENEWAL).await;
                for lease in leases {
                    match self.store.renew_lease(lease, HOLD).await {
                        Ok(true) => {}
                        Ok(false) => {
                            let name = lease.name.clone();
                            return CommandError::LeaseLost { name };
                        }
                        Err(error) => return CommandError::from(error),
                    }
                }
            }
        };
        tokio::select! {
            done = work => done,
            lost = renewing => Err(lost),
        }
    }
}

/// What went wrong, with its causes: one line of the log.
pub(super) fn told(error: &CommandError) -> String {
    plain(&exit::with_causes(error))
}

/// What a task came to; a panic goes on.
pub(super) fn unwound<T>(ended: Result<T, JoinError>) -> T {
    ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}
