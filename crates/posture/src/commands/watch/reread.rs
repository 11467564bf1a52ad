//! Reading again what events tell of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use posture_model::{CoverageState, ResourceType};
use posture_recorder::Report;
use posture_store::{Lease, Subjects};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tracing::{error, info};

use super::events::{REREAD, Reread};
use super::stop::Stop;
use super::sweep::{later, tell_unread};
use super::worker::{HOLD, LOOK, RETRY, Worker, told, unwound};
use crate::commands::CommandError;
use crate::live::recorded;
use crate::output::terminal::plain;

/// Pieces of work taken together: those of one place are read together.
const TOGETHER: i64 = 200;
/// Places that are read at a time.
const AT_ONCE: usize = 8;

/// A place, and the pieces of work on it.
type Places = BTreeMap<(String, String), Vec<(Lease, ResourceType)>>;

impl Worker {
    /// Reads again what is due, until it is time to end; what has begun is done.
    pub(super) async fn reread(self, mut stop: Stop) {
        let mut tasks = JoinSet::new();
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        while !stop.is_wished() {
            if tasks.len() < AT_ONCE
                && let Err(error) = self.take_rereads(&mut tasks, &turns).await
            {
                error!("nothing could be read again: {}", told(&error));
            }
            tokio::select! {
                () = stop.wished() => {}
                () = self.rereads.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
                Some(ended) = tasks.join_next() => unwound(ended),
            }
        }
        while let Some(ended) = tasks.join_next().await {
            unwound(ended);
        }
    }

    /// Reads again what is due now.
    pub(super) async fn reread_now(&self) -> Result<(), CommandError> {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let mut tasks = JoinSet::new();
        loop {
            self.take_rereads(&mut tasks, &turns).await?;
            match tasks.join_next().await {
                Some(ended) => unwound(ended),
                None => return Ok(()),
            }
        }
    }

    async fn take_rereads(
        &self,
        tasks: &mut JoinSet<()>,
        turns: &Arc<Semaphore>,
    ) -> Result<(), CommandError> {
        let leases = self
            .store
            .take_leases(REREAD, &self.holder, TOGETHER, HOLD)
            .await?;
        let mut places = Places::new();
        for lease in leases {
            let Some(reread) = Reread::of_name(&lease.name) else {
                // Of another version, which knew a type that this one doesn't.
                self.store.release_lease(&lease, None).await?;
                continue;
            };
            let place = (reread.account_id, reread.aws_region);
            let pieces = places.entry(place).or_default();
            pieces.push((lease, reread.resource_type));
        }
        for (place, pieces) in places {
            let (worker, turns) = (self.clone(), Arc::clone(turns));
            tasks.spawn(async move {
                worker.reread_place(place, pieces, &turns).await;
            });
        }
        Ok(())
    }

    async fn reread_place(
        &self,
        (account_id, aws_region): (String, String),
        pieces: Vec<(Lease, ResourceType)>,
        turns: &Semaphore,
    ) {
        let (leases, types): (Vec<Lease>, Vec<ResourceType>) = pieces.into_iter().unzip();
        let place = (account_id.as_str(), aws_region.as_str());
        let reading = async {
            // The semaphore is never closed.
            let _turn = turns.acquire().await;
            let mut about = Vec::with_capacity(leases.len());
            for lease in &leases {
                about.push(self.store.subjects(lease).await?);
            }
            let report = self.read_again(place, &types, &about).await?;
            Ok((report, about))
        };
        let done = self.holding(&leases, reading).await;
        let is_tried_again = match &done {
            Ok((report, _)) => report.as_ref().is_some_and(is_passing),
            Err(_) => true,
        };
        let released = async {
            if matches!(done, Ok((Some(_), _))) {
                let names = types.iter().map(|touched| touched.as_str().to_owned());
                self.announce_evaluation(names).await?;
            }
            for (position, lease) in leases.iter().enumerate() {
                if let Ok((_, about)) = &done
                    && let Some(subjects) = about.get(position)
                    && !is_tried_again
                {
                    self.store.forget_subjects(lease, subjects).await?;
                }
                let next = is_tried_again.then(|| later(crate::clock::now(), RETRY));
                self.store.release_lease(lease, next).await?;
            }
            Ok::<_, CommandError>(())
        };
        let released = released.await;
        let place = plain(&format!("{account_id}/{aws_region}"));
        match (done, released) {
            (Err(error), _) | (_, Err(error)) => {
                error!(
                    "{place} could not be read again, and is tried again: {}",
                    told(&error)
                );
            }
            (Ok((Some(report), _)), Ok(())) => {
                info!("{place}: {} types read again", types.len());
                tell_unread(&report);
            }
            (Ok((None, _)), Ok(())) => info!("{place} is not recorded: an event of it is dropped"),
        }
    }

    /// Reads types again: of some, what is named; of others, all. None where the account or the types
    /// are not recorded.
    async fn read_again(
        &self,
        place: (&str, &str),
        types: &[ResourceType],
        about: &[Subjects],
    ) -> Result<Option<Report>, CommandError> {
        let (mut whole, mut named, mut names) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for (resource_type, subjects) in types.iter().zip(about) {
            match &subjects.subjects {
                Some(more) => {
                    named.insert(*resource_type);
                    names.extend(more.iter().cloned());
                }
                None => {
                    whole.insert(*resource_type);
                }
            }
        }
        // What is read whole is not read in part as well.
        named.retain(|resource_type| !whole.contains(resource_type));
        let entries = self.entries().await?;
        let mut all: Option<Report> = None;
        for (types, names) in [(&whole, None), (&named, Some(&names))] {
            let needs = self.needs.only(types);
            if needs.is_empty() {
                continue;
            }
            let record = async |sink| {
                let recorded = entries.record_touched(place, &needs, names, sink);
                Ok(Box::pin(recorded).await?)
            };
            if let Some(report) = recorded(&self.store, "reread", record).await? {
                let known = all.get_or_insert_default();
                known.accounts.extend(report.accounts);
                known.coverage.extend(report.coverage);
            }
        }
        Ok(all)
    }
}

/// Whether something was not read for a reason that may be gone in a minute.
fn is_passing(report: &Report) -> bool {
    report
        .gaps()
        .any(|gap| gap.state == CoverageState::Throttled)
}
