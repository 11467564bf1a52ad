//! Whether values pass a field's filters.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// The filters of one field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Text(Vec<(Comparison, String)>),
    Map(Vec<(String, Comparison, String)>),
    Number(Vec<Vec<(Bound, f64)>>),
    Date(Vec<Span>),
    Ip(Vec<(IpAddr, u8)>),
    Keyword(Vec<String>),
    Boolean(Vec<bool>),
}

/// How a text is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Comparison {
    Equals,
    Prefix,
    Contains,
    NotEquals,
    PrefixNotEquals,
    NotContains,
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Eq,
    Gte,
    Lte,
    Gt,
    Lt,
}

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    Between(Option<Timestamp>, Option<Timestamp>),
    /// Within the last days.
    WithinDays(i64),
    OlderThanDays(i64),
}

impl Comparison {
    pub(super) const ALL: [(&'static str, Comparison); 6] = [
        ("EQUALS", Comparison::Equals),
        ("PREFIX", Comparison::Prefix),
        ("CONTAINS", Comparison::Contains),
        ("NOT_EQUALS", Comparison::NotEquals),
        ("PREFIX_NOT_EQUALS", Comparison::PrefixNotEquals),
        ("NOT_CONTAINS", Comparison::NotContains),
    ];

    pub(super) fn is_negated(self) -> bool {
        self >= Comparison::NotEquals
    }

    /// Whether one value has what the filter names, negated or not.
    fn holds(self, value: &str, wanted: &str) -> bool {
        match self {
            Comparison::Equals | Comparison::NotEquals => value == wanted,
            Comparison::Prefix | Comparison::PrefixNotEquals => value.starts_with(wanted),
            Comparison::Contains | Comparison::NotContains => value.contains(wanted),
        }
    }
}

impl Test {
    /// Whether a finding whose field has these values passes.
    pub(super) fn accepts(&self, values: &[&Value], now: Timestamp) -> bool {
        let any = |passes: &dyn Fn(&Value) -> bool| values.iter().any(|value| passes(value));
        match self {
            Test::Text(filters) => {
                let texts: Vec<String> = values.iter().map(|value| as_text(value)).collect();
                joined(filters.iter().map(|(comparison, wanted)| {
                    let holds = texts.iter().any(|text| comparison.holds(text, wanted));
                    (*comparison, holds)
                }))
            }
            Test::Map(filters) => joined(filters.iter().map(|(key, comparison, wanted)| {
                let member = |value: &Value| value.get(key).map(as_text);
                let holds = |value: &Value| {
                    member(value).is_some_and(|text| comparison.holds(&text, wanted))
                };
                (*comparison, any(&holds))
            })),
            Test::Number(filters) => any(&|value| {
                value.as_f64().is_some_and(|number| {
                    let within = |bounds: &Vec<(Bound, f64)>| {
                        bounds
                            .iter()
                            .all(|(bound, limit)| bound.holds(number, *limit))
                    };
                    filters.iter().any(within)
                })
            }),
            Test::Date(spans) => any(&|value| {
                let time = value.as_str().and_then(|text| text.parse().ok());
                time.is_some_and(|time| spans.iter().any(|span| span.holds(time, now)))
            }),
            Test::Ip(blocks) => any(&|value| {
                let address = value.as_str().and_then(|text| text.parse().ok());
                address.is_some_and(|address| {
                    blocks
                        .iter()
                        .any(|(network, bits)| is_in(address, *network, *bits))
                })
            }),
            Test::Keyword(words) => any(&|value| {
                let text = as_text(value).to_lowercase();
                words.iter().any(|word| text.contains(&word.to_lowercase()))
            }),
            Test::Boolean(wanted) => {
                any(&|value| value.as_bool().is_some_and(|value| wanted.contains(&value)))
            }
        }
    }

    /// The texts of filters that are `EQUALS` only.
    pub(super) fn only_equals(&self) -> Option<Vec<&str>> {
        let Test::Text(filters) = self else {
            return None;
        };
        let is_equals = |(comparison, _): &(Comparison, String)| *comparison == Comparison::Equals;
        filters
            .iter()
            .all(is_equals)
            .then(|| filters.iter().map(|(_, text)| text.as_str()).collect())
    }
}

/// Positive filters by OR, negated ones by AND; both kinds must pass where both are there.
fn joined(filters: impl Iterator<Item = (Comparison, bool)>) -> bool {
    let (mut has_positive, mut passes_positive) = (false, false);
    for (comparison, holds) in filters {
        if comparison.is_negated() {
            if holds {
                return false;
            }
            continue;
        }
        has_positive = true;
        passes_positive |= holds;
    }
    passes_positive || !has_positive
}

impl Bound {
    pub(super) const ALL: [(&'static str, Bound); 5] = [
        ("Eq", Bound::Eq),
        ("Gte", Bound::Gte),
        ("Lte", Bound::Lte),
        ("Gt", Bound::Gt),
        ("Lt", Bound::Lt),
    ];

    #[expect(clippy::float_cmp, reason = "Eq asks for the number itself")]
    fn holds(self, number: f64, limit: f64) -> bool {
        match self {
            Bound::Eq => number == limit,
            Bound::Gte => number >= limit,
            Bound::Lte => number <= limit,
            Bound::Gt => number > limit,
            Bound::Lt => number < limit,
        }
    }
}

impl Span {
    fn holds(self, time: Timestamp, now: Timestamp) -> bool {
        let before = |days: i64| now.checked_sub(SignedDuration::from_hours(days * 24));
        match self {
            Span::Between(start, end) => {
                start.is_none_or(|start| time >= start) && end.is_none_or(|end| time <= end)
            }
            Span::WithinDays(days) => before(days).is_ok_and(|start| time >= start && time <= now),
            Span::OlderThanDays(days) => before(days).is_ok_and(|end| time < end),
        }
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_in(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let (address, network, width) = match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits()), u128::from(b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits(), b.to_bits(), 128),
        _ => return false,
    };
    let ignored = width - u32::from(bits).min(width);
    let shifted = |value: u128| value.checked_shr(ignored).unwrap_or(0);
    shifted(address) == shifted(network)
}
