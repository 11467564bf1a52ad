//! Runs a plan: every listing of every Region, some at a time, and says how far it came.

mod account;
mod ask;
mod columns;
mod described;
mod details;
mod identities;
mod item;
mod listing;
mod many;
#[cfg(test)]
mod recorded;
mod tally;
mod touched;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use posture_aws::{Client, Service as Model};
use posture_model::{CoverageState, Partition};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use self::ask::Asker;
use self::touched::Touched;
use crate::coverage::Coverage;
use crate::declare::Scope;
use crate::error::RecordError;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::regions::Regions;
use crate::sink::Sink;
use crate::text::{plain, value};

/// What time it is. Injected, so that a test says it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How many listings are made at a time. Each holds a page.
const LISTINGS: usize = 24;

/// Records one account.
#[derive(Clone)]
pub struct Recorder {
    client: Client,
    clock: Clock,
    /// None where all are recorded.
    regions: Option<Vec<String>>,
    /// The Regions are known to answer: nobody asks for them again.
    is_live: bool,
    has_globals: bool,
    listings: usize,
    progress: Arc<Progress>,
    /// None where all resources are read.
    touched: Option<Arc<Touched>>,
}

/// An account that was recorded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountRead {
    /// Its 12 digits.
    pub account_id: String,
    /// The Regions that were recorded, sorted.
    pub regions: Vec<String>,
}

/// What a recording came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The accounts that were recorded, sorted. Those that could not be are in the coverage alone.
    pub accounts: Vec<AccountRead>,
    /// How far everything could be read, sorted.
    pub coverage: Vec<Coverage>,
}

impl Report {
    /// Adds what another recording came to.
    pub(crate) fn add(&mut self, other: Report) {
        self.accounts.extend(other.accounts);
        self.coverage.extend(other.coverage);
    }

    pub(crate) fn sort(&mut self) {
        self.accounts.sort();
        self.coverage.sort();
    }

    /// What was not read completely.
    pub fn gaps(&self) -> impl Iterator<Item = &Coverage> {
        self.coverage
            .iter()
            .filter(|coverage| coverage.state != CoverageState::Complete)
    }
}

/// What all tasks share.
pub(crate) struct Shared<S> {
    pub(crate) asker: Arc<Asker>,
    pub(crate) sink: Arc<S>,
    pub(crate) clock: Clock,
    pub(crate) regions: BTreeSet<String>,
    pub(crate) touched: Option<Arc<Touched>>,
}

impl Recorder {
    /// Records with this client, which says whose account it is.
    pub fn new(client: Client, clock: Clock) -> Recorder {
        Recorder {
            client,
            clock,
            regions: None,
            is_live: false,
            has_globals: true,
            listings: LISTINGS,
            progress: Arc::default(),
            touched: None,
        }
    }

    /// Says there how far it is.
    #[must_use]
    pub fn telling(mut self, progress: Arc<Progress>) -> Recorder {
        self.progress = progress;
        self
    }

    /// Only these Regions, or all where there are none; global resources are recorded all the same.
    #[must_use]
    pub fn only(mut self, regions: Vec<String>) -> Recorder {
        self.regions = (!regions.is_empty()).then_some(regions);
        self
    }

    /// Only these Regions, even where there are none.
    #[must_use]
    pub(crate) fn exactly(mut self, regions: Vec<String>) -> Recorder {
        self.regions = Some(regions);
        self
    }

    /// Only these Regions, which are known to answer; what is global, or not.
    pub(crate) fn live(&self, regions: Vec<String>, has_globals: bool) -> Recorder {
        Recorder {
            regions: Some(regions),
            is_live: true,
            has_globals,
            ..self.clone()
        }
    }

    /// Of resources that the sink knows, only those that may have one of these names.
    pub(crate) fn only_named(mut self, names: &BTreeSet<String>) -> Recorder {
        self.touched = Some(Arc::new(Touched::of(names)));
        self
    }

    /// Whether a Region is one of those that are recorded.
    pub(crate) fn wants(&self, region: &str) -> bool {
        self.regions
            .as_ref()
            .is_none_or(|regions| regions.iter().any(|wanted| wanted == region))
    }

    /// The Regions that are recorded and answer; and what is said of the others.
    pub(crate) async fn regions(&self, account_id: &str) -> (Vec<String>, Vec<Coverage>) {
        if let (true, Some(regions)) = (self.is_live, &self.regions) {
            return (regions.clone(), Vec::new());
        }
        let regions = Regions::discover(&self.home_client(), self.regions.as_deref()).await;
        let quarantined = regions.quarantined.iter();
        let said = quarantined.map(|(region, outcome)| outcome.row((account_id, region), None, ""));
        (regions.live, said.collect())
    }

    /// So many listings at a time.
    #[must_use]
    pub(crate) fn listings(mut self, at_once: usize) -> Recorder {
        self.listings = at_once;
        self
    }

