//! The sample's clock. Its last moment is 2026-06-01T00:00:00Z, which is when `posture demo` judges
//! it; everything is told in seconds before that.

/// A day, in seconds.
pub(super) const DAY: u64 = 86_400;

/// 2026-06-01T00:00:00Z, in seconds since 1970.
const NOW: u64 = 1_780_272_000;

/// RFC 3339 text of the moment `seconds` before the sample's last.
pub(super) fn ago(seconds: u64) -> String {
    text(NOW.saturating_sub(seconds))
}

/// RFC 3339 text of the moment `days` before the sample's last.
pub(super) fn days_ago(days: u64) -> String {
    ago(days * DAY)
}

/// RFC 3339 text of the moment `days` after the sample's last.
pub(super) fn days_ahead(days: u64) -> String {
    text(NOW + days * DAY)
}

/// What AWS Config gives as `configurationStateId`: milliseconds since 1970, as text.
pub(super) fn state_id(seconds: u64) -> String {
    format!("{}", NOW.saturating_sub(seconds) * 1_000)
}

/// Howard Hinnant's `civil_from_days`, for days since 1970.
fn text(epoch: u64) -> String {
    let shifted = epoch / DAY + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let second = epoch % DAY;
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Oracle: `date -u -d @SECONDS`.
    #[test]
    fn writes_dates_as_the_calendar_has_them() {
        assert_eq!(ago(0), "2026-06-01T00:00:00.000Z");
        assert_eq!(days_ago(92), "2026-03-01T00:00:00.000Z");
        assert_eq!(days_ago(93), "2026-02-28T00:00:00.000Z");
        assert_eq!(text(1_709_210_096), "2024-02-29T12:34:56.000Z");
        assert_eq!(days_ahead(214), "2027-01-01T00:00:00.000Z");
        assert_eq!(state_id(0), "1780272000000");
    }
}
