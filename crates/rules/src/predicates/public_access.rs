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
