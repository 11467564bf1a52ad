//! KMS keys as parameters name them.

/// Whether `wanted`, a key's ARN or its id, is the key with this ARN.
pub fn is_key(wanted: &str, arn: &str) -> bool {
    wanted == arn || arn.rsplit_once('/').is_some_and(|(_, id)| id == wanted)
}

/// Whether two names mean the same key, each an ARN, an id, or an alias with or without its ARN. A
/// key and its alias are not known to be the same.
pub fn is_same_name(one: &str, other: &str) -> bool {
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
    use super::is_same_name;

    #[test]
    fn arns_ids_and_aliases_name_keys() {
        let key = "arn:aws:kms:us-east-1:123456789012:key/k1";
        let alias = "arn:aws:kms:us-east-1:123456789012:alias/a";
        assert!(is_same_name(key, key));
        assert!(is_same_name("k1", key));
        assert!(is_same_name(key, "k1"));
        assert!(is_same_name("alias/a", alias));
        assert!(!is_same_name("k", key));
        assert!(!is_same_name("a", alias));
        assert!(!is_same_name(key, alias));
        assert!(!is_same_name(
            "arn:aws:kms:eu-west-1:123456789012:key/k1",
            key
        ));
    }
}
