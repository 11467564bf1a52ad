//! Timestamps in the formats that services speak.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde_json::{Number, Value};

use crate::model::TimestampFormat;

/// A moment from a number of seconds since 1970, or from text in any format that AWS's services use; text without an
/// offset is in UTC, as it is to botocore.
pub(super) fn read(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(seconds) => Timestamp::from_second(seconds).ok(),
            None => from_seconds(number.as_f64()?),
        },
        Value::String(text) => read_text(text.trim()),
        _ => None,
    }
}

fn read_text(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse::<f64>() {
        return from_seconds(seconds);
    }
    let utc = |civil: DateTime| Offset::UTC.to_timestamp(civil).ok();
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| text.parse::<DateTime>().ok().and_then(utc))
        .or_else(|| text.parse::<Date>().ok().and_then(|date| utc(date.into())))
        .or_else(|| {
            jiff::fmt::rfc2822::parse(text)
                .ok()
                .map(|zoned| zoned.timestamp())
        })
}

/// Rounded to the microsecond, which is what a double keeps of a time in our days. The fraction is rounded on its own: times
/// a million, the whole has no bits left for it.
fn from_seconds(seconds: f64) -> Option<Timestamp> {
    const LIMIT: f64 = 1e15;
    if !seconds.is_finite() || seconds.abs() > LIMIT {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole, and within the limit just checked"
    )]
    let (whole, micros) = (
        seconds.trunc() as i64,
        (seconds.fract() * 1e6).round_ties_even() as i64,
    );
    Timestamp::from_microsecond(whole.checked_mul(1_000_000)?.checked_add(micros)?).ok()
}

/// The form in which outputs have it.
pub(super) fn canonical(moment: Timestamp) -> String {
    let micros = moment.as_microsecond();
    Timestamp::from_microsecond(micros).map_or_else(|_| moment.to_string(), |m| m.to_string())
}

/// The form in which a service wants it.
pub(super) fn write(moment: Timestamp, format: TimestampFormat) -> Value {
    let micros = moment.subsec_microsecond() + moment.subsec_millisecond() * 1000;
    match format {
        TimestampFormat::Iso8601 if micros == 0 => {
            moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into()
        }
        TimestampFormat::Iso8601 => moment.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string().into(),
        TimestampFormat::Rfc822 => moment
            .strftime("%a, %d %b %Y %H:%M:%S GMT")
            .to_string()
            .into(),
        TimestampFormat::UnixTimestamp if micros == 0 => moment.as_second().into(),
        TimestampFormat::UnixTimestamp => {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a double keeps microseconds until the year 2255"
            )]
            let seconds = moment.as_microsecond() as f64 / 1e6;
            Number::from_f64(seconds).map_or(Value::Null, Value::Number)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_format_of_one_moment_reads_the_same() {
        for value in [
            json!(1_398_796_238),
            json!(1_398_796_238.0),
            json!("1398796238"),
            json!("2014-04-29T18:30:38Z"),
            json!("2014-04-29T18:30:38"),
            json!("2014-04-29T20:30:38+02:00"),
            json!("2014-04-29T18:30:38+0000"),
            json!("2014-04-29 18:30:38.000Z"),
            json!("Tue, 29 Apr 2014 18:30:38 GMT"),
        ] {
            let read = read(&value).map(canonical);
            assert_eq!(read.as_deref(), Some("2014-04-29T18:30:38Z"), "{value}");
        }
    }

    #[test]
    fn a_fraction_is_kept_to_the_microsecond() {
        let read = |value| read(&value).map(canonical);
        assert_eq!(read(json!(1.5)).as_deref(), Some("1970-01-01T00:00:01.5Z"));
        assert_eq!(
            read(json!(1_763_000_000.123_456)).as_deref(),
            Some("2025-11-13T02:13:20.123456Z")
        );
        assert_eq!(
            read(json!("2024-01-01T00:00:00.123456789Z")).as_deref(),
            Some("2024-01-01T00:00:00.123456Z")
        );
        assert_eq!(
            read(json!("2024-01-01")).as_deref(),
            Some("2024-01-01T00:00:00Z")
        );
        // As Python rounds them, whose doubles boto3 reads.
        assert_eq!(
            read(json!(1_764_194_491.000_001_4)).as_deref(),
            Some("2025-11-26T22:01:31.000001Z")
        );
        assert_eq!(
            read(json!(1_764_194_491.000_002_6)).as_deref(),
            Some("2025-11-26T22:01:31.000003Z")
        );
        assert_eq!(read(json!("yesterday")), None);
        assert_eq!(read(json!(1e300)), None);
        assert_eq!(read(json!(true)), None);
    }

    #[test]
    fn each_format_is_written_as_botocore_writes_it() {
        let whole = Timestamp::from_second(1_398_796_238).unwrap();
        let split = Timestamp::from_microsecond(1_398_796_238_001_500).unwrap();
        let written = |moment, format| write(moment, format);
        assert_eq!(
            written(whole, TimestampFormat::Iso8601),
            "2014-04-29T18:30:38Z"
        );
        assert_eq!(
            written(split, TimestampFormat::Iso8601),
            "2014-04-29T18:30:38.001500Z"
        );
        assert_eq!(
            written(split, TimestampFormat::Rfc822),
            "Tue, 29 Apr 2014 18:30:38 GMT"
        );
        assert_eq!(
            written(whole, TimestampFormat::UnixTimestamp),
            json!(1_398_796_238)
        );
        assert_eq!(
            written(split, TimestampFormat::UnixTimestamp),
            json!(1_398_796_238.001_5)
        );
    }
}
