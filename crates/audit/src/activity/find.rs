//! Finding calls that CloudTrail told of.

use jiff::Timestamp;
use posture_store::{Store, sql};

use super::known::{ActivityRecord, COLUMNS, FROM, quoted, read};
use crate::error::AuditError;

/// What is looked for. What is empty narrows nothing.
#[derive(Debug, Clone, Default)]
pub struct SoughtActivity {
    /// Names of events; none where any will do.
    pub events: Option<Vec<String>>,
    /// Accounts.
    pub accounts: Vec<String>,
    /// Who made the call, as CloudTrail names them.
    pub principal: Option<String>,
    /// From when on.
    pub from: Option<Timestamp>,
    /// Until before when.
    pub until: Option<Timestamp>,
}

/// The newest calls, and whether there are more.
///
/// # Errors
/// Where the state fails.
pub async fn find_activity(
    store: &Store,
    sought: &SoughtActivity,
    limit: usize,
) -> Result<(Vec<ActivityRecord>, bool), AuditError> {
    let mut conditions = vec!["1 = 1".to_owned()];
    let mut values: Vec<sql::Value> = Vec::new();
    if let Some(events) = &sought.events {
        let names = events.iter().map(String::as_str).collect();
        let list = quoted(&names);
        if list.is_empty() {
            return Ok((Vec::new(), false));
        }
        conditions.push(format!("c.event_name IN ({list})"));
    }
    let mut equal = |column: &str, texts: &[&str]| {
        let places: Vec<String> = texts
            .iter()
            .map(|text| {
                values.push(sql::Value::from(*text));
                format!("${}", values.len())
            })
            .collect();
        if !places.is_empty() {
            conditions.push(format!("{column} IN ({})", places.join(", ")));
        }
    };
    let accounts: Vec<&str> = sought.accounts.iter().map(String::as_str).collect();
    equal("c.account_id", &accounts);
    let principal: Vec<&str> = sought.principal.iter().map(String::as_str).collect();
    equal("c.principal", &principal);
    if let Some(from) = sought.from {
        conditions.push(format!("c.happened_at >= {}", from.as_microsecond()));
    }
    if let Some(until) = sought.until {
        conditions.push(format!("c.happened_at < {}", until.as_microsecond()));
    }
    let one_more = limit.saturating_add(1);
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE {} ORDER BY c.happened_at DESC, c.event_id LIMIT {one_more}",
        conditions.join(" AND ")
    );
    let mut found = Vec::new();
    for row in store.database().rows(&sql, values).await? {
        found.push(read(&row)?);
    }
    let has_more = found.len() > limit;
    found.truncate(limit);
    Ok((found, has_more))
}
