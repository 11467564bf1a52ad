//! Filters over findings, as Security Hub's `AwsSecurityFindingFilters` has them.
//!
//! Fields are joined by AND. On one field, `EQUALS`, `PREFIX` and `CONTAINS` are joined by OR, and the
//! negated ones by AND. Source: API_StringFilter.html, API_MapFilter.html, API_DateFilter.html.

mod compare;
mod fields;
mod read;

use jiff::Timestamp;
use serde_json::Value;

pub use read::FilterError;

use crate::finding::Object;
use compare::Test;
use fields::Field;

/// Filters; none accept everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filters(Vec<(&'static Field, Test)>);

impl Filters {
    /// Reads `AwsSecurityFindingFilters`.
    ///
    /// # Errors
    /// Where a field or a comparison is unknown, or comparisons stand together that Security Hub
    /// refuses.
    pub fn from_json(value: &Value) -> Result<Filters, FilterError> {
        read::filters(value).map(Filters)
    }

    /// Reads conditions such as `SeverityLabel EQUALS HIGH`, joined as the filters are.
    ///
    /// # Errors
    /// As [`Filters::from_json`].
    pub fn from_conditions(conditions: &[String]) -> Result<Filters, FilterError> {
        Filters::from_json(&read::conditions(conditions)?)
    }

    /// Both filters' fields, joined by AND.
    #[must_use]
    pub fn and(mut self, other: Filters) -> Filters {
        self.0.extend(other.0);
        self
    }

    /// Whether a finding passes. `now` is what date ranges count from.
    pub fn accept(&self, finding: &Object, now: Timestamp) -> bool {
        self.0
            .iter()
            .all(|(field, test)| test.accepts(&field.values(finding), now))
    }

    /// The words of a field that a finding must have one of; none where the field isn't so narrowed.
    pub(crate) fn one_of(&self, name: &str) -> Option<Vec<&str>> {
        self.0
            .iter()
            .find(|(field, _)| field.name == name)
            .and_then(|(_, test)| test.only_equals())
    }
}
