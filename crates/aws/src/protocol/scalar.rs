//! Scalars as text: in paths, query strings, headers, forms and XML.

use serde_json::{Number, Value};

use super::timestamp;
use crate::error::ReplyError;
use crate::model::{Kind, Member, TimestampFormat};

/// A scalar of the input as text; a timestamp in the member's own format, or else in `default`.
pub(super) fn write(
    kind: Kind,
    member: &Member,
    value: &Value,
    default: TimestampFormat,
) -> String {
    if kind == Kind::Timestamp {
        let format = member.traits().timestamp.unwrap_or(default);
        return timestamp::read(value).map_or_else(
            || plain(value),
            |moment| plain(&timestamp::write(moment, format)),
        );
    }
    plain(value)
}

/// A scalar as it stands.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A scalar of the output from text.
///
/// # Errors
/// When the text is not of the kind.
pub(super) fn read(kind: Kind, text: &str) -> Result<Value, ReplyError> {
    let wrong = || ReplyError::here(format!("{:?} is not {}", shortened(text), kind.in_words()));
    match kind {
        Kind::Boolean => Ok(Value::Bool(text.eq_ignore_ascii_case("true"))),
        Kind::Integer | Kind::Long => whole(text.trim()).ok_or_else(wrong),
        Kind::Float | Kind::Double => float(text.trim()).ok_or_else(wrong),
        Kind::Timestamp => timestamp::read(&Value::String(text.to_owned()))
            .map(|moment| timestamp::canonical(moment).into())
            .ok_or_else(wrong),
        _ => Ok(Value::String(text.to_owned())),
    }
}

fn whole(text: &str) -> Option<Value> {
    let signed = text.parse::<i64>().ok().map(Value::from);
    signed.or_else(|| text.parse::<u64>().ok().map(Value::from))
}

/// JSON has no infinities; they stay words.
pub(super) fn float(text: &str) -> Option<Value> {
    if matches!(text, "NaN" | "Infinity" | "-Infinity") {
        return Some(text.into());
    }
    let number: f64 = text.parse().ok()?;
    Number::from_f64(number).map(Value::Number)
}

/// Enough of a text to recognise it in an error.
pub(super) fn shortened(text: &str) -> &str {
    const ENOUGH: usize = 80;
    match text.char_indices().nth(ENOUGH) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        None => text,
    }
}
