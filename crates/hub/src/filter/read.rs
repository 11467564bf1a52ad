//! Reading filters.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::compare::{Bound, Comparison, Span, Test};
use super::fields::{self, Field, Kind};

/// Why filters can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// No such field.
    #[error("there is no filter {name:?}{nearest}")]
    UnknownField {
        /// As given.
        name: String,
        /// One like it, in words.
        nearest: String,
    },
    /// A filter is no filter of its field's kind.
    #[error("filter {field}: {problem}")]
    Filter {
        /// The field.
        field: String,
        /// What is wrong.
        problem: String,
    },
    /// A condition has no three words.
    #[error("condition {text:?} is not FIELD COMPARISON VALUE, such as: SeverityLabel EQUALS HIGH")]
    Condition {
        /// As given.
        text: String,
    },
}

/// What a field's filter could not be read for.
type Problem = String;

pub(super) fn filters(value: &Value) -> Result<Vec<(&'static Field, Test)>, FilterError> {
    let members = value.as_object().ok_or_else(|| FilterError::Filter {
        field: "(all)".to_owned(),
        problem: "expected an object of AwsSecurityFindingFilters".to_owned(),
    })?;
    let mut filters = Vec::new();
    for (name, list) in members {
        let field = fields::named(name).ok_or_else(|| unknown(name))?;
        let problem = |problem: Problem| FilterError::Filter {
            field: name.clone(),
            problem,
        };
        let list = list
            .as_array()
            .filter(|list| !list.is_empty())
            .ok_or_else(|| problem("expected a list of filters".to_owned()))?;
        filters.push((field, test(field, list).map_err(problem)?));
    }
    Ok(filters)
}

fn unknown(name: &str) -> FilterError {
    let folded = name.to_lowercase();
    let nearest = fields::names().find(|known| known.to_lowercase().contains(&folded));
    FilterError::UnknownField {
        name: name.to_owned(),
        nearest: nearest.map_or(String::new(), |known| format!("; there is {known}")),
    }
}

fn test(field: &Field, list: &[Value]) -> Result<Test, Problem> {
    fn each<T>(
        list: &[Value],
        read: impl Fn(&Value) -> Result<T, Problem>,
    ) -> Result<Vec<T>, Problem> {
        list.iter().map(read).collect()
    }
    Ok(match field.kind {
        Kind::Text => {
            let filters = each(list, |filter| {
                Ok((comparison(filter)?, member(filter, "Value")?.to_owned()))
            })?;
            go_together(filters.iter().map(|(comparison, _)| *comparison))?;
            Test::Text(filters)
        }
        Kind::Map => {
            let filters = each(list, |filter| {
                let key = member(filter, "Key")?.to_owned();
                Ok((
                    key,
                    comparison(filter)?,
                    member(filter, "Value")?.to_owned(),
                ))
            })?;
            go_together(filters.iter().map(|(_, comparison, _)| *comparison))?;
            Test::Map(filters)
        }
        Kind::Number => Test::Number(each(list, bounds)?),
        Kind::Date => Test::Date(each(list, span)?),
        Kind::Ip => Test::Ip(each(list, |filter| {
            let text = member(filter, "Cidr")?;
            let (address, bits) = text.split_once('/').unwrap_or((text, "128"));
            let read = (address.parse().ok(), bits.parse().ok());
            let (Some(address), Some(bits)) = read else {
                return Err(format!("{text:?} is no CIDR block"));
            };
            Ok((address, bits))
        })?),
        Kind::Keyword => {
            Test::Keyword(each(
                list,
                |filter| Ok(member(filter, "Value")?.to_owned()),
            )?)
        }
        Kind::Boolean => Test::Boolean(each(list, |filter| {
            let value = filter.get("Value").and_then(Value::as_bool);
            value.ok_or_else(|| "expected Value, true or false".to_owned())
        })?),
    })
}

fn member<'v>(filter: &'v Value, name: &str) -> Result<&'v str, Problem> {
    let text = filter.get(name).and_then(Value::as_str);
    text.ok_or_else(|| format!("expected a text {name}"))
}

fn comparison(filter: &Value) -> Result<Comparison, Problem> {
    let word = member(filter, "Comparison")?;
    let found = Comparison::ALL.iter().find(|(known, _)| *known == word);
    found.map(|(_, comparison)| *comparison).ok_or_else(|| {
        let known = Comparison::ALL.map(|(known, _)| known);
        format!(
            "{word:?} is no comparison, expected one of {}",
            known.join(", ")
        )
    })
}

