//! Finding what was imported.

use jiff::Timestamp;
use posture_store::{Store, sql};

use super::row::{COLUMNS, ImportedEvidence};
use crate::error::AuditError;

/// What is looked for. What is empty narrows nothing.
#[derive(Debug, Clone, Default)]
pub struct SoughtImported {
    /// An assessment's name.
    pub assessment: Option<String>,
    /// Controls.
    pub controls: Vec<String>,
    /// An ARN, or a value, of a resource.
    pub resource: Option<String>,
    /// Accounts.
    pub accounts: Vec<String>,
    /// What Audit Manager makes of it, in AWS Config's words.
    pub verdicts: Vec<String>,
    /// From when on Audit Manager collected it.
    pub from: Option<Timestamp>,
    /// Until before when.
    pub until: Option<Timestamp>,
}

/// The newest evidence, by when Audit Manager collected it, and whether there is more.
///
/// # Errors
/// Where the state fails, or is damaged.
pub async fn find_imported(
    store: &Store,
    sought: &SoughtImported,
    limit: usize,
) -> Result<(Vec<ImportedEvidence>, bool), AuditError> {
    let mut wanted = Wanted::default();
    wanted.one("a.name", sought.assessment.iter());
    wanted.one("e.control", sought.controls.iter());
    wanted.one("e.account_id", sought.accounts.iter());
    wanted.one("e.compliance_type", sought.verdicts.iter());
    if let Some(from) = sought.from {
        wanted
            .conditions
            .push(format!("e.collected_at >= {}", from.as_microsecond()));
    }
    if let Some(until) = sought.until {
        wanted
            .conditions
            .push(format!("e.collected_at < {}", until.as_microsecond()));
    }
    if let Some(resource) = &sought.resource {
        // Of a list of texts as JSON: what is in it stands there in quotes.
        let quoted = serde_json::to_string(resource)?;
        let place = wanted.value(format!("%{}%", escaped(&quoted)));
        wanted
            .conditions
            .push(format!("e.resources LIKE {place} ESCAPE '!'"));
    }
    let condition = wanted.conditions.join(" AND ");
    let place = wanted.values.len() + 1;
    let sql = format!(
        "SELECT a.name, {COLUMNS} FROM imported_evidence e \
         JOIN audit_assessments a ON a.assessment = e.assessment \
         LEFT JOIN audit_queue q ON q.entry = e.entry WHERE {condition} \
         ORDER BY COALESCE(e.collected_at, e.day) DESC, a.name, e.control, e.evidence LIMIT ${place}"
    );
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    wanted.values.push(sql::Value::from(one_more));
    let rows = store.database().rows(&sql, wanted.values).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.push(ImportedEvidence::read(row)?);
    }
    let has_more = found.len() > limit;
    found.truncate(limit);
    Ok((found, has_more))
}

struct Wanted {
    conditions: Vec<String>,
    values: Vec<sql::Value>,
}

impl Default for Wanted {
    fn default() -> Wanted {
        Wanted {
            conditions: vec!["1 = 1".to_owned()],
            values: Vec::new(),
        }
    }
}

impl Wanted {
    /// The place of a value in the statement.
    fn value(&mut self, value: String) -> String {
        self.values.push(sql::Value::from(value));
        format!("${}", self.values.len())
    }

    /// A column that is one of these, where there are any.
    fn one<'t>(&mut self, column: &str, among: impl Iterator<Item = &'t String>) {
        let places: Vec<String> = among.map(|text| self.value(text.clone())).collect();
        if !places.is_empty() {
            self.conditions
                .push(format!("{column} IN ({})", places.join(", ")));
        }
    }
}

/// Without the signs that mean more than themselves to `LIKE`.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '!' | '%' | '_') {
            escaped.push('!');
        }
        escaped.push(letter);
    }
    escaped
}
