//! What could not be read, from AWS or from the state.

use std::collections::BTreeSet;

use posture_model::{CoverageState, ResourceType};
use posture_recorder::{Coverage, Report};
use posture_store::CoverageRow;
use serde::Serialize;

use super::super::{CommandError, StatePlace, state};
use crate::live::Wanted;

/// The state of what was never asked for, which no recording has.
const NOT_RECORDED: &str = "not-recorded";

/// One fact that was not read, or not completely.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Gap {
    /// The account; empty where no account has it.
    pub(crate) account_id: String,
    /// The Region; `global` for what has none.
    pub(crate) aws_region: String,
    /// The type, as AWS spells it; empty where the Region as a whole is meant.
    pub(crate) resource_type: String,
    /// The place of the items; empty for the listing itself.
    pub(crate) fact: String,
    /// As in coverage, or `not-recorded`.
    pub(crate) state: &'static str,
    /// The IAM action that was missing.
    pub(crate) denied_action: Option<String>,
    /// What was answered instead, for a person. The state keeps none.
    pub(crate) reason: Option<String>,
}

/// What was read, and what not.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// How many facts were read completely.
    pub(crate) complete: usize,
    /// Sorted.
    pub(crate) gaps: Vec<Gap>,
}

impl Read {
    /// Of a recording just made.
    pub(crate) fn of_report(report: &Report) -> Read {
        let mut gaps: Vec<Gap> = report.gaps().map(Gap::of_coverage).collect();
        gaps.sort();
        Read {
            complete: report.coverage.len() - gaps.len(),
            gaps,
        }
    }

    /// Of the newest recordings of what is wanted.
    pub(crate) fn of_state(place: &StatePlace, wanted: &Wanted<'_>) -> Result<Read, CommandError> {
        let now = crate::clock::now();
        let known_at = state::known_at(None)?;
        let rows = place.with(|store| async move { Ok(store.coverage(now, known_at).await?) })?;
        let mut read = Read::default();
        let mut listed: BTreeSet<(String, ResourceType)> = BTreeSet::new();
        let mut accounts: BTreeSet<String> = wanted.accounts.iter().cloned().collect();
        for row in rows.iter().filter(|row| is_in_scope(row, wanted)) {
            accounts.insert(row.scope.account_id.clone());
            let Some(resource_type) = ResourceType::from_name(&row.scope.resource_type) else {
                continue;
            };
            if row.coverage.fact.is_empty() {
                listed.insert((row.scope.account_id.clone(), resource_type));
            }
            if !is_wanted(resource_type, &row.coverage.fact, wanted) {
                continue;
            }
            match row.coverage.state {
                CoverageState::Complete => read.complete += 1,
                _ => read.gaps.push(Gap::of_row(row)),
            }
        }
        if accounts.is_empty() {
            // Nothing at all is recorded: every type is missing, of nobody.
            accounts.insert(String::new());
        }
        let mut types: BTreeSet<ResourceType> = wanted.plan().types().collect();
        if wanted.needs.needs(ResourceType::Account) {
            types.insert(ResourceType::Account);
        }
        for account_id in &accounts {
            for resource_type in &types {
                if !listed.contains(&(account_id.clone(), *resource_type)) {
                    read.gaps
                        .push(Gap::not_recorded(account_id, *resource_type));
                }
            }
        }
        read.gaps.sort();
        Ok(read)
    }
}

fn is_in_scope(row: &CoverageRow, wanted: &Wanted<'_>) -> bool {
    let scope = &row.scope;
    let is_ours = wanted.accounts.is_empty() || wanted.accounts.contains(&scope.account_id);
    let is_here = wanted.regions.is_empty()
        || scope.aws_region == "global"
        || wanted.regions.contains(&scope.aws_region);
    is_ours && is_here
}

fn is_wanted(resource_type: ResourceType, fact: &str, wanted: &Wanted<'_>) -> bool {
    if fact.is_empty() {
        wanted.needs.needs(resource_type)
    } else {
        wanted.needs.needs_place(resource_type, fact)
    }
}

impl Gap {
    fn of_coverage(row: &Coverage) -> Gap {
        Gap {
            account_id: row.account_id.clone(),
            aws_region: row.aws_region.clone(),
            resource_type: row.resource_type.to_owned(),
            fact: row.fact.clone(),
            state: row.state.as_str(),
            denied_action: row.denied_action.clone(),
            reason: row.reason.clone(),
        }
    }

    fn of_row(row: &CoverageRow) -> Gap {
        Gap {
            account_id: row.scope.account_id.clone(),
            aws_region: row.scope.aws_region.clone(),
            resource_type: row.scope.resource_type.clone(),
            fact: row.coverage.fact.clone(),
            state: row.coverage.state.as_str(),
            denied_action: row.coverage.denied_action.clone(),
            reason: None,
        }
    }

    fn not_recorded(account_id: &str, resource_type: ResourceType) -> Gap {
        Gap {
            account_id: account_id.to_owned(),
            aws_region: String::new(),
            resource_type: resource_type.as_str().to_owned(),
            fact: String::new(),
            state: NOT_RECORDED,
            denied_action: None,
            reason: None,
        }
    }
}