/// What Security Hub refuses on one field.
fn go_together(comparisons: impl Iterator<Item = Comparison>) -> Result<(), Problem> {
    let all: BTreeSet<Comparison> = comparisons.collect();
    let has = |comparison| all.contains(&comparison);
    for alone in [Comparison::Contains, Comparison::NotContains] {
        if has(alone) && all.len() > 1 {
            return Err("CONTAINS and NOT_CONTAINS stand with their own kind only".to_owned());
        }
    }
    let negates = has(Comparison::NotEquals) || has(Comparison::PrefixNotEquals);
    if has(Comparison::Equals) && negates {
        return Err("EQUALS and NOT_EQUALS can't be on one field".to_owned());
    }
    Ok(())
}

fn bounds(filter: &Value) -> Result<Vec<(Bound, f64)>, Problem> {
    let found: Vec<(Bound, f64)> = Bound::ALL
        .iter()
        .filter_map(|(name, bound)| Some((*bound, filter.get(name)?.as_f64()?)))
        .collect();
    if found.is_empty() {
        return Err("expected a number Eq, Gte, Lte, Gt or Lt".to_owned());
    }
    Ok(found)
}

fn span(filter: &Value) -> Result<Span, Problem> {
    if let Some(range) = filter.get("DateRange") {
        let days = range.get("Value").and_then(Value::as_i64);
        let days = days.filter(|days| (0..=36_500).contains(days));
        let days = days.ok_or("expected DateRange.Value, a number of days")?;
        let unit = range.get("Unit").and_then(Value::as_str);
        if unit != Some("DAYS") {
            return Err("expected DateRange.Unit DAYS".to_owned());
        }
        return match range.get("Comparison").and_then(Value::as_str) {
            None | Some("WITHIN") => Ok(Span::WithinDays(days)),
            Some("OLDER_THAN") => Ok(Span::OlderThanDays(days)),
            Some(other) => Err(format!("{other:?} is not WITHIN or OLDER_THAN")),
        };
    }
    let time = |name: &str| -> Result<Option<Timestamp>, Problem> {
        let Some(text) = filter.get(name).and_then(Value::as_str) else {
            return Ok(None);
        };
        let time = text.parse().map(Some);
        time.map_err(|_| {
            format!("{name} is {text:?}, expected a time such as 2026-03-03T12:00:00Z")
        })
    };
    match (time("Start")?, time("End")?) {
        (None, None) => Err("expected Start, End or DateRange".to_owned()),
        (start, end) => Ok(Span::Between(start, end)),
    }
}

/// Conditions in words as `AwsSecurityFindingFilters`.
pub(super) fn conditions(conditions: &[String]) -> Result<Value, FilterError> {
    let mut filters: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for text in conditions {
        let condition = || FilterError::Condition { text: text.clone() };
        let mut words = text.trim().splitn(3, ' ');
        let mut word = || words.next().filter(|word| !word.is_empty());
        let (Some(name), Some(how), Some(value)) = (word(), word(), word()) else {
            return Err(condition());
        };
        let field = fields::named(name).ok_or_else(|| unknown(name))?;
        let filter = match field.kind {
            Kind::Text => json!({"Comparison": how, "Value": value}),
            Kind::Map => {
                let (key, value) = value.split_once('=').ok_or_else(condition)?;
                json!({"Key": key, "Comparison": how, "Value": value})
            }
            Kind::Number => {
                let number: f64 = value.parse().map_err(|_| condition())?;
                let mut bound = Map::new();
                bound.insert(how.to_owned(), json!(number));
                Value::Object(bound)
            }
            Kind::Date => date(how, value).ok_or_else(condition)?,
            Kind::Ip => json!({"Cidr": value}),
            Kind::Keyword => json!({"Value": value}),
            Kind::Boolean => json!({"Value": value == "true"}),
        };
        filters.entry(field.name).or_default().push(filter);
    }
    Ok(json!(filters))
}

/// `Start TIME`, `End TIME`, `WITHIN DAYS`, `OLDER_THAN DAYS`.
fn date(how: &str, value: &str) -> Option<Value> {
    match how {
        "Start" | "End" => {
            let mut span = Map::new();
            span.insert(how.to_owned(), json!(value));
            Some(Value::Object(span))
        }
        _ => {
            let days: i64 = value.parse().ok()?;
            Some(json!({"DateRange": {"Value": days, "Unit": "DAYS", "Comparison": how}}))
        }
    }
}
