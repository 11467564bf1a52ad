//! Finding API calls that were made for evidence.

use jiff::Timestamp;
use posture_store::{Store, sql};

use super::call::ApiCall;
use super::known::{COLUMNS, FROM, RetrievalRecord, read};
use crate::error::AuditError;

/// What is looked for. What is empty narrows nothing.
#[derive(Debug, Clone, Default)]
pub struct SoughtRetrievals {
    /// Calls; none where any will do.
    pub calls: Option<Vec<ApiCall>>,
    /// Accounts.
    pub accounts: Vec<String>,
    /// From when on.
    pub from: Option<Timestamp>,
    /// Until before when.
    pub until: Option<Timestamp>,
}

/// The newest retrievals, and whether there are more.
///
/// # Errors
/// Where the state fails.
pub async fn find_retrievals(
    store: &Store,
    sought: &SoughtRetrievals,
    limit: usize,
) -> Result<(Vec<RetrievalRecord>, bool), AuditError> {
    let mut conditions = vec!["1 = 1".to_owned()];
    let mut values: Vec<sql::Value> = Vec::new();
    if let Some(calls) = &sought.calls {
        let mut places = Vec::new();
        for call in calls {
            values.push(sql::Value::from(call.service()));
            values.push(sql::Value::from(call.operation()));
            let (service, operation) = (values.len() - 1, values.len());
            places.push(format!(
                "(r.service = ${service} AND r.operation = ${operation})"
            ));
        }
        if places.is_empty() {
            return Ok((Vec::new(), false));
        }
        conditions.push(format!("({})", places.join(" OR ")));
    }
    let mut accounts = Vec::new();
    for account in &sought.accounts {
        values.push(sql::Value::from(account.as_str()));
        accounts.push(format!("${}", values.len()));
    }
    if !accounts.is_empty() {
        conditions.push(format!("r.account_id IN ({})", accounts.join(", ")));
    }
    if let Some(from) = sought.from {
        conditions.push(format!("r.started_at >= {}", from.as_microsecond()));
    }
    if let Some(until) = sought.until {
        conditions.push(format!("r.started_at < {}", until.as_microsecond()));
    }
    let one_more = limit.saturating_add(1);
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE {} ORDER BY r.started_at DESC, r.retrieval DESC LIMIT {one_more}",
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
