//! KMS keys as parameters name them.

/// Whether `wanted`, a key's ARN or its id, is the key with this ARN.
pub fn is_key(wanted: &str, arn: &str) -> bool {
    wanted == arn || arn.rsplit_once('/').is_some_and(|(_, id)| id == wanted)
}
