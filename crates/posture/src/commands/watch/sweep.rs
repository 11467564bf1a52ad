//! Sweeps: everything, in parts of an account and a Region, each taken by whoever is free.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use croner::Cron;
use jiff::{SignedDuration, Timestamp};
use posture_recorder::{Part, Plan, Report};
use posture_store::Lease;
use tokio::task::JoinSet;
use tracing::{error, info, warn};

use super::evaluation::EVERYTHING;
use super::stop::Stop;
use super::worker::{HOLD, LOOK, RETRY, Worker, told, unwound};
use crate::commands::CommandError;
use crate::live::{is_incomplete, recorded, unread};
use crate::output::terminal::plain;

/// The work of announcing a sweep: kind and name.
const SWEEP: &str = "sweep";
/// Kind of the work of reading a part. Its name says which.
pub(super) const PART: &str = "part";
/// Parts that one process reads at a time.
const AT_ONCE: usize = 4;

/// How a part ended.
enum Ended {
    Read(Report),
    Interrupted,
    Failed,
}

impl Worker {
    /// The first sweep is due now, and those after it by the schedule.
    pub(super) async fn schedule_sweeps(&self, schedule: &Cron) -> Result<(), CommandError> {
        let now = crate::clock::now();
        let next = next_after(schedule, now);
        Ok(self.store.schedule_lease(SWEEP, SWEEP, now, next).await?)
    }

    /// The next sweep is by the schedule: there has just been one.
    pub(super) async fn sweep_later(&self, schedule: &Cron) -> Result<(), CommandError> {
        let next = next_after(schedule, crate::clock::now());
        Ok(self.store.schedule_lease(SWEEP, SWEEP, next, next).await?)
    }

    /// Announces sweeps by the schedule, where there is one, and reads parts, until it is time to end.
    pub(super) async fn sweep(self, schedule: Option<Cron>, mut stop: Stop) {
        let mut parts = JoinSet::new();
        while !stop.is_wished() {
            if let Some(schedule) = &schedule
                && let Err(error) = self.announce_if_due(schedule).await
            {
                error!("a sweep could not begin: {}", told(&error));
            }
            if let Err(error) = self.take_parts(&mut parts, &stop).await {
                error!("no part of a sweep could be taken: {}", told(&error));
            }
            tokio::select! {
                () = stop.wished() => {}
                () = tokio::time::sleep(LOOK) => {}
                Some(ended) = parts.join_next() => drop(unwound(ended)),
            }
        }
        // They hear of the wish, too, and give their parts back.
        while let Some(ended) = parts.join_next().await {
            drop(unwound(ended));
        }
    }

    /// Reads everything now. Parts that another process is at are waited for.
    pub(super) async fn sweep_now(&self, stop: &mut Stop) -> Result<bool, CommandError> {
        let mut is_whole = self.announce().await?;
        let mut parts = JoinSet::new();
        let mut is_told = false;
        loop {
            self.take_parts(&mut parts, stop).await?;
            if parts.is_empty() {
                let counts = self.store.count_leases(PART).await?;
                if stop.is_wished() {
                    return Ok(false);
                }
                if counts.held + counts.due == 0 {
                    return Ok(is_whole);
                }
                if counts.held > 0 && !is_told {
                    is_told = true;
                    info!(
                        "waiting for another process, which reads {} parts",
                        counts.held
                    );
                }
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                Some(ended) = parts.join_next() => {
                    let read = matches!(unwound(ended), Ended::Read(report) if !is_incomplete(&report));
                    is_whole &= read;
                }
            }
        }
    }

    async fn announce_if_due(&self, schedule: &Cron) -> Result<(), CommandError> {
        let leases = self.store.take_leases(SWEEP, &self.holder, 1, HOLD).await?;
        let Some(lease) = leases.into_iter().next() else {
            return Ok(());
        };
        let announcing = self.announce();
        let done = self.holding(std::slice::from_ref(&lease), announcing).await;
        let now = crate::clock::now();
        let next = match &done {
            Ok(_) => next_after(schedule, now),
            Err(_) => later(now, RETRY),
        };
        self.store.release_lease(&lease, Some(next)).await?;
        done.map(|_| ())
    }

