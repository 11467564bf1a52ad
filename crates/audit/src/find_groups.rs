//! Counting evidence: how many records there are of each verdict, by what they have in common.
//!
//! Most of a question is answered from the counts that the state keeps by day and by 32 days; the
//! verdicts themselves are counted for a part of a day, or where a resource is looked for.

use std::collections::{BTreeMap, HashMap};

use posture_content::frameworks::Framework;
use posture_store::{CELL_DAYS, COUNTED, Store, day_of, start_of};
use serde::Serialize;

use crate::error::AuditError;
use crate::find::{Sought, deciding};
use crate::find_condition::{Cells, Wanted, Way, count_column};
use crate::period::day;
use crate::schema::{args, time};

/// By what records are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// The controls of a framework that the rule decides about: a record counts for each.
    Control,
    /// The account.
    Account,
    /// The rule.
    Rule,
    /// The day, in UTC.
    Day,
}

/// How many records of a group said what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundGroup {
    /// What they have in common.
    pub group: String,
    /// All of them.
    pub records: u64,
    /// Those that say COMPLIANT.
    pub compliant: u64,
    /// Those that say NON_COMPLIANT.
    pub non_compliant: u64,
    /// Those that say NOT_APPLICABLE.
    pub not_applicable: u64,
    /// Those that say INSUFFICIENT_DATA.
    pub insufficient_data: u64,
}

/// A part of the time that is looked for, and what is counted there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Cells of so many days that begin on the first of these days or later, before the second.
    Cells(i64, Option<i64>, Option<i64>),
    /// Verdicts from the first microsecond on, before the second.
    Verdicts(Option<i64>, Option<i64>),
}

/// Counts records by what they have in common, sorted by that. `framework` says what controls are.
///
/// # Errors
/// Where the state fails, or is damaged.
pub async fn find_groups(
    store: &Store,
    sought: &Sought,
    by: GroupBy,
    framework: Option<&Framework>,
) -> Result<Vec<FoundGroup>, AuditError> {
    let Some(wanted) = Wanted::resolve(store, sought).await? else {
        return Ok(Vec::new());
    };
    let parts = if wanted.is_counted() {
        let longest = if by == GroupBy::Day { 1 } else { i64::MAX };
        parts(wanted.from, wanted.until, longest)
    } else {
        vec![Part::Verdicts(wanted.from, wanted.until)]
    };
    let names = Names::load(store, by, framework).await?;
    let mut groups: BTreeMap<String, FoundGroup> = BTreeMap::new();
    for part in parts {
        let sql = statement(&wanted, by, part);
        for row in store.database().rows(&sql, args![]).await? {
            let mut counts = [0_u64; COUNTED.len()];
            for (column, (place, _)) in (1..).zip(wanted.words()) {
                if let Some(count) = counts.get_mut(place) {
                    *count = u64::try_from(row.int(column)?).unwrap_or_default();
                }
            }
            if counts.iter().sum::<u64>() == 0 {
                continue;
            }
            for name in names.of(row.int(0)?, part) {
                groups.entry(name).or_default().add(counts);
            }
        }
    }
    let named = groups.into_iter().map(|(name, group)| FoundGroup {
        group: name,
        ..group
    });
    Ok(named.collect())
}

impl FoundGroup {
    /// Adds counts in the order of [`COUNTED`].
    fn add(&mut self, counts: [u64; COUNTED.len()]) {
        let [compliant, non_compliant, not_applicable, insufficient_data] = counts;
        self.records += counts.iter().sum::<u64>();
        self.compliant += compliant;
        self.non_compliant += non_compliant;
        self.not_applicable += not_applicable;
        self.insufficient_data += insufficient_data;
    }
}

/// A time in as few cells as there are of at most `longest` days, and its two ends in verdicts.
fn parts(from: Option<i64>, until: Option<i64>, longest: i64) -> Vec<Part> {
    let begin = from.map(|from| -day_of(-from));
    let end = until.map(day_of);
    let mut parts = Vec::new();
    if is_empty(begin, end) {
        parts.push(Part::Verdicts(from, until));
    } else {
        if from.is_some() {
            parts.push(Part::Verdicts(from, begin.map(start_of)));
        }
        let lengths = CELL_DAYS.iter().rev().copied();
        let lengths: Vec<i64> = lengths.filter(|days| *days <= longest).collect();
        add_cells(begin, end, &lengths, &mut parts);
        if until.is_some() {
            parts.push(Part::Verdicts(end.map(start_of), until));
        }
    }
    parts.retain(|part| match part {
        Part::Cells(_, from, until) | Part::Verdicts(from, until) => !is_empty(*from, *until),
    });
    parts
}

/// Adds cells for days; `lengths` are those of cells, the longest first.
fn add_cells(begin: Option<i64>, end: Option<i64>, lengths: &[i64], parts: &mut Vec<Part>) {
    let Some((days, shorter)) = lengths.split_first() else {
        return;
    };
    let inner_begin = begin.map(|day| -(-day).div_euclid(*days) * days);
    let inner_end = end.map(|day| day.div_euclid(*days) * days);
    if is_empty(inner_begin, inner_end) {
        return add_cells(begin, end, shorter, parts);
    }
    if begin != inner_begin {
        add_cells(begin, inner_begin, shorter, parts);
    }
    parts.push(Part::Cells(*days, inner_begin, inner_end));
    if end != inner_end {
        add_cells(inner_end, end, shorter, parts);
    }
}

