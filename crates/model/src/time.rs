//! Points in time as AWS writes them.

use jiff::Timestamp;

use crate::tree::Node;

/// Reads a time: RFC 3339 text (with `Z`, an offset of either form, or none, which AWS means as
/// UTC), or seconds since 1970 as a number, as the AWS CLI prints some.
pub fn read(node: Node<'_>) -> Option<Timestamp> {
    match node {
        Node::Text(text) => read_text(text),
        Node::Integer(value) => epoch(value),
        Node::Float(seconds) =>
        {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a cast saturates, and jiff refuses what is out of range"
            )]
            Timestamp::from_microsecond((seconds * 1_000_000.0).round() as i64).ok()
        }
        _ => None,
    }
}

/// Seconds, or milliseconds where seconds would lie beyond the year 5000.
fn epoch(value: i64) -> Option<Timestamp> {
    if value.unsigned_abs() >= 100_000_000_000 {
        return Timestamp::from_millisecond(value).ok();
    }
    Timestamp::from_second(value).ok()
}

fn read_text(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    if let Ok(time) = text.parse::<jiff::civil::DateTime>() {
        return jiff::tz::TimeZone::UTC.to_timestamp(time).ok();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aws_writes_time_in_six_ways() {
        for text in [
            "2017-02-04T11:06:10.880Z",
            "2017-02-04T06:06:10.880000-05:00",
            "2017-02-04T06:06:10.880-0500",
            "2017-02-04T11:06:10.880",
            "2017-02-04 11:06:10.880",
        ] {
            let time = read(Node::Text(text)).map(Timestamp::as_millisecond);
            assert_eq!(time, Some(1_486_206_370_880), "{text}");
        }
        let seconds = read(Node::Float(1_486_206_370.88)).map(Timestamp::as_millisecond);
        assert_eq!(seconds, Some(1_486_206_370_880));
        let millis = read(Node::Integer(1_486_206_370_880)).map(Timestamp::as_millisecond);
        assert_eq!(millis, Some(1_486_206_370_880));
        assert_eq!(read(Node::Text("yesterday")), None);
        assert_eq!(read(Node::Integer(i64::MIN)), None);
    }
}