    /// The account's id.
    ///
    /// # Errors
    /// Where nobody says.
    pub async fn account_id(&self) -> Result<String, RecordError> {
        let client = self.home_client();
        let who = client.call("sts", "GetCallerIdentity", &json!({})).await;
        let who = who.map_err(|error| RecordError::Account(Box::new(error)))?;
        Ok(value("Account", &who).and_then(plain).unwrap_or_default())
    }

    /// The client in a Region that is surely one: the one that is set, or the first that is wanted.
    pub(crate) fn home_client(&self) -> Client {
        match (self.client.region(), self.regions.iter().flatten().next()) {
            ("", Some(first)) => self.client.in_region(first),
            ("", None) => self.client.in_region("us-east-1"),
            _ => self.client.clone(),
        }
    }

    /// Records everything in a plan.
    ///
    /// # Errors
    /// Where the account isn't known or the sink fails. What AWS doesn't answer is coverage.
    pub async fn record<S: Sink>(&self, plan: &Plan, sink: Arc<S>) -> Result<Report, RecordError> {
        let account_id = self.account_id().await?;
        self.record_as(account_id, plan, sink).await
    }

    /// The same, where it is known which account it is.
    pub(crate) async fn record_as<S: Sink>(
        &self,
        account_id: String,
        plan: &Plan,
        sink: Arc<S>,
    ) -> Result<Report, RecordError> {
        let client = self.home_client();
        for (model, rate) in plan.ceilings() {
            if let Ok(model) = Model::named(model) {
                client.set_ceiling(model, *rate);
            }
        }
        let home = Partition::of(client.region()).home_region.to_owned();
        let partition = Partition::of(&home).id.to_string();
        let (regions, quarantined) = self.regions(&account_id).await;
        let mut report = Report {
            accounts: vec![AccountRead {
                account_id: account_id.clone(),
                regions: regions.clone(),
            }],
            coverage: quarantined,
        };
        let shared = Arc::new(Shared {
            asker: Arc::new(Asker::new(client, account_id, partition)),
            sink,
            clock: Arc::clone(&self.clock),
            regions: regions.into_iter().collect(),
            touched: self.touched.clone(),
        });
        self.progress.entered(shared.regions.len());
        let mut tasks = Tasks::new(self.listings, Arc::clone(&self.progress));
        let home = self.has_globals.then_some(home.as_str());
        tasks.listings(plan, &shared, home);
        tasks.account(plan, &shared, home);
        tasks.finish(&mut report.coverage).await?;
        report.sort();
        Ok(report)
    }
}

/// Tasks on their way, so many at a time.
struct Tasks {
    set: JoinSet<Result<Vec<Coverage>, RecordError>>,
    turns: Arc<Semaphore>,
    progress: Arc<Progress>,
}

impl Tasks {
    fn new(at_once: usize, progress: Arc<Progress>) -> Tasks {
        Tasks {
            set: JoinSet::new(),
            turns: Arc::new(Semaphore::new(at_once)),
            progress,
        }
    }

    fn spawn(
        &mut self,
        task: impl Future<Output = Result<Vec<Coverage>, RecordError>> + Send + 'static,
    ) {
        let turns = Arc::clone(&self.turns);
        let progress = Arc::clone(&self.progress);
        progress.planned();
        self.set.spawn(async move {
            // The semaphore is never closed.
            let _turn = turns.acquire_owned().await;
            let done = task.await;
            progress.done();
            done
        });
    }

    /// `home`: where what is global is read, where it is to be.
    fn listings<S: Sink>(&mut self, plan: &Plan, shared: &Arc<Shared<S>>, home: Option<&str>) {
        for listed in &plan.listings {
            let regions: Vec<String> = match listed.scope() {
                Scope::Regional => shared.regions.iter().cloned().collect(),
                Scope::Global | Scope::Home => home.map(str::to_owned).into_iter().collect(),
            };
            for region in regions {
                let task = listing::Task {
                    shared: Arc::clone(shared),
                    listed: listed.clone(),
                    region,
                    is_whole: shared.touched.is_none(),
                };
                self.spawn(task.run());
            }
        }
    }

    fn account<S: Sink>(&mut self, plan: &Plan, shared: &Arc<Shared<S>>, home: Option<&str>) {
        if !plan.needs_account {
            return;
        }
        let mut regions = shared.regions.clone();
        regions.extend(home.map(str::to_owned));
        for region in regions {
            let is_live = shared.regions.contains(&region);
            let is_home = home.is_some_and(|home| home == region);
            let is_asked = |fact: &&crate::plan::Fact| {
                let is_global = fact.declared.is_global;
                (is_global && is_home) || (!is_global && is_live)
            };
            let task = account::Task {
                shared: Arc::clone(shared),
                facts: plan.facts.iter().filter(is_asked).cloned().collect(),
                region,
            };
            self.spawn(task.run());
        }
    }

    async fn finish(mut self, coverage: &mut Vec<Coverage>) -> Result<(), RecordError> {
        while let Some(done) = self.set.join_next().await {
            coverage.extend(done.map_err(RecordError::Task)??);
        }
        Ok(())
    }
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder")
            .field("regions", &self.regions)
            .finish_non_exhaustive()
    }
}
