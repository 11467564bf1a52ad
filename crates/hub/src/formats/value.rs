//! Reading values whose names and times differ from source to source.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// A member, by its name in an event (`accountId`) or in an API's answer (`AccountId`).
pub(super) fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let found = value.get(name).or_else(|| {
        let mut letters = name.chars();
        let first = letters.next()?.to_ascii_uppercase();
        value.get(format!("{first}{}", letters.as_str()))
    });
    found.filter(|value| !value.is_null())
}

/// A member of a member.
pub(super) fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter()
        .try_fold(value, |value, name| member(value, name))
}

/// The same, as text; empty where there is none.
pub(super) fn text<'v>(value: &'v Value, path: &[&str]) -> &'v str {
    at(value, path).and_then(Value::as_str).unwrap_or_default()
}

/// The elements of a member that is a list.
pub(super) fn list<'v>(value: &'v Value, path: &[&str]) -> &'v [Value] {
    at(value, path)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A time, as ASFF writes it: from RFC 3339, seconds or milliseconds since 1970, Inspector's events
/// (`Jan 19, 2022, 10:46:15 PM`), or a date and time without zone, which is UTC.
pub(super) fn time(value: Option<&Value>) -> Option<String> {
    let found = match value? {
        Value::Number(number) => since_1970(number.as_f64()?),
        Value::String(text) => {
            let civil = || -> Option<DateTime> {
                text.parse()
                    .ok()
                    .or_else(|| DateTime::strptime("%b %d, %Y, %I:%M:%S %p", text).ok())
            };
            let zoned = text.parse().ok();
            zoned.or_else(|| TimeZone::UTC.to_timestamp(civil()?).ok())
        }
        _ => None,
    }?;
    Some(written(found))
}

/// As ASFF writes it, to the millisecond.
pub(super) fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a number of milliseconds in this century fits"
)]
fn since_1970(number: f64) -> Option<Timestamp> {
    // Seconds reach this number in the year 5138.
    let milliseconds = if number.abs() < 1e11 {
        number * 1000.0
    } else {
        number
    };
    Timestamp::from_millisecond(milliseconds.round() as i64).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_way_to_write_a_time() {
        let expected = Some("2022-01-19T22:46:15.000Z".to_owned());
        for value in [
            json!("2022-01-19T22:46:15Z"),
            json!("2022-01-19T23:46:15+01:00"),
            json!("Jan 19, 2022, 10:46:15 PM"),
            json!("2022-01-19 22:46:15"),
            json!(1_642_632_375),
            json!(1_642_632_375_000_i64),
        ] {
            assert_eq!(time(Some(&value)), expected, "{value}");
        }
        assert_eq!(time(Some(&json!("yesterday"))), None);
    }
}
