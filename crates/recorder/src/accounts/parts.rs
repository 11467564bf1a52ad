//! Accounts in parts that are recorded one by one, by whoever is free.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use posture_aws::Client;
use posture_model::{Partition, ResourceType};

use super::Resolved;
use super::estate::enter;
use crate::coverage::Coverage;
use crate::error::RecordError;
use crate::needs::Needs;
use crate::plan::Plan;
use crate::run::{Recorder, Report};
use crate::sink::Sink;

/// A part of an account that is recorded by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A Region; with the home Region, what is global.
    Region(String),
    /// What is global, where the home Region itself is not recorded.
    Global,
}

/// What a sweep consists of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// Account ids, each with a part of it; sorted.
    pub parts: Vec<(String, Part)>,
    /// Accounts that can't be entered, and Regions that don't answer. Sorted.
    pub left_out: Vec<Coverage>,
}

/// Accounts that were found, each entered only where it is the one that it should be.
#[derive(Debug, Default)]
pub struct Entries {
    recorders: BTreeMap<String, Recorder>,
    left_out: Vec<Coverage>,
    entered: Mutex<BTreeSet<String>>,
}

impl Part {
    const GLOBAL: &'static str = "global";

    /// The name of a Region, or `global`.
    pub fn from_name(name: &str) -> Part {
        match name {
            Part::GLOBAL => Part::Global,
            region => Part::Region(region.to_owned()),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Region(region) => region,
            Part::Global => Part::GLOBAL,
        })
    }
}

impl From<Resolved> for Entries {
    fn from(resolved: Resolved) -> Entries {
        Entries {
            recorders: resolved.recorders.into_iter().collect(),
            left_out: resolved.left_out,
            entered: Mutex::default(),
        }
    }
}

impl Entries {
    /// Whether an account is one of these.
    pub fn has(&self, account_id: &str) -> bool {
        self.recorders.contains_key(account_id)
    }

    /// Enters each account, and asks for its Regions.
    pub async fn parts(&self) -> Parts {
        let mut found = Parts {
            parts: Vec::new(),
            left_out: self.left_out.clone(),
        };
        for (account_id, recorder) in &self.recorders {
            if let Err(coverage) = self.enter(account_id, recorder).await {
                found.left_out.push(coverage);
                continue;
            }
            let (regions, quarantined) = recorder.regions(account_id).await;
            found.left_out.extend(quarantined);
            let home = recorder.home_region();
            if !regions.iter().any(|region| region == home) {
                found.parts.push((account_id.clone(), Part::Global));
            }
            let regions = regions.into_iter().map(Part::Region);
            found
                .parts
                .extend(regions.map(|part| (account_id.clone(), part)));
        }
        found.parts.sort();
        found.left_out.sort();
        found
    }

    /// A client for a part: in its Region, or in the home Region for what is global. None where the
    /// account is none of these.
    ///
    /// # Errors
    /// Where the account can't be entered, or is not the one that it should be.
    pub async fn client(&self, account_id: &str, part: &Part) -> Result<Option<Client>, Coverage> {
        let Some(recorder) = self.recorders.get(account_id) else {
            return Ok(None);
        };
        self.enter(account_id, recorder).await?;
        let region = match part {
            Part::Region(region) => region,
            Part::Global => recorder.home_region(),
        };
        Ok(Some(recorder.home_client().in_region(region)))
    }

    /// Records one part. None where the account is none of these.
    ///
    /// # Errors
    /// Where the sink fails. What AWS doesn't answer is coverage.
    pub async fn record_part<S: Sink>(
        &self,
        (account_id, part): (&str, &Part),
        plan: &Plan,
        sink: Arc<S>,
    ) -> Result<Option<Report>, RecordError> {
        let Some(recorder) = self.recorders.get(account_id) else {
            return Ok(None);
        };
        let home = recorder.home_region();
        let (regions, is_global) = match part {
            Part::Region(region) => (vec![region.clone()], region == home),
            Part::Global => (Vec::new(), true),
        };
        let recorder = recorder.live(regions, is_global);
        self.record(account_id, &recorder, plan, sink).await
    }

    /// Records what an event in a Region may have touched: types there, and those that are global. Of
    /// resources that the sink knows only those that may have one of the names, where there are any.
    /// None where the account is none of these.
    ///
    /// # Errors
    /// Where the sink fails. What AWS doesn't answer is coverage.
    pub async fn record_touched<S: Sink>(
        &self,
        (account_id, aws_region): (&str, &str),
        needs: &Needs,
        names: Option<&BTreeSet<String>>,
        sink: Arc<S>,
    ) -> Result<Option<Report>, RecordError> {
        let Some(recorder) = self.recorders.get(account_id) else {
            return Ok(None);
        };
        let home = recorder.home_region();
        let mut regions = BTreeSet::from([match aws_region {
            Part::GLOBAL => home,
            region => region,
        }]);
        if needs.needs(ResourceType::Account) {
            // The account's item in the home Region holds what is global, and what is of that Region.
            regions.insert(home);
        }
        let regions = regions.into_iter().filter(|name| recorder.wants(name));
        let recorder = recorder.live(regions.map(str::to_owned).collect(), true);
        let recorder = match names {
            Some(names) => recorder.only_named(names),
            None => recorder,
        };
        self.record(account_id, &recorder, &Plan::new(needs), sink)
            .await
    }

    async fn record<S: Sink>(
        &self,
        account_id: &str,
        recorder: &Recorder,
        plan: &Plan,
        sink: Arc<S>,
    ) -> Result<Option<Report>, RecordError> {
        if let Err(coverage) = self.enter(account_id, recorder).await {
            return Ok(Some(Report {
                accounts: Vec::new(),
                coverage: vec![coverage],
            }));
        }
        let recorded = recorder.record_as(account_id.to_owned(), plan, sink);
        recorded.await.map(Some)
    }

    /// Makes sure, once, that the account is the one that it should be.
    async fn enter(&self, account_id: &str, recorder: &Recorder) -> Result<(), Coverage> {
        let entered = || self.entered.lock().unwrap_or_else(PoisonError::into_inner);
        if entered().contains(account_id) {
            return Ok(());
        }
        let outcome = enter(recorder, account_id).await;
        outcome.map_err(|outcome| outcome.row((account_id, ""), None, ""))?;
        entered().insert(account_id.to_owned());
        Ok(())
    }
}

impl Recorder {
    fn home_region(&self) -> &'static str {
        Partition::of(self.home_client().region()).home_region
    }
}

#[cfg(test)]
mod tests {
    use super::Part;

    #[test]
    fn a_part_is_named_for_its_region() {
        for name in ["eu-west-1", "global"] {
            assert_eq!(Part::from_name(name).to_string(), name);
        }
        assert_eq!(Part::from_name("global"), Part::Global);
    }
}
