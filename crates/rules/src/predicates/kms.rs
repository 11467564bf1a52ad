//! KMS keys, as parameters and resources name them: by ARN, id or alias.

use posture_model::{ConfigurationItem, InsufficientData, Path};

use crate::{Evaluation, Verdict};

/// Judges whether an item names a key at a place: any key where `allowed` is empty, else one of
/// these.
///
/// # Errors
/// Where the place was not read.
pub fn names_a_key<'a>(
    item: &ConfigurationItem<'a>,
    place: Path,
    allowed: &[String],
) -> Verdict<'a> {
    if let Some(evaluation) = other_key(item, place, allowed)? {
        return Ok(evaluation);
    }
    let key = item.text(place)?;
    if key.is_none_or(str::is_empty) {
        return Ok(Evaluation::non_compliant(place, key, "a KMS key"));
    }
    Ok(Evaluation::compliant(place, key))
}

/// The failure of an item whose key at a place is none of those that are allowed; none where all
/// are, or nobody said.
///
/// # Errors
/// Where keys are named, and the place was not read.
pub fn other_key<'a>(
    item: &ConfigurationItem<'a>,
    place: Path,
    allowed: &[impl AsRef<str>],
) -> Result<Option<Evaluation<'a>>, InsufficientData> {
    if allowed.is_empty() {
        return Ok(None);
    }
    let key = item.text(place)?;
    let is_key = |wanted: &str| key.is_some_and(|key| is_same_key(wanted, key));
    let names = allowed.iter().map(AsRef::as_ref);
    if names.clone().any(is_key) {
        return Ok(None);
    }
    let expected = names.collect::<Vec<_>>().join(" or ");
    Ok(Some(Evaluation::non_compliant(place, key, expected)))
}

/// Whether two names mean the same key, each an ARN, an id, or an alias with or without its ARN. A
/// key and its alias are not known to be the same.
pub fn is_same_key(one: &str, other: &str) -> bool {
    let is_arn = |name: &str| name.starts_with("arn:");
    if is_arn(one) && is_arn(other) {
        return one == other;
    }
    bare(one) == bare(other)
}

/// A name without what only says where the key is: an id, or `alias/` and the alias.
fn bare(name: &str) -> &str {
    let name = match name.strip_prefix("arn:") {
        Some(rest) => rest.rsplit_once(':').map_or(rest, |(_, name)| name),
        None => name,
    };
    name.strip_prefix("key/").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::is_same_key;

    #[test]
    fn arns_ids_and_aliases_name_keys() {
        let key = "arn:aws:kms:us-east-1:123456789012:key/k1";
        let alias = "arn:aws:kms:us-east-1:123456789012:alias/a";
        assert!(is_same_key(key, key));
        assert!(is_same_key("k1", key));
        assert!(is_same_key(key, "k1"));
        assert!(is_same_key("alias/a", alias));
        assert!(!is_same_key("k", key));
        assert!(!is_same_key("a", alias));
        assert!(!is_same_key(key, alias));
        assert!(!is_same_key(
            "arn:aws:kms:eu-west-1:123456789012:key/k1",
            key
        ));
    }
}
