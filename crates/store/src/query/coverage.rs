//! What could be read at a time.

use jiff::Timestamp;
use posture_model::CoverageState;

use super::as_of::time;
use crate::db::args;
use crate::record::Coverage;
use crate::{Scope, Store, StoreError};

/// How far one fact of a scope could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageRow {
    /// The scope.
    pub scope: Scope,
    /// The fact, and how far.
    pub coverage: Coverage,
    /// Since when.
    pub valid_from: Timestamp,
}

impl Store {
    /// Every fact's coverage at `as_of`, as far as was recorded by `known_at`, sorted by account,
    /// Region, type and fact.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn coverage(
        &self,
        as_of: Timestamp,
        known_at: Timestamp,
    ) -> Result<Vec<CoverageRow>, StoreError> {
        let sql = "SELECT s.account_id, s.aws_region, s.resource_type, c.fact, c.state, \
                   c.denied_action, c.valid_from FROM coverage c JOIN scopes s ON s.scope = c.scope \
                   WHERE c.coverage = (SELECT w.coverage FROM coverage w WHERE w.scope = c.scope \
                   AND w.fact = c.fact AND w.valid_from <= $1 AND w.recorded_at <= $2 \
                   ORDER BY w.valid_from DESC, w.recorded_at DESC, w.coverage DESC LIMIT 1) \
                   ORDER BY s.account_id, s.aws_region, s.resource_type, c.fact";
        let times = args![as_of.as_microsecond(), known_at.as_microsecond()];
        let mut found = Vec::new();
        for row in self.database().rows(sql, times).await? {
            found.push(CoverageRow {
                scope: Scope {
                    account_id: row.text(0)?,
                    aws_region: row.text(1)?,
                    resource_type: row.text(2)?,
                },
                coverage: Coverage {
                    fact: row.text(3)?,
                    state: CoverageState::from_word(&row.text(4)?),
                    denied_action: row.text_or_null(5)?,
                },
                valid_from: time(row.int(6)?),
            });
        }
        Ok(found)
    }
}
