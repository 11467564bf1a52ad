//! S3's four Block Public Access settings, of an access point, a bucket or an account.

use posture_model::{ConfigurationItem, Path};

use crate::evaluation::{Evaluation, Verdict};

/// Judges settings against what each is to be: the first that differs fails. S3 applies a setting
/// that is not there as `false`.
///
/// # Errors
/// Where a setting was not read.
pub fn judge<'a>(item: &ConfigurationItem<'a>, settings: [(Path, bool); 4]) -> Verdict<'a> {
    let [(first, _), ..] = settings;
    for (place, wanted) in settings {
        let setting = item.boolean(place)?;
        if (setting == Some(true)) != wanted {
            return Ok(Evaluation::non_compliant(place, setting, wanted));
        }
    }
    Ok(Evaluation::compliant(
        first,
        "as asked for, and so are the other three",
    ))
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;
    use posture_model::{ConfigurationItem, Source, path, tree};

    use super::judge;

    #[test]
    fn the_first_setting_that_differs_decides() {
        let arena = Bump::new();
        let text = br#"{"accountId":"1","awsRegion":"r","resourceType":"t","resourceId":"i","configurationItemCaptureTime":"2026-01-01T00:00:00Z","configuration":{"a":true,"b":false,"c":true}}"#;
        let root = tree::parse(text, &arena).unwrap();
        let item = ConfigurationItem::from_node(root, Source::Recorder, &arena).unwrap();
        let [a, b, c, d] = [
            path("configuration.a"),
            path("configuration.b"),
            path("configuration.c"),
            path("configuration.d"),
        ];
        let all = judge(&item, [(a, true), (b, true), (c, true), (d, true)]);
        assert_eq!(
            all.unwrap().reason(),
            "configuration.b is false, expected true"
        );
        let last = judge(&item, [(a, true), (b, false), (c, true), (d, true)]);
        assert_eq!(
            last.unwrap().reason(),
            "configuration.d is not set, expected true"
        );
        let matching = judge(&item, [(a, true), (b, false), (c, true), (d, false)]);
        assert_eq!(
            matching.unwrap().reason(),
            "configuration.a is as asked for, and so are the other three"
        );
    }
}
