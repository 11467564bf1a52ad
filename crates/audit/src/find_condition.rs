//! What is looked for as a condition on verdicts. Numbers and checked words are written into the
//! statement; what somebody typed is an argument.

use jiff::Timestamp;
use posture_store::{ANY, COUNTED, Store, sql};

use crate::error::AuditError;
use crate::find::Sought;
use crate::schema::args;

/// The index by which verdicts are looked up. A sign before a column keeps SQLite from choosing
/// another one for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// The newest first, or a time.
    Time,
    /// A few rules.
    Rule,
    /// A few resources.
    Resource,
}

/// Cells of the counts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cells {
    /// Their length.
    pub(crate) days: i64,
    /// They begin on this day or later.
    pub(crate) begin: Option<i64>,
    /// They begin before this day.
    pub(crate) end: Option<i64>,
    /// Whether those of each rule are wanted, or those of any.
    pub(crate) by_rule: bool,
    /// Whether those of each scope are wanted, or those of any.
    pub(crate) by_scope: bool,
}

/// What is looked for, in numbers. What is none narrows nothing.
pub(crate) struct Wanted {
    pub(crate) from: Option<i64>,
    pub(crate) until: Option<i64>,
    rules: Option<Vec<i64>>,
    scopes: Option<Vec<i64>>,
    /// Some resources, where not all of the scopes are looked for.
    resources: Option<Vec<i64>>,
    /// Places in [`COUNTED`].
    verdicts: Vec<usize>,
}

impl Wanted {
    /// None where nothing can be found.
    pub(crate) async fn resolve(
        store: &Store,
        sought: &Sought,
    ) -> Result<Option<Wanted>, AuditError> {
        let mut wanted = Wanted {
            from: sought.from.map(Timestamp::as_microsecond),
            until: sought.until.map(Timestamp::as_microsecond),
            rules: rules(store, sought).await?,
            scopes: None,
            resources: None,
            verdicts: (0..COUNTED.len())
                .filter(|place| {
                    let is_it = |word: &String| COUNTED.get(*place) == Some(&word.as_str());
                    sought.verdicts.is_empty() || sought.verdicts.iter().any(is_it)
                })
                .collect(),
        };
        let is_none = |list: &Option<Vec<i64>>| list.as_ref().is_some_and(Vec::is_empty);
        if is_none(&wanted.rules) || wanted.verdicts.is_empty() {
            return Ok(None);
        }
        if sought.is_placed() {
            wanted.place(store, sought).await?;
        }
        if is_none(&wanted.scopes) || is_none(&wanted.resources) {
            return Ok(None);
        }
        Ok(Some(wanted))
    }

    async fn place(&mut self, store: &Store, sought: &Sought) -> Result<(), AuditError> {
        let scopes = scopes(store, sought).await?;
        if let Some(name) = &sought.resource {
            self.resources = Some(resources(store, name, &scopes).await?);
        }
        self.scopes = Some(scopes);
        Ok(())
    }

    /// Whether cells of [`posture_store`]'s counts answer it: they know no resource.
    pub(crate) fn is_counted(&self) -> bool {
        self.resources.is_none()
    }

    /// The condition on rows of `verdicts`, here `v`, of this time.
    pub(crate) fn of_verdicts(&self, from: Option<i64>, until: Option<i64>, way: Way) -> String {
        let sign = |one: Way| if one == way { "" } else { "+" };
        let mut conditions = vec!["1 = 1".to_owned()];
        // Of a rule and of a resource, the index has the times.
        conditions.extend(from.map(|from| format!("v.valid_from >= {from}")));
        conditions.extend(until.map(|until| format!("v.valid_from < {until}")));
        if let Some(rules) = &self.rules {
            let rules = list(rules);
            conditions.push(format!("{}v.rule IN ({rules})", sign(Way::Rule)));
        }
        let sign = sign(Way::Resource);
        if let Some(resources) = &self.resources {
            conditions.push(format!("{sign}v.resource IN ({})", list(resources)));
        } else if let Some(scopes) = &self.scopes {
            conditions.push(format!(
                "{sign}v.resource IN (SELECT resource FROM resources WHERE scope IN ({}))",
                list(scopes)
            ));
        }
        if self.verdicts.len() < COUNTED.len() {
            let quoted: Vec<String> = self.words().map(|(_, word)| format!("'{word}'")).collect();
            conditions.push(format!("v.compliance_type IN ({})", quoted.join(", ")));
        }
        conditions.join(" AND ")
    }

    /// The condition on cells of `verdict_counts`, here `c`.
    pub(crate) fn of_cells(&self, cells: Cells) -> String {
        let mut conditions = vec![format!("c.days = {}", cells.days)];
        conditions.extend(cells.begin.map(|day| format!("c.first_day >= {day}")));
        conditions.extend(cells.end.map(|day| format!("c.first_day < {day}")));
        for (name, numbers, is_told_apart) in [
            ("c.rule", &self.rules, cells.by_rule),
            ("c.scope", &self.scopes, cells.by_scope),
        ] {
            conditions.push(match numbers {
                Some(numbers) => format!("{name} IN ({})", list(numbers)),
                None if is_told_apart => format!("{name} <> {ANY}"),
                None => format!("{name} = {ANY}"),
            });
        }
        conditions.join(" AND ")
    }

    /// How many verdicts of a cell, here `c`, are looked for.
    pub(crate) fn sum(&self) -> String {
        let columns = self.words().map(|(_, word)| count_column(word));
        format!("({})", columns.collect::<Vec<_>>().join(" + "))
    }

    /// The verdicts that are looked for, with their places in [`COUNTED`].
    pub(crate) fn words(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let word = |place: &usize| COUNTED.get(*place).map(|word| (*place, *word));
        self.verdicts.iter().filter_map(word)
    }
}

/// The column of a cell, here `c`, that counts a verdict.
pub(crate) fn count_column(word: &str) -> String {
    format!("c.{}", word.to_ascii_lowercase())
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

/// The scopes of the accounts and types.
async fn scopes(store: &Store, sought: &Sought) -> Result<Vec<i64>, AuditError> {
    let is_in = |list: &[String], text: &str| list.is_empty() || list.iter().any(|one| one == text);
    let sql = "SELECT scope, account_id, resource_type FROM scopes ORDER BY scope";
    let mut scopes = Vec::new();
    for row in store.database().rows(sql, args![]).await? {
        if is_in(&sought.accounts, &row.text(1)?) && is_in(&sought.types, &row.text(2)?) {
            scopes.push(row.int(0)?);
        }
    }
    Ok(scopes)
}

/// The resources of this id, name or ARN in these scopes.
async fn resources(store: &Store, name: &str, scopes: &[i64]) -> Result<Vec<i64>, AuditError> {
    let sql = "SELECT resource, scope FROM resources \
               WHERE resource_id = $1 OR resource_name = $2 OR arn = $3 ORDER BY resource";
    let values: Vec<sql::Value> = args![name, name, name];
    let mut numbers = Vec::new();
    for row in store.database().rows(sql, values).await? {
        if scopes.contains(&row.int(1)?) {
            numbers.push(row.int(0)?);
        }
    }
    Ok(numbers)
}
