//! How long ago something happened.

use posture_model::{ConfigurationItem, Path};

use crate::context::Context;
use crate::evaluation::{Evaluation, Verdict};

/// A number of days in words: `1 day`, `2 days`.
pub fn days(number: i64) -> String {
    match number {
        1 => "1 day".to_owned(),
        _ => format!("{number} days"),
    }
}

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
    let age = since.map(|since| at.days_since(since));
    let found = age.map(|age| format!("{} ago", days(age)));
    if age.is_none_or(|age| age > limit) {
        let expected = format!("at most {} ago", days(limit));
        return Ok(Evaluation::non_compliant(place, found, expected));
    }
    Ok(Evaluation::compliant(place, found))
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;
    use posture_model::{ConfigurationItem, Source, path, tree};

    use super::judge;
    use crate::context::{Context, NoRelated};

    fn reason(used: &str) -> String {
        let arena = Bump::new();
        let text = format!(
            r#"{{"accountId":"1","awsRegion":"r","resourceType":"t","resourceId":"i","configurationItemCaptureTime":"2026-01-01T00:00:00Z","configuration":{{"created":"2026-01-01T00:00:00Z","used":{used}}}}}"#
        );
        let root = tree::parse(arena.alloc_slice_copy(text.as_bytes()), &arena).unwrap();
        let item = ConfigurationItem::from_node(root, Source::Recorder, &arena).unwrap();
        let at = Context::new("2026-01-11T00:00:00Z".parse().unwrap(), &NoRelated);
        let places = [path("configuration.used"), path("configuration.created")];
        judge(&item, &at, places, 4).unwrap().reason()
    }

    #[test]
    fn the_event_counts_before_the_creation() {
        assert_eq!(
            reason(r#""2026-01-07T00:00:00Z""#),
            "configuration.used is 4 days ago"
        );
        assert_eq!(
            reason(r#""2026-01-06T00:00:00Z""#),
            "configuration.used is 5 days ago, expected at most 4 days ago"
        );
        assert_eq!(
            reason("null"),
            "configuration.created is 10 days ago, expected at most 4 days ago"
        );
    }
}
