//! Which items are wanted.

use crate::db::Value;

/// What narrows a query. An empty list narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// Account ids.
    pub accounts: Vec<String>,
    /// Regions; `global` for what has none.
    pub regions: Vec<String>,
    /// Resource types.
    pub types: Vec<String>,
}

impl ItemFilter {
    /// A condition on `scopes s`, and its arguments, numbered from `first`.
    pub(crate) fn condition(&self, first: usize) -> (String, Vec<Value>) {
        let mut condition = String::from("s.resource_type <> ''");
        let mut values = Vec::new();
        for (column, list) in [
            ("s.account_id", &self.accounts),
            ("s.aws_region", &self.regions),
            ("s.resource_type", &self.types),
        ] {
            if list.is_empty() {
                continue;
            }
            let places: Vec<String> = list
                .iter()
                .map(|text| {
                    values.push(Value::from(text.as_str()));
                    format!("${}", first + values.len() - 1)
                })
                .collect();
            condition.extend([" AND ", column, " IN (", &places.join(","), ")"]);
        }
        (condition, values)
    }
}
