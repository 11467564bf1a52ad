//! Resources that are to name a KMS key, and perhaps one of a list.

use posture_model::{ConfigurationItem, Path};

use crate::predicates::kms;
use crate::{Evaluation, Verdict};

/// Judges whether an item names a key at a place: any key where `allowed` is empty, else one of
/// these ARNs. Keys may be named by ARN or id on either side.
///
/// # Errors
/// Where the place was not read.
pub fn names_a_key<'a>(
    item: &ConfigurationItem<'a>,
    place: Path,
    allowed: &[String],
) -> Verdict<'a> {
    let Some(key) = item.text(place)?.filter(|key| !key.is_empty()) else {
        return Ok(Evaluation::non_compliant(place, None::<&str>, "a KMS key"));
    };
    let is_allowed = |wanted: &String| kms::is_key(wanted, key) || kms::is_key(key, wanted);
    if !allowed.is_empty() && !allowed.iter().any(is_allowed) {
        return Ok(Evaluation::non_compliant(place, key, allowed.join(", ")));
    }
    Ok(Evaluation::compliant(place, key))
}
