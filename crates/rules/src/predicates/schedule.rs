//! How often a schedule expression comes due.
//!
//! Source: EventBridge user guide, cron and rate expressions.

use std::ops::RangeInclusive;

use jiff::ToSpan;
use jiff::civil::{Date, date};

const MINUTES_A_DAY: i64 = 24 * 60;

/// After 28 years weekdays, months and leap years come round in the same order.
const CYCLE: usize = 28 * 365 + 7;

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The longest time between two runs of a schedule, in minutes; none where the schedule ends, runs
/// once, or is written in a way that is not read here (`W`, `#`, and `L` for weekdays). A time
/// zone's change of clocks is left out.
pub fn longest_gap(expression: &str) -> Option<i64> {
    let expression = expression.trim();
    if let Some(rate) = inside(expression, "rate(") {
        return rate_in_minutes(rate);
    }
    let fields: Vec<&str> = inside(expression, "cron(")
        .unwrap_or(expression)
        .split_whitespace()
        .collect();
    let [minutes, hours, days, months, weekdays, "*"] = fields.as_slice() else {
        return None;
    };
    let minutes = values(minutes, 0..=59, &[])?;
    let mut times = Vec::new();
    for hour in values(hours, 0..=23, &[])? {
        times.extend(minutes.iter().map(|minute| hour * 60 + minute));
    }
    times.sort_unstable();
    let days = match *days {
        "L" => Days::Last,
        days => Days::Of(values(days, 1..=31, &[])?),
    };
    let months = values(months, 1..=12, &MONTHS)?;
    let weekdays = values(weekdays, 1..=7, &WEEKDAYS)?;
    let runs_on = |day: Date| {
        months.contains(&i64::from(day.month()))
            && weekdays.contains(&i64::from(day.weekday().to_sunday_one_offset()))
            && days.contain(day)
    };
    let (first, last) = (*times.first()?, *times.last()?);
    let within = times.iter().zip(times.iter().skip(1));
    let mut longest = within.map(|(one, next)| next - one).max();
    let mut latest: Option<i64> = None;
    let mut midnight = 0;
    for day in date(2024, 1, 1).series(1.day()).take(CYCLE) {
        if runs_on(day) {
            longest = longest.max(latest.map(|latest| midnight + first - latest));
            latest = Some(midnight + last);
        }
        midnight += MINUTES_A_DAY;
    }
    longest
}

/// Days of a month.
enum Days {
    Last,
    Of(Vec<i64>),
}

impl Days {
    fn contain(&self, day: Date) -> bool {
        match self {
            Days::Last => day.day() == day.days_in_month(),
            Days::Of(days) => days.contains(&i64::from(day.day())),
        }
    }
}

/// What is between `kind` and the closing parenthesis.
fn inside<'e>(expression: &'e str, kind: &str) -> Option<&'e str> {
    expression.strip_prefix(kind)?.strip_suffix(')')
}

fn rate_in_minutes(rate: &str) -> Option<i64> {
    let (value, unit) = rate.trim().split_once(' ')?;
    let minutes = match unit.trim() {
        "minute" | "minutes" => 1,
        "hour" | "hours" => 60,
        "day" | "days" => MINUTES_A_DAY,
        _ => return None,
    };
    let value: i64 = number(value, &[])?;
    value.checked_mul(minutes)
}

/// The values of a field: numbers, names, ranges, steps, and `*` or `?` for all.
fn values(field: &str, all: RangeInclusive<i64>, names: &[&str]) -> Option<Vec<i64>> {
    let mut values = Vec::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, number(step, &[]).filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (number(from, names)?, number(to, names)?),
            None if range == "*" || range == "?" => (*all.start(), *all.end()),
            None if part.contains('/') => (number(range, names)?, *all.end()),
            None => (number(range, names)?, number(range, names)?),
        };
        if from > to || !all.contains(&from) || !all.contains(&to) {
            return None;
        }
        values.extend((from..=to).filter(|value| (value - from) % step == 0));
    }
    Some(values)
}

/// A number, or the place of a name counted from 1.
fn number(text: &str, names: &[&str]) -> Option<i64> {
    let named = (1..)
        .zip(names)
        .find(|(_, name)| name.eq_ignore_ascii_case(text));
    match named {
        Some((number, _)) => Some(number),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::longest_gap;

    const DAY: i64 = 24 * 60;

    #[test]
    fn cron_expressions_have_a_longest_gap() {
        for (expression, gap) in [
            ("cron(0 5 ? * * *)", DAY),
            ("cron(15 * ? * * *)", 60),
            ("15 * ? * * *", 60),
            ("cron(0 0/8 ? * * *)", 8 * 60),
            ("cron(0 6,18 * * ? *)", 12 * 60),
            ("cron(0 8-18 ? * * *)", 14 * 60),
            ("cron(0/20 5 ? * * *)", DAY - 40),
            ("cron(0 5 ? * MON-FRI *)", 3 * DAY),
            ("cron(0 5 ? * 1 *)", 7 * DAY),
            ("cron(0 5 1 * ? *)", 31 * DAY),
            ("cron(0 5 L * ? *)", 31 * DAY),
            ("cron(0 5 31 * ? *)", 61 * DAY),
            ("cron(0 5 1 JAN,JUL ? *)", 184 * DAY),
            ("cron(0 5 1 1 ? *)", 366 * DAY),
        ] {
            assert_eq!(longest_gap(expression), Some(gap), "{expression}");
        }
    }

    #[test]
    fn rates_are_their_own_gap() {
        assert_eq!(longest_gap("rate(12 hours)"), Some(12 * 60));
        assert_eq!(longest_gap("rate(1 day)"), Some(DAY));
        assert_eq!(longest_gap("rate(1 week)"), None);
    }

    #[test]
    fn what_is_not_read_has_no_gap() {
        for expression in [
            "",
            "cron(0 5 ? * *)",
            "cron(0 5 ? * * 2026)",
            "cron(0 5 ? * 6#3 *)",
            "cron(0 5 15W * ? *)",
            "cron(0 25 ? * * *)",
            "cron(0 0/0 ? * * *)",
            "cron(0 5 ? * FRI-MON *)",
            "cron(0 5 30 FEB ? *)",
            "cron(x 5 ? * * *)",
        ] {
            assert_eq!(longest_gap(expression), None, "{expression}");
        }
    }
}
