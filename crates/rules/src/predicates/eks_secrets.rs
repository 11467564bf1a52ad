//! Encryption of a Kubernetes cluster's secrets with a KMS key.
//!
//! Source: AWS Config developer guide, `eks-secrets-encrypted` and `eks-cluster-secrets-encrypted`,
//! which ask the same of a cluster; EKS API reference, `EncryptionConfig`.

use super::kms;
use crate::prelude::*;

/// The encryption of a cluster.
pub const ENCRYPTION: Path = path("configuration.EncryptionConfig");

/// Judges a cluster; `wanted` holds the keys that are allowed, all of them where it is empty.
///
/// # Errors
/// Where the cluster's encryption was not read.
pub fn judge<'a>(cluster: &ConfigurationItem<'a>, wanted: &[String]) -> Verdict<'a> {
    let entries = cluster.list(ENCRYPTION)?;
    let Some(entry) = entries.iter().find(|entry| is_for_secrets(**entry)) else {
        let found = "without an entry for secrets";
        let expected = "a KMS key for secrets";
        return Ok(Evaluation::non_compliant(ENCRYPTION, found, expected));
    };
    let key = entry
        .get("Provider")
        .and_then(|provider| provider.text("KeyArn"));
    let is_wanted = |key| wanted.iter().any(|one| kms::is_same_key(one, key));
    if !wanted.is_empty() && !key.is_some_and(is_wanted) {
        let expected = wanted.join(" or ");
        return Ok(Evaluation::non_compliant(ENCRYPTION, key, expected));
    }
    Ok(Evaluation::compliant(ENCRYPTION, key))
}

/// Whether an element of a cluster's encryption is for its secrets.
fn is_for_secrets(entry: Node<'_>) -> bool {
    let resources = entry.items("Resources");
    resources
        .iter()
        .any(|resource| resource.as_text() == Some("secrets"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_for_what_it_names() {
        let secrets = [Node::Text("secrets")];
        let entry = [("Resources", Node::Array(&secrets))];
        assert!(is_for_secrets(Node::Object(&entry)));
        assert!(!is_for_secrets(Node::Object(&[])));
    }
}