    /// Announces the parts of a sweep. Whether every account and Region can be read.
    async fn announce(&self) -> Result<bool, CommandError> {
        self.forget_entries().await;
        let entries = self.entries().await?;
        let found = entries.parts().await;
        let now = crate::clock::now();
        let names: BTreeMap<String, Timestamp> = found
            .parts
            .iter()
            .map(|(account_id, part)| (name(account_id, part), now))
            .collect();
        self.store.add_leases(PART, &names).await?;
        info!("a sweep begins, of {} parts", names.len());
        let report = Report {
            accounts: Vec::new(),
            coverage: found.left_out,
        };
        tell_unread(&report);
        Ok(!is_incomplete(&report))
    }

    async fn take_parts(
        &self,
        parts: &mut JoinSet<Ended>,
        stop: &Stop,
    ) -> Result<(), CommandError> {
        let free = AT_ONCE.saturating_sub(parts.len());
        if free == 0 || stop.is_wished() {
            return Ok(());
        }
        let count = i64::try_from(free).unwrap_or(i64::MAX);
        let leases = self.store.take_leases(PART, &self.holder, count, HOLD);
        for lease in leases.await? {
            parts.spawn(self.clone().read(lease, stop.clone()));
        }
        Ok(())
    }

    /// Reads a part, and asks for an evaluation. An interrupted one is begun again by whoever comes next.
    async fn read(self, lease: Lease, mut stop: Stop) -> Ended {
        let held = std::slice::from_ref(&lease);
        let done = tokio::select! {
            done = self.holding(held, self.read_part(&lease.name)) => Some(done),
            () = stop.wished() => None,
        };
        let now = crate::clock::now();
        let next = match &done {
            Some(Ok(_)) => None,
            Some(Err(_)) => Some(later(now, RETRY)),
            None => Some(now),
        };
        let released = async {
            if matches!(done, Some(Ok(Some(_)))) {
                self.announce_evaluation([EVERYTHING.to_owned()]).await?;
            }
            Ok::<_, CommandError>(self.store.release_lease(&lease, next).await?)
        };
        let released = released.await;
        let part = lease.name.as_str();
        match (done, released) {
            (_, Err(error)) | (Some(Err(error)), _) => {
                let part = plain(part);
                error!(
                    "{part} could not be recorded, and is tried again: {}",
                    told(&error)
                );
                Ended::Failed
            }
            (Some(Ok(Some(report))), Ok(_)) => {
                info!("{part}: {} facts read", report.coverage.len());
                tell_unread(&report);
                Ended::Read(report)
            }
            // The account is none of ours any more.
            (Some(Ok(None)), Ok(_)) => Ended::Read(Report::default()),
            (None, Ok(_)) => {
                info!("{part} is given back");
                Ended::Interrupted
            }
        }
    }

    async fn read_part(&self, name: &str) -> Result<Option<Report>, CommandError> {
        let Some((account_id, part)) = of_name(name) else {
            return Ok(None);
        };
        let entries = self.entries().await?;
        let plan = Plan::new(&self.needs);
        let record = async |sink| {
            let recorded = entries.record_part((account_id, &part), &plan, sink);
            Ok(Box::pin(recorded).await?)
        };
        recorded(&self.store, "sweep", record).await
    }
}

/// What could not be read, in the log.
pub(super) fn tell_unread(report: &Report) {
    let (lines, further) = unread(report);
    for line in lines {
        warn!("not read: {line}");
    }
    if further > 0 {
        warn!("not read: and {further} more");
    }
}

/// The name of the work of reading a part.
fn name(account_id: &str, part: &Part) -> String {
    format!("{PART}/{account_id}/{part}")
}

fn of_name(name: &str) -> Option<(&str, Part)> {
    let mut pieces = name.splitn(3, '/').skip(1);
    Some((pieces.next()?, Part::from_name(pieces.next()?)))
}

pub(super) fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_part_says_what_it_is_about() {
        let part = Part::Region("eu-west-1".to_owned());
        let name = name("111122223333", &part);
        assert_eq!(name, "part/111122223333/eu-west-1");
        assert_eq!(of_name(&name), Some(("111122223333", part)));
        assert_eq!(of_name("sweep"), None);
    }

    #[test]
    fn a_sweep_follows_the_schedule() {
        let schedule = crate::config::schedule("30 4 * * *").unwrap();
        let now: Timestamp = "2026-11-26T04:30:00Z".parse().unwrap();
        let next: Timestamp = "2026-11-27T04:30:00Z".parse().unwrap();
        assert_eq!(next_after(&schedule, now), next);
    }
}
