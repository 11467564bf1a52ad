//! What could be read, and what not.

use std::collections::BTreeMap;

use posture_model::CoverageState;

use crate::StoreError;
use crate::db::{Transaction, Value, args};

/// How far one fact of a scope could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The fact, such as `supplementaryConfiguration.BucketPolicy`; empty for the listing itself.
    pub fact: String,
    /// How far.
    pub state: CoverageState,
    /// The IAM action that was missing.
    pub denied_action: Option<String>,
}

impl Coverage {
    /// All of the listing.
    pub fn complete() -> Coverage {
        Coverage::of(CoverageState::Complete)
    }

    /// The listing itself, in this state.
    pub fn of(state: CoverageState) -> Coverage {
        Coverage {
            fact: String::new(),
            state,
            denied_action: None,
        }
    }
}

/// What is known of a scope's facts now.
pub(super) async fn current(
    transaction: &mut Transaction,
    scope: i64,
) -> Result<BTreeMap<String, Coverage>, StoreError> {
    // Ascending, so that the latest row of a fact is the one that stays.
    let sql = "SELECT fact, state, denied_action FROM coverage WHERE scope = $1 \
               ORDER BY fact, valid_from, recorded_at, coverage";
    let mut facts = BTreeMap::new();
    for row in transaction.rows(sql, args![scope]).await? {
        let fact = row.text(0)?;
        let coverage = Coverage {
            fact: fact.clone(),
            state: CoverageState::from_word(&row.text(1)?),
            denied_action: row.text_or_null(2)?,
        };
        facts.insert(fact, coverage);
    }
    Ok(facts)
}

/// What has to be written so that `known` becomes `seen`. A fact that nobody complained of this
/// time was read, unless only some items were asked for.
pub(super) fn changes(
    known: &BTreeMap<String, Coverage>,
    mut seen: BTreeMap<String, Coverage>,
    is_of_some: bool,
) -> Vec<Coverage> {
    let is_listed = seen
        .get("")
        .is_some_and(|listing| listing.state == CoverageState::Complete);
    for (fact, before) in known {
        // Where the listing failed, its facts were not asked for: nothing is known of them anew.
        if is_listed && !is_of_some && before.state != CoverageState::Complete {
            seen.entry(fact.clone()).or_insert_with(|| Coverage {
                fact: fact.clone(),
                ..Coverage::complete()
            });
        }
    }
    seen.into_values()
        .filter(|coverage| known.get(&coverage.fact) != Some(coverage))
        .collect()
}

/// The row of one change.
pub(super) fn row(
    id: i64,
    scope: i64,
    coverage: Coverage,
    times: (i64, i64),
    run: i64,
) -> Vec<Value> {
    args![
        id,
        scope,
        coverage.fact,
        times.0,
        times.1,
        coverage.state.as_str(),
        coverage.denied_action,
        run,
    ]
}
