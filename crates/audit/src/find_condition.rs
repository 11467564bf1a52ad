//! What is looked for as a condition on verdicts. Numbers and checked words are written into the
//! statement; what somebody typed is an argument.

use posture_store::{Store, sql};

use crate::error::AuditError;
use crate::find::Sought;
use crate::schema::args;

/// Rules, or resources, up to which each is looked up; where there are more, time is gone through.
const FEW_RULES: usize = 16;
const FEW_RESOURCES: usize = 10_000;

/// What is looked for, in numbers.
pub(crate) struct Wanted {
    /// Of rows of `verdicts`, here `v`.
    pub(crate) condition: String,
}

impl Wanted {
    /// None where nothing can be found.
    pub(crate) async fn resolve(
        store: &Store,
        sought: &Sought,
    ) -> Result<Option<Wanted>, AuditError> {
        let mut conditions = vec!["1 = 1".to_owned()];
        if let Some(from) = sought.from {
            conditions.push(format!("v.valid_from >= {}", from.as_microsecond()));
        }
        if let Some(until) = sought.until {
            conditions.push(format!("v.valid_from < {}", until.as_microsecond()));
        }
        if let Some(rules) = rules(store, sought).await? {
            if rules.is_empty() {
                return Ok(None);
            }
            conditions.push(format!(
                "{} IN ({})",
                column("v.rule", rules.len(), FEW_RULES),
                list(&rules)
            ));
        }
        match resources(store, sought).await? {
            Some(condition) => conditions.push(condition),
            None if sought.is_placed() => return Ok(None),
            None => {}
        }
        if !sought.verdicts.is_empty() {
            let known =
                |text: &&String| text.chars().all(|it| it.is_ascii_uppercase() || it == '_');
            let quoted: Vec<String> = sought
                .verdicts
                .iter()
                .filter(known)
                .map(|text| format!("'{text}'"))
                .collect();
            if quoted.is_empty() {
                return Ok(None);
            }
            conditions.push(format!("v.compliance_type IN ({})", quoted.join(", ")));
        }
        Ok(Some(Wanted {
            condition: conditions.join(" AND "),
        }))
    }
}

/// A column of a condition. Where there are many values, a sign keeps indexes from being chosen for
/// it: going through time is faster then.
fn column(name: &str, count: usize, few: usize) -> String {
    let sign = if count <= few { "" } else { "+" };
    format!("{sign}{name}")
}

fn list(numbers: &[i64]) -> String {
    let list: Vec<String> = numbers.iter().map(i64::to_string).collect();
    list.join(", ")
}

async fn rules(store: &Store, sought: &Sought) -> Result<Option<Vec<i64>>, AuditError> {
    let Some(identifiers) = &sought.identifiers else {
        return Ok(None);
    };
    let sql = "SELECT rule, source_identifier FROM rules ORDER BY rule";
    let mut numbers = Vec::new();
    for row in store.database().rows(sql, args![]).await? {
        if identifiers.contains(&row.text(1)?) {
            numbers.push(row.int(0)?);
        }
    }
    Ok(Some(numbers))
}

/// The condition on resources; none where there are none, or any will do.
async fn resources(store: &Store, sought: &Sought) -> Result<Option<String>, AuditError> {
    if !sought.is_placed() {
        return Ok(None);
    }
    let is_in = |list: &[String], text: &str| list.is_empty() || list.iter().any(|one| one == text);
    let sql = "SELECT scope, account_id, resource_type FROM scopes ORDER BY scope";
    let mut scopes = Vec::new();
    for row in store.database().rows(sql, args![]).await? {
        if is_in(&sought.accounts, &row.text(1)?) && is_in(&sought.types, &row.text(2)?) {
            scopes.push(row.int(0)?);
        }
    }
    if scopes.is_empty() {
        return Ok(None);
    }
    if let Some(name) = &sought.resource {
        let sql = "SELECT resource, scope FROM resources \
                   WHERE resource_id = $1 OR resource_name = $2 OR arn = $3 ORDER BY resource";
        let values: Vec<sql::Value> = args![name.as_str(), name.as_str(), name.as_str()];
        let mut numbers = Vec::new();
        for row in store.database().rows(sql, values).await? {
            if scopes.contains(&row.int(1)?) {
                numbers.push(row.int(0)?);
            }
        }
        let condition = format!("v.resource IN ({})", list(&numbers));
        return Ok((!numbers.is_empty()).then_some(condition));
    }
    let of_scopes = format!("FROM resources WHERE scope IN ({})", list(&scopes));
    let sql = format!("SELECT COUNT(*) {of_scopes}");
    let rows = store.database().rows(&sql, args![]).await?;
    let count = rows.first().map_or(Ok(0), |row| row.int(0))?;
    let column = column(
        "v.resource",
        usize::try_from(count).unwrap_or(usize::MAX),
        FEW_RESOURCES,
    );
    Ok((count > 0).then(|| format!("{column} IN (SELECT resource {of_scopes})")))
}
