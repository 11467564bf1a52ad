//! How long ago something happened.

use posture_model::{ConfigurationItem, Path};

use crate::context::Context;
use crate::evaluation::{Evaluation, Verdict};

/// Judges the time at the first of these places that holds one: it fails where it is more than
/// `limit` whole days ago, and where no place holds any.
///
/// # Errors
/// Where a place was not read, or holds something other than a time.
pub fn judge<'a>(
    item: &ConfigurationItem<'a>,
    at: &Context<'a>,
    [event, creation]: [Path; 2],
    limit: i64,
) -> Verdict<'a> {
    let (place, since) = match item.time(event)? {
        None => (creation, item.time(creation)?),
        since => (event, since),
    };
    let days = since.map(|since| at.days_since(since));
    let found = days.map(|days| format!("{days} days ago"));
    if days.is_none_or(|days| days > limit) {
        let expected = format!("at most {limit} days ago");
        return Ok(Evaluation::non_compliant(place, found, expected));
    }
    Ok(Evaluation::compliant(place, found))
}
