//! `posture watch` and `posture worker`.

mod collect;
mod evaluation;
mod events;
mod findings;
mod fixes;
mod notify;
mod queue;
mod reminders;
mod reread;
mod stop;
mod sweep;
mod worker;

use std::sync::Arc;

pub(crate) use evaluation::EVALUATOR;

use croner::Cron;
use posture_store::Store;

use self::queue::Queue;
pub(crate) use self::stop::Stop;
use self::worker::{Source, Worker};
use super::CommandError;
use super::evidence::place::EvidencePlace;
use super::judgement::Judgement;
use super::remediate::Where;
use super::selection::Selection;
use super::state::StateArgument;
use crate::config::{self, Config};
use crate::exit::Outcome;
use crate::live::{AwsArguments, needs_of};

/// Keeps the recorded state as AWS is: reads everything on a schedule and, in between, what events
/// tell of. For assessments whose period is now it makes the API calls that their controls name.
///
/// Several may share one PostgreSQL, as may `posture worker`: each piece of work is done by one of
/// them. An interrupt or SIGTERM ends it: what it is reading for a sweep it gives back, all else it
/// does to its end. A second one ends it at once.
#[derive(Debug, clap::Args)]
pub(crate) struct Watch {
    #[command(flatten)]
    worker: WorkerArguments,
    /// When everything is read again: a cron expression, in UTC. Default: that of posture.yaml, or
    /// every six hours.
    #[arg(long, value_name = "CRON")]
    schedule: Option<String>,
    /// The SQS queue that EventBridge sends events to. Default: that of posture.yaml, or none.
    #[arg(long, value_name = "URL")]
    queue: Option<String>,
    /// Reads everything now, and what is in the queue, evaluates it, and ends. Exits with 3 where
    /// something could not be read.
    #[arg(long)]
    once: bool,
}

/// Does the work that `posture watch` announces in a shared state: several share one PostgreSQL.
#[derive(Debug, clap::Args)]
pub(crate) struct WorkerCommand {
    #[command(flatten)]
    worker: WorkerArguments,
}

#[derive(Debug, clap::Args)]
struct WorkerArguments {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    state: StateArgument,
    /// The profile of `~/.aws/config`. Default: `AWS_PROFILE`, or `default`.
    #[arg(long)]
    profile: Option<String>,
    /// Only this account; repeatable.
    #[arg(long = "account", value_name = "ID")]
    accounts: Vec<String>,
    /// Only this Region; repeatable. What belongs to no Region is recorded all the same.
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
}

impl Watch {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let config = Config::load(self.worker.selection.config.as_deref())?;
        let schedule = self.schedule.as_ref().unwrap_or(&config.watch.schedule);
        let schedule = config::schedule(schedule)?;
        let queue = self.queue.clone().or_else(|| config.watch.queue.clone());
        let once = self.once;
        let routes = Arc::new(config.routes()?);
        self.worker.with(&config, |worker| async move {
            if once {
                return worker.once(queue.as_deref(), &schedule).await;
            }
            Box::pin(worker.work(queue, Some(schedule), routes)).await?;
            Ok(Outcome::Clean)
        })
    }
}

impl Worker {
    /// What is in the queue, and everything, once.
    async fn once(self, queue: Option<&str>, schedule: &Cron) -> Result<Outcome, CommandError> {
        let mut stop = Stop::listen()?;
        self.announce_evaluator().await?;
        if let Some(url) = queue {
            let queue = Queue::new(&self.source.client, url);
            while queue.receive(&self, false).await? > 0 {}
            self.score_now().await?;
        }
        let is_whole = self.sweep_now(&mut stop).await?;
        self.sweep_later(schedule).await?;
        if !stop.is_wished() {
            self.reread_now().await?;
        }
        self.evaluate_all().await?;
        let is_whole = self.collect_now().await? && is_whole;
        self.fix_now().await?;
        self.remind_now().await?;
        Ok(if is_whole {
            Outcome::Clean
        } else {
            Outcome::Incomplete
        })
    }
}

impl WorkerCommand {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let config = Config::load(self.worker.selection.config.as_deref())?;
        let routes = Arc::new(config.routes()?);
        self.worker.with(&config, |worker| async move {
            Box::pin(worker.work(None, None, routes)).await?;
            Ok(Outcome::Clean)
        })
    }
}

impl WorkerArguments {
    fn with<F>(
        &self,
        config: &Config,
        work: impl FnOnce(Worker) -> F,
    ) -> Result<Outcome, CommandError>
    where
        F: Future<Output = Result<Outcome, CommandError>>,
    {
        let packs = self.selection.packs(config)?;
        let needs = needs_of(&packs);
        let estate = config.accounts()?;
        let place = self.state.place()?;
        let exceptions = config.exceptions()?;
        let people = config.people.people()?;
        let evidence = EvidencePlace::find(config, &place);
        let is_fixing = !config.remediation_configurations()?.is_empty();
        let fixing = is_fixing.then(|| {
            let file = self.selection.config.clone();
            Where::of_watch(self.state.clone(), self.profile.clone(), file)
        });
        let of_judgement = self.state.place()?;
        place.with(|store: Store| async move {
            let judgement = Judgement {
                packs,
                exceptions,
                place: of_judgement.opened(store.clone()),
                evidence,
            };
            let arguments = AwsArguments::of_profile(self.profile.clone());
            let client = arguments.client().await;
            let source = Source {
                client,
                estate,
                accounts: self.accounts.clone(),
                regions: self.regions.clone(),
            };
            let worker = Worker::new(store, judgement, needs, source);
            work(worker.fixing(fixing).reminding(people)).await
        })
    }
}
