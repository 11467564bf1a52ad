//! A period that is assessed.

use std::fmt;

use jiff::civil::{Date, date};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::error::AuditError;

/// From a time on, until before another; whole days in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Period {
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub until: Timestamp,
}

impl Period {
    /// Reads `2026`, `2026-Q2`, `2026-04`, `2026-04-01` or `2026-04-01..2026-06-30`, whose last day
    /// is a part of it.
    ///
    /// # Errors
    /// Where it is none of these, or ends before it begins.
    pub fn read(text: &str) -> Result<Period, AuditError> {
        let refuse = || AuditError::Period {
            text: text.to_owned(),
        };
        let (from, until) = match text.split_once("..") {
            Some((from, until)) => (span(from), span(until)),
            None => (span(text), span(text)),
        };
        let (from, until) = (from.ok_or_else(refuse)?.0, until.ok_or_else(refuse)?.1);
        let period = Period {
            from: start(from).ok_or_else(refuse)?,
            until: start(until).ok_or_else(refuse)?,
        };
        if period.from >= period.until {
            return Err(refuse());
        }
        Ok(period)
    }

    /// Its days.
    pub fn days(&self) -> impl Iterator<Item = Date> {
        let first = day(self.from);
        let end = day(self.until);
        std::iter::successors(Some(first), |day| day.tomorrow().ok())
            .take_while(move |day| *day < end)
    }

    /// Whether the time is in it.
    pub fn contains(&self, time: Timestamp) -> bool {
        self.from <= time && time < self.until
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} until {}", self.from, self.until)
    }
}

/// The day of a time, in UTC.
pub(crate) fn day(time: Timestamp) -> Date {
    Offset::UTC.to_datetime(time).date()
}

/// The first moment of a day, in UTC.
pub(crate) fn start(day: Date) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()
}

/// The first day of what is named, and the first one after it.
fn span(text: &str) -> Option<(Date, Date)> {
    if let Ok(day) = text.parse::<Date>() {
        return Some((day, day.tomorrow().ok()?));
    }
    let (year, rest) = match text.split_once('-') {
        Some((year, rest)) => (year, Some(rest)),
        None => (text, None),
    };
    let year: i16 = (year.len() == 4).then(|| year.parse().ok())??;
    let (month, months) = match rest {
        None => (1, 12),
        Some(rest) => match rest.strip_prefix('Q') {
            Some(quarter) => {
                let quarter: i8 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
                (quarter * 3 - 2, 3)
            }
            None => (rest.parse().ok().filter(|m| (1..=12).contains(m))?, 1),
        },
    };
    let first = date(year, month, 1);
    Some((first, first.checked_add(months.months()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match Period::read(text) {
            Ok(period) => format!("{} {}", day(period.from), day(period.until)),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn quarters_months_years_and_days_are_read() {
        assert_eq!(read("2026-Q2"), "2026-04-01 2026-07-01");
        assert_eq!(read("2026-12"), "2026-12-01 2027-01-01");
        assert_eq!(read("2026"), "2026-01-01 2027-01-01");
        assert_eq!(read("2026-02-01..2026-04-30"), "2026-02-01 2026-05-01");
        assert_eq!(Period::read("2026-Q2").unwrap().days().count(), 91);
        for bad in [
            "",
            "2026-Q5",
            "2026-13",
            "26",
            "2026-05-01..2026-04-01",
            "..",
            "2026-Q-1",
        ] {
            assert!(read(bad).contains("is no period"), "{bad}: {}", read(bad));
        }
    }
}