fn is_empty(from: Option<i64>, until: Option<i64>) -> bool {
    from.zip(until).is_some_and(|(from, until)| from >= until)
}

/// Selects the groups' numbers, each with a count for each verdict that is looked for.
fn statement(wanted: &Wanted, by: GroupBy, part: Part) -> String {
    match part {
        Part::Cells(days, begin, end) => {
            let key = match by {
                GroupBy::Control | GroupBy::Rule => "c.rule",
                GroupBy::Account => "c.scope",
                GroupBy::Day => "c.first_day",
            };
            let counts = wanted
                .words()
                .map(|(_, word)| format!("CAST(SUM({}) AS BIGINT)", count_column(word)));
            let counts = counts.collect::<Vec<_>>().join(", ");
            let condition = wanted.of_cells(Cells {
                days,
                begin,
                end,
                by_rule: matches!(by, GroupBy::Control | GroupBy::Rule),
                by_scope: by == GroupBy::Account,
            });
            format!("SELECT {key}, {counts} FROM verdict_counts c WHERE {condition} GROUP BY {key}")
        }
        Part::Verdicts(from, until) => {
            let (key, place) = match by {
                GroupBy::Control | GroupBy::Rule => ("v.rule", ""),
                GroupBy::Account => ("r.scope", " JOIN resources r ON r.resource = v.resource"),
                GroupBy::Day => ("v.valid_from", ""),
            };
            let counts = wanted.words().map(|(_, word)| {
                format!("SUM(CASE WHEN v.compliance_type = '{word}' THEN 1 ELSE 0 END)")
            });
            let counts = counts.collect::<Vec<_>>().join(", ");
            let way = if wanted.is_counted() {
                Way::Time
            } else {
                Way::Resource
            };
            let condition = wanted.of_verdicts(from, until, way);
            format!(
                "SELECT {key}, {counts} FROM verdicts v{place} WHERE {condition} GROUP BY {key}"
            )
        }
    }
}

/// What the numbers of groups are called.
enum Names {
    Listed(HashMap<i64, Vec<String>>),
    Days,
}

impl Names {
    async fn load(
        store: &Store,
        by: GroupBy,
        framework: Option<&Framework>,
    ) -> Result<Names, AuditError> {
        let mut names: HashMap<i64, Vec<String>> = HashMap::new();
        match by {
            GroupBy::Day => return Ok(Names::Days),
            GroupBy::Account => {
                let sql = "SELECT scope, account_id FROM scopes";
                for row in store.database().rows(sql, args![]).await? {
                    names.insert(row.int(0)?, vec![row.text(1)?]);
                }
            }
            GroupBy::Rule | GroupBy::Control => {
                let sql = "SELECT rule, rule_name, source_identifier FROM rules";
                for row in store.database().rows(sql, args![]).await? {
                    let identifier = row.text(2)?;
                    let of_rule = match framework.filter(|_| by == GroupBy::Control) {
                        None => vec![row.text(1)?],
                        Some(framework) => framework
                            .controls
                            .iter()
                            .filter(|control| {
                                deciding(std::iter::once(*control)).contains(&identifier)
                            })
                            .map(|control| control.id.clone())
                            .collect(),
                    };
                    names.insert(row.int(0)?, of_rule);
                }
            }
        }
        Ok(Names::Listed(names))
    }

    fn of(&self, number: i64, part: Part) -> Vec<String> {
        match (self, part) {
            (Names::Listed(names), _) => names.get(&number).cloned().unwrap_or_default(),
            (Names::Days, Part::Cells(..)) => vec![day(time(start_of(number))).to_string()],
            (Names::Days, Part::Verdicts(..)) => vec![day(time(number)).to_string()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    /// Each microsecond of the time at the ends of days is in exactly one part.
    #[test]
    fn parts_are_the_whole_time_once() {
        let ends = [
            None,
            Some(0),
            Some(1),
            Some(31 * DAY),
            Some(32 * DAY),
            Some(40 * DAY + 5),
            Some(100 * DAY - 1),
            Some(-3 * DAY - 7),
        ];
        let asked: Vec<i64> = (-130..260)
            .flat_map(|half| [half * DAY / 2 - 1, half * DAY / 2, half * DAY / 2 + 7])
            .collect();
        for (from, until, longest) in ends.iter().flat_map(|from| {
            let both = ends.iter().map(move |until| (*from, *until));
            both.flat_map(|(from, until)| [(from, until, 1), (from, until, 32)])
        }) {
            let parts = parts(from, until, longest);
            for at in &asked {
                let holds = |from: Option<i64>, until: Option<i64>, at: i64| {
                    from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until)
                };
                let count = parts.iter().filter(|part| match part {
                    Part::Verdicts(from, until) => holds(*from, *until, *at),
                    Part::Cells(days, from, until) => {
                        assert!(*days <= longest);
                        holds(*from, *until, day_of(*at).div_euclid(*days) * days)
                    }
                });
                let expected = usize::from(holds(from, until, *at));
                assert_eq!(count.count(), expected, "{from:?} {until:?} {longest} {at}");
            }
        }
    }
}
