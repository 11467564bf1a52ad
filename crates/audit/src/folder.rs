//! Evidence folders: a control's evidence of each day.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use serde::Serialize;

use crate::assessment::ControlRecord;
use crate::control_history::{ControlHistory, Evidence};
use crate::period::{Period, day};
use crate::rule_history::State;

/// A control's evidence of one day: Audit Manager's evidence folder, derived and never copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Folder {
    /// The day, in UTC.
    pub date: Date,
    /// The worst that a run of the day found; `unknown` where there was none.
    pub state: State,
    /// Runs on the day.
    pub runs: usize,
    /// Verdicts of these runs on the control's populations.
    pub compliance_checks: usize,
    /// Of these, failures.
    pub compliance_check_issues: usize,
    /// Of these, those without a result.
    pub inconclusive: usize,
    /// Configurations that became others on the day.
    pub configuration_data: usize,
    /// Calls of the day that CloudTrail told of and the control names.
    pub user_activity: usize,
    /// API calls of the day that were made for evidence and answered completely.
    pub api_calls: usize,
    /// API calls of the day that were not: denied, failed, in part.
    pub api_call_issues: usize,
    /// Files that a person added and that hold for the day.
    pub manual: usize,
    /// Pieces of evidence that came from Audit Manager: none of them was seen by a run.
    #[serde(skip_serializing_if = "is_zero")]
    pub imported: usize,
    /// Of these, those that Audit Manager classes as non-compliant.
    #[serde(skip_serializing_if = "is_zero")]
    pub imported_issues: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl ControlHistory<'_> {
    /// Its folders, a day each.
    pub fn folders(
        &self,
        evidence: &Evidence,
        record: &ControlRecord,
        period: &Period,
    ) -> Vec<Folder> {
        let mut resources: HashSet<i64> = HashSet::new();
        for rule in self.deciding() {
            resources.extend(rule.members.iter().map(|member| member.resource));
        }
        let mut changes: HashMap<Date, usize> = HashMap::new();
        for resource in resources
            .iter()
            .filter_map(|one| evidence.history.resources.get(one))
        {
            for at in &resource.changes {
                *changes.entry(day(*at)).or_default() += 1;
            }
        }
        let mut activity: HashMap<Date, usize> = HashMap::new();
        for one in evidence.activity.of(&self.control.cloudtrail) {
            *activity.entry(day(one.at)).or_default() += 1;
        }
        let end = evidence.slots.last().map_or(period.from, |slot| slot.until);
        let mut folders: Vec<Folder> = Period {
            from: period.from,
            until: end.max(period.from),
        }
        .days()
        .map(|date| {
            let names = &self.control.api_calls;
            let imported = evidence.imported.day(&self.control.id, date);
            let (api_calls, api_call_issues) = evidence.retrievals.counts_on(names, date);
            Folder {
                date,
                state: State::Unknown,
                runs: 0,
                compliance_checks: 0,
                compliance_check_issues: 0,
                inconclusive: 0,
                configuration_data: changes.get(&date).copied().unwrap_or_default(),
                user_activity: activity.get(&date).copied().unwrap_or_default(),
                api_calls,
                api_call_issues,
                manual: record
                    .uploads
                    .iter()
                    .filter(|one| {
                        one.upload.effective_from <= date && date <= one.upload.effective_until
                    })
                    .count(),
                imported: imported.evidence,
                imported_issues: imported.issues,
            }
        })
        .collect();
        for (place, slot) in evidence.slots.iter().enumerate() {
            let run = slot.run.and_then(|place| evidence.history.runs.get(place));
            let Some(run) = run else { continue };
            let date = day(run.evaluated_at);
            let Some(folder) = folders.iter_mut().find(|folder| folder.date == date) else {
                continue;
            };
            let counts = self.counts.get(place).copied().unwrap_or_default();
            let state = self
                .intervals
                .iter()
                .find(|one| one.from <= slot.from && slot.from < one.until)
                .map_or(State::NotApplicable, |one| one.state);
            folder.state = if folder.runs == 0 {
                state
            } else {
                folder.state.max(state)
            };
            folder.runs += 1;
            folder.compliance_checks +=
                counts.pass + counts.fail + counts.unknown + counts.excepted;
            folder.compliance_check_issues += counts.fail;
            folder.inconclusive += counts.unknown;
        }
        folders
    }
}
